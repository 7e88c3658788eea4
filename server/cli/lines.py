"""`lines`: who answers what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from server.cli.common import account_option, find_account, json_option, show, tell_server
from server.db import reading
from server.models import Account, Did, Employee, LineOwner, Register
from server.parts import Parts
from server.unfit import Unfit


def commands(parts: Parts) -> list[click.Command]:
    @click.group("lines")
    def lines() -> None:
        """Who answers which line."""

    @lines.command("set")
    @account_option
    @click.option("--employee", type=int, help="Poster's id of the employee.")
    @click.option("--register", type=int, help="Poster's id of the register.")
    @click.option("--line", required=True, help="One line or several: 101,102. Empty takes them all away.")
    def set_(name: str, employee: int | None, register: int | None, line: str) -> None:
        """Replaces the lines of an employee or a register."""
        account = find_account(name)
        if (employee is None) == (register is None):
            raise click.UsageError("Say whose: --employee ID or --register ID.")
        if employee is not None:
            _change(parts, account, lambda: parts.lines.set_employee(account, employee, line))
            if not parts.lines.write_extras(account.id, employee):
                click.echo(
                    "Saved here. Poster did not take the copy for the register; it is tried again.", err=True
                )
        elif register is not None:
            _change(parts, account, lambda: parts.lines.set_register(account, register, line))

    @lines.command("did")
    @account_option
    @click.option("--did", required=True, help="An outside number of the restaurant.")
    @click.option(
        "--spot", type=int, help="Poster's id of the spot that it rings; left out: none in particular."
    )
    def did(name: str, did: str, spot: int | None) -> None:
        """Makes an outside number ring a whole spot."""
        account = find_account(name)
        _change(parts, account, lambda: parts.lines.set_did(account, did, spot))

    @lines.command("list")
    @account_option
    @json_option
    def list_(name: str, as_json: bool) -> None:
        """Lists employees, registers and outside numbers with what they answer."""
        with reading():
            show(_rows(find_account(name)), as_json, "No lines yet.")

    return [lines]


def _change(parts: Parts, account: Account, change: Callable[[], Any]) -> None:
    """Does it; somebody unknown may be new at Poster, so Poster is asked once before that is said."""
    try:
        try:
            change()
        except Unfit as wrong:
            if not wrong.word.endswith("_unknown") or wrong.word == "did_unknown":
                raise
            parts.mirror.refresh(account.id)
            change()
    except Unfit as wrong:
        raise click.ClickException(str(wrong)) from None
    tell_server("changed", account=account.id)


def _rows(account: Account) -> list[dict[str, Any]]:
    people = [
        ("employee", row) for row in Employee.select().where(Employee.account == account, ~Employee.gone)
    ]
    desks = [
        ("register", row) for row in Register.select().where(Register.account == account, ~Register.gone)
    ]
    rows: list[dict[str, Any]] = [
        {"kind": kind, "id": row.poster_id, "name": row.name, "lines": _lines(account, kind, row.poster_id)}
        for kind, row in people + desks
    ]
    dids = Did.select().where(Did.account == account)
    return rows + [{"kind": "did", "id": row.spot, "name": row.number, "lines": []} for row in dids]


def _lines(account: Account, kind: str, owner: int) -> list[str]:
    mine = (LineOwner.account == account) & (LineOwner.kind == kind) & (LineOwner.owner == owner)
    return [row.line for row in LineOwner.select().where(mine).order_by(LineOwner.id)]
