"""From a ring to an order with its guest: taps, fields, and the seconds that the machines need of it.

The sandbox, the server and a real Chromium. Taps and fields are counted in the page, by the browser's own events: so
another product can be measured too. Nobody thinks or talks here: these seconds a cashier has to wait.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.figures import Json, spread
from bench.painted import open_stage, open_till
from tests.browser.stage import ACCOUNT, Phone, Stage, stranger
from tests.browser.till import Till, digits
from tests.browser.words import say
from tests.chromium import MISSING, path
from tests.wire import Register

DARYNA = "0675554433"
"""Her last order can be had again."""

REST = 2.5

COUNT = """() => {
  window.counted = { taps: 0, fields: new Set() };
  addEventListener("click", (event) => { window.counted.taps += event.isTrusted && event.detail ? 1 : 0; }, true);
  addEventListener("input", (event) => window.counted.fields.add(event.target), true);
}"""
COUNTED = "() => ({ taps: window.counted.taps, fields: window.counted.fields.size })"
FRESH = "() => { window.counted.taps = 0; window.counted.fields.clear(); }"


@dataclass
class Watch:
    """A register, its phone, and the callers that are still to come."""

    stage: Stage
    till: Till
    phone: Phone
    callers: Iterator[str]

    def known(self) -> None:
        """The number has a guest: one tap."""
        self.phone.ring(next(self.callers))
        self.till.tap("newOrder")

    def unknown(self) -> None:
        """Name, group, address, comment; the number stands there. The keys go from field to field."""
        self.phone.ring(stranger())
        self.till.field("name").press_sequentially("Новенко Марія")
        self.till.page.keyboard.press("Tab")
        self.till.page.keyboard.press("ArrowDown")
        for word, text in (("address", "вул. Нова, 1"), ("comment", "без цибулі")):
            self.till.field(word).press_sequentially(text)
        self.till.tap("createAndOrder")

    def again(self) -> None:
        """The last order once more: a look at what it would be today, and yes."""
        self.phone.ring(DARYNA)
        self.till.tap("repeat")
        self.till.app.get_by_role("button", name=f"{say('newOrder')} ·").click()
        self.till.sees_no_card()

    def timed(self, way: Callable[[Watch], None]) -> tuple[float, Json]:
        """Seconds from the ring until its guest stands in an order, and how many taps and fields it took."""
        self.till.frame.evaluate(FRESH)
        before, rung = self._orders(), time.perf_counter()
        way(self)
        self.till.wait_for("sandbox.activeOrder()?.clientId > 0")
        seconds = time.perf_counter() - rung
        counted = dict(self.till.frame.evaluate(COUNTED))
        self._tidy(before)
        return seconds, counted

    def _orders(self) -> set[int]:
        return {order["id"] for order in self.stage.poster.ask("state", tablet=1)["orders"]}

    def _tidy(self, before: set[int]) -> None:
        """As it was: nobody calls, no order is open."""
        self.phone.hang_up()
        self.till.does("leaveOrder")
        self.till.sees_no_card()
        for order in self._orders() - before:
            self.stage.poster.tell("orders/remove", tablet=1, id=order)
        self.till.does("sync")


WAYS: dict[str, Callable[[Watch], None]] = {
    "known guest, order": Watch.known,
    "new guest saved, order": Watch.unknown,
    "last order once more": Watch.again,
}


def watch(stage: Stage, till: Till) -> Watch:
    """The server knows the menu, as it does a minute after the restaurant was connected."""
    Register(stage.server.url, ACCOUNT, 1, 1, 3).ask("menu", products=[601])
    till.frame.evaluate(COUNT)
    guests = [digits(str(one["phone"]))[-10:] for one in stage.poster.guests(hidden=0)]
    single = (number for number in guests if guests.count(number) == 1 and re.fullmatch(r"0\d{9}", number))
    return Watch(stage, till, Phone(stage.hook), single)


def _rested(it: Watch, way: Callable[[Watch], None]) -> tuple[float, Json]:
    """Poster is asked four times a second at most: nobody waits for the questions about the guest before."""
    time.sleep(REST)
    return it.timed(way)


def stopwatch(times: int) -> list[Json]:
    if path() is None:
        print(MISSING)
        return []
    rows = []
    with open_stage() as stage, open_till(stage) as till:
        it = watch(stage, till)
        for name, way in WAYS.items():
            taken = [_rested(it, way) for _ in range(times)]
            rows.append(
                {"from the ring to": name, **taken[0][1], **spread([seconds for seconds, _ in taken])}
            )
    return rows
