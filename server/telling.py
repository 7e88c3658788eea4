"""What each register hears: snapshots, changes of calls, guests as they become known, changed lines."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from server import again, journal, messages, orders, popping, talking
from server.background import Soon
from server.calls import ANSWERED, ENDED, Call
from server.cards import Cards
from server.config import Settings
from server.covering import Covering
from server.db import reading, transaction
from server.hub import Hub, Listener
from server.messages import ACCOUNT, SLOW, Json
from server.models import Account
from server.routing import NOBODY, Audience, Route
from server.showing import Face, Showing
from server.sightings import Sightings

log = logging.getLogger("dzvinok.telling")

GATHERS = 0.2  # seconds: a list that changes more often is told once

Card = dict[str, Any]
Look = Callable[[int, str, Callable[[Card], None]], None]


class Telling:
    """Turns what is stored into frames and puts them into outboxes; never waits for a register or for Poster."""

    def __init__(self, settings: Settings, hub: Hub, look: Look, sightings: Sightings | None = None) -> None:
        self._settings = settings
        self._hub = hub
        self._look = look
        self._cards = Cards()
        self.sightings = sightings or Sightings(hub)
        self.showing = Showing(settings)
        self.covering = Covering(hub)
        # The account's number -> told a moment later, once for all changes until then.
        self.missed_changed: Callable[[int], None] = Soon(self._tell_missed, GATHERS).ask
        self.talking_changed: Callable[[int], None] = Soon(self._tell_talking, GATHERS).ask
        self.load_changed: Callable[[int], None] = Soon(self._tell_load, GATHERS).ask

    def call_changed(self, before: Call, after: Call, old: Route, new: Route) -> int:
        """Tells the registers that have the card or now get it; returns how many of them it belongs on."""
        face, texts = self.showing.face(after, new), dict[tuple[bool, bool], str]()
        has, had = new.audience(after), old.audience(before) if before.state else NOBODY
        shown = 0

        def frame_for(desk: Listener) -> str | None:
            nonlocal shown
            mine = has(desk)
            shown += mine
            if not mine and not had(desk):
                return None
            key = mine, self._cards.lifted(after.id, desk)
            texts[key] = texts.get(key) or messages.frame("call", call=face.json(*key))
            return texts[key]

        self._hub.publish(after.account, frame_for, SLOW, has | had)
        knew = before.state and not face.hides(before.state)
        self._tell_guest(after, face, new, had if knew else NOBODY)
        if after.state == ENDED and before.state != ENDED:
            self._tell_recent(after, new)
        if ANSWERED in (before.state, after.state):
            self.talking_changed(after.account)
        return shown

    def look(self, call: Call) -> None:
        """Starts finding out who calls; each thing learned is told to the registers that have the card."""
        number, begun = self.showing.number(call), time.monotonic()
        if number.matchable:
            self._look(call.account, number.e164, lambda card: self._guest_known(call, card, begun))

    def number_of(self, call: Call) -> str:
        return self.showing.number(call).e164

    def snapshot(self, desk: Listener) -> str:
        """The first frame of every connection, and the answer to whatever changes what a register may see."""
        account = Account.at(desk.account)
        assert account  # one that is erased was disconnected long before
        calls = [pair for pair in self.showing.live(desk.account) if pair[1].shows(pair[0], desk)]
        self.sightings.carried(desk, [call for call, _ in calls if call.state != ENDED])
        lists = {
            "missed": {"list": self.missed(desk)},
            "talking": {"list": self._talking(desk)},
            "load": orders.load(desk.account, desk.spot),
        }
        told = messages.text(
            messages.snapshot(
                at=time.time(),
                account=self.showing.account(account),
                employee=self.showing.person("employee", desk.account, desk.employee),
                register=self.showing.person("register", desk.account, desk.register),
                settings=self.showing.settings(desk.account, desk.employee),
                calls=[self._with_guest(call, route, desk) for call, route in calls],
                recent=self.showing.recent(desk.account, desk),
                missed=lists["missed"]["list"],
                talking=lists["talking"]["list"],
                load=lists["load"],
            )
        )
        # A frame that was told while this was made may be older: then nothing counts as said.
        desk.said = {} if desk.said else {kind: messages.frame(kind, **body) for kind, body in lists.items()}
        return told

    def account_changed(self, account: int) -> None:
        """After a connect, a disconnect or a change of lines: everybody hears where they stand, or is sent away."""
        self._snapshots(account, lambda desk: True)

    def employee_changed(self, account: int, employee: int) -> None:
        """What this employee chose for themselves."""
        self._snapshots(account, lambda desk: desk.employee == employee)

    def guest_changed(self, account: int, number: str) -> None:
        """Something about whoever has this number (E.164): looks again and tells everybody who has the card."""
        with reading():
            calls = [call for call, _ in self.showing.live(account) if self.number_of(call) == number]
        for call in calls:
            self.look(call)
        self.missed_changed(account)

    def cover(self, account: int) -> None:
        """Whoever should see a call may have logged out or gone: then the registers that cover get its card."""
        for call, old in self.showing.live(account):
            if call.state == ENDED or not old.cover or old.covering:
                continue
            with transaction(account):
                new = self.covering.settle(call, call, old)
            if new.covering:
                self._tell_cover(call, old, new)

    def _tell_cover(self, call: Call, old: Route, new: Route) -> None:
        face, had = self.showing.face(call, new), old.audience(call)
        frame, cover = messages.frame("call", call=face.json(True)), Audience(registers=new.cover)
        self._hub.publish(call.account, lambda desk: frame if new.covers(call, desk) else None, SLOW, cover)
        self._tell_guest(call, face, new, had)
        for desk in self._hub.listeners(call.account, cover):
            if new.covers(call, desk):
                self.sightings.carried(desk, [call])

    def missed(self, desk: Listener) -> list[Json]:
        """Who called this register's lines in vain and waits."""
        return [row for sees, row in self.showing.missed(desk.account) if sees(desk)]

    def reveal(self, call: Call, desk: Listener, who: tuple[int, str]) -> Json | None:
        """Lifts the veil for whoever is logged in at this register, where the call's card is; None elsewhere."""
        route = self.showing.route(call)
        if not route.shows(call, desk):
            return None
        if self.showing.face(call, route).veiled(True) and not self._cards.lifted(call.id, desk):
            popping.revealed(call.account, call.id, who)
            self._cards.lift(call.id, desk)
        return self._with_guest(call, route, desk)

    def noted(self, account: int, call_id: str) -> None:
        """What an ended call was about stands in the list of callers too."""
        call = journal.get(account, call_id)
        if call and call.incoming and call.state == ENDED:
            self._tell_recent(call, self.showing.route(call))

    def forget(self, ended_before: float) -> None:
        """Drops what was learned of calls that ended before."""
        self.tidy(ended_before)

    def tidy(self, ended_before: float) -> None:
        """Drops the cards of calls that no snapshot can name any more."""
        self._cards.forget(ended_before)

    def _snapshots(self, account: int, whom: Callable[[Listener], bool]) -> None:
        with reading():
            row = Account.at(account)
            for desk in filter(whom, self._hub.listeners(account)):
                if row and row.rings:
                    desk.put(self.snapshot(desk), SLOW)
                else:
                    desk.close(ACCOUNT)

    def _with_guest(self, call: Call, route: Route, desk: Listener) -> Json:
        card, face = self._cards.of(call.id), self.showing.face(call, route)
        if card is None and call.state != ENDED:
            self.look(call)
            card = self._cards.of(call.id)
        lifted = self._cards.lifted(call.id, desk)
        seen = card and (lifted or not face.veiled(True))
        return {
            "call": face.json(True, lifted),
            "guest": self._guest(call, face, card) if card and seen else None,
        }

    def _guest(self, call: Call, face: Face, card: Card) -> Card:
        return {**card, "again": again.of(call.account, face.number.e164, call.id, time.time())}

    def _guest_known(self, call: Call, card: Card, begun: float) -> None:
        took, matches = 1000 * (time.monotonic() - begun), len(card["guests"])
        log.info("call=%s guest %s matches=%d after=%.0fms", call.id, card["stage"], matches, took)
        self._cards.learn(call.id, card)
        with reading():
            now = journal.get(call.account, call.id) or call
            route = self.showing.route(now)
            self._tell_guest(now, self.showing.face(now, route), route)

    def _tell_guest(self, call: Call, face: Face, route: Route, knows: Audience = NOBODY) -> None:
        """To the registers that have the card and may see who calls, but for those that were told before."""
        card, has, veiled = self._cards.of(call.id), route.audience(call), face.veiled(True)
        frame = ""

        def frame_for(desk: Listener) -> str | None:
            nonlocal frame
            if knows(desk) or (veiled and not self._cards.lifted(call.id, desk)):
                return None
            frame = frame or messages.frame("guest", call=call.id, guest=self._guest(call, face, card or {}))
            return frame

        if card is not None:
            self._hub.publish(call.account, frame_for, SLOW, has)

    def _tell_recent(self, call: Call, route: Route) -> None:
        frame = messages.frame("recent", row=self.showing.recent_rows(call.account, [(call, route)])[0])
        self._hub.publish(call.account, lambda desk: frame, SLOW, route.rung(call))

    def _talking(self, desk: Listener) -> list[Json]:
        talks = talking.now(desk.account, self.showing, [*self._hub.present(desk.account), desk])
        return [talk.json for talk in talks if talk.told_to(desk)]

    def _tell_missed(self, account: int) -> None:
        if not self._hub.listeners(account):
            return
        with reading():
            found = self.showing.missed(account)
        self._tell_each(account, lambda desk: {"list": [row for sees, row in found if sees(desk)]}, "missed")

    def _tell_talking(self, account: int) -> None:
        if not self._hub.listeners(account):
            return
        with reading():
            talks = talking.now(account, self.showing, self._hub.present(account))
        told = lambda desk: {"list": [talk.json for talk in talks if talk.told_to(desk)]}  # noqa: E731
        self._tell_each(account, told, "talking")

    def _tell_load(self, account: int) -> None:
        spots = {desk.spot for desk in self._hub.listeners(account)}
        with reading():
            loads = {spot: orders.load(account, spot) for spot in spots}
        self._tell_each(account, lambda desk: loads.get(desk.spot), "load")

    def _tell_each(self, account: int, body: Callable[[Listener], Json | None], kind: str) -> None:
        """A register hears only what is not what it heard last."""
        for desk in self._hub.listeners(account):
            frame = messages.frame(kind, **told) if (told := body(desk)) is not None else ""
            if frame and desk.said.get(kind) != frame and desk.put(frame, SLOW):
                desk.said[kind] = frame
