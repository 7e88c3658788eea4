"""Noting which registers had a call's card: gathered in memory after everybody was told, written by the clock.

The ring never waits for it. A power cut loses the last second of it and nothing else.
"""

from __future__ import annotations

import logging
import random
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from server import measures
from server.calls import ANSWERED, RINGING, Call
from server.db import rows
from server.hub import Hub, Listener
from server.routing import Desk, Route
from server.sightings.page import GIVES_WAY, PORTION, Page
from server.sightings.verdicts import HAD, JOINED, Mood, Seat, better, verdict

log = logging.getLogger("dzvinok.sightings")

MOST_PROBES = 50  # registers that are asked when they have the card; of more, some
MOST_OTHERS = 60  # of the registers without the card, so many are asked why
REMEMBERED = 500  # calls
BEFORE = "SELECT register, verdict FROM sighting WHERE call_id = ?"


@dataclass(frozen=True)
class Told:
    """A change of a call, and the registers as they listened then. `new`: the first that was heard of it.

    `whole`: these are all that listened; of very many there are those that have the card, and some others.
    `elsewhere`: registers that listen at other workers, which note them themselves.
    """

    new: bool
    call: Call
    route: Route
    seats: tuple[Seat, ...]
    whole: bool
    at: float
    begun: float
    elsewhere: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Carried:
    """A snapshot brought the call to a register that came later, or that polls. `heard` is of the monotonic clock."""

    account: int
    call: str
    seat: Seat
    at: float
    heard: float


@dataclass(frozen=True)
class Drawn:
    """A register said that it has worked through the card."""

    account: int
    call: str
    register: int
    took: int


@dataclass
class Known:
    """What is written of a call: register -> verdict; when it began to ring; whose time is known."""

    verdicts: dict[int, str]
    begun: float | None = None
    timed: set[int] = field(default_factory=set)


class Sightings:
    def __init__(self, hub: Hub, country: str = "UA") -> None:
        self._hub = hub
        self._country = country
        self._news: deque[Told | Carried | Drawn] = deque(maxlen=20_000)
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._fresh: set[str] = set()

    def told(
        self, before: Call, call: Call, route: Route, begun: float, repeated: bool = False
    ) -> None:  # fmt: skip
        """After the registers were told. Asks those that have a new card to say when they are done with it.

        `repeated`: another worker told it first, and notes who is away.
        """
        if not call.incoming or (before.state, before.legs) == (call.state, call.legs):
            return
        showing = self._hub.listeners(call.account, route.audience(call))
        others, whole = self._hub.some(call.account, MOST_OTHERS)
        seats = tuple({seat_of(desk) for desk in (*showing, *others) if desk.register is not None})
        elsewhere = self._hub.elsewhere(call.account)
        self._news.append(
            Told(not before.state, call, route, seats, whole and not repeated, time.time(), begun, elsewhere)
        )
        if not before.state and call.state == RINGING:
            for desk in random.sample(showing, min(len(showing), MOST_PROBES)):
                desk.probe(call.id, begun)

    def carried(self, desk: Listener, calls: Iterable[Call]) -> None:
        """A snapshot with these calls was made for it."""
        if desk.register is not None:
            now, heard = time.time(), time.monotonic()
            seat = seat_of(desk)
            self._news.extend(Carried(call.account, call.id, seat, now, heard) for call in calls)

    def ponged(self, desk: Listener) -> None:
        """It answered a ping: one that keeps the connection, or one that was sent behind a card."""
        answered = desk.pong()
        if answered and desk.register is not None:
            call, begun = answered
            took = round(1000 * (time.monotonic() - begun))
            self._news.append(Drawn(desk.account, call, desk.register, took))

    def write_down(self) -> None:
        """All that was gathered. Thinking gives way to whoever rings; writing is one short step."""
        if not self._news:
            return
        page = Page(self._country)
        self._fresh.clear()
        for _ in range(len(self._news)):
            one = self._news.popleft()
            if isinstance(one, Told):
                self._note_told(page, one, one.route.audience(one.call))
                time.sleep(GIVES_WAY)
            elif isinstance(one, Carried):
                self._note_carried(page, one)
            else:
                self._took(page, one.account, one.call, one.register, one.took)
        page.write()

    def _note_told(self, page: Page, told: Told, has: Callable[[Desk], bool]) -> None:
        call, known = told.call, self._of(told.call.id, told.new)
        if known.begun is None:
            known.begun = told.begun
        elif call.state not in (RINGING, ANSWERED):
            return  # its end changes nothing about who had it
        # Of several sockets of one register the one that has the card counts.
        seats = {seat.register: seat for seat in sorted(told.seats, key=lambda seat: has(seat))}
        away = set(page.registers(call.account)) - told.elsewhere if told.whole else set[int]()
        for count, register in enumerate({*seats, *away}, 1):
            if count % PORTION == 0:
                time.sleep(GIVES_WAY)
            seat = seats.get(register)
            mood = page.mood(call, seat) if seat and has(seat) else Mood()
            self._keep(
                page, call.account, call.id, register, seat, verdict(call, told.route, seat, mood), told.at
            )

    def _note_carried(self, page: Page, one: Carried) -> None:
        known, seat = self._of(one.call), one.seat
        if known.verdicts.get(seat.register) not in HAD:
            self._keep(page, one.account, one.call, seat.register, seat, JOINED, one.at)
        elif known.begun is not None and seat.polls:
            took = round(1000 * (one.heard - known.begun))
            self._took(page, one.account, one.call, seat.register, took)

    def _keep(
        self, page: Page, account: int, call: str, register: int, seat: Seat | None, word: str, at: float
    ) -> None:  # fmt: skip
        verdicts = self._of(call).verdicts
        if better(verdicts.get(register), word):
            verdicts[register] = word
            page.kept.append((account, call, register, (seat.employee if seat else None) or 0, word, at))

    def _took(self, page: Page, account: int, call: str, register: int, took: int) -> None:
        timed = self._of(call).timed
        if register not in timed:
            timed.add(register)
            measures.CARD.observe(took / 1000)
            log.info("call=%s register=%d has the card after=%dms", call, register, took)
            page.timed.append((account, call, register, took))

    def _of(self, call: str, new: bool = False) -> Known:
        if call not in self._known:
            self._known[call] = Known({} if new else dict(rows(BEFORE, call)))
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        if self._hub.others is not None and call not in self._fresh:
            # Another worker may have written of it since; ours stands there, too.
            self._known[call].verdicts = dict(rows(BEFORE, call))
            self._fresh.add(call)
        return self._known[call]


def seat_of(desk: Listener) -> Seat:
    assert desk.register is not None
    return Seat(desk.register, desk.spot, desk.employee, desk.closed is None, desk.polls)
