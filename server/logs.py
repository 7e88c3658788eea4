"""The log: one line for each step, as text for the eye or as JSON for a machine (`LOG_FORMAT`).

What stands in a line came partly from strangers: a line break or an escape code in it is written out, so that nobody
forges a line. Warnings and errors, whose words nobody can foresee, lose numbers and secrets besides.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TextIO

from server import measures
from server.diary import redacted

LEVELS = {level: measures.LOGGED.labels(level.lower()) for level in ("INFO", "WARNING", "ERROR", "CRITICAL")}
TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_COUNT = re.compile(r"-?[0-9]{1,15}")
OURS = ("at", "level", "log", "text", "error")  # keys that no line may bring along
TEXTS = ("call", "line", "from", "to")  # a line is a name that may look like a number
_PAIR = re.compile(r"(?<!\S)([a-z_]+)=(\S+)")


def escaped(text: str) -> str:
    """`\\n`, `\\x1b`, `\\u2028` instead of what they do."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class Text(logging.Formatter):
    """A traceback follows its line, each line of it behind a bar."""

    def __init__(self) -> None:
        super().__init__(TEXT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's word
        record.message = escaped(careful(record, record.message))
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's word
        told = redacted(super().formatException(ei))  # type: ignore[arg-type]
        return "\n".join("  | " + escaped(line) for line in told.split("\n"))


class Json(logging.Formatter):
    """`key=value` in the text become keys of their own, so `call` and `trunk` can be searched for."""

    def format(self, record: logging.LogRecord) -> str:
        text = careful(record, record.getMessage())
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        body = {"at": at, "level": record.levelname.lower(), "log": record.name, "text": text, **pairs(text)}
        if record.exc_info:
            body["error"] = redacted(self.formatException(record.exc_info))
        return json.dumps(body, ensure_ascii=True, separators=(",", ":"))


def careful(record: logging.LogRecord, text: str) -> str:
    return redacted(text) if record.levelno >= logging.WARNING else text


def pairs(text: str) -> dict[str, str | int]:
    """`{"call": "BOg5VJ0PYFRE", "registers": 2}`: what is not known is left out, and a key is of one kind always."""
    found = {key: value for key, value in _PAIR.findall(text) if key not in OURS and value not in ("-", "?")}
    return {
        key: int(value) if key not in TEXTS and _COUNT.fullmatch(value) else value
        for key, value in found.items()
    }


class Counted(logging.StreamHandler[TextIO]):
    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """Whatever it is now: gunicorn and tests put another in its place."""
        return sys.stderr

    def emit(self, record: logging.LogRecord) -> None:
        if counter := LEVELS.get(record.levelname):
            counter.inc()
        super().emit(record)


FORMATS: dict[str, type[logging.Formatter]] = {"text": Text, "json": Json}


def install(form: str) -> None:
    """Once for the process; a test's own handlers stay beside ours."""
    _spare()
    root = logging.getLogger()
    if root.level in (logging.NOTSET, logging.WARNING):  # nobody chose
        root.setLevel(logging.INFO)
    ours = next((one for one in root.handlers if isinstance(one, Counted)), None)
    if ours is None:
        root.addHandler(ours := Counted())
    ours.setFormatter(FORMATS[form]())


def _spare() -> None:
    """No line, gunicorn's neither, says from which thread or place in the code it comes: so nobody looks for them."""
    logging.logThreads = logging.logMultiprocessing = False
    logging._srcfile = None
