"""`calls` and `ring`: the journal, and a test call."""

from __future__ import annotations

import sys
from typing import Any

import click

from server import journal
from server.cli.common import account_option, find_account, hear, json_option, show, tell_server
from server.db import reading
from server.models import CallRow
from server.parts import Parts


def commands(parts: Parts) -> list[click.Command]:
    @click.command("calls")
    @account_option
    @click.option("--limit", default=100, show_default=True)
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
        answer = hear(tell_server("ring", account=account.id, line=line, **{"from": caller}))
        if answer is None:
            sys.exit("The server doesn't answer. Is it running, with the same DATABASE_URL?")
        if not answer["registers"]:
            sys.exit(f"No register listens on line {line}: log its employee in at a register that is online.")
        click.echo(f"Heard by {answer['registers']} register(s).")

    return [calls, ring]


def _row(row: CallRow) -> dict[str, Any]:
    line = row.line
    return {
        "id": row.id, "direction": row.direction, "from": row.number or None, "did": row.did or None,
        "line": line or None, "state": row.state, "outcome": row.outcome or None, "started_at": row.started,
        "answered_by": row.answered_by or None, "test": bool(row.test),
    }  # fmt: skip
