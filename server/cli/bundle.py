"""`upload-bundle`: gives the register's program to Poster; `--rollback` gives back the one before."""

from __future__ import annotations

from pathlib import Path

import click

from server import bundle
from server.config import Settings
from server.parts import Parts
from server.poster.trouble import Trouble
from server.poster.upload import upload


def commands(parts: Parts) -> list[click.Command]:
    @click.command("upload-bundle")
    @click.option("--rollback", is_flag=True, help="Upload the bundle that was live before the last upload.")
    def upload_bundle(rollback: bool) -> None:
        """Uploads pos_bundle/dist/bundle.js for all registers; they take it at their next restart."""
        settings = parts.settings
        live, before = _kept(settings)
        try:
            body = before.read_bytes() if rollback else bundle.stamped(settings.public_url)
            bundle.check(body, settings)
            upload(settings, body)
        except FileNotFoundError:
            raise click.ClickException("There is no earlier bundle to go back to.") from None
        except (bundle.NotBuilt, bundle.Unsafe) as why:
            raise click.ClickException(str(why)) from None
        except Trouble as why:
            raise click.ClickException(f"Poster did not take the bundle: {why}") from None
        _remember(body, live, before)
        click.echo(f"Uploaded {len(body)} bytes. Registers take it at their next restart.")

    return [upload_bundle]


def _kept(settings: Settings) -> tuple[Path, Path]:
    return settings.folder / "bundle-live.js", settings.folder / "bundle-before.js"


def _remember(body: bytes, live: Path, before: Path) -> None:
    if live.exists() and live.read_bytes() != body:
        live.replace(before)
    live.write_bytes(body)
