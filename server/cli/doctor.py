"""`doctor`: what works and what doesn't, each with its cure."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import click
import requests

from server.accounts import SENTENCES
from server.bundle import NotBuilt, stamped
from server.cli.common import hear, tell_server
from server.db import reading
from server.models import BROKEN, CONNECTED, Account, Tally, Trunk
from server.parts import Parts

Finding = tuple[bool, str]


def commands(parts: Parts) -> list[click.Command]:
    @click.command("doctor")
    def doctor() -> None:
        """Checks settings, server, accounts, trunks and the bundle; exits 1 when something needs a cure."""
        findings = [*_server(parts), *_bundle(parts), *_accounts(), *_trunks(), *_refusals()]
        for fine, sentence in findings:
            click.echo(f"{'ok ' if fine else 'BAD'}  {sentence}")
        sys.exit(0 if all(fine for fine, _ in findings) else 1)

    return [doctor]


def _server(parts: Parts) -> Iterator[Finding]:
    settings = parts.settings
    secure = settings.public_url.startswith("https://")
    yield True, f"settings are readable; database {settings.database_url.removeprefix('sqlite:///')}"
    local = settings.public_url.startswith(("http://127.", "http://localhost"))
    yield (
        secure or local,
        f"PUBLIC_URL is {settings.public_url}" + ("" if secure else "; registers need https"),
    )
    heard = hear(tell_server("ping")) is not None
    yield (
        heard,
        "the server runs" if heard else "the server doesn't run on this database: start it (see README)",
    )
    try:
        status = requests.get(f"{settings.public_url}/healthz", timeout=5).status_code
        yield status == 200, f"PUBLIC_URL answers {status}"
    except requests.RequestException:
        yield False, "PUBLIC_URL can't be reached from here: check DNS, the proxy and the certificate"


def _bundle(parts: Parts) -> Iterator[Finding]:
    try:
        yield True, f"the register's program is built ({len(stamped(parts.settings.public_url))} bytes)"
    except NotBuilt as why:
        yield False, str(why)


def _accounts() -> Iterator[Finding]:
    with reading():
        rows = list(Account.select().order_by(Account.name))
    if not rows:
        yield False, "no account is connected: open /connect in a browser"
    for row in rows:
        cure = f". {SENTENCES.get(row.problem, '')}" if row.state == BROKEN else ""
        yield row.state == CONNECTED, f"account {row.name} ({row.number}) is {row.state}{cure}"


def _trunks() -> Iterator[Finding]:
    with reading():
        rows = [(row.id, row.provider, row.account.name, row.last_at) for row in Trunk.select()]
    for trunk, provider, account, last in rows:
        said = (
            f"last event {int(time.time() - last)} s ago"
            if last
            else "no event yet: is its address at the company?"
        )
        yield last is not None, f"trunk {trunk} of {account} ({provider}): {said}"


def _refusals() -> Iterator[Finding]:
    with reading():
        rows = [(row.name, row.count, row.last_at) for row in Tally.select()]
    for name, count, last in rows:
        yield True, f"refused so far: {name}, {count} times, last {int(time.time() - last)} s ago"
