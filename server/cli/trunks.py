"""`trunks`: connections to telephone companies."""

from __future__ import annotations

from typing import Any

import click

from server.cli import trunk_care
from server.cli.common import account_option, find_account, json_option, show
from server.cli.trunk_care import one
from server.models import Account
from server.parts import Parts
from server.unfit import Unfit


def commands(parts: Parts) -> list[click.Command]:
    @click.group("trunks")
    def trunks() -> None:
        """Connections to telephone companies."""

    @trunks.command("add")
    @account_option
    @click.option("--provider", required=True, help="Which company: " + ", ".join(parts.trunks.providers))
    @click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A setting of the company's.")
    def add(name: str, provider: str, settings: tuple[str, ...]) -> None:
        """Adds a trunk; the last line printed is its webhook address alone."""
        account = find_account(name)
        try:
            trunk = parts.trunks.add(account, provider, dict(map(_pair, settings)))
        except Unfit as wrong:
            raise click.ClickException(str(wrong)) from None
        click.echo(
            f"Trunk {trunk.id} of {account.name} waits for its first event. Give the company this address:"
        )
        click.echo(parts.trunks.hook_url(trunk))

    @trunks.command("list")
    @click.option("--account", "name", metavar="A", help="Only this account's.")
    @json_option
    def list_(name: str | None, as_json: bool) -> None:
        """Lists the trunks with their addresses and the last event."""
        accounts = [find_account(name)] if name else list(Account.select().order_by(Account.name))
        show(
            (_row(parts, one) for account in accounts for one in parts.trunks.of(account)),
            as_json,
            "No trunks yet.",
        )

    @trunks.command("remove")
    @account_option
    @click.option("--trunk", "trunk_id", type=int, required=True)
    def remove(name: str, trunk_id: int) -> None:
        """Removes a trunk; its address is unknown from then on, its calls stay in the journal."""
        parts.trunks.remove(one(parts, name, trunk_id))

    trunk_care.add_to(trunks, parts)
    return [trunks]


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"“{text}” is not KEY=VALUE.", param_hint="--set")
    return name.strip(), value


def _row(parts: Parts, trunk: Any) -> dict[str, Any]:
    return {
        "id": trunk.id, "account": trunk.account.name, "provider": trunk.provider, "url": parts.trunks.hook_url(trunk),
        "paused": bool(trunk.paused), "state": trunk.state, "trouble": trunk.trouble, "reconnects": trunk.reconnects,
        "first_at": trunk.first_at, "last_at": trunk.last_at,
    }  # fmt: skip
