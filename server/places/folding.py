"""Text made comparable: the same street or name in two spellings becomes one. Pure."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = re.compile("['’ʼ`´‘\u2032]")
_BETWEEN = re.compile(r"[^\w/]+|_+")
_LATIN_MARK = re.compile("(?<=[a-z])[\u0300-\u036f]+")
_ALIKE = str.maketrans({"ё": "е", "ł": "l", "ø": "o", "đ": "d"})

# A plain street needs no word; an avenue of the same name is another place, however its word is shortened.
_SPELLINGS = {
    "": ("вул", "вулиця", "ул", "улица", "ul", "ulica", "str", "street", "st"),
    "просп": ("пр", "просп", "проспект", "пркт", "avenue", "ave"),
    "пров": ("пров", "провулок", "пер", "переулок", "lane", "ln"),
    "бульв": ("бульв", "бульвар", "бул", "blvd", "boulevard"),
    "пл": ("пл", "площа", "площадь", "plac", "square", "sq"),
    "al": ("al", "aleja", "aleje"),
    "os": ("os", "osiedle"),
    "road": ("road", "rd"),
}
_KINDS = {word: kind for kind, words in _SPELLINGS.items() for word in words}
_DASHED = re.compile(r"\b(вул|пр|б)-(ця|т|кт|р)\b")
_WHOLE = {"вулця": "вул", "прт": "просп", "пркт": "просп", "бр": "бульв"}


def folded(text: str) -> str:
    """Small letters and digits with single spaces between; marks over Latin letters don't count, й and ї stay."""
    plain = _APOSTROPHES.sub("", text).casefold()
    plain = unicodedata.normalize("NFC", _LATIN_MARK.sub("", unicodedata.normalize("NFD", plain)))
    return _BETWEEN.sub(" ", plain.translate(_ALIKE)).strip()


def words_in_order(text: str) -> str:
    """A name: whether somebody wrote the family name first or last does not count."""
    return " ".join(sorted(folded(text).split()))


def street_key(text: str) -> str:
    """The street's own words, then what kind of street it is unless a plain one: `вул. Садова` -> `садова`."""
    words = folded(_DASHED.sub(lambda dashed: _WHOLE[dashed[1] + dashed[2]], text.casefold())).split()
    kinds = [kind for word in words if (kind := _KINDS.get(word))]
    own = [word for word in words if word not in _KINDS]
    return " ".join([*own, *kinds])


def house_key(text: str) -> str:
    """`12 А`, `12-а` and `12а` are one house; `5-7` and `57` are not."""
    plain = re.sub(r"(?<=\d)[\s/-]+(?=[^\W\d_])|[.\s]+", "", text.casefold())
    return re.sub(r"корп(?:ус)?", "к", plain).replace("a", "а")


def place_key(street: str, house: str, flat: str) -> str:
    """`садова|5/7|12`. Of an address without a house the whole text tells it from others."""
    return f"{street_key(street) or folded(street)}|{house_key(house)}|{house_key(flat)}"
