"""`Poster.makeRequest`: Poster's servers sign the register's request and carry it to the application."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from sandbox.account import Account
from sandbox.faults import Value
from sandbox.forms import deflate
from sandbox.signing import compact_json, php_json, request_signature

LONGEST = 60.0
"""Seconds: Poster's own patience when the caller names none."""

STALE = 400
"""Seconds by which a stale signature is late."""

DROPPED = ("host", "content-length", "connection")


@dataclass(frozen=True)
class Asked:
    url: str
    method: str
    headers: list[str]
    data: Any
    timeout: float
    """Seconds."""


@dataclass(frozen=True)
class Wire:
    """What goes out: `signed` is the spelling of the body under the signature."""

    body: bytes | None
    signed: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Got:
    code: int
    text: str


def read(arguments: Mapping[str, Any]) -> Asked:
    headers = arguments.get("headers") or []
    timeout = arguments.get("timeout")
    seconds = timeout / 1000 if isinstance(timeout, int | float) and timeout > 0 else LONGEST
    return Asked(
        url=str(arguments.get("url") or ""),
        method=str(arguments.get("method") or "get").upper(),
        headers=[str(line) for line in headers] if isinstance(headers, list) else [],
        data=arguments.get("data"),
        timeout=min(seconds, LONGEST),
    )


def carry(account: Account, secret: str, spot: int, tablet: int, asked: Asked) -> dict[str, Any]:
    """The argument of makeRequest's callback, or `{"never": True}`."""
    faults = account.faults()
    if faults["offline_start"] == "yes" or faults["proxy_code"] == "0":
        got = Got(0, "")
    elif faults["proxy_code"] in ("401", "503"):
        got = Got(int(faults["proxy_code"]), '{"error":"refused on the way"}')
    else:
        got = _within(asked.timeout, account, secret, spot, tablet, asked)
    return shown(got, faults)


def _within(seconds: float, account: Account, secret: str, spot: int, tablet: int, asked: Asked) -> Got:
    """Gives up in time; the request itself goes on, as it would in life."""
    box: list[Got] = []
    job = threading.Thread(
        target=lambda: box.append(_forward(account, secret, spot, tablet, asked)), daemon=True
    )
    job.start()
    job.join(seconds)
    return box[0] if box else Got(0, "")


def _forward(account: Account, secret: str, spot: int, tablet: int, asked: Asked) -> Got:
    half = account.milliseconds("latency_ms") / 2000
    time.sleep(half)
    faults = account.faults()
    wire = spelled(asked, str(faults["body_form"]))
    headers = wire.headers | posters_headers(account, secret, spot, tablet, asked.url, wire.signed)
    got = _send(asked, wire, headers)
    if faults["signature"] == "replayed":
        got = _send(asked, wire, headers)
    time.sleep(half)
    return got


def _send(asked: Asked, wire: Wire, headers: dict[str, str]) -> Got:
    try:
        answer = requests.request(
            asked.method, asked.url, data=wire.body, headers=headers, timeout=LONGEST, allow_redirects=False
        )
    except (requests.RequestException, UnicodeError):
        return Got(0, "")
    answer.encoding = "utf-8"
    return Got(answer.status_code, answer.text)


def spelled(asked: Asked, form: str) -> Wire:
    """The body as the fault wants it sent and signed. GET has none."""
    headers = _headers(asked.headers)
    if asked.method == "GET" or asked.data in (None, ""):
        return Wire(None, "", headers)
    text = asked.data if isinstance(asked.data, str) else compact_json(asked.data)
    try:
        value = json.loads(text)
    except ValueError:
        return Wire(text.encode(), text, headers)
    if form == "php":
        return Wire(text.encode(), php_json(value), headers)
    if form == "compact":
        return Wire(json.dumps(value, ensure_ascii=False, indent=1).encode(), compact_json(value), headers)
    if form == "form":
        urlencoded = {"Content-Type": "application/x-www-form-urlencoded"}
        kept = {name: value for name, value in headers.items() if name.lower() != "content-type"}
        return Wire(deflate(value).encode(), compact_json(value), kept | urlencoded)
    return Wire(text.encode(), text, headers)


def _headers(lines: list[str]) -> dict[str, str]:
    """`Name: value` lines; what Poster itself sets can't be set by a bundle."""
    pairs = [line.partition(":") for line in lines if ":" in line]
    named = {name.strip(): value.strip() for name, _, value in pairs}
    return {
        name: value.encode("latin-1", "replace").decode("latin-1")
        for name, value in named.items()
        if name.lower() not in DROPPED and not name.lower().startswith("x-poster-")
    }


def posters_headers(
    account: Account, secret: str, spot: int, tablet: int, url: str, signed: str
) -> dict[str, str]:
    faults = account.faults()
    moment = int(time.time()) - (STALE if faults["signature"] == "stale" else 0)
    signature = request_signature(url, signed, str(moment), secret)
    if faults["signature"] == "wrong":
        signature = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    return {
        "X-Poster-Signature": signature,
        "X-Poster-Time": str(moment),
        "X-Poster-Url": account_spelled(account.name, str(faults["url_header"])),
        "X-Poster-Spot-Id": str(spot),
        "X-Poster-Tablet-Id": str(tablet),
    }


def account_spelled(name: str, how: str) -> str:
    forms = {
        "host": f"{name}.joinposter.com",
        "url": f"https://{name}.joinposter.com/",
        "upper": name.upper(),
    }
    return forms.get(how, name)


def shown(got: Got, faults: dict[str, Value]) -> dict[str, Any]:
    """The answer in the shape that the switches ask for."""
    if faults["result"] == "never":
        return {"never": True}
    code: int = got.code
    result: Any = got.text
    try:
        parsed = json.loads(got.text)
    except ValueError:
        parsed, result, code = None, False, got.code and 1
    if faults["proxy_code"] == "1":
        code, result = 1, False
    elif faults["result"] == "object" and result is not False:
        result = parsed
    elif faults["result"] == "false":
        result = False
    return {"result": result, str(faults["answer_key"]): code}
