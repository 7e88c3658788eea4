"""`simulate`: an invented past for an account of the sandbox, for its journal and reports to show something."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass

import click

from server import days, orders
from server.cli.common import account_option, find_account
from server.config import Settings
from server.db import reading, rows, transaction, write
from server.facts import ANSWER, END, IN, OUT, RING, CallEvent
from server.models import Account
from server.parts import Parts

LINES = "SELECT line FROM line_owner WHERE account_id = ? AND kind = 'employee' ORDER BY line"
DIDS = "SELECT number, spot FROM did WHERE account_id = ? ORDER BY number"
GUESTS = """SELECT number FROM guest_number WHERE account_id = ? AND number LIKE '+380%' ORDER BY number LIMIT 400"""
TRUNK = "SELECT id FROM trunk WHERE account_id = ? ORDER BY id LIMIT 1"
CALL = "SELECT id FROM call WHERE account_id = ? AND trunk_id = ? AND key = ?"
BILL = """UPDATE call_order SET at = ?, sum = ?, closed_at = ?, transaction_id = order_id / 1000 % 1000000
    WHERE account_id = ? AND order_id = ?"""
THERE = """INSERT INTO presence (account_id, hour, spot, register, employee, minutes) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING"""
STAFF = (
    "SELECT owner FROM line_owner WHERE account_id = ? AND kind = 'employee' GROUP BY owner ORDER BY owner"
)
# Calls an hour on a quiet day, from 0 to 23 o'clock.
BUSY = (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 5, 5, 3, 2, 2, 4, 7, 8, 6, 4, 2, 1)
AT_ONCE = 40  # calls in one transaction


@dataclass(frozen=True)
class Place:
    """What a past is made of."""

    account: Account
    trunk: int
    lines: list[str]
    dids: list[tuple[str, int]]
    guests: list[str]
    staff: list[int]


@dataclass(frozen=True)
class Told:
    """One call: its events, and the bill in kopecks that it brought (0: none)."""

    key: str
    at: float
    spot: int
    events: list[CallEvent]
    bill: int


def commands(parts: Parts) -> list[click.Command]:
    @click.command("simulate")
    @account_option
    @click.option("--weeks", type=click.IntRange(1, 53), default=4, show_default=True)
    @click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another past.")
    def simulate(name: str, weeks: int, seed: int) -> None:
        """Invents calls, orders and shifts of the last weeks. Only for an account of the sandbox."""
        account = find_account(name)
        if parts.settings.poster_url == Settings.poster_url:
            raise click.ClickException("This is a real account: invented calls would spoil its journal.")
        with reading():
            place = _place(account)
        chance = random.Random(seed)  # noqa: S311 - dice, no secret
        count = 0
        for day in range(7 * weeks, 0, -1):
            count += _play(parts, place, list(_day(place, day, chance)))
            _shifts(place, day, chance)
        click.echo(f"{count} calls of {weeks} weeks.")

    return [simulate]


def _place(account: Account) -> Place:
    lines, trunk = [line for (line,) in rows(LINES, account.id)], rows(TRUNK, account.id)
    if not lines or not trunk:
        raise click.ClickException("Connect a phone and give employees their lines first.")
    guests = [number for (number,) in rows(GUESTS, account.id)]
    dids, staff = rows(DIDS, account.id), [owner for (owner,) in rows(STAFF, account.id)]
    return Place(account, trunk[0][0], lines, list(dids) or [("", 0)], guests, staff)


def _midnight(place: Place, ago: int) -> float:
    zone = days.zone(place.account.timezone)
    today, _ = days.place(time.time() - 86400 * ago, zone, 0)
    return days.start(today, zone, 0)


def _day(place: Place, ago: int, chance: random.Random) -> Iterator[Told]:
    begins = _midnight(place, ago)
    weekend = time.gmtime(begins + 43200).tm_wday in (4, 5)
    for hour, busy in enumerate(BUSY):
        calls = round(busy * (1.6 if weekend else 1) * chance.uniform(0.6, 1.4))
        for _ in range(calls):
            at = begins + 3600 * hour + chance.randrange(3600)
            yield from _guest(place, at, calls, chance)


def _guest(place: Place, at: float, crowd: int, chance: random.Random) -> Iterator[Told]:
    """Somebody calls; where nobody answers they may call again, or are called back."""
    known = place.guests and chance.random() < 0.6
    number = chance.choice(place.guests) if known else f"+38066{chance.randrange(10**7):07d}"
    did, spot = chance.choice(place.dids)
    line, key = chance.choice(place.lines), f"past-{secrets.token_hex(6)}"
    first = CallEvent(key, RING, at, IN, number, did, line, late=True, started=at)
    if chance.random() > min(0.5, 0.04 * crowd):
        wait, talk = chance.randrange(3, 40), chance.randrange(20, 240)
        met, end = at + wait, at + wait + talk
        bill = round(chance.lognormvariate(10.6, 0.5)) if chance.random() < 0.55 else 0
        yield Told(key, end, spot, [first, _answer(first, met), _end(first, end, "answered")], bill)
        return
    gone = at + chance.randrange(8, 60)
    yield Told(key, gone, spot, [first, _end(first, gone, "missed")], 0)
    if chance.random() < 0.45:
        back = gone + chance.randrange(120, 2400)
        again = CallEvent(f"{key}-back", RING, back, OUT, number, did, line, late=True, started=back)
        events = [again, _answer(again, back + 9), _end(again, back + 80, "answered")]
        yield Told(again.key, back + 80, spot, events, 0)


def _answer(ring: CallEvent, at: float) -> CallEvent:
    return CallEvent(
        ring.key, ANSWER, at, ring.direction, ring.caller, ring.did, ring.line, late=True, answered=at
    )


def _end(ring: CallEvent, at: float, outcome: str) -> CallEvent:
    return CallEvent(ring.key, END, at, ring.direction, outcome=outcome, late=True, ended=at)


def _play(parts: Parts, place: Place, told: list[Told]) -> int:
    told.sort(key=lambda one: one.at)
    for begin in range(0, len(told), AT_ONCE):
        some = told[begin : begin + AT_ONCE]
        parts.intake.take(place.account.id, place.trunk, [event for one in some for event in one.events])
        for one in some:
            if one.bill:
                _order(place, one)
    return len(told)


def _order(place: Place, one: Told) -> None:
    account, order = place.account.id, int(one.at * 1000)
    with reading():
        call = rows(CALL, account, place.trunk, one.key)[0][0]
    orders.ordered(account, call, order, one.spot, 0, None)
    with transaction():
        write(BILL, one.at, one.bill, one.at + 1800, account, order)


def _shifts(place: Place, ago: int, chance: random.Random) -> None:
    """From 10 to 23 o'clock some of them are at a register; in the evening more."""
    begins = _midnight(place, ago)
    with transaction():
        for hour in range(10, 23):
            there = place.staff[: max(1, round(len(place.staff) * (0.5 if hour < 17 else 0.9)))]
            for number, employee in enumerate(there):
                minutes = chance.choice((45, 60, 60, 60))
                facts = (int(begins + 3600 * hour) // 3600, place.dids[0][1], number + 1, employee, minutes)
                write(THERE, place.account.id, *facts)
