"""`backup`, `restore`, `rotate-key`: what whoever runs the box does, or a timer for them."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask import Flask

from server import rotation
from server.backups import Refused, making, restoring
from server.backups.thinning import made_at
from server.config import Settings
from server.db import close_database, migration_names, open_database
from server.doctor.box import version
from server.parts import Parts

MB = 1_000_000
POSTGRES = (
    "The data is in PostgreSQL, which has tools of its own. {what}, with the address from DATABASE_URL:\n"
    "  {line}"
)
DUMP = ("To keep a copy", 'pg_dump --format=custom --file=dzvinok.dump "$DATABASE_URL"')
LOAD = (
    "To go back",
    'pg_restore --clean --if-exists --single-transaction --dbname="$DATABASE_URL" dzvinok.dump',
)

KEEP = "Only the newest N; unasked: a day of hours, two weeks of days, two months of weeks."

folder = click.Path(file_okay=False, path_type=Path)
file = click.Path(dir_okay=False, path_type=Path)


def app_for_restoring(settings: Settings) -> Flask:
    """Knows `restore` alone and opens no database: the one in place may be broken, and must not be in use."""
    app = Flask("wsgi", static_folder=None)
    app.cli.add_command(restore(settings))
    return app


def commands(parts: Parts) -> list[click.Command]:
    return [backup(parts.settings), restore(parts.settings), rotate(parts)]


def backup(settings: Settings) -> click.Command:
    @click.command("backup")
    @click.option("--to", "folder", type=folder, metavar="DIR", help="Instead of BACKUP_DIR.")
    @click.option("--keep", type=click.IntRange(1), metavar="N", help=KEEP)
    @click.option("--encrypt", is_flag=True, help="With BACKUP_KEY.")
    def backup(folder: Path | None, keep: int | None, encrypt: bool) -> None:
        """Copies the database while it is in use, proves the copy, and thins out old ones."""
        database = _file(settings, *DUMP)
        if folder is None and not settings.backup_dir:
            raise click.ClickException("Say where to: set BACKUP_DIR, or add --to DIR.")
        if encrypt and not settings.backup_key:
            raise click.ClickException(
                "--encrypt needs a key: set BACKUP_KEY, and keep it away from this box too."
            )
        os.nice(10)  # rings come first, also on a busy box
        to, key = (folder or Path(settings.backup_dir)).absolute(), settings.backup_key if encrypt else ""
        try:
            made = making.make(database, to, version(), key=key, keep=keep)
        except Refused as wrong:
            raise click.ClickException(str(wrong)) from None
        rows = sum(made.manifest.counts.values())
        gone = f", {len(made.gone)} older taken away" if made.gone else ""
        click.echo(f"{made.path}: {made.manifest.bytes / MB:.1f} MB, {rows} rows, whole{gone}.")

    return backup


def restore(settings: Settings) -> click.Command:
    @click.command("restore")
    @click.argument("backup", type=file, metavar="FILE")
    def restore(backup: Path) -> None:
        """Puts a backup in the database's place; what was there is kept aside. The server must not run."""
        database = _file(settings, *LOAD)
        try:
            done = restoring.restore(
                backup.absolute(), database, migration_names(), _migrate, settings.backup_key
            )
        except Refused as wrong:
            raise click.ClickException(str(wrong)) from None
        at = made_at(backup.name)
        click.echo(f"{done.counts.get('call', 0)} calls of {done.counts.get('account', 0)} accounts are back"
                   f"{f', as of {at:%Y-%m-%d %H:%M} UTC' if at else ''}. Start the server now.")  # fmt: skip
        if done.aside:
            click.echo(f"What was there is kept as {done.aside}: take it away when all is well.")

    return restore


def rotate(parts: Parts) -> click.Command:
    @click.command("rotate-key")
    def rotate() -> None:
        """Seals every secret anew with SECRET_KEY; what SECRET_KEY_OLD sealed is still read meanwhile."""
        if not parts.settings.secret_key_old:
            raise click.ClickException(
                "Set SECRET_KEY to a new key and SECRET_KEY_OLD to the one used until now, restart, then "
                "run this again."
            )
        done = rotation.rotate(parts.settings.secret_key, parts.settings.secret_key_old)
        click.echo(f"{done.changed} sealed anew, {done.already} were already.")
        if done.lost:
            raise click.ClickException(
                f"{done.lost} can't be read with either key and stay as they are: {', '.join(done.where)}. "
                "Connect these again, or set SECRET_KEY_OLD to the key they were sealed with."
            )
        click.echo("Take SECRET_KEY_OLD out of the settings now and restart.")

    return rotate


def _file(settings: Settings, what: str, line: str) -> Path:
    if not settings.database_url.startswith("sqlite:///"):
        raise click.ClickException(POSTGRES.format(what=what, line=line))
    return Path(settings.database_url.removeprefix("sqlite:///"))


def _migrate(path: Path) -> None:
    open_database(f"sqlite:///{path}")
    close_database()
