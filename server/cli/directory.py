"""`directory`: how many guests are known here, and reading them all anew."""

from __future__ import annotations

import click

from server import directory as guests
from server.cli.common import Json, account_option, find_account, json_option, show
from server.db import reading, rows
from server.directory.stages import SENTENCES
from server.parts import Parts

COUNT = "SELECT count(*) FROM guest WHERE account_id = ? AND deleted = 0"


def commands(parts: Parts) -> list[click.Command]:
    @click.group("directory")
    def directory() -> None:
        """The guests that are known here."""

    @directory.command("show")
    @account_option
    @json_option
    def show_(name: str, as_json: bool) -> None:
        """Tells how far the guests of an account are read."""
        show([_row(find_account(name).id)], as_json, "")

    @directory.command("refill")
    @account_option
    def refill(name: str) -> None:
        """Has all guests read anew; nobody is forgotten meanwhile."""
        guests.dirty(find_account(name).id, None)
        click.echo("They are read anew, in the background, by the server.")

    return [directory]


def _row(account: int) -> Json:
    told = guests.progress(account)
    with reading():
        count = rows(COUNT, account)[0][0]
    return {"guests": count, **told, "stage": told["stage"] or "waiting",
            "problem": SENTENCES.get(told["problem"], "")}  # fmt: skip
