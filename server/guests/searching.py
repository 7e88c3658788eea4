"""A number's guests at Poster. Nobody wrote down which spelling its filter takes, so several are tried."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import Any

import phonenumbers

from server import phones
from server.background import start
from server.guests.cards import deleted
from server.poster.client import Poster
from server.poster.rows import dicts, to_int, to_text
from server.poster.trouble import FATAL, NotConnected, PosterDown, PosterError, Trouble

PATIENCE = 1.5  # after this the next spelling is asked beside the one that has not answered
IGNORED = 50  # so many strangers in one answer: the filter did nothing, and everybody is in it

Json = dict[str, Any]


@dataclass
class Found:
    """The guests with the number by their ids, the deleted ones in `hidden`."""

    rows: dict[int, Json] = field(default_factory=dict)
    hidden: dict[int, Json] = field(default_factory=dict)
    everybody: bool = False

    def take(self, answer: object, number: str, country: str) -> None:
        all_rows = dicts(answer)
        matching = [row for row in all_rows if _has(row, number, country) and to_int(row.get("client_id"))]
        for row in matching:
            (self.hidden if deleted(row) else self.rows)[to_int(row["client_id"])] = row
        self.everybody |= len(all_rows) - len(matching) >= IGNORED

    @property
    def done(self) -> bool:
        return bool(self.rows) or self.everybody


def _has(row: Json, number: str, country: str) -> bool:
    """Compares what Poster keeps as digits; its other field is text for the eye."""
    return any(
        phones.same(text, number, country)
        for name in ("phone_number", "phone")
        if (text := to_text(row.get(name), 64))
    )


def spellings(number: str, country: str) -> list[str]:
    """`+380671112233` -> itself, its digits, and as people dial it at home."""
    found = [number, number.lstrip("+")]
    parsed = phonenumbers.parse(number, country)
    if parsed.country_code == phonenumbers.country_code_for_region(country):
        style = phonenumbers.PhoneNumberFormat.NATIONAL
        found.append(phones.digits(phonenumbers.format_number(parsed, style)))
    return list(dict.fromkeys(found))


def search(poster: Poster, account: int, number: str, country: str, until: float) -> Found:
    """Raises Trouble when Poster did not answer: then nobody knows whether the number has a guest."""
    todo, asked, found = deque(spellings(number, country)), set[Future[Any]](), Found()
    problems: list[Trouble] = []
    answered = False
    while (todo or asked) and not found.done:
        if todo:
            asked.add(
                start(poster.get, account, "clients.getClients", until, urgent=True, phone=todo.popleft())
            )
        patience = min(PATIENCE, _left(until)) if todo else _left(until)
        done, asked = wait(asked, patience, FIRST_COMPLETED)
        for future in done:
            answered |= _take(future, found, problems, number, country)
        if _left(until) <= 0:
            problems.append(PosterDown("Poster did not answer in time"))
            break
    _judge(found, answered, problems)
    return found


def _left(until: float) -> float:
    return max(0.0, until - time.monotonic())


def _take(future: Future[Any], found: Found, problems: list[Trouble], number: str, country: str) -> bool:
    """Whether the answer was one; a dead token ends the search at once."""
    try:
        found.take(future.result(), number, country)
    except NotConnected:
        raise
    except PosterError as error:
        if error.code in FATAL:
            raise
        problems.append(error)
        return False
    except PosterDown as down:
        problems.append(down)
        return False
    return True


def _judge(found: Found, answered: bool, problems: list[Trouble]) -> None:
    """A spelling that Poster calls wrong has no guest. One that it did not answer might have had one."""
    if found.done or not problems:
        return
    down = next((one for one in problems if isinstance(one, PosterDown)), None)
    if down or not answered:
        raise down or problems[0]
