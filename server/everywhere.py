"""Telling where several workers serve: what one of them tells, each one that has listeners of the account tells too.

Frames are not shipped. Each worker makes its own out of the same facts, for what a register hears depends on what it
heard before, on who looked behind a veil, on which lists it has. A frame of a call or of a guest carries a version,
so it does not matter in which order the words of two workers arrive.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from server import journal
from server.bus import Bus
from server.calls import Call
from server.config import Settings
from server.crossing import call_in, call_out, route_in, route_out
from server.db import reading
from server.hub import Hub, Listener
from server.messages import Json
from server.once import remembering
from server.routing import Route
from server.sightings import Sightings
from server.telling import Card, Look, Telling

LIFTED_FOR = 3 * 3600.0
RECENT = 60.0  # seconds: whose calls ended no longer ago may have missed the last word of a worker that died

_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def quietly() -> Iterator[None]:
    """What is told within it was told to the other workers as part of something larger, or came from one of them."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


class Everywhere(Telling):
    def __init__(self, settings: Settings, hub: Hub, look: Look, sightings: Sightings, bus: Bus) -> None:
        super().__init__(settings, hub, look, sightings)
        self._bus = bus
        self._lists = {
            "missed": self.missed_changed,
            "talking": self.talking_changed,
            "load": self.load_changed,
        }
        self.missed_changed = self._list("missed")
        self.talking_changed = self._list("talking")
        self.load_changed = self._list("load")
        heard = {"call": self._heard_call, "card": self._heard_card, "cover": self._heard_cover,
                 "account": self._heard_account, "employee": self._heard_employee, "guest": self._heard_guest,
                 "noted": self._heard_noted, "lift": self._heard_lift}  # fmt: skip
        for topic, handler in heard.items():
            bus.on(topic, _silently(handler))
        bus.on("list", lambda account, body: self._lists[body["name"]](account))
        bus.on("forget", lambda account, body: self.tidy(body["before"]))
        bus.on_gap(self.refresh)

    def call_changed(self, before: Call, after: Call, old: Route, new: Route) -> int:
        self._say(after.account, "call", lambda: {**_change(after, old, new), "before": call_out(before)})
        with quietly():
            super().call_changed(before, after, old, new)
        return len(self._hub.present(after.account, new.audience(after)))

    def account_changed(self, account: int) -> None:
        self._say(account, "account")
        with quietly():
            super().account_changed(account)

    def employee_changed(self, account: int, employee: int) -> None:
        self._say(account, "employee", lambda: {"employee": employee})
        with quietly():
            super().employee_changed(account, employee)

    def guest_changed(self, account: int, number: str) -> None:
        """Looked for here; what is found reaches the others as a card."""
        self._say(account, "guest")
        with quietly():
            super().guest_changed(account, number)

    def noted(self, account: int, call_id: str) -> None:
        self._say(account, "noted", lambda: {"call": call_id})
        super().noted(account, call_id)

    def forget(self, ended_before: float) -> None:
        self._bus.tell_all("forget", {"before": ended_before})
        super().forget(ended_before)

    def reveal(self, call: Call, desk: Listener, who: tuple[int, str]) -> Json | None:
        shown = super().reveal(call, desk, who)
        if shown and self._cards.lifted(call.id, desk):
            where = {"call": call.id, "register": desk.register, "employee": desk.employee}
            self._bus.slips.put("lift", _lift(call, desk), {}, LIFTED_FOR)
            self._say(call.account, "lift", lambda: where)
        return shown

    def refresh(self) -> None:
        """Words of others may have been missed: everybody here gets a fresh snapshot."""
        for account in self._hub.accounts():
            with quietly():
                super().account_changed(account)
            time.sleep(0)

    def refresh_busy(self) -> None:
        """A worker died suddenly, perhaps between storing and telling."""
        for account in self._hub.accounts():
            with reading(), quietly():
                if journal.live(account, time.time() - RECENT):
                    super().account_changed(account)
            time.sleep(0)

    def _list(self, name: str) -> Callable[[int], None]:
        def changed(account: int) -> None:
            self._say(account, "list", lambda: {"name": name})
            self._lists[name](account)

        return changed

    def _say(self, account: int, topic: str, body: Callable[[], Json] = dict) -> None:
        if not _quiet.get():
            self._bus.tell(account, topic, body)

    def _guest_known(self, call: Call, card: Card, begun: float) -> None:
        super()._guest_known(call, card, begun)
        self._bus.tell(call.account, "card", lambda: {"call": call.id, "card": self._cards.of(call.id)})

    def _tell_cover(self, call: Call, old: Route, new: Route) -> None:
        self._say(call.account, "cover", lambda: _change(call, old, new))
        super()._tell_cover(call, old, new)

    def _with_guest(self, call: Call, route: Route, desk: Listener) -> Json:
        """Whoever looked behind the veil did so at some worker."""
        hidden = self.showing.face(call, route).veil and not self._cards.lifted(call.id, desk)
        if hidden and self._bus.slips.see("lift", _lift(call, desk)) is not None:
            self._cards.lift(call.id, desk)
        return super()._with_guest(call, route, desk)

    def _heard_call(self, account: int, body: Json) -> None:
        before, after = call_in(body["before"]), call_in(body["after"])
        old, new = route_in(body["old"]), route_in(body["new"])
        begun = time.monotonic() - max(0.0, time.time() - body["at"])
        with remembering():
            super().call_changed(before, after, old, new)
            self.sightings.told(before, after, new, begun, repeated=True)

    def _heard_card(self, account: int, body: Json) -> None:
        call = journal.get(account, body["call"])
        if call and body["card"]:
            self._cards.learn(call.id, body["card"])
            route = self.showing.route(call)
            self._tell_guest(call, self.showing.face(call, route), route)

    def _heard_cover(self, account: int, body: Json) -> None:
        super()._tell_cover(call_in(body["after"]), route_in(body["old"]), route_in(body["new"]))

    def _heard_account(self, account: int, body: Json) -> None:
        super().account_changed(account)

    def _heard_employee(self, account: int, body: Json) -> None:
        super().employee_changed(account, body["employee"])

    def _heard_guest(self, account: int, body: Json) -> None:
        self.missed_changed(account)

    def _heard_noted(self, account: int, body: Json) -> None:
        super().noted(account, body["call"])

    def _heard_lift(self, account: int, body: Json) -> None:
        desk = Listener(account, body["register"], None, body["employee"])
        if journal.get(account, body["call"]):
            self._cards.lift(body["call"], desk)


def _silently(handler: Callable[[int, Json], None]) -> Callable[[int, Json], None]:
    def heard(account: int, body: Json) -> None:
        with reading(), quietly():
            handler(account, body)

    return heard


def _change(call: Call, old: Route, new: Route) -> Json:
    return {"after": call_out(call), "old": route_out(old), "new": route_out(new), "at": time.time()}


def _lift(call: Call, desk: Listener) -> str:
    return f"{call.account}:{call.id}:{desk.register}:{desk.employee}"
