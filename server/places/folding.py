"""Text made comparable: the same street or name in two spellings becomes one. Pure."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = re.compile("['’ʼ`´‘\u2032]")
_BETWEEN = re.compile(r"[^\w/]+|_+")
_LATIN_MARK = re.compile("(?<=[a-z])[\u0300-\u036f]+")
_ALIKE = str.maketrans({"ё": "е", "ł": "l", "ø": "o", "đ": "d"})


def folded(text: str) -> str:
    """Small letters and digits with single spaces between; marks over Latin letters don't count, й and ї stay."""
    plain = _APOSTROPHES.sub("", text).casefold()
    plain = unicodedata.normalize("NFC", _LATIN_MARK.sub("", unicodedata.normalize("NFD", plain)))
    return _BETWEEN.sub(" ", plain.translate(_ALIKE)).strip()


def words_in_order(text: str) -> str:
    """A name: whether somebody wrote the family name first or last does not count."""
    return " ".join(sorted(folded(text).split()))
