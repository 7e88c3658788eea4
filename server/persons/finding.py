"""Who somebody is, by one number: their other numbers, whom Poster knows by them, and all that is kept of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import phonenumbers

from server import aside, phones
from server.db import rows
from server.diary import redacted
from server.persons.holding import HELD, Held
from server.unfit import Unfit

LEAST_OF_NAME = 6  # a shorter one stands in other people's texts too

HOLDERS = "SELECT DISTINCT client_id FROM guest_number WHERE account_id = ? AND number = ?"
THEIRS = """SELECT number, max(CASE WHEN client_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?3)) THEN 0
        ELSE 1 END) FROM guest_number
    WHERE account_id = ?1 AND number IN (SELECT number FROM guest_number
        WHERE account_id = ?1 AND client_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?3))) AND number <> ?2
    GROUP BY number ORDER BY number"""
GUESTS = """SELECT client_id, name FROM guest
    WHERE account_id = ? AND client_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY client_id"""
CALLED = "SELECT DISTINCT name FROM call WHERE account_id = ? AND number = ? AND name <> ''"

Json = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """`numbers` begin with the one that was asked for. `shared`: numbers of theirs that somebody else has too, which
    stay. `guests`: Poster's id of each guest with that number and the name."""

    account: int
    numbers: tuple[str, ...]
    guests: tuple[tuple[int, str], ...] = ()
    shared: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def values(self, stand_ins: dict[str, str] | None = None) -> tuple[Any, ...]:
        """What the questions of `holding` ask with."""
        own = [one for number in self.numbers for one in _spellings(number)]
        masks = sorted({mask for number in self.numbers for mask in _masks(number)})
        long_names = [name for name in self.names if len(name) >= LEAST_OF_NAME and " " in name]
        clients = [client for client, _ in self.guests]
        lists = [self.numbers, clients, own, stand_ins or {}, long_names, masks]
        return (self.account, *(json.dumps(one, ensure_ascii=False) for one in lists))


@dataclass(frozen=True)
class Found:
    """What one table holds of somebody, the newest first."""

    held: Held
    rows: list[Json]


def who(account: int, raw: str, country: str) -> Person:
    """Raises Unfit `number` for what is no telephone number. Somebody of whom nothing is known is somebody too."""
    number = phones.read(raw, country)
    if not number.matchable:
        raise Unfit("number", value=raw.strip()[:40])
    clients = json.dumps([client for (client,) in rows(HOLDERS, account, number.e164)])
    others = rows(THEIRS, account, number.e164, clients)
    mine = (number.e164, *(other for other, shared in others if not shared))
    guests = tuple((client, name) for client, name in rows(GUESTS, account, clients))
    called = {name for one in mine for (name,) in rows(CALLED, account, one)}
    names = dict.fromkeys([name for _, name in guests if name] + sorted(called))
    return Person(account, mine, guests, tuple(other for other, shared in others if shared), tuple(names))


def find(person: Person) -> list[Found]:
    """Everything that is kept of them, table by table; those with nothing are left out."""
    values = person.values()
    answers = aside.many([(held.question, asked(held.question, values)) for held in HELD])
    told = [
        Found(held, [_named(held, row) for row in found]) for held, found in zip(HELD, answers, strict=True)
    ]
    return [one for one in told if one.rows]


def _named(held: Held, row: tuple[Any, ...]) -> Json:
    return dict(zip(held.names, row, strict=True))


def asked(sql: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
    """As many of the values as the question has places for: SQLite takes no more."""
    return values[: max(int(place) for place in re.findall(r"\?(\d)", sql))]


def _own_digits(number: str) -> str:
    """The digits that stand in every spelling, without the country's: +380671112233 -> 671112233."""
    return str(phonenumbers.parse(number).national_number)


def _written(number: str) -> list[str]:
    """As people read it, at home and abroad."""
    styles = (phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return [phonenumbers.format_number(phonenumbers.parse(number), style) for style in styles]


def _spellings(number: str) -> list[str]:
    return [_own_digits(number), *_written(number)]


def _masks(number: str) -> set[str]:
    """The number as it looks in texts and files that hide numbers."""
    written = _written(number)
    plain = [phones.digits(one) for one in (number, *written)] + [_own_digits(number)]
    country = phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    return {redacted(one) for one in {*plain, *written}} - {number} | {phones.read(number, country).masked}
