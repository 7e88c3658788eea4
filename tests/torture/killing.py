"""`kill -9` at random moments, under load: nothing acknowledged is lost, nothing counts twice, no call stays half."""

from __future__ import annotations

import os
import random
import signal
import statistics
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import requests

from server import figures, reports
from server.config import load
from server.db import close_database, open_database, reading, rows
from server.models import Account
from server.providers import PROVIDERS
from server.trunks import Trunks
from server.vault import Vault
from tests.conftest import make_restaurant
from tests.torture.desk import Desk
from tests.torture.phones import KNOWS_LINE, LINES, NAMES, Phones, Told
from tests.waiting import until
from tests.wire import Register, Server

WORKER, MASTER, ALL = "worker", "master", "all at once"
WAYS = (WORKER, WORKER, MASTER, ALL)


@dataclass
class Toll:
    """What was tried and counted."""

    kills: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    acknowledged: int = 0
    again: int = 0
    twice: int = 0
    snapshots: int = 0
    up: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> Iterable[tuple[str, str]]:
        yield "kills", ", ".join(f"{count} {way}" for way, count in self.kills.items())
        yield "calls", str(self.calls)
        yield "events acknowledged", f"{self.acknowledged} (of these said twice: {self.twice})"
        yield "attempts in vain, repeated", str(self.again)
        yield "snapshots compared", str(self.snapshots)
        yield "killed to serving again", _spread(self.up)
        yield "serving again to the last register back", _spread(self.back)
        yield "lost, doubled, half or wrong", str(len(self.wrong))


def _spread(seconds: list[float]) -> str:
    if not seconds:
        return "-"
    return f"median {statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s"


class Run:
    """One server, its companies and its registers."""

    def __init__(self, folder: Path, seed: int, pause: float = 0.15, names: tuple[str, ...] = NAMES) -> None:
        self.chance, self.toll = random.Random(seed), Toll()
        self.server = Server(folder / "dzvinok.db")
        open_database(self.server.env["DATABASE_URL"])
        self.account = make_restaurant()
        settings = load(self.server.env, folder / "no.env")
        trunks = Trunks(Vault(settings.secret_key), settings.public_url, PROVIDERS)
        self.phones = [Phones(trunks, self.account, name, self.server.url, seed + place, pause)
                       for place, name in enumerate(names)]  # fmt: skip
        self.desks = [Desk(Register(self.server.url, self.account.name, register, 1, employee), line, self.told)
                      for register, (line, employee) in enumerate(LINES.items(), 1)]  # fmt: skip

    def told(self) -> list[Told]:
        return [told for phones in self.phones for told in list(phones.told)]

    def begin(self) -> None:
        for thread in (*self.desks, *self.phones):
            thread.start()
        until(lambda: all(desk.came for desk in self.desks))

    def kill(self, way: str) -> None:
        """At a random moment: while it serves, or while it only comes up again."""
        time.sleep(self.chance.uniform(0.02, 0.6))
        killed = time.monotonic()
        KILLS[way](self.server)
        if self.chance.random() < 0.2:  # again before it is up
            time.sleep(self.chance.uniform(0.05, 0.8))
            KILLS[way](self.server)
            self.toll.kills[way] += 1
        self._until_up()
        up = time.monotonic()
        self.toll.kills[way] += 1
        self.toll.up.append(up - killed)
        back = max(until(partial(_back, desk, killed)) for desk in self.desks)
        self.toll.back.append(max(0.0, back - up))

    def _until_up(self) -> None:
        try:
            until(self._serves, seconds=30)
        except AssertionError:
            raise AssertionError(f"it does not come up:\n{self.server.log.read_text()[-3000:]}") from None

    def _serves(self) -> bool:
        try:
            return requests.get(f"{self.server.url}/healthz", timeout=1).ok
        except requests.RequestException:
            return False

    def finish(self) -> Toll:
        """Lets every company finish its calls, and compares what they know with what we have."""
        for phones in self.phones:
            phones.enough.set()
        for phones in self.phones:
            phones.join(timeout=90)
            if phones.broke or phones.is_alive():
                self.toll.wrong.append(f"{phones.company.name} gave up: {phones.broke}")
        for desk in self.desks:
            desk.enough.set()
            desk.join(timeout=10)
            self.toll.wrong += desk.wrong
        self.toll.snapshots = sum(len(desk.came) for desk in self.desks)
        for name in ("acknowledged", "again", "twice"):
            setattr(self.toll, name, sum(getattr(phones, name) for phones in self.phones))
        told = self.told()
        self.toll.calls = len(told)
        self.toll.wrong += list(compare(self.account, told))
        return self.toll

    def close(self) -> None:
        for enough in [one.enough for one in self.phones] + [one.enough for one in self.desks]:
            enough.set()
        self.server.kill()
        close_database()


def _back(desk: Desk, killed: float) -> float:
    asked, there = desk.came[-1]
    return there if asked > killed else 0.0


def worker_of(server: Server) -> int | None:
    found = subprocess.run(
        ["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=False
    )
    return int(found.stdout.split()[0]) if found.stdout.split() else None


def _signal(process: int | None, how: int) -> None:
    if process is not None:
        try:
            os.kill(process, how)
        except ProcessLookupError:
            return


def kill_worker(server: Server) -> None:
    """The master starts another."""
    _signal(worker_of(server), signal.SIGKILL)


def _kill_master(server: Server) -> None:
    """What is left is asked to go and the service is started again, as systemd does it."""
    worker = worker_of(server)
    server.process.kill()
    server.process.wait()
    _signal(worker, signal.SIGTERM)
    if worker is not None:
        until(lambda: not Path(f"/proc/{worker}").exists())
    server.launch()


def _kill_all(server: Server) -> None:
    server.kill()
    server.launch()


KILLS = {WORKER: kill_worker, MASTER: _kill_master, ALL: _kill_all}


# What the companies know and what we have


def compare(account: Account, told: list[Told]) -> Iterable[str]:
    figures.refresh(account.id, most=1_000_000, rest=0)
    with reading():
        yield from _journal(account, told)
        yield from _callbacks(account, told)
        yield from _strays(account, told)
        sums = reports.totals(reports.Scope(account.id, date(2020, 1, 1), date(2100, 1, 1)))
        answered = sum(one.answered for one in told)
        if (sums.calls, sums.answered, sums.vain) != (len(told), answered, len(told) - answered):
            yield f"the figures count {sums.calls} calls, the companies {len(told)}, {answered} of them answered"
        broken = rows("PRAGMA integrity_check")
        if broken != [("ok",)]:
            yield f"the database: {broken[0][0]}"


def _journal(account: Account, told: list[Told]) -> Iterable[str]:
    found = Counter(rows("SELECT number, did, state, outcome FROM call WHERE account_id = ?", account.id))
    wanted = Counter((one.number, one.did, "ended", one.outcome) for one in told)
    for row, count in (wanted - found).items():
        yield f"lost or half: {count} x {row}"
    for row, count in (found - wanted).items():
        yield f"too many: {count} x {row}"


def _callbacks(account: Account, told: list[Told]) -> Iterable[str]:
    waiting: dict[str, int] = defaultdict(int)
    for one in told:  # of one number they are in their order
        waiting[one.number] = 0 if one.answered else waiting[one.number] + 1
    wanted = {number: count for number, count in waiting.items() if count}
    open_ = rows("SELECT number, calls FROM callback WHERE account_id = ? AND closed_at IS NULL", account.id)
    if len(open_) != len(dict(open_)):
        yield "a number waits twice"
    for number in wanted.keys() | dict(open_).keys():
        if wanted.get(number) != dict(open_).get(number):
            yield f"{number} waits for {wanted.get(number)} calls, we say {dict(open_).get(number)}"


def _strays(account: Account, told: list[Told]) -> Iterable[str]:
    """Each call that came only by an outside number that rings no spot is counted, once."""
    found = dict(rows("SELECT value, count FROM stray WHERE account_id = ? AND kind = 'did'", account.id))
    wanted = Counter(one.did for one in told if one.company not in KNOWS_LINE)
    for did in wanted.keys() | found.keys():
        if wanted[did] != found.get(did, 0):
            yield f"{did} was called {wanted[did]} times, noted {found.get(did, 0)} times"
