"""Guests in the directory, for the tests of what stands beside Poster."""

from __future__ import annotations

from typing import Any

from server import directory, places
from server.db import transaction
from server.models import Account
from tests.poster.company import client

NUMBER = "+380671112233"


def add(
    account: Account, client_id: int = 318, name: str = "Kovalenko Olena", number: str = NUMBER, **facts: Any
) -> int:
    """As a row of Poster's brings them; returns whose it is."""
    digits = number.lstrip("+")
    row = client(client_id, lastname=name, firstname="", phone=number, phone_number=digits, **facts)
    return directory.take_clients(account.id, [row], "UA")[0]


def delivered(
    account: Account, client_id: int, street: str, rest: str = "", note: str = "", at: float = 1.0
) -> None:
    """An order went there."""
    with transaction():
        places.learn(account.id, client_id, street, rest, note, at)
