"""`move`: from the file to PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import click

from server import moving
from server.backups import Refused
from server.config import Settings
from server.parts import Parts
from server.readers import database


def commands(parts: Parts) -> list[click.Command]:
    return [move(parts.settings)]


def move(settings: Settings) -> click.Command:
    @click.command("move")
    @click.argument("target", metavar="postgresql://USER:PASSWORD@HOST/NAME")
    def move(target: str) -> None:
        """Takes everything over into an empty PostgreSQL database; the file stays as it is. The server is stopped."""
        if not settings.database_url.startswith("sqlite:///"):
            raise click.ClickException("DATABASE_URL is no SQLite file: there is nothing to take over.")
        try:
            target = database(target)
            if target.startswith("sqlite"):
                raise click.ClickException("Name a PostgreSQL database: postgresql://user:password@host/name")
            moved = moving.move(Path(settings.database_url.removeprefix("sqlite:///")), target)
        except ValueError as wrong:
            raise click.ClickException(f"The address must be {wrong}.") from None
        except Refused as wrong:
            raise click.ClickException(str(wrong)) from None
        for table, count in moved.items():
            if count:
                click.echo(f"{table:16} {count:>9}")
        click.echo(
            f"{sum(moved.values())} rows are there. Set DATABASE_URL to that address and start the server."
        )

    return move
