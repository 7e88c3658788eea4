"""`dial`, `hangup` and `recording`: what is done with a call through the serving process or the company."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from server.cli.common import account_option, find_account, hear, tell_server
from server.parts import Parts
from server.providers.abilities import Failed
from server.unfit import Unfit


def commands(parts: Parts) -> list[click.Command]:
    @click.command("dial")
    @account_option
    @click.option("--line", required=True, help="Which line rings first.")
    @click.option("--to", "number", required=True, help="Whom it is then connected with.")
    def dial(name: str, line: str, number: str) -> None:
        """Places a call: the line rings, then the number."""
        answer = _answered(tell_server("dial", account=find_account(name).id, line=line, to=number))
        click.echo(f"Placed through trunk {answer['trunk']}. Line {line} rings first.")

    @click.command("hangup")
    @account_option
    @click.option("--call", required=True, help="The call's id, as `calls` shows it.")
    def hangup(name: str, call: str) -> None:
        """Ends a call, where the phone company lets us."""
        _answered(tell_server("hangup", account=find_account(name).id, call=call))
        click.echo("The company was told to end it.")

    @click.command("recording")
    @account_option
    @click.option("--call", required=True, help="The call's id, as `calls` shows it.")
    @click.option("--to", "path", required=True, type=click.Path(dir_okay=False, path_type=Path))
    def recording(name: str, call: str, path: Path) -> None:
        """Fetches a call's recording into a file."""
        try:
            with parts.recordings.open(find_account(name), call) as sound, path.open("wb") as file:
                for chunk in sound.chunks:
                    file.write(chunk)
        except Unfit as why:
            raise click.ClickException(str(why)) from None
        except Failed as why:
            raise click.ClickException(why.sentence) from None
        click.echo(f"{path.stat().st_size} bytes of {sound.content_type} in {path}.")

    return [dial, hangup, recording]


def _answered(word: int) -> dict[str, Any]:
    answer = hear(word)
    if answer is None:
        sys.exit("The server doesn't answer. Is it running, with the same DATABASE_URL?")
    if answer.get("problem"):
        sys.exit(answer["problem"])
    return answer
