"""Sheets: forms and lists that the register shows as the server draws them, see docs/messages.md chapter 1.

A sheet is drawn anew each time that something in it is pressed, so it needs no state of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from server import words
from server.messages import clean
from server.parts import Parts
from server.web.registers_ask import Ask, Json, Verb

Choice = tuple[str, str]  # what is pressed or chosen, its label
MOST_VALUES = 20


@dataclass
class Sheet:
    title: str
    save: str = ""
    notice: str = ""
    brief: str = ""
    rows: list[Json] = field(default_factory=list)

    def text(
        self, text: str, look: str = "", more: str = "", side: str = "", taps: Sequence[Choice] = (),
        opens: Json | None = None,
    ) -> None:  # fmt: skip
        """`look` is a class of the register's; `taps` are pressed at once; `opens` is a row of the last callers."""
        self._add(text=text, look=look, more=more, side=side, taps=list(taps), opens=opens)

    def ask(
        self, name: str, label: str, value: str = "", kind: str = "", look: str = "", live: bool = False
    ) -> None:
        """`live`: the sheet is drawn anew while somebody types."""
        self._add(field=name, text=label, value=value, type=kind, look=look, live=live)

    def pick(self, name: str, options: Sequence[Choice], value: str) -> None:
        self._add(field=name, picks=list(options), value=value)

    def _add(self, **row: object) -> None:
        self.rows.append({key: value for key, value in row.items() if value})

    def json(self) -> Json:
        drawn = {"title": self.title, "rows": self.rows, "save": self.save}
        return {"ok": True, "sheet": drawn, "notice": self.notice, "brief": self.brief}


@dataclass(frozen=True)
class Pressed:
    """What somebody did in a sheet: `press` is "" when it was just opened. `say` speaks the register's language."""

    parts: Parts
    ask: Ask
    say: Callable[..., str]
    press: str
    values: dict[str, str]

    def value(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def pressed(self, verb: str) -> str:
        """`table:85` is "85" for "table"; "" when something else was pressed."""
        name, _, what = self.press.partition(":")
        return what if name == verb else ""

    def do(self, verb: Verb, **body: object) -> Json:
        """One of the door's own verbs, in the name of who asks."""
        return verb(self.parts, replace(self.ask, body={**self.ask.body, **body}))

    @property
    def zone(self) -> tzinfo:
        try:
            return ZoneInfo(self.ask.account.timezone)
        except (ValueError, OSError):
            return UTC

    def clock(self, at: float, form: str = "%H:%M") -> str:
        return datetime.fromtimestamp(at, self.zone).strftime(form)

    def date(self, at: float) -> str:
        return self.clock(at, "%d.%m.%Y")


Draw = Callable[[Pressed], Sheet]


def gone(notice: str = "", **chosen: object) -> Json:
    """The sheet is done with: back to the card, which says so, with what was chosen."""
    return {"ok": True, "sheet": None, "notice": notice, **chosen}


def pressed(parts: Parts, ask: Ask) -> Pressed:
    given = ask.body.get("values")
    pairs = list(given.items())[:MOST_VALUES] if isinstance(given, dict) else []
    values = {name: clean(text, 200) for name, text in pairs if isinstance(text, str)}
    return Pressed(parts, ask, words.speaker(ask.text("lang")), ask.text("press", 80), values)
