"""`doctor`: what works and what doesn't, each with its cure."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import click

from server import doctor
from server.bundle import NotBuilt, stamped
from server.cli.common import hear, json_option, tell_server
from server.db import reading
from server.doctor import BAD, GOOD, WARN, Finding, registers, saying
from server.hub import Listener, Poller
from server.models import CONNECTED, Account
from server.parts import Parts
from server.speech import speaker

MARKS = {GOOD: "ok  ", WARN: "look", BAD: "BAD "}
FIGURES = ("free_mb", "database_mb", "wal_mb", "count", "status", "days", "hours", "url")


@dataclass(frozen=True)
class Told:
    """A finding and the account it is about, "" for the box."""

    account: str
    finding: Finding


def commands(parts: Parts) -> list[click.Command]:
    @click.command("doctor")
    @json_option
    def check(as_json: bool) -> None:
        """Checks server, address, disk, accounts, phones and registers; exits 1 when something is bad."""
        found = []
        for told in _look(parts):
            found.append(told.finding.level)
            click.echo(_json(told) if as_json else _line(told))
        sys.exit(1 if BAD in found else 0)

    return [check]


def _look(parts: Parts) -> Iterator[Told]:
    heard = hear(tell_server("desks"))
    for desk in (heard or {}).get("desks", []):
        _seat(parts, *desk)
    yield Told("", Finding("server_good", GOOD) if heard is not None else Finding("server", BAD))
    yield Told("", _bundle(parts))
    parts.probes.ask_now(None)
    for one in doctor.findings(parts, None):
        yield Told("", one)
    with reading():
        accounts = list(Account.select().order_by(Account.name))
    if not accounts:
        yield Told("", Finding("no_account", BAD))
    for account in accounts:
        if account.state == CONNECTED:
            parts.probes.ask_now(account.id)
        for one in doctor.findings(parts, account.id):
            yield Told(account.name, one)


def _seat(
    parts: Parts, account: int, register: int, spot: int | None, employee: int | None, version: str, polls: bool
) -> None:  # fmt: skip
    """A register that listens to the serving process, as if it listened here."""
    if polls:
        parts.hub.asked(Poller(account, register, spot, employee, version=version))
    else:
        parts.hub.join(Listener(account, register, spot, employee, version=version))


def _bundle(parts: Parts) -> Finding:
    try:
        stamped(parts.settings.public_url)
    except NotBuilt:
        return Finding("bundle", BAD)
    return Finding("bundle_good", GOOD, facts={"version": registers.newest(parts)})


def _line(told: Told) -> str:
    one, say = told.finding, speaker("en")
    where = f"{told.account}: " if told.account else ""
    figures = ", ".join(f"{name} {one.facts[name]}" for name in FIGURES if name in one.facts)
    cure = saying.cure(say, one, _when)
    return "".join([
        f"{MARKS[one.level]}  {where}{saying.sentence(say, one, _when)}",
        f" [{figures}]" if figures else "",
        f"\n        {cure}" if cure else "",
    ])  # fmt: skip


def _json(told: Told) -> str:
    one, say = told.finding, speaker("en")
    text, cure = saying.sentence(say, one, _when), saying.cure(say, one, _when)
    return json.dumps({"account": told.account, **vars(one), "text": text, "cure": cure}, ensure_ascii=False)


def _when(at: float) -> str:
    return f"{datetime.fromtimestamp(at):%Y-%m-%d %H:%M}"
