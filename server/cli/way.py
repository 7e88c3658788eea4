"""`call`: one call's whole way."""

from __future__ import annotations

import json
from datetime import datetime

import click

from server.callbook import masks, ways
from server.callbook.stories import story
from server.callbook.ways import Stop
from server.cli.common import find_account, json_option
from server.db import reading, rows
from server.models import Account
from server.parts import Parts
from server.speech import speaker


def commands(parts: Parts) -> list[click.Command]:
    @click.command("call")
    @click.argument("wanted", metavar="ID_OR_DIGITS")
    @click.option("--account", "name", metavar="A", help="Only this account's calls.")
    @json_option
    def call(wanted: str, name: str | None, as_json: bool) -> None:
        """Everything that is kept of one call, by its id or by the last digits of its number (then the newest)."""
        account = find_account(name).id if name else 0
        found = ways.found(wanted.strip(), account)
        if not found:
            raise click.ClickException(
                f"No call “{wanted}” here: give its id (see: calls), or 2 to 15 last digits."
            )
        _show(parts, *found[0], as_json)
        if len(found) > 1 and not as_json:
            click.echo(f"\nEarlier with these digits: {' '.join(one for _, one in found[1:])}")

    return [call]


def _show(parts: Parts, account_id: int, call: str, as_json: bool) -> None:
    with reading():
        account = Account.at(account_id)
        trunk, provider, key = rows(ways.TRUNK, call)[0]
    assert account
    told, stops = story(account, call), ways.way(parts.diary, account, call, speaker("en"))
    head = {
        "call": call, "account": account.name, "trunk": trunk, "provider": provider, "key": key,
        "direction": told.row.direction, "became": told.row.became, "number": masks.masked(told.number),
        "did": told.row.did, "guest": told.guest.id if told.guest else None, "late": told.row.late,
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps({**head, "stops": [vars(one) for one in stops]}, ensure_ascii=False))
        return
    click.echo("  ".join(f"{name}={value}" for name, value in head.items() if value not in (None, "", False)))
    for line in _lines(stops):
        click.echo(line)


def _lines(stops: list[Stop]) -> list[str]:
    """Each with its moment and how long after the first that was."""
    first = next((one.at for one in stops if one.at is not None), 0.0)
    return [f"{_moment(one.at, first)}  {one.where:<8}  {one.text}" for one in stops]


def _moment(at: float | None, first: float) -> str:
    if at is None:
        return " " * 25
    return f"{datetime.fromtimestamp(at):%m-%d %H:%M:%S.%f}"[:-3] + f"{at - first:+8.3f}".rjust(7)
