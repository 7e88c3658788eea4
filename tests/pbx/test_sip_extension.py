"""Our product as one more extension of a live Asterisk: it rings along with the phones and never picks up."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from server.config import load
from server.db import close_database, open_database
from server.providers import PROVIDERS
from server.providers.sip_rings import RETURNS
from server.trunks import Trunks
from server.vault import Vault
from tests.conftest import make_restaurant
from tests.pbx.conftest import VERSIONS
from tests.pbx.lab import Lab
from tests.pbx.product import wait_for
from tests.pbx.sip import Leg
from tests.wire import Server

TOGETHER, IN_TURNS, IN_A_QUEUE = "0442000091", "0442000092", "0442000003"
OLENA = "+380671112233"
EXTENSIONS = """
[{0}](phone)
auth={0}
aors={0}
[{0}](login)
username={0}
password=password-{0}
[{0}](place)
"""
DIALPLAN = [
    f"{TOGETHER},1,Dial,PJSIP/101&PJSIP/190,3",
    # As a queue does: the box alone for a second, a pause, then everybody.
    f"{IN_TURNS},1,Dial,PJSIP/190,1",
    f"{IN_TURNS},2,Wait,2",
    f"{IN_TURNS},3,Dial,PJSIP/101&PJSIP/190,3",
]
CALLS = """SELECT direction, state, outcome, number, caller, name, did, line, answered_by, legs, started, ended
    FROM call WHERE trunk_id = ? AND started >= ? ORDER BY started"""


@dataclass(frozen=True)
class Box:
    """Our product as the 190 of one Asterisk; `wrong` is a connection with a wrong password."""

    lab: Lab
    server: Server
    trunk: int
    wrong: int

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        with contextlib.closing(
            sqlite3.connect(f"file:{self.server.log.with_suffix('.db')}?mode=ro", uri=True)
        ) as journal:
            journal.row_factory = sqlite3.Row
            return [dict(row) for row in journal.execute(sql, values)]

    def health(self, trunk: int) -> dict[str, Any]:
        (row,) = self.rows("SELECT state, trouble FROM trunk WHERE id = ?", trunk)
        return row

    def connected(self) -> bool:
        return bool(self.health(self.trunk)["state"] == "connected")

    def calls(self, since: float) -> list[dict[str, Any]]:
        return self.rows(CALLS, self.trunk, since)

    def becomes(self, since: float, seconds: float = 5.0, **wanted: Any) -> dict[str, Any]:
        """The only call since then, once it is as wanted."""

        def there() -> bool:
            calls = self.calls(since)
            return len(calls) == 1 and wanted.items() <= calls[0].items()

        wait_for(there, f"{wanted} instead of {self.calls(since)}", seconds)
        return self.calls(since)[0]


@pytest.fixture(scope="module")
def boxes(labs: list[Lab], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Box]]:
    server = Server(Path(tmp_path_factory.mktemp("extension")) / "dzvinok.db")
    try:
        found = {lab.version: _join(lab, server) for lab in labs}
        wait_for(lambda: all(box.connected() for box in found.values()), "not connected", 15)
        yield found
    finally:
        server.kill()
        for lab in labs:
            lab.cli("queue remove member PJSIP/190 from counter")


def _join(lab: Lab, server: Server) -> Box:
    config = lab.folder / "etc" / "pjsip.conf"
    config.write_text(config.read_text() + EXTENSIONS.format(190) + EXTENSIONS.format(191))
    lab.cli("module reload res_pjsip.so")
    for line in DIALPLAN:
        lab.cli(f"dialplan add extension {line} into from-trunk")
    lab.cli("queue add member PJSIP/190 to counter")
    settings = load(server.env, server.log.with_name("no.env"))
    open_database(server.env["DATABASE_URL"])
    try:
        trunks = Trunks(Vault(settings.secret_key), settings.public_url, PROVIDERS)
        account = make_restaurant(f"extension{lab.version}", f"19{lab.version}")
        given = {"host": "127.0.0.1", "port": str(lab.sip), "user": "190", "secret": "password-190"}
        right = trunks.add(account, "sip", given).id
        wrong = trunks.add(account, "sip", given | {"user": "191"}).id
    finally:
        close_database()
    return Box(lab, server, right, wrong)


@pytest.fixture(params=VERSIONS)
def box(request: pytest.FixtureRequest, boxes: dict[int, Box]) -> Iterator[Box]:
    box = boxes[request.param]
    box.lab.forget()
    yield box
    box.lab.cli("channel request hangup all")


def guest(box: Box, did: str, number: str = OLENA, shows: str = "", host: str = "") -> tuple[float, Leg]:
    return time.time(), box.lab.provider.dial(did, number, shows, host)


def test_a_colleague_picks_up(box: Box) -> None:
    since, leg = guest(box, TOGETHER, shows="Olena")
    call = box.becomes(since, state="ringing")
    assert (call["direction"], call["number"], call["name"], call["line"]) == ("in", OLENA, "Olena", "")
    box.lab.phones["101"].called().answer()
    call = box.becomes(since, state="answered")
    assert (call["answered_by"], json.loads(call["legs"])) == ("", {})
    leg.hang_up()


def test_the_guest_gives_up(box: Box) -> None:
    since, leg = guest(box, TOGETHER)
    box.becomes(since, state="ringing")
    leg.give_up()
    call = box.becomes(since, state="ended", outcome="missed")
    assert call["ended"] - since < 5


def test_nobody_comes(box: Box) -> None:
    since, _ = guest(box, TOGETHER)
    box.becomes(since, state="ringing")
    box.becomes(since, 3 + RETURNS + 4, state="ended", outcome="missed")


def test_a_guest_who_is_rung_for_twice_is_one_call(box: Box) -> None:
    since, leg = guest(box, IN_TURNS)
    box.becomes(since, state="ringing")
    box.lab.phones["101"].called().answer()
    box.becomes(since, state="answered")
    leg.hang_up()


def test_a_queue_whose_guest_gives_up(box: Box) -> None:
    since, leg = guest(box, IN_A_QUEUE)
    box.becomes(since, state="ringing")
    leg.hang_up()
    box.becomes(since, RETURNS + 5, state="ended", outcome="missed")


def test_a_queue_that_a_colleague_answers(box: Box) -> None:
    since, leg = guest(box, IN_A_QUEUE)
    box.becomes(since, state="ringing")
    box.lab.phones["102"].called().answer()
    box.becomes(since, state="answered", answered_by="")
    leg.hang_up()


def test_a_hidden_number(box: Box) -> None:
    since, leg = guest(box, TOGETHER, "anonymous", shows="Anonymous", host="anonymous.invalid")
    call = box.becomes(since, state="ringing")
    assert (call["caller"], call["name"]) == ("", "")
    leg.give_up()
    box.becomes(since, state="ended")


def test_a_wrong_password_is_told_to_the_owner(box: Box) -> None:
    """The password of 190 is not that of 191."""
    wait_for(lambda: box.health(box.wrong)["trouble"] == "login", str(box.health(box.wrong)))
    assert box.health(box.trunk) == {"state": "connected", "trouble": ""}
