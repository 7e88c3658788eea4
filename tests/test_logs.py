"""The log: one line for each step, that nobody forges and that betrays nobody."""

from __future__ import annotations

import json
import logging
import os
import sys

import pytest
from gunicorn.glogging import Logger as GunicornLogger

from server import logs


def record(text: str, *values: object, level: int = logging.INFO, broke: bool = False) -> logging.LogRecord:
    return logging.LogRecord("dzvinok.intake", level, "", 0, text, values, sys.exc_info() if broke else None)


@pytest.mark.parametrize(
    "hostile", ["\n2026-01-01 INFO forged", "\r", "\x1b[2J", "\u2028", "\u202e", "\x85", "\0"], ids=ascii
)
@pytest.mark.parametrize("form", list(logs.FORMATS.values()))
def test_a_strangers_words_make_no_line_of_their_own(form: type[logging.Formatter], hostile: str) -> None:
    line = form().format(record("trunk=1 unknown event: %s", hostile))
    assert len(line.splitlines()) == 1
    assert line.isprintable()


def test_each_pair_of_a_line_is_a_key_in_json() -> None:
    line = json.loads(logs.Json().format(record("call=%s card at registers=%d", "BOg5VJ0PYFRE", 2)))
    assert (line["call"], line["registers"], line["level"]) == ("BOg5VJ0PYFRE", 2, "info")
    assert line["text"] == "call=BOg5VJ0PYFRE card at registers=2"


def test_a_pair_does_not_stand_in_for_the_time_or_the_level() -> None:
    line = json.loads(logs.Json().format(record("at=then level=debug text=other x=1")))
    assert (line["level"], line["x"], line["text"][:7]) == ("info", 1, "at=then")


@pytest.mark.parametrize("form", list(logs.FORMATS.values()))
def test_what_broke_tells_no_number_and_no_secret(form: type[logging.Formatter]) -> None:
    try:
        raise ValueError("caller +380671112233\nsignature=0f1e2d3c4b5a69788796")
    except ValueError:
        text = form().format(record("a door broke for %s", "0671112233", level=logging.ERROR, broke=True))
    assert "a door broke" in text
    assert "ValueError" in text
    assert not [secret for secret in ("671112233", "0f1e2d3c") if secret in text]


def test_lines_of_a_traceback_stand_behind_a_bar() -> None:
    try:
        raise ValueError("one\n2026-01-01 00:00:00,000 INFO dzvinok.intake forged")
    except ValueError:
        text = logs.Text().format(record("broke", level=logging.ERROR, broke=True))
    assert all(line.startswith("  | ") for line in text.split("\n")[1:])


def test_gunicorns_own_lines_can_still_be_written() -> None:
    """They stand beside ours in one stream, and say which process they come from."""
    logs.install("text")
    form = logging.Formatter(GunicornLogger.error_fmt, GunicornLogger.datefmt)
    assert f"[{os.getpid()}] [WARNING] Invalid" in form.format(record("Invalid", level=logging.WARNING))
