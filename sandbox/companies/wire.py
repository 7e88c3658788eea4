"""How things are spelled on the wire: numbers, moments, bodies, and the request that a push becomes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from sandbox.companies.base import Company, Keys, PhoneCall, Push, Wire
from sandbox.forms import deflate

FORM = "application/x-www-form-urlencoded"
KYIV = ZoneInfo("Europe/Kyiv")


def e164(number: str) -> str:
    """Digits with the country: `0671112233` -> `380671112233`. Withheld stays empty."""
    digits = "".join(char for char in number if char.isdigit())
    return "38" + digits if len(digits) == 10 and digits.startswith("0") else digits


def plus(number: str) -> str:
    return "+" + e164(number) if e164(number) else ""


def hexed(*parts: str) -> str:
    """40 hex digits that are always the same for the same call."""
    return hashlib.sha1(":".join(parts).encode()).hexdigest()


def local(at: float) -> str:
    """`2026-11-23 12:30:01` in the restaurant's zone, which the companies do not tell."""
    return datetime.fromtimestamp(at, KYIV).strftime("%Y-%m-%d %H:%M:%S")


def moment(text: str) -> float:
    """Back from `local`; also a day alone, or Unix seconds."""
    if text.isdigit():
        return float(text)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=KYIV).timestamp()
    except ValueError:
        return 0.0


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def written(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def spelled(fields: Mapping[str, Any], shape: str) -> tuple[str, str]:
    """(content type, text)."""
    if shape == "json":
        return "application/json", written(fields)
    if shape == "field":
        nested = {
            key: json.dumps(value, ensure_ascii=False)
            for key, value in fields.items()
            if isinstance(value, dict)
        }
        return FORM, deflate(dict(fields) | nested)
    return FORM, deflate(dict(fields))


def on_the_wire(
    company: Company, push: Push, call: PhoneCall, keys: Keys, now: float, spoilt: bool = False
) -> Wire:
    """The request that a push becomes; signed now, however long it waited."""
    noted = call.notes.get(push.to, "")
    address, _, query = (noted or str(keys["hook"])).partition("?")
    url = address + (f"/{push.path}" if push.path and not noted else "")
    headers, body = {}, ""
    if push.shape == "query":
        query = "&".join(part for part in (query, _plain(push.fields)) if part)
    else:
        headers["Content-Type"], body = spelled(push.fields, push.shape)
    wire = Wire(push.method, f"{url}?{query}" if query else url, headers, body)
    return company.sign(wire, push, _spoilt(company, keys) if spoilt else keys, now)


def _spoilt(company: Company, keys: Keys) -> Keys:
    name = company.signed_with
    return {**keys, name: f"not-{keys[name]}"} if name else keys


def _plain(fields: Mapping[str, Any]) -> str:
    return urlencode({key: str(value) for key, value in fields.items()}, quote_via=quote, safe=":@")


def with_headers(wire: Wire, **headers: str) -> Wire:
    return replace(wire, headers=wire.headers | {key.replace("_", "-"): its for key, its in headers.items()})
