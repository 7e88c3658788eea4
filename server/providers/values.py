"""Single values out of a request: never an exception, whatever the company or somebody else puts there."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from typing import Any

from server.phones import bare, digits, split

LONGEST_KEY = 64
LONGEST_NAME = 120
LONGEST_SPAN = 24 * 3600.0
MILLISECONDS = 1e12  # a moment of these years from here on counts milliseconds
_ADDRESS = re.compile(r"^(?:.*<)?(?:sips?:|tel:)?([^@;>]*)", re.IGNORECASE)
_LINE = re.compile(r"^[\w.+*#-]{1,32}$")
# A word that the phone should have filled in and did not: $remote, ${CALLERID(num)}, {{caller}}, [Number].
_PLACEHOLDER = re.compile(r"^(?:\$.*|\{\{.*\}\}|\[.*\]|%[A-Za-z_]+%)$")


def text(value: Any, longest: int = LONGEST_NAME) -> str:
    """One harmless line: no control or direction marks, no broken characters, cut; "" for what is no text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    plain = value if isinstance(value, str) else _spelled(value)
    plain = plain[: longest * 4]
    if not plain.isprintable():
        plain = "".join(char for char in plain if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join(plain.split())[:longest].strip()


def key(value: Any) -> str:
    """The company's id of a call, short enough to keep; a long one is cut and stays unlike any other."""
    whole = text(value, 4096)
    if len(whole) <= LONGEST_KEY:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return f"{whole[: LONGEST_KEY - 41]}~{digest[:40]}"


def line(value: Any) -> str:
    """An extension: `901`, `sip:901@pbx.example.com`; "" for what cannot be one."""
    match = _ADDRESS.match(text(value, 128))
    found = match[1].strip() if match else ""
    return found if _LINE.match(found) else ""


def number(value: Any) -> str:
    """Who calls or is called, as the company spells it; "" when that is nobody's number."""
    found = text(split(value)[1] if isinstance(value, str) else value, 256)
    return found if digits(bare(found)) else ""


def name(value: Any) -> str:
    """What stands before the number, as in `"Olena" <0671112233>`."""
    return text(split(value)[0]) if isinstance(value, str) else ""


def first(fields: dict[str, Any], *names: str) -> Any:
    """The first of these fields that says something; None when none is there, "" when they are empty."""
    there = [fields[name] for name in names if name in fields and not _unfilled(fields[name])]
    return next((value for value in there if text(value)), "" if there else None)


def moment(value: Any, now: float) -> float | None:
    """Unix seconds that can be true: of this century and at most a day ahead of us."""
    found = _number(value)
    return found if found is not None and 946684800 <= found <= now + 24 * 3600 else None


def moment_ms(value: Any, now: float) -> float | None:
    """Unix milliseconds, or seconds: some papers say the one, and the other is sent."""
    found = _number(value)
    return moment(found / 1000 if found is not None and found >= MILLISECONDS else found, now)


def stated(told: float | None, now: float, within: float = math.inf) -> float | None:
    """A moment that was told, never ahead of us; None when it can't be so long ago, or nothing was told."""
    return min(told, now) if told is not None and now - told <= within else None


def span(value: Any) -> float | None:
    """Seconds from 0 to a day."""
    found = _number(value)
    return found if found is not None and 0 <= found <= LONGEST_SPAN else None


def _number(value: Any) -> float | None:
    try:
        found = float(text(value, 32))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _spelled(value: float) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        return str(value)
    except ValueError:  # an integer of thousands of digits
        return ""


def _unfilled(value: Any) -> bool:
    return isinstance(value, str) and bool(_PLACEHOLDER.match(value.strip()))
