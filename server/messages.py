"""What a register is told, see docs/messages.md. Pure; its TypeScript twin is pos_bundle/src/messages.ts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server import calls
from server.calls import Call
from server.phones import Number

PROTOCOL = 1
PROTOCOLS = frozenset({1})

RESTART = 1012  # the protocol's own: it will be back in a moment
UNREADABLE, TICKET, ACCOUNT, LATE, SLOW, TOO_OLD, BUSY = 4400, 4401, 4403, 4408, 4409, 4426, 4429
CLOSE_WORDS = {UNREADABLE: "unreadable", TICKET: "ticket", ACCOUNT: "account", LATE: "late", SLOW: "slow",
               TOO_OLD: "protocol", BUSY: "busy", RESTART: "restart"}  # fmt: skip

HELLO_WITHIN = 5.0
PING_EVERY = 25.0
SILENCE = 60.0

# Control characters and the marks that turn text around: a caller's name may carry them, a screen may not.
_NASTY = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_UNKEPT = re.compile("[\0\ud800-\udfff]")
LONGEST_NAME = 80

Json = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Who is behind a line: an employee or a register, with every line that is theirs."""

    id: int
    name: str
    lines: tuple[str, ...] = ()

    def json(self) -> Json:
        return {"id": self.id, "name": self.name, "lines": list(self.lines)}


@dataclass(frozen=True)
class Answerer:
    line: str
    employee: int | None = None
    name: str = ""


def clean(text: str, longest: int = LONGEST_NAME) -> str:
    """Hostile text made harmless for the eye: one line, no marks that reorder it, not longer than a name."""
    return " ".join(_NASTY.sub(" ", text).split())[:longest]


def call(
    it: Call, number: Number, answerer: Answerer | None, mine: bool, pop: bool = True, veiled: bool = False,
    brand: str = "",
) -> Json:  # fmt: skip
    seen = Number(masked=number.masked) if veiled else number
    return {
        "id": it.id, "version": it.version, "state": it.state, "mine": mine,
        "from": seen.e164 or None, "shown": seen.shown, "masked": seen.masked,
        "name": "" if veiled else clean(it.name),
        "did": it.did or None, "line": line(it.line), "outcome": it.outcome or None,
        "answered_by": vars(answerer) if answerer else None,
        "started": it.started, "answered": it.answered, "ended": it.ended, "test": it.test,
        "pop": pop, "veiled": veiled, "held": it.held, "brand": brand,
    }  # fmt: skip


def line(name: str) -> str | None:
    """A line that people know; a test ring of one register has none."""
    return name if name and not name.startswith(calls.REGISTER_MARK) else None


def recent(it: Call, number: Number, name: str, by: str, note: str = "") -> Json:
    return {
        "call": it.id, "from": number.e164 or None, "shown": number.shown, "name": clean(name), "at": it.started,
        "outcome": it.outcome, "line": line(it.line), "by": clean(by), "test": it.test,
        "note": note,
    }  # fmt: skip


def snapshot(
    at: float, account: Json, employee: Person | None, register: Person | None, settings: Json,
    calls: Sequence[Json], recent: Sequence[Json], missed: Sequence[Json], talking: Sequence[Json], load: Json,
) -> Json:  # fmt: skip
    return {
        "type": "snapshot", "protocol": PROTOCOL, "at": at, "account": account,
        "employee": employee.json() if employee else None, "register": register.json() if register else None,
        "settings": settings, "calls": list(calls), "recent": list(recent),
        "missed": list(missed), "talking": list(talking), "load": load,
    }  # fmt: skip


def frame(kind: str, **body: Any) -> str:
    return text({"type": kind, **body})


def text(message: Mapping[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


PING = frame("ping")


@dataclass(frozen=True)
class Hello:
    """The first frame of a socket."""

    ticket: str
    protocol: int
    bundle: str
    employee: int | None


def whole(value: Any) -> Any:
    """JSON spells halves of characters and NUL, which no database keeps: the same value without them."""
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else _UNKEPT.sub("", value)
    if isinstance(value, list):
        return [whole(one) for one in value]
    if isinstance(value, dict):
        return {whole(name): whole(its) for name, its in value.items()}
    return value


def read(raw: Any) -> Json:
    """A frame from a register; {} when it is nothing that we can read."""
    try:
        message = whole(json.loads(raw))
    except (ValueError, TypeError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def read_hello(raw: Any) -> Hello | None:
    message = read(raw)
    ticket, protocol = message.get("ticket"), message.get("protocol")
    if message.get("type") != "hello" or not isinstance(ticket, str) or not isinstance(protocol, int):
        return None
    return Hello(
        ticket, protocol, clean(str(message.get("bundle", ""))), employee_id(message.get("employee"))
    )


def employee_id(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53 else None
