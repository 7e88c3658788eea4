"""Our product beside live Asterisks: a real server with a connection to each, and what its journal says."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.config import load
from server.db import close_database, open_database
from server.models import Account
from server.providers import PROVIDERS
from server.trunks import Trunks
from server.vault import Vault
from tests.browser.stage import ACCOUNT, Stage
from tests.conftest import make_restaurant
from tests.pbx.lab import USER, Lab
from tests.pbx.tape import Tape
from tests.pbx.truth import Truth, differences
from tests.wire import Server

PATIENCE = 10.0
READY = b"CoreShowChannelsComplete"
CALLS = """SELECT direction, state, outcome, number, caller, did, line, answered_by, legs, rang, started,
    ended, key
    FROM call WHERE trunk_id = ? AND touched >= ? ORDER BY started"""

Json = dict[str, Any]


@dataclass(frozen=True)
class Joined:
    """One Asterisk as our product has it."""

    lab: Lab
    tape: Tape
    account: str
    trunk: int

    def linked(self, since: float = 0.0) -> None:
        """Until our product is logged in there and has been told which calls there are."""
        wait_for(lambda: READY in b"".join(data for _, data in self.tape.since(since)), "no connection", 20)


class Product:
    def __init__(self, folder: Path, labs: list[Lab]) -> None:
        self.database = folder / "dzvinok.db"
        self.server = Server(self.database)
        self.joined = {lab.version: self._join(lab) for lab in labs}
        for one in self.joined.values():
            one.linked()

    def _join(self, lab: Lab) -> Joined:
        tape, name = Tape(lab.ami), f"asterisk{lab.version}"
        open_database(self.server.env["DATABASE_URL"])
        try:
            trunk = connect(make_restaurant(name, str(lab.version)), lab, tape.port, self.server)
        finally:
            close_database()
        return Joined(lab, tape, name, trunk)

    @contextlib.contextmanager
    def paused(self, version: int) -> Iterator[None]:
        """No connection while the `with` lasts; the next one knows nothing of the calls."""
        joined = self.joined[version]
        pause(self.database, joined.trunk)
        wait_for(lambda: not joined.tape.connected(), "still connected")
        yield
        began = time.time()
        pause(self.database, joined.trunk, False)
        joined.linked(began)

    def begin_anew(self, version: int) -> None:
        """Also for those who were cut off often: they wait longer each time before they come back."""
        with self.paused(version):
            pass

    def close(self) -> None:
        self.server.kill()
        for one in self.joined.values():
            one.tape.close()

    def calls(self, trunk: int, since: float = 0.0) -> list[Json]:
        """With the outside; what phones of the house tell each other is nobody's business here."""
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as journal:
            journal.row_factory = sqlite3.Row
            rows = [dict(row) for row in journal.execute(CALLS, (trunk, since))]
        outside = [row for row in rows if row["direction"] not in ("", "internal")]
        return [row | {name: json.loads(row[name]) for name in ("legs", "rang")} for row in outside]

    def agrees(self, trunk: int, since: float, truths: list[Truth]) -> list[str]:
        """What the journal says otherwise, once it had time to hear."""
        deadline = time.monotonic() + PATIENCE
        while (wrong := differences(self.calls(trunk, since), truths)) and time.monotonic() < deadline:
            time.sleep(0.05)
        return wrong


def connect(account: Account, lab: Lab, port: int, server: Server) -> int:
    """A trunk as the owner would add it."""
    settings = load(server.env, server.log.with_name("no.env"))
    trunks = Trunks(Vault(settings.secret_key), settings.public_url, PROVIDERS)
    given = {"host": "127.0.0.1", "port": str(port), "user": USER, "secret": lab.secret, "home_code": "380"}
    return int(trunks.add(account, "asterisk", given).id)


def pause(database: Path, trunk: int, paused: bool = True) -> None:
    """As the owner would; the server sees it within a second."""
    with contextlib.closing(sqlite3.connect(database, timeout=5, isolation_level=None)) as opened:
        opened.execute("UPDATE trunk SET paused = ? WHERE id = ?", (paused, trunk))


def join_restaurant(stage: Stage, lab: Lab) -> int:
    """The sandbox's restaurant has this Asterisk; returns when it is connected."""
    open_database(stage.server.env["DATABASE_URL"])
    try:
        account = Account.named(ACCOUNT)
        assert account
        trunk = connect(account, lab, lab.ami, stage.server)
    finally:
        close_database()
    wait_for(lambda: USER in lab.cli("manager show connected").stdout, "not connected", 20)
    return trunk


def wait_for(there: Callable[[], object], what: str, seconds: float = PATIENCE, every: float = 0.03) -> None:
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline, what
        time.sleep(every)
