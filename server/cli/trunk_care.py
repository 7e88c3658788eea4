"""`trunks pause|resume|test|prepare|paste|report`: looking after a trunk that is there."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from server.cli.common import account_option, find_account
from server.companies import Tested
from server.db import reading
from server.models import Trunk
from server.parts import Parts
from server.providers.abilities import TROUBLES, Failed
from server.unfit import Unfit

trunk_option = click.option("--trunk", "trunk_id", type=int, required=True)


def add_to(trunks: click.Group, parts: Parts) -> None:
    _pausing(trunks, parts)
    _asking(trunks, parts)
    _showing(trunks, parts)


def _pausing(trunks: click.Group, parts: Parts) -> None:
    @trunks.command("pause")
    @account_option
    @trunk_option
    def pause(name: str, trunk_id: int) -> None:
        """Closes a trunk's connection and drops what its company sends, until `resume`."""
        parts.trunks.pause(one(parts, name, trunk_id), True)

    @trunks.command("resume")
    @account_option
    @trunk_option
    def resume(name: str, trunk_id: int) -> None:
        """Lets a paused trunk hear again."""
        parts.trunks.pause(one(parts, name, trunk_id), False)


def _asking(trunks: click.Group, parts: Parts) -> None:
    @trunks.command("test")
    @account_option
    @trunk_option
    def test(name: str, trunk_id: int) -> None:
        """Asks the company something harmless; exits 1 when it doesn't work."""
        tested = parts.companies.test(one(parts, name, trunk_id))
        click.echo(_said(tested))
        sys.exit(0 if tested.good else 1)

    @trunks.command("prepare")
    @account_option
    @trunk_option
    def prepare(name: str, trunk_id: int) -> None:
        """Enters our address at the company, where it lets us."""
        try:
            done = parts.companies.prepare(one(parts, name, trunk_id))
        except Failed as why:
            raise click.ClickException(why.sentence) from None
        click.echo("Done." if done else "This company has no way for that: enter the address in its cabinet.")


def _showing(trunks: click.Group, parts: Parts) -> None:
    @trunks.command("paste")
    @account_option
    @trunk_option
    def paste(name: str, trunk_id: int) -> None:
        """Prints the lines to paste into the phone, the PBX or the company's cabinet."""
        for paper in parts.companies.pastes(one(parts, name, trunk_id)):
            click.echo(f"# {paper.title}\n{paper.text}\n")

    @trunks.command("report")
    @account_option
    @trunk_option
    def report(name: str, trunk_id: int) -> None:
        """What the company sent, without secrets and numbers: to send to whoever mends Dzvinok."""
        trunk = one(parts, name, trunk_id)
        with reading():
            for row in parts.diary.of(trunk.id):
                click.echo(f"{datetime.fromtimestamp(row.at):%Y-%m-%d %H:%M:%S} {row.way} [{row.verdict}]")
                click.echo(f"{row.text}\n")


def one(parts: Parts, name: str, trunk_id: int) -> Trunk:
    try:
        return parts.trunks.one(find_account(name), trunk_id)
    except Unfit as wrong:
        raise click.ClickException(str(wrong)) from None


def _said(tested: Tested) -> str:
    if tested.word in TROUBLES:
        return Failed(tested.word, tested.detail).sentence
    return {
        "works": f"It works. Extensions found: {tested.count}.",
        "connected": "It works: connected.",
        "connecting": "Not connected yet; look again in a minute.",
        "waiting": "Nothing to test from here: the company calls us. Call the restaurant.",
    }[tested.word]
