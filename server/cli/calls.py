"""`calls` and `ring`: the journal, and a test call."""

from __future__ import annotations

import sys
from typing import Any

import click

from server import journal, phones
from server.cli.common import account_option, find_account, hear, json_option, show, tell_server
from server.db import reading
from server.lines import parse
from server.models import CallRow
from server.parts import Parts
from server.unfit import Unfit


def commands(parts: Parts) -> list[click.Command]:
    @click.command("calls")
    @account_option
    @click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True)
    @json_option
    def calls(name: str, limit: int, as_json: bool) -> None:
        """The journal, newest first, numbers in full."""
        account = find_account(name)
        with reading():
            show(map(_row, journal.newest(account.id, limit)), as_json, "No calls yet.")

    @click.command("ring")
    @account_option
    @click.option("--line", required=True, help="Which line rings.")
    @click.option("--from", "caller", required=True, help="Who seems to call.")
    def ring(name: str, line: str, caller: str) -> None:
        """Rings a line with a test call that ends after 20 s."""
        account = find_account(name)
        try:
            line, caller = _rung(line), _caller(caller, account.country or parts.settings.default_country)
        except Unfit as wrong:
            raise click.ClickException(str(wrong)) from None
        answer = hear(tell_server("ring", account=account.id, line=line, **{"from": caller}))
        if answer is None:
            sys.exit("The server doesn't answer. Is it running, with the same DATABASE_URL?")
        if "registers" not in answer:
            sys.exit("The server could not ring; its log says why.")
        if not answer["registers"]:
            sys.exit(f"No register listens on line {line}: log its employee in at a register that is online.")
        click.echo(f"Heard by {answer['registers']} register(s).")

    return [calls, ring]


def _rung(typed: str) -> str:
    found = parse(typed)
    if len(found) != 1:
        raise Unfit("line_characters", value=typed)
    return found[0]


def _caller(typed: str, country: str) -> str:
    found = phones.read(typed, country)
    if not found.matchable:
        raise Unfit("number", value=typed)
    return found.e164


def _row(row: CallRow) -> dict[str, Any]:
    return {
        "id": row.id, "direction": row.direction, "from": row.number or None, "did": row.did or None,
        "line": row.line or None, "state": row.state, "outcome": row.outcome or None, "started_at": row.started,
        "answered_by": row.answered_by or None, "test": bool(row.test),
    }  # fmt: skip
