"""Whether an extension's name at the company is an employee: "Olena K." there, "Коваленко Олена" at Poster."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

# Cyrillic to Latin, loosely: what different passports spell differently is folded together afterwards.
LATIN = str.maketrans({
    **dict(zip("абвгґдеєёжзиіїйклмнопрстуфхцчшщьъыэюяł", (
        "a", "b", "v", "g", "g", "d", "e", "ie", "e", "zh", "z", "i", "i", "i", "i", "k", "l", "m", "n", "o", "p",
        "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "", "i", "e", "iu", "ia", "l",
    ), strict=True)),
    "’": "", "'": "", "ʼ": "",
})  # fmt: skip
FOLDED = str.maketrans({"y": "i", "j": "i", "h": "g", "w": "v"})
One = TypeVar("One")
SHORTEST = 3  # letters of a word that tells one person from another


def whose(name: str, employees: Mapping[int, str]) -> int:
    """The one employee of this name, or 0 where there is none, or more than one."""
    return nearest(words(name), {one: words(its) for one, its in employees.items()}) or 0


def nearest(told: frozenset[str], known: Mapping[One, frozenset[str]]) -> One | None:
    """The one whose words these are, or None where there is none, or more than one."""
    if not told:
        return None
    same = [one for one, its in known.items() if its == told]
    near = same or [one for one, its in known.items() if _near(told, its)]
    return near[0] if len(near) == 1 else None


def words(name: str) -> frozenset[str]:
    """The name's words, the same however it is spelled."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate(LATIN)
    plain = "".join(char for char in unicodedata.normalize("NFD", plain) if not unicodedata.combining(char))
    found = re.findall(r"[^\W\d_]+", plain.translate(FOLDED))
    return frozenset(re.sub(r"(.)\1+", r"\1", word) for word in found)


def _near(one: frozenset[str], other: frozenset[str]) -> bool:
    """One has all that the other says, initials aside."""
    ours, theirs = ({word for word in said if len(word) >= SHORTEST} for said in (one, other))
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)
