"""An address as people write it becomes street, house, flat, entrance, floor and code. Pure.

Ukrainian, Russian, Polish and English. What cannot be told apart stays in the street, or in the note when it stands
after the house: no text is lost, and nothing is guessed.
"""

from __future__ import annotations

import re

PARTS = ("street", "house", "flat", "entrance", "floor", "code", "note")
LONGEST = 200

_LABELS = {
    "flat": r"кв(?:артира|арт)?|flat|apt|apartment|mieszkanie|mieszk|m",
    "office": r"офіс|офис|оф|office|unit|lokal|lok",
    "entrance": r"під['’ʼ`]?[їи]зд|під|п[оі]д['’ʼ`ъь]?[еї]зд|под|парадн(?:ая|ое|а|е)|entrance|klatka|kl|wejście",
    "floor": r"поверх|пов|этаж|эт|floor|piętro|pietro|p(?=\.)",
    "code": r"код(?: домофон[ау]?| дверей| двери)?|домофон|door code|code|kod(?: do)?(?: domofonu| bramy)?"
    r"|domofon|intercom",
}
# A label is no part of a longer word, but may touch digits: "кв12", "12m4".
_ANY = "|".join(f"(?P<{part}>{words})" for part, words in _LABELS.items())
_LABEL = re.compile(rf"(?<![^\W\d_])(?:{_ANY})(?![^\W\d_])", re.IGNORECASE)
_NUMBER = r"\d{1,5}(?:[-/]\d{1,4})?[^\W\d_]?|[IVX]{1,4}"
_NUMBERED = re.compile(rf"\.?\s*[:№-]?\s*((?:{_NUMBER})(?![\w/]))")
_LETTERED = re.compile(rf"\.?\s*[:№-]?\s*((?:{_NUMBER}|[^\W\d_])(?![\w/]))")
_CODED = re.compile(r"\.?\s*[:№-]?\s*((?=[\w#*]*\d)[\w#*]{1,16})")
_AFTER = dict.fromkeys(_LABELS, _NUMBERED) | {"entrance": _LETTERED, "code": _CODED}
_BEFORE = re.compile(
    r"(?<![\w/-])(\d{1,3}|[IVX]{1,4})(?:-?(?:[йяаеі]|ий|ый|ій|га|st|nd|rd|th))?\s*$", re.IGNORECASE
)

_HOUSE = (
    r"\d{1,4}(?:\s?[-/]\s?\d{1,4})*(?:\s?[-/]?\s?[^\W\d_](?!\w))?(?:\s?[-/]\s?\d{1,4})*"
    r"(?:\s?(?:корпус|корп|к|стр|секція|секция|блок)\.?\s?\w{1,4})?"
)
_HOUSE_WORD = r"(?:будинок|буд|дом|д|house|numer|nr)\b\.?\s*№?\s*|№\s*"
_SAID = re.compile(rf"(?<!\w)(?:{_HOUSE_WORD})(?P<house>{_HOUSE})(?![\w/])", re.IGNORECASE)
_ALONE = re.compile(rf"(?P<house>{_HOUSE})", re.IGNORECASE)
_LAST = re.compile(rf"(?P<street>.*?[^\W\d_].*?)(?<=[\s.])(?P<house>{_HOUSE})", re.IGNORECASE)
_FIRST = re.compile(
    rf"(?P<house>{_HOUSE})\s+(?P<street>[a-z].*\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|square|sq)\.?)",
    re.IGNORECASE,
)
_TWO_NUMBERS = re.compile(r"(?<!\w)\d[\w/-]*\s+\d[\w/-]*$")
_ANNEX = re.compile(r"(?:корпус|корп|к|стр|секція|секция|блок)\.?\s?\w{1,4}", re.IGNORECASE)


def split(address1: str, address2: str = "", note: str = "") -> dict[str, str]:
    """`address1` is street and house, `address2` the rest, as Poster has them; all may stand in the first."""
    found = dict.fromkeys(PARTS, "")
    before = _segments(_take_labelled(address1[:LONGEST], found))
    after = _segments(_take_labelled(address2[:LONGEST], found))
    street, found["house"], more = _house(before)
    found["street"] = ", ".join(street)
    if found["house"] and not found["flat"] and len(after) == 1 and re.fullmatch(r"\d{1,4}", after[0]):
        found["flat"] = after.pop()
    found["note"] = ", ".join([*more, *after, *_segments(note[:LONGEST])])
    return found


def _take_labelled(text: str, found: dict[str, str]) -> str:
    """Moves what has a label into `found`; from the last to the first, because a number may stand before its label
    or after it: in "2 подъезд 3 этаж" the 3 is the floor's."""
    for label in reversed(list(_LABEL.finditer(text))):
        part = str(label.lastgroup)
        slot = "flat" if part == "office" else part
        if value := _AFTER[part].match(text, label.end()):
            whole = text[label.start() : value.end()]
            left = whole if found[slot] else ""
            found[slot] = found[slot] or (whole if part == "office" else value[1])
            text = f"{text[: label.start()]},{left},{text[value.end() :]}"
        elif (
            not found[slot]
            and part in ("entrance", "floor")
            and (value := _BEFORE.search(text[: label.start()]))
        ):
            found[slot] = value[1]
            text = f"{text[: value.start()]},{text[label.end() :].removeprefix('.')}"
    return text


def _segments(text: str) -> list[str]:
    return [part for piece in re.split(r"[,;\n]", text) if (part := piece.strip().removeprefix(".").strip())]


def _house(segments: list[str]) -> tuple[list[str], str, list[str]]:
    """The street (with the town before it), the house, and what stands after them."""
    for find in (_said, _bare):
        for at, segment in enumerate(segments):
            if split := find(segment, bool(at)):
                street, house, rest = split
                more = [*rest, *segments[at + 1 :]]
                while more and _ANNEX.fullmatch(more[0]):
                    house = f"{house} {more.pop(0)}"
                return [*segments[:at], *street], house, more
    return segments, "", []


def _said(segment: str, after_street: bool) -> tuple[list[str], str, list[str]] | None:
    """Somebody wrote that it is a house: "буд. 5"."""
    said = _SAID.search(segment)
    if not said or not (after_street or segment[: said.start()].strip()):
        return None
    return _texts(segment[: said.start()]), said["house"].strip(), _texts(segment[said.end() :])


def _bare(segment: str, after_street: bool) -> tuple[list[str], str, list[str]] | None:
    """A number that ends a street, stands alone after it, or comes first as the English write it."""
    if after_street and _ALONE.fullmatch(segment):
        return [], segment, []
    if _TWO_NUMBERS.search(segment):
        return None
    whole = _FIRST.fullmatch(segment) or _LAST.fullmatch(segment)
    return (_texts(whole["street"]), whole["house"].strip(), []) if whole else None


def _texts(*texts: str) -> list[str]:
    return [text.strip() for text in texts if text.strip()]
