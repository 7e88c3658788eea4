"""Words from the command line to the serving process, and what is said when they make no sense."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask

from server import clock
from server.db import transaction
from server.models import CallRow, Command
from server.parts import Parts
from tests import wire
from tests.conftest import Restaurant


@pytest.mark.parametrize(
    ("line", "caller", "says"),
    [
        ("", "+380671112233", "is not a line"),
        ("101,102", "+380671112233", "is not a line"),
        ("bar", "+380671112233", "is not a line"),
        ("101", "nobody", "is not a phone number"),
        ("101", "", "is not a phone number"),
    ],
)
def test_a_ring_that_makes_no_sense_is_refused_before_the_server_hears_of_it(
    app: Flask, restaurant: Restaurant, line: str, caller: str, says: str
) -> None:
    restaurant()
    words = ["ring", "--account", "pechera", "--line", line, "--from", caller]
    answer = app.test_cli_runner().invoke(args=words)
    assert answer.exit_code == 1
    assert says in answer.output
    assert Command.select().count() == 0


def test_a_command_that_breaks_is_tried_once(
    app: Flask, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been half done: a test ring was stored before the hub was asked who hears it."""
    tried = []
    monkeypatch.setitem(clock.COMMANDS, "ping", lambda parts, body: tried.append(1) or {}["no"])
    with transaction():
        Command.create(kind="ping", at=time.time())
    for _ in range(3):
        clock.Clock(parts).obey()
    assert tried == [1]
    assert CallRow.select().count() == 0


def test_the_command_line_refuses_settings_in_one_sentence(tmp_path: Path) -> None:
    environ = {**os.environ, **wire.environment(8080, tmp_path / "d.db"), "SECRET_KEY": "short"}
    flask = str(Path(sys.executable).with_name("flask"))
    command = [flask, "--app", "wsgi", "accounts"]
    answer = subprocess.run(command, cwd=wire.ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Dzvinok can't start. SECRET_KEY must be at least 16 characters")
    assert "Traceback" not in answer.stderr
