"""Addresses: every one that a guest ever used, and the streets that the restaurant delivers to."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from server.db import rows, transaction, write
from server.messages import clean
from server.places import streets
from server.places.folding import place_key
from server.places.splitting import LONGEST as LONGEST
from server.places.splitting import PARTS, split
from server.places.wording import door, way
from server.places.wording import line as line

MOST = 10
KEPT = 50  # of one guest; whoever sends more has the oldest forgotten
LONGEST_PART = 40

Json = dict[str, Any]

OF = """SELECT text, street, house, flat, entrance, floor, code, note, at FROM guest_place
    WHERE account_id = ? AND client_id = ? ORDER BY at DESC, id DESC LIMIT ?"""
SAME = """SELECT id, text, street, house, flat, entrance, floor, code, note, at FROM guest_place
    WHERE account_id = ? AND client_id = ? AND folded = ?"""
NEW = """INSERT INTO guest_place
    (account_id, client_id, folded, text, street, house, flat, entrance, floor, code, note, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
AGAIN = """UPDATE guest_place SET text = ?, street = ?, house = ?, flat = ?, entrance = ?, floor = ?, code = ?,
    note = ?, at = ? WHERE id = ?"""
OLDEST = """DELETE FROM guest_place WHERE id IN (SELECT id FROM guest_place
    WHERE account_id = ? AND client_id = ? ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?)"""


def of(account: int, client_id: int, own: str = "", since: float = 0) -> list[Json]:
    """The guest's addresses as the wire has them, newest first, at most ten. The one of their profile (`own`)
    comes last, where nothing was ever brought to it."""
    names = ("text", *PARTS, "at")
    found = [dict(zip(names, row, strict=True)) for row in rows(OF, account, client_id, MOST)]
    text = clean(own, LONGEST)
    if text and len(found) < MOST:
        place = {"text": text, **split(text), "at": since}
        if _key(place) not in map(_key, found):
            found.append(place)
    return [{**place, "door": door(place) or place["text"], "way": way(place)} for place in found]


def learn(account: int, client_id: int, address1: str, address2: str, note: str, at: float) -> None:
    """Remembers an address as Poster tells it, inside the caller's transaction. What Poster told again later
    makes it newer; what it never told (a code that a cashier typed) stays."""
    one, two = clean(address1, LONGEST), clean(address2, LONGEST)
    if one or two:
        text = ", ".join(part for part in (one, two, clean(note, LONGEST)) if part)
        _keep(account, client_id, split(one, two, clean(note, LONGEST)), text, at)


def _key(place: Mapping[str, Any]) -> str:
    return place_key(place["street"], place["house"], place["flat"])


def key(address: str) -> str:
    """Street, house and flat made comparable; "" where no house can be told. `Sadova St. 5/7` -> `sadova|5/7|`."""
    parts = split(clean(address, LONGEST))
    return _key(parts) if parts["house"] else ""


def remember(
    account: int, client_id: int, place: Mapping[str, Any], lang: str, now: float | None = None
) -> bool:
    """An address that somebody typed at a register; False when there is nothing in it."""
    parts = {part: clean(_text(place.get(part)), _longest(part)) for part in PARTS}
    parts["street"] = parts["street"] or clean(_text(place.get("text")), LONGEST)
    parts = parts if parts["house"] else _split_further(parts)
    if not parts["street"]:
        return False
    with transaction(account):
        _keep(account, client_id, parts, line(parts, lang), time.time() if now is None else now)
        write(OLDEST, account, client_id, KEPT)
    return True


def _keep(account: int, client_id: int, parts: Mapping[str, str], text: str, at: float) -> None:
    known = rows(SAME, account, client_id, _key(parts))
    if not known:
        write(NEW, account, client_id, _key(parts), text, *(parts[part] for part in PARTS), at)
        if parts["house"]:
            streets.count(account, parts["street"])
        return
    id_, old_text, *old, old_at = known[0]
    before = dict(zip(PARTS, old, strict=True))
    older, newer = (before, parts) if at >= old_at else (parts, before)
    both = {part: newer[part] or older[part] for part in PARTS}
    latest = text if at >= old_at else old_text
    write(AGAIN, latest if both == newer else line(both), *both.values(), max(at, old_at), id_)


def _split_further(parts: dict[str, str]) -> dict[str, str]:
    """Somebody typed everything into the field of the street. What contradicts the other fields stays there."""
    found = split(parts["street"], "", parts["note"])
    typed = {part: text for part, text in parts.items() if text and part not in ("street", "note")}
    return parts if any(found[part] for part in typed) else {**found, **typed}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _longest(part: str) -> int:
    return LONGEST if part in ("street", "note") else LONGEST_PART
