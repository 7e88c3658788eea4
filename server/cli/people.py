"""`people`: what is known of somebody, handed out or erased; a whole account erased. `sweep`: what is old goes now."""

from __future__ import annotations

from pathlib import Path

import click

from server import leaving, persons
from server.cli.common import Json, account_option, find_account, hear, json_option, show, tell_server
from server.db import reading
from server.models import Account
from server.parts import Parts
from server.persons import Found, Person
from server.unfit import Unfit

number_option = click.option("--number", required=True, metavar="N", help="The number, in any spelling.")
NOTHING = "Nothing is known of this number."
yes_option = click.option("--yes", is_flag=True, help="Does it; without this it only tells what would go.")


def commands(parts: Parts) -> list[click.Command]:
    people = click.Group("people", help="People's data: find, hand out, erase.")
    for command in (_find(parts), _export(parts), _erase(parts), _erase_account(parts)):
        people.add_command(command)
    return [people, _sweep(parts)]


def _find(parts: Parts) -> click.Command:
    @click.command("find")
    @account_option
    @number_option
    @json_option
    def find(name: str, number: str, as_json: bool) -> None:
        """Tells how much of what is known of somebody."""
        show(_counts(_known(parts, find_account(name), number)[1]), as_json, NOTHING)

    return find


def _export(parts: Parts) -> click.Command:
    @click.command("export")
    @account_option
    @number_option
    @click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
    def export(name: str, number: str, file: str) -> None:
        """Writes all that is known of somebody into FILE, as JSON; `-` is the terminal."""
        account = find_account(name)
        told = persons.document(*_known(parts, account, number), account.title or account.name)
        if file == "-":
            click.echo(told)
        else:
            Path(file).write_bytes(told)

    return export


def _erase(parts: Parts) -> click.Command:
    @click.command("erase")
    @account_option
    @number_option
    @yes_option
    def erase(name: str, number: str, yes: bool) -> None:
        """Erases somebody everywhere and tells the receipt."""
        account = find_account(name)
        if not yes:
            show(_counts(_known(parts, account, number)[1]), False, NOTHING)
            raise click.ClickException("Nothing was erased. With --yes it is, for good.")
        try:
            _, receipt = persons.erase(
                account.id, number, _country(parts, account), parts.settings.persons_key
            )
        except Unfit as why:
            raise click.ClickException(str(why)) from None
        hear(tell_server("erased", account=account.id))
        show([{"table": table, "count": count} for table, count in receipt.counts.items()], False, "")
        click.echo(f"Erased. Receipt {receipt.id}, digest {receipt.digest}. Poster itself keeps its guest.")

    return erase


def _erase_account(parts: Parts) -> click.Command:
    @click.command("erase-account")
    @account_option
    @yes_option
    def erase_account(name: str, yes: bool) -> None:
        """Disconnects an account and erases all of it at once, without the thirty days."""
        account = find_account(name)
        if not yes:
            raise click.ClickException(f"Nothing was erased. With --yes all of {account.name} is, for good.")
        parts.connecting.disconnect(account)
        hear(tell_server("changed", account=account.id))
        leaving.hurry(account.id)
        click.echo(f"Erased: {leaving.erase(account.id)} rows of {account.name}.")

    return erase_account


def _sweep(parts: Parts) -> click.Command:
    @click.command("sweep")
    @account_option
    @json_option
    def sweep(name: str, as_json: bool) -> None:
        """Erases what is older than its span, as the server does every day."""
        account = find_account(name)
        went = parts.retention.sweep(account.id)
        hear(tell_server("changed", account=account.id))
        show(
            [{"kind": kind, "went": count} for kind, count in went.items() if count],
            as_json,
            "Nothing is old.",
        )

    return sweep


def _known(parts: Parts, account: Account, number: str) -> tuple[Person, list[Found]]:
    try:
        with reading():
            person = persons.who(account.id, number, _country(parts, account))
            return person, persons.find(person)
    except Unfit as why:
        raise click.ClickException(str(why)) from None


def _counts(found: list[Found]) -> list[Json]:
    counts: dict[str, int] = {}
    for one in found:
        counts[one.held.table] = counts.get(one.held.table, 0) + len(one.rows)
    return [{"table": table, "count": count} for table, count in counts.items()]


def _country(parts: Parts, account: Account) -> str:
    return account.country or parts.settings.default_country
