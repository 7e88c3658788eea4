"""`members`: who has a code for Manage, and a way in for whoever forgot theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from server import members
from server.cli.common import account_option, find_account, json_option, show
from server.db import reading
from server.parts import Parts
from server.unfit import Unfit

T = TypeVar("T")


def commands(parts: Parts) -> list[click.Command]:
    @click.group("members")
    def group() -> None:
        """Who may open Manage with a code."""

    @group.command("list")
    @account_option
    @json_option
    def list_(name: str, as_json: bool) -> None:
        """Lists the people with codes. The codes themselves nobody can read."""
        with reading():
            people = members.of(find_account(name).id)
            rows = [
                {"name": one.name, "role": one.role, "given_at": one.at, "used_at": one.last_at}
                for one in people
            ]
            show(rows, as_json, "Nobody has a code: whoever Poster lets in may do everything.")

    @group.command("code")
    @account_option
    @click.option("--name", "whose", required=True, help="The person's name as the list shows it.")
    @click.option(
        "--code", prompt=True, hide_input=True, confirmation_prompt=True, help="Left out: it is asked for."
    )
    def code(name: str, whose: str, code: str) -> None:
        """Gives somebody a new code; pages opened with the old one are shut."""
        account = find_account(name).id
        with reading():
            found = [one.id for one in members.of(account) if one.name.casefold() == whose.strip().casefold()]
        if not found:
            raise click.ClickException(f"Nobody called “{whose}” has a code.")
        _told(lambda: members.recode(account, found[0], code))
        click.echo("Done.")

    @group.command("open")
    @account_option
    @click.confirmation_option(
        prompt="Take away all codes, so that whoever Poster lets in may do everything?"
    )
    def open_(name: str) -> None:
        """Takes all codes away: Manage is open to whoever Poster lets in."""
        account = find_account(name).id
        with reading():
            click.echo(f"Codes taken away: {members.remove_all(account)}.")

    return [group]


def _told(change: Callable[[], T]) -> T:
    try:
        with reading():
            return change()
    except Unfit as wrong:
        raise click.ClickException(str(wrong)) from None
