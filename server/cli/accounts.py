"""`accounts`: who is connected."""

from __future__ import annotations

import click

from server import leaving
from server.cli.common import json_option, show
from server.db import reading
from server.models import Account
from server.parts import Parts


def commands(parts: Parts) -> list[click.Command]:
    @click.command("accounts")
    @json_option
    def accounts(as_json: bool) -> None:
        """Lists the accounts: name, number, title, state, and when one that left is erased."""
        with reading():
            rows = [
                {"account": row.name, "number": row.number, "name": row.title or row.name, "state": row.state,
                 "erased_on": leaving.day(row)}
                for row in Account.select().order_by(Account.name)
            ]  # fmt: skip
        show(rows, as_json, "No account is connected yet. Open /connect in a browser.")

    return [accounts]
