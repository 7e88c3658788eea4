"""The command line: `flask --app wsgi <command>`. It talks to the serving process through the database."""

from __future__ import annotations

from flask import Flask

from server.cli import accounts, bundle, calling, calls, directory, doctor, lines, simulate, trunks
from server.parts import Parts


def install(app: Flask, parts: Parts) -> None:
    for room in (accounts, bundle, calling, calls, directory, doctor, lines, simulate, trunks):
        for command in room.commands(parts):
            app.cli.add_command(command)
