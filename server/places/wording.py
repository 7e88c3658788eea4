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
    return ", ".join(text for text in (door(place, lang), way(place, lang)) if text)


def door(place: Mapping[str, object], lang: str = "") -> str:
    """Street, house and flat."""
    part, words = _parts(place, lang)
    street, house = part.get("street", ""), part.get("house", "")
    # "мікрорайон 5, буд. 3": two numbers side by side would be read as one.
    numbers = house and street[-1:].isdigit()
    start = f"{street}, {words['house']} {house}" if numbers else f"{street} {house}".strip()
    return ", ".join(text for text in (start, *_told(part, words, "flat")) if text)


def way(place: Mapping[str, object], lang: str = "") -> str:
    """How to get to that door."""
    part, words = _parts(place, lang)
    return ", ".join(
        text for text in (*_told(part, words, "entrance", "floor", "code"), part.get("note")) if text
    )


def _parts(place: Mapping[str, object], lang: str) -> tuple[dict[str, str], dict[str, str]]:
    part = {name: str(value).strip() for name, value in place.items() if value and isinstance(value, str)}
    return part, WORDS.get(lang) or WORDS[_language(part.get("street", ""))]


def _told(part: dict[str, str], words: dict[str, str], *names: str) -> list[str]:
    return [_worded(words[name], part[name]) for name in names if part.get(name)]


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
