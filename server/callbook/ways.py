"""A call's whole way, for `flask call`: everything that is kept of it, in the order in which it happened.

Without the guest's number and name, so that it can be sent to whoever helps.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from server.callbook.stories import Story, story
from server.db import database, reading, rows
from server.diary import Diary
from server.messages import clean
from server.models import Account
from server.sightings import HAD
from server.speech import Say

WHOSE = "SELECT account_id FROM call WHERE id = ?"
ENDING = """SELECT account_id, id FROM call WHERE number LIKE ? AND direction <> '' AND (? = 0 OR account_id = ?)
    ORDER BY started DESC LIMIT 10"""
ORDERS = """SELECT at, order_id, transaction_id, spot, by_name, sum, closed_at FROM call_order
    WHERE account_id = ? AND call_id = ? ORDER BY at, id"""
DIAL = "SELECT at, line, key, problem FROM dial WHERE account_id = ? AND call_id = ?"
TRUNK = (
    "SELECT trunk_id, provider, key FROM call LEFT JOIN trunk ON trunk.id = call.trunk_id WHERE call.id = ?"
)
FIGURES = "SELECT * FROM call_fact WHERE call_id = ?"


@dataclass(frozen=True)
class Stop:
    """`where`: asked, sent, call, leg, register, order, waits, figures. `at` None: nobody said when."""

    at: float | None
    where: str
    text: str


def found(wanted: str, account: int = 0) -> list[tuple[int, str]]:
    """(account, call) of an id, or of the newest ten whose number ends like this."""
    with reading():
        if known := [row[0] for row in rows(WHOSE, wanted) if account in (0, row[0])]:
            return [(known[0], wanted)]
        if not wanted.isdigit() or not 2 <= len(wanted) <= 15:
            return []
        return [(one, call) for one, call in rows(ENDING, f"%{wanted}", account, account)]


def way(diary: Diary, account: Account, call: str, say: Say) -> list[Stop]:
    told = story(account, call)
    with reading():
        stops = [*_dialled(account, call), *_sent(diary, account, call), *_steps(told, say), *_legs(told, say),
                 *_registers(told, say), *_orders(account, call), *_waits(told, say), *_figures(call)]  # fmt: skip
    # What nobody said a time of stands behind what was before it, and what it was counted as at the end.
    last, timed = 0.0, list[tuple[float, Stop]]()
    for one in stops:
        last = inf if one.where == "figures" else one.at if one.at is not None else last
        timed.append((last, one))
    return [one for _, one in sorted(timed, key=lambda pair: pair[0])]


def _dialled(account: Account, call: str) -> Iterator[Stop]:
    for at, line, key, problem in rows(DIAL, account.id, call):
        yield Stop(
            at,
            "asked",
            f"to ring line {clean(line)}, then the number; key={clean(key) or '-'} {clean(problem)}",
        )


def _sent(diary: Diary, account: Account, call: str) -> Iterator[Stop]:
    for one in diary.of_call(account.id, call):
        yield Stop(
            one.at,
            "sent",
            f"{clean(one.way)} [{clean(one.verdict)}: {clean(one.word)}] {clean(one.text, 600)}",
        )


def _steps(told: Story, say: Say) -> Iterator[Stop]:
    for one in told.steps:
        who = ", ".join(one.who) or (f"line {one.line}" if one.line else "")
        yield Stop(one.at, "call", say(f"step.{one.kind}", who=who))


def _legs(told: Story, say: Say) -> Iterator[Stop]:
    for one in told.legs:
        long = f" for {one.rang[1] - one.rang[0]:.0f} s" if one.rang else ""
        whose = ", ".join(one.who) or "nobody's"
        yield Stop(
            one.rang[0] if one.rang else None,
            "leg",
            f"line {one.line} ({whose}): {say(f'leg.{one.became}')}{long}",
        )


def _registers(told: Story, say: Say) -> Iterator[Stop]:
    for one in told.sightings:
        where = f"register {one.register} {clean(one.name)}".strip() if one.register else "all registers"
        who = f", {clean(one.who)} there" if one.who else ""
        took = f", said so after {one.took} ms" if one.took is not None else ""
        had = "card" if one.verdict in HAD else "no card"
        yield Stop(one.at, "register", f"{where}{who}: {had}: {say(f'sighting.{one.verdict}')}{took}")


def _orders(account: Account, call: str) -> Iterator[Stop]:
    for at, order, transaction, spot, by, total, closed in rows(ORDERS, account.id, call):
        paid = "" if closed is None else f", closed with {(total or 0) / 100:.2f}"
        yield Stop(
            at, "order", f"{order} at spot {spot} by {clean(by) or '?'}, at Poster {transaction or '?'}{paid}"
        )


def _waits(told: Story, say: Say) -> Iterator[Stop]:
    if told.back:
        how = "open" if told.back.closed is None else told.back.how
        end = say(f"back.{how}", minutes=told.back.minutes or 0, who=told.back.by or "?")
        yield Stop(told.back.first, "waits", f"called {told.back.calls} time(s) in vain: {end}")


def _figures(call: str) -> Iterator[Stop]:
    """What the reports count it as; nothing while it waits to be counted."""
    cursor = database.execute_sql(FIGURES, (call,))
    names = [column[0] for column in cursor.description]
    for row in cursor.fetchall():
        facts = {name: value for name, value in zip(names, row, strict=True)
                 if value not in (0, "", None) and name not in ("call_id", "account_id", "number")}  # fmt: skip
        yield Stop(None, "figures", json.dumps(facts, ensure_ascii=False))
