"""Who may be the same person: guests alike by name or address, and numbers that are kept with a guest.

Nothing is merged by itself: an employee joins a number to a guest, or parts them again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from server import places
from server.db import rows, transaction, write
from server.places.folding import words_in_order
from server.unfit import Unfit

MOST = 5  # more of one name or in one house tell nothing
CYRILLIC, LATIN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэъ", "abcdefghijklmnopqrstuvwxyz"
SHORTEST, LONGEST, MOST_WORDS = 4, 15, 3  # of words in which one letter may be wrong
LAST = "\U0010ffff"

Json = dict[str, Any]

NUMBERS = """SELECT number FROM guest_number WHERE account_id = ? AND client_id = ? AND number != ?
    ORDER BY ours, at DESC, id"""
NAMED = """SELECT client_id FROM guest WHERE account_id = ? AND folded IN (SELECT value FROM json_each(?))
    AND deleted = 0 LIMIT ?"""
THERE = """SELECT client_id, folded FROM guest WHERE account_id = ? AND deleted = 0 AND client_id IN (
    SELECT client_id FROM guest WHERE account_id = ? AND place >= ? AND place <= ? AND place != ''
    UNION SELECT client_id FROM guest_place WHERE account_id = ? AND folded >= ? AND folded <= ?) LIMIT 200"""
SHOWN = """SELECT client_id, name, address FROM guest
    WHERE account_id = ? AND client_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"""
WHOSE = """SELECT client_id, ours FROM guest_number JOIN guest USING (account_id, client_id)
    WHERE account_id = ? AND number = ? AND deleted = 0"""
LIVING = "SELECT 1 FROM guest WHERE account_id = ? AND client_id = ? AND deleted = 0"
OWN = "SELECT address, coalesce(since, 0) FROM guest WHERE account_id = ? AND client_id = ?"
JOIN = """INSERT INTO guest_number (account_id, number, client_id, ours, by_id, by_name, at)
    VALUES (?, ?, ?, 1, ?, ?, ?) ON CONFLICT (account_id, number, client_id) DO NOTHING"""
OURS = "SELECT number FROM guest_number WHERE account_id = ? AND client_id = ? AND ours <> 0"
PART = "DELETE FROM guest_number WHERE account_id = ? AND client_id = ? AND number = ? AND ours <> 0"


def folded(name: str) -> str:
    """How `guest.folded` is written: the words of the name in any order are one."""
    return words_in_order(name)


def numbers_of(account: int, client_id: int, but: str) -> list[str]:
    """The other numbers of a guest, Poster's first."""
    return [number for (number,) in rows(NUMBERS, account, client_id, but)]


def living(account: int, client_id: int) -> bool:
    """Whether the account has this guest, and Poster has not deleted them."""
    return bool(rows(LIVING, account, client_id))


def own_address(account: int, client_id: int) -> tuple[str, float]:
    """That of the guest's profile, and since when Poster knows them."""
    found = rows(OWN, account, client_id)
    return (str(found[0][0]), float(found[0][1])) if found else ("", 0.0)


def same(account: int, number: str, name: str, address: str) -> list[Json]:
    """Who of the account's guests may be who calls: at most five, the likeliest first.

    A name of many, or a house where many live, says nothing by itself.
    """
    key = folded(name)
    close = {key, *_one_letter_off(key)} if key else set()
    home, near = _there(account, address)
    both = [client for client, name in {**home, **near}.items() if name in close]
    groups = [_named(account, [key]), list(home), _named(account, list(close)), list(near)]
    ranked = dict.fromkeys(both, "both")
    for why, group in zip(("name", "address", "name", "address"), groups, strict=True):
        for client in group if len(group) <= MOST else ():
            ranked.setdefault(client, why)
    theirs = {client for client, _ in rows(WHOSE, account, number)}
    found = [(client, why) for client, why in ranked.items() if client not in theirs]
    return _shown(account, dict(found[:MOST]))


def join(account: int, client_id: int, number: str, who: tuple[int, str]) -> None:
    """Keeps a number (E.164) with the guest. Raises Unfit: `guest_unknown`, `taken` (somebody has it at Poster)."""
    with transaction(account):
        if not living(account, client_id):
            raise Unfit("guest_unknown")
        if any(client != client_id and not ours for client, ours in rows(WHOSE, account, number)):
            raise Unfit("taken")
        write(JOIN, account, number, client_id, *who, time.time())


def part(account: int, client_id: int, number: str) -> None:
    """Undoes `join`. What Poster says cannot be undone here."""
    with transaction(account):
        write(PART, account, client_id, number)


def _named(account: int, names: list[str]) -> list[int]:
    found = rows(NAMED, account, json.dumps(names), MOST + 1) if any(names) else []
    return sorted(client for (client,) in found)


def _there(account: int, address: str) -> tuple[dict[int, str], dict[int, str]]:
    """Who lives in this very flat, and who in the house where one of both named no flat: ids and folded names."""
    key = places.key(address)
    house, _, flat = key.rpartition("|")
    if not house:
        return {}, {}
    wide = (f"{house}|", f"{house}|" if flat else f"{house}|{LAST}")
    home, near = (_at(account, *span) for span in ((key, key), wide))
    return home, {client: name for client, name in near.items() if client not in home}


def _at(account: int, first: str, last: str) -> dict[int, str]:
    return dict(rows(THERE, account, account, first, last, account, first, last))


def _one_letter_off(name: str) -> Iterator[str]:
    """The name with one letter wrong, missing, too much, or two exchanged, in one of its words."""
    words = name.split()
    if not 2 <= len(words) <= MOST_WORDS:
        return
    for at, word in enumerate(words):
        if SHORTEST <= len(word) <= LONGEST:
            for other in _misspelt(word):
                yield " ".join(sorted([*words[:at], other, *words[at + 1 :]]))


def _misspelt(word: str) -> set[str]:
    letters = LATIN if word[0] in LATIN else CYRILLIC
    halves = [(word[:cut], word[cut:]) for cut in range(len(word) + 1)]
    found = {left + letter + right[skip:] for left, right in halves for letter in letters for skip in (0, 1)}
    found |= {left + right[1:] for left, right in halves if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    return found - {word}


def _shown(account: int, ranked: dict[int, str]) -> list[Json]:
    known = {
        client: (name, address) for client, name, address in rows(SHOWN, account, json.dumps(list(ranked)))
    }
    return [
        {
            "id": client,
            "name": known[client][0],
            "address": _address(account, client, known[client][1]),
            "why": why,
        }
        for client, why in ranked.items()
    ]


def _address(account: int, client_id: int, own: str) -> str:
    used = places.of(account, client_id, own)
    return str(used[0]["text"]) if used else ""


def joined(account: int, client_id: int) -> set[str]:
    """The guest's numbers that an employee joined here."""
    return {number for (number,) in rows(OURS, account, client_id)}
