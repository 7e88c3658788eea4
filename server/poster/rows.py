"""Poster's values made plain. The same field is text in one method and a number in another."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

LONGEST = 500


def to_int(value: object) -> int:
    """`18`, `"18"` and `"18.0000000"` -> 18; whatever is no number -> 0."""
    if type(value) is str and len(value) < 19 and value.isascii() and value.isdigit():
        return int(value)  # nearly all of them, in a tenth of the time
    return int(to_decimal(value))


def to_decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return Decimal(int(value)) if isinstance(value, bool) else Decimal(0)
    try:
        number = Decimal(str(value).strip()[:40])
    except InvalidOperation:
        return Decimal(0)
    # The database's own limit is a little higher.
    return number if number.is_finite() and abs(number) < Decimal(10) ** 18 else Decimal(0)


def to_text(value: object, longest: int = LONGEST) -> str:
    """Text as a person wrote it. Old clients have `"0"` where nothing was written."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    text = str(value).replace("\0", "").strip()[:longest]
    if not text.isascii():
        text = text.encode("utf-8", "ignore").decode()  # halves of characters can't be stored or sent
    return "" if text == "0" else text


def as_list(value: object) -> list[Any]:
    """PHP turns a list with holes into an object; where only one was found it may come without its list."""
    if isinstance(value, dict):
        return list(value.values()) if all(key.isdigit() for key in value) else [value]
    return value if isinstance(value, list) else []


def as_dict(value: object) -> dict[str, Any]:
    """PHP turns an empty object into `[]`; some methods give one object inside a list."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else {}


def dicts(value: object) -> list[dict[str, Any]]:
    return [row for row in as_list(value) if isinstance(row, dict)]


def money(kopecks: object) -> str:
    """Hundredths of any currency -> units with two decimals: `"34500"` -> `"345.00"`."""
    return f"{to_decimal(kopecks) / 100:.2f}"


def count(value: object) -> str:
    """`"1.0000000"` -> `"1"`, `"0.2500000"` -> `"0.25"`."""
    text = f"{to_decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment(milliseconds: object) -> int:
    """Unix milliseconds -> seconds; 0 while the thing has not happened."""
    return int(to_decimal(milliseconds) // 1000)
