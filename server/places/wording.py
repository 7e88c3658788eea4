"""One line of an address, in the words of whoever will read it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

WORDS = {
    "ua": {"house": "буд.", "flat": "кв.", "entrance": "під.", "floor": "поверх", "code": "код"},
    "ru": {"house": "д.", "flat": "кв.", "entrance": "подъезд", "floor": "этаж", "code": "код"},
    "pl": {"house": "nr", "flat": "m.", "entrance": "klatka", "floor": "piętro", "code": "kod"},
    "en": {"house": "house", "flat": "flat", "entrance": "entrance", "floor": "floor", "code": "code"},
}
_SHORT = re.compile(r"[\w#*/-]+")


def line(place: Mapping[str, object], lang: str = "") -> str:
    """`Sadova 5/7, flat 12, code 12#`. Without a language the street's own letters tell one."""
    part = {name: str(value).strip() for name, value in place.items() if value and isinstance(value, str)}
    words = WORDS.get(lang) or WORDS[_language(part.get("street", ""))]
    street, house = part.get("street", ""), part.get("house", "")
    # "мікрорайон 5, буд. 3": two numbers side by side would be read as one.
    start = (
        f"{street}, {words['house']} {house}"
        if house and street[-1:].isdigit()
        else f"{street} {house}".strip()
    )
    told = [
        _worded(words[name], part[name]) for name in ("flat", "entrance", "floor", "code") if part.get(name)
    ]
    return ", ".join(text for text in (start, *told, part.get("note")) if text)


def _worded(word: str, value: str) -> str:
    """ "оф. 12" says itself what it is."""
    return f"{word} {value}" if _SHORT.fullmatch(value) else value


def _language(street: str) -> str:
    if re.search("[іїєґ]", street, re.IGNORECASE):
        return "ua"
    if re.search("[ыэёъ]", street, re.IGNORECASE):
        return "ru"
    if re.search("[а-я]", street, re.IGNORECASE):
        return "ua"
    return "pl" if re.search(r"[ąćęłńóśźż]|\bul\b", street, re.IGNORECASE) else "en"
