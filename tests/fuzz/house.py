"""A restaurant of which everything is known, in an app of this process: a fault of ours is an exception here."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import create_app
from server.calls import IN, CallEvent
from server.config import Settings, load
from server.db import close_database, transaction
from server.hub import Poller
from server.models import Account, AlertTarget, Trunk
from server.parts import Parts
from server.poster.signature import sign
from server.web.pagetoken import Pass
from tests import household, wire
from tests.conftest import add_trunk, finish_background_work, make_restaurant
from tests.manage_page import Page

NOWHERE = "http://127.0.0.1:9"  # nobody listens there: no company and no Poster is ever reached
ONE, OTHER = ("pechera", "700123"), ("kaffka", "700124")


@dataclass
class House:
    app: Flask
    parts: Parts
    settings: Settings
    account: Account
    other: Account
    trunks: dict[str, Trunk]
    calls: list[str]

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client(use_cookies=False)

    def page(self, account: Account | None = None, member: int = 0) -> Page:
        return Page(self.client, self.settings, Pass(account=(account or self.account).id, member=member))

    def desk(self, employee: int = 5, register: int = 1, spot: int = 1) -> wire.Register:
        return wire.Register(self.settings.public_url, self.account.name, register, spot, employee)

    def ask(self, verb: str, body: str) -> TestResponse:
        """A register's question as Poster signs it; `body` is the whole envelope."""
        desk = self.desk()
        headers = desk.headers(f"{desk.base}/{verb}", body)
        return self.client.post(f"/pos/{self.account.name}/{verb}", data=body, headers=headers)

    def poller(self) -> Poller:
        return Poller(self.account.id, 1, 1, 5)

    def signed(self, url: str, body: bytes, at: int) -> str:
        return sign(url, body, str(at), self.settings.application_secret)


@contextmanager
def open_house(
    folder: Path, *, propagate: bool = True, providers: tuple[str, ...] = (), **more: str
) -> Iterator[House]:
    settings = load(environment(folder, **more), folder / "no.env")
    app = create_app(settings)
    app.testing = propagate
    try:
        yield furnished(app, settings, providers)
    finally:
        while any(thread.name == "background" for thread in threading.enumerate()):
            finish_background_work()  # one that outlives its house would open its door in the next one
        close_database()


def environment(folder: Path, **more: str) -> dict[str, str]:
    return wire.environment(
        8080, folder / "dzvinok.db", NOWHERE,
        **{"PUBLIC_URL": "https://phone.example.com", "COMPANIES_URL": NOWHERE, "LIMITS": "0", **more},
    )  # fmt: skip


def furnished(app: Flask, settings: Settings, providers: tuple[str, ...] = ()) -> House:
    """Two restaurants that know the same people; the first has a trunk of each of the companies."""
    parts: Parts = app.extensions["dzvinok"]
    account, other = make_restaurant(*ONE), make_restaurant(*OTHER)
    first = add_trunk(account)
    calls = household.settle(account, first)
    household.settle(other, add_trunk(other))
    with transaction():
        AlertTarget.delete().execute()
        Account.update(token=parts.vault.seal(f"700123:{'0' * 32}"), timezone="Europe/Kyiv").execute()
    trunks = {"binotel": first, **{name: add_trunk(account, name) for name in providers if name != "binotel"}}
    ring(parts, account, first)
    return House(app, parts, settings, Account.get_by_id(account.id), other, trunks, calls)


def ring(parts: Parts, account: Account, trunk: Trunk) -> None:
    """One call that rings and one that talks, so that there is something to press."""
    now = time.time()
    said: list[dict[str, Any]] = [
        {"key": "live-1", "kind": "ring", "line": "101"},
        {"key": "live-2", "kind": "ring", "line": "102"},
        {"key": "live-2", "kind": "answer", "line": "102"},
    ]
    for facts in said:
        event = CallEvent(at=now, direction=IN, caller="0671112233", did="0441234567", name="Olena", **facts)
        parts.intake.take(account.id, trunk.id, [event])
