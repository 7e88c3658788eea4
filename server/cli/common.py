"""What the commands share: finding an account, printing rows, a word to the serving process."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import click

from server.db import NOBODYS, reading, transaction
from server.models import Account, Command

PATIENCE = 3.0

Json = dict[str, Any]

account_option = click.option(
    "--account", "name", required=True, metavar="A", help="Name or number of the account."
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


def find_account(name: str) -> Account:
    wanted = name.strip().casefold()
    with reading():
        found: Account | None = Account.get_or_none((Account.name == wanted) | (Account.number == wanted))
    if found is None:
        raise click.ClickException(f"There is no account “{name}” here. See: flask --app wsgi accounts")
    return found


def show(rows: Iterable[Json], as_json: bool, empty: str) -> None:
    """Rows as JSON lines, or as columns for the eye."""
    rows = list(rows)
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        _show_columns(rows, empty)


def _show_columns(rows: list[Json], empty: str) -> None:
    table = [list(rows[0])] if rows else []
    table += [[_cell(name, value) for name, value in row.items()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
    if not rows:
        click.echo(empty)


def _cell(name: str, value: Any) -> str:
    if name.endswith("_at") and value:
        return f"{datetime.fromtimestamp(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(map(str, value)) or "-"
    return "-" if value in (None, "") else str(value)


def tell_server(kind: str, **body: Any) -> int:
    """Leaves a word for the serving process; returns the word's id."""
    with transaction(NOBODYS):
        return int(Command.create(kind=kind, body=json.dumps(body), at=time.time()).id)


def hear(word: int) -> Json | None:
    """The serving process's answer, or None when it stayed silent."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with reading():
            row = Command.get_or_none(Command.id == word)
        if row is not None and row.answer is not None:
            return dict(json.loads(row.answer))
        time.sleep(0.05)
    return None
