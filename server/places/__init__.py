"""Addresses: every one that a guest ever used, and the streets that the restaurant delivers to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.db import rows, write
from server.places.folding import folded
from server.places.splitting import PARTS, split

MOST = 10

Json = dict[str, Any]

OF = f"""SELECT text, {", ".join(PARTS)}, at FROM guest_place WHERE account_id = ? AND client_id = ?
    ORDER BY at DESC, id DESC LIMIT {MOST}"""
KEEP = f"""INSERT INTO guest_place (account_id, client_id, folded, text, {", ".join(PARTS)}, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, client_id, folded) DO UPDATE SET
    at = MAX(at, excluded.at)"""


def of(account: int, client_id: int) -> list[Json]:
    """The guest's addresses as the wire has them, newest first, at most ten."""
    names = ("text", *PARTS, "at")
    return [dict(zip(names, row, strict=True)) for row in rows(OF, account, client_id)]


def learn(account: int, client_id: int, address1: str, address2: str, note: str, at: float) -> None:
    """Remembers an address as Poster tells it, inside the caller's transaction."""
    place = split(address1, address2, note)
    text = line(place)
    if text:
        write(KEEP, account, client_id, folded(text), text, *(place[part] for part in PARTS), at)


def line(place: Mapping[str, Any]) -> str:
    """One line of an address, for the eye."""
    return ", ".join(str(place.get(part) or "") for part in PARTS if place.get(part))
