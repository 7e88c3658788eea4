"""The command line: `flask --app wsgi <command>`. It talks to the serving process through the database."""

from __future__ import annotations

from typing import Any

import click
from flask import Flask

from server import acting
from server.acting import TERMINAL, Actor
from server.cli import (
    accounts,
    bundle,
    calling,
    calls,
    directory,
    doctor,
    lines,
    members,
    moving,
    people,
    simulate,
    trunks,
    upkeep,
    way,
)
from server.parts import Parts


def install(app: Flask, parts: Parts) -> None:
    for room in (
        accounts,
        bundle,
        calling,
        calls,
        directory,
        doctor,
        lines,
        members,
        moving,
        people,
        simulate,
        trunks,
        upkeep,
        way,
    ):
        for command in room.commands(parts):
            app.cli.add_command(_at_the_terminal(command))


def _at_the_terminal(command: click.Command) -> click.Command:
    """What is changed from here stands in the history as the terminal's."""
    invoke = command.invoke

    def invoked(context: click.Context) -> Any:
        with acting.as_(Actor(TERMINAL)):
            return invoke(context)

    command.invoke = invoked  # type: ignore[method-assign, assignment]
    return command
