"""Who is calling: a number becomes Poster's clients with their last address and order, within a budget."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import wait
from queue import Empty, Queue
from typing import Any

from server import phones
from server.background import detach, start
from server.config import Settings
from server.db import reading
from server.guests import shelf
from server.guests.cards import COMPLETE, FAILED, FOUND, UNKNOWN, card, group, guest
from server.guests.history import History
from server.guests.looks import Look, Looks, Tell
from server.guests.searching import search
from server.models import Account
from server.poster.client import Poster
from server.poster.rows import as_dict, dicts, to_int
from server.poster.trouble import FATAL, NotConnected, PosterDown, PosterError, Trouble

LOOK, FIND, CREATE, GROUPS = 8.0, 7.0, 12.0, 7.0
MOST_HISTORIES = 3  # of several guests with one number, so many have their orders read
MOST_GUESTS = 20
GROUPS_LIVE = 300.0

Json = dict[str, Any]


class Guests:
    """Cards are the `guest` object of docs/messages.md without `version`."""

    def __init__(self, settings: Settings, poster: Poster) -> None:
        self._settings = settings
        self._poster = poster
        self._history = History(poster)
        self._looks = Looks()
        self._groups: dict[int, tuple[float, list[Json]]] = {}
        self._forgotten: Counter[int] = Counter()
        self._lock = threading.Lock()

    def card(self, account_id: int, number: str) -> Json | None:
        """What is remembered of a number, however old; nobody is asked."""
        return shelf.load(account_id, number)[0]

    def known(self, account_id: int, number: str, country: str) -> dict[str, str] | None:
        """Name and group for a phone company that waits for them, from memory."""
        found = phones.read(number, country)
        return _named(self.card(account_id, found.e164)) if found.matchable else None

    def known_within(
        self, account_id: int, number: str, country: str, seconds: float
    ) -> dict[str, str] | None:
        """As `known`; a guest that is not in memory is looked for while somebody waits, at most so long."""
        found, told = phones.read(number, country), self.known(account_id, number, country)
        if told or not found.matchable:
            return told
        learned: Queue[Json] = Queue()
        self.look(account_id, found.e164, learned.put)
        try:
            return _named(learned.get(timeout=seconds))
        except Empty:
            return None

    def look(self, account_id: int, number: str, tell: Tell) -> None:
        """Returns at once; `tell` hears each card that is learned, the last within eight seconds."""
        look = self._looks.join((account_id, number), tell)
        if look:
            detach(self._run, account_id, number, look)

    def find(self, account_id: int, number: str) -> Json:
        """One live look-up; what could not be read in time is missing from the card."""
        found = phones.read(number, self._country(account_id))
        return list(self._stages(account_id, found.e164, time.monotonic() + FIND))[-1]

    def groups(self, account_id: int) -> list[Json]:
        """Client groups, remembered for five minutes. Raises Trouble when neither Poster nor we can tell."""
        at, groups = self._groups.get(account_id, (0.0, []))
        if groups and time.monotonic() - at < GROUPS_LIVE:
            return groups
        try:
            rows = dicts(
                self._poster.get(account_id, "clients.getGroups", time.monotonic() + GROUPS, urgent=True)
            )
        except Trouble:
            if groups:
                return groups
            raise
        groups = [group(row) for row in rows if not to_int(row.get("delete"))]
        self._groups[account_id] = (time.monotonic(), groups)
        return groups

    def create(
        self, account_id: int, name: str, group: int, phone: str, address: str = "", comment: str = ""
    ) -> Json:
        """A new guest: `{"ok": True, "id"}`, or `duplicate` with the card of who has the number, `refused`,
        `unavailable` (nobody knows whether it was made; it was looked for once)."""
        number = phones.read(phone, self._country(account_id))
        if not name.strip() or group <= 0 or not number.matchable:
            return {"ok": False, "error": "refused"}
        existing = self.find(account_id, number.e164)
        if existing["guests"]:
            return _duplicate(existing)
        body = {"client_name": name.strip(), "client_groups_id_client": group, "phone": number.e164}
        body |= {
            key: text.strip() for key, text in (("address", address), ("comment", comment)) if text.strip()
        }
        return self._create(account_id, number.e164, body)

    def _create(self, account_id: int, number: str, body: Json) -> Json:
        try:
            until = time.monotonic() + CREATE
            client_id = _id(self._poster.post(account_id, "clients.createClient", body, until))
        except PosterError as error:
            known = self.find(account_id, number) if error.code not in FATAL else card(FAILED, number)
            return _duplicate(known) if known["guests"] else {"ok": False, "error": "refused"}
        except NotConnected:
            return {"ok": False, "error": "unavailable"}
        except PosterDown:
            client_id = 0
        finally:
            self.forget(account_id, number)
        if not client_id:
            made = self.find(account_id, number)["guests"]
            client_id = made[0]["id"] if made else 0
        return {"ok": True, "id": client_id} if client_id else {"ok": False, "error": "unavailable"}

    def forget(self, account_id: int, number: str | None = None, client_id: int | None = None) -> None:
        """Of a number or a guest nothing is remembered any more; without either, all cards are read anew."""
        with self._lock:
            self._forgotten[account_id] += 1
        self._looks.forget(account_id)
        if number:
            shelf.drop(account_id, number)
        if client_id:
            shelf.drop_client(account_id, client_id)
        if not number and not client_id:
            shelf.mark_stale(account_id)

    def forget_groups(self, account_id: int) -> None:
        self._groups.pop(account_id, None)

    def forget_names(self, account_id: int) -> None:
        """The menu changed: dishes may have other names."""
        self._history.forget_names(account_id)

    def _run(self, account_id: int, number: str, look: Look) -> None:
        until = time.monotonic() + LOOK
        try:
            known, fresh = shelf.load(account_id, number)
            if known and fresh:
                look.say(known)
                return
            remembered = known if known and known["guests"] else None
            if remembered:
                look.say({**remembered, "stage": FOUND})
            for one in self._stages(account_id, number, until):
                # A name from memory is better than none: what failed now takes nothing away.
                look.say({**remembered, "stage": COMPLETE} if remembered and one["stage"] == FAILED else one)
        finally:
            self._looks.leave((account_id, number), look)

    def _stages(self, account_id: int, number: str, until: float) -> Iterator[Json]:
        """`found`, then `complete`; or `unknown`; or `failed`."""
        begun = self._forgotten[account_id]
        country = self._country(account_id)
        if not phones.read(number, country).matchable:
            yield card(UNKNOWN, number)
            return
        try:
            found = search(self._poster, account_id, number, country, until)
        except Trouble:
            yield card(FAILED, number)
            return
        people = [guest(found.rows[key], number) for key in sorted(found.rows)][:MOST_GUESTS]
        last = card(COMPLETE if people else UNKNOWN, number, people, found.hidden)
        whole = True
        if people:
            yield {**last, "stage": FOUND}
            last["guests"], whole = self._with_histories(people, account_id, until)
        shelf.save(account_id, last, stale=not whole or self._forgotten[account_id] != begun)
        yield last

    def _with_histories(self, people: list[Json], account_id: int, until: float) -> tuple[list[Json], bool]:
        """The guests with their orders, as far as these came in time, and whether all did."""
        asked = {
            one["id"]: start(self._history.add_to, one, account_id, until) for one in people[:MOST_HISTORIES]
        }
        done, _ = wait(asked.values(), max(0.0, until - time.monotonic()))
        good = {
            key: future.result() for key, future in asked.items() if future in done and not _failed(future)
        }
        return [good.get(one["id"], one) for one in people], len(good) == len(asked)

    def _country(self, account_id: int) -> str:
        with reading():
            row = Account.at(account_id)
        return (row.country if row else "") or self._settings.default_country


def _named(card: Json | None) -> dict[str, str] | None:
    guests = (card or {}).get("guests")
    if not guests:
        return None
    return {"name": " / ".join(one["name"] for one in guests[:2]), "description": guests[0]["group"]}


def _failed(future: Any) -> bool:
    """Whether Poster did not tell; anything else that broke is our own fault and travels up."""
    error = future.exception()
    if error is not None and not isinstance(error, Trouble):
        raise error
    return error is not None


def _id(answer: object) -> int:
    """Poster gives the bare id, as a number or as text."""
    return to_int(as_dict(answer).get("client_id")) if as_dict(answer) else to_int(answer)


def _duplicate(existing: Json) -> Json:
    return {"ok": False, "error": "duplicate", "guest": {**existing, "version": int(time.time() * 1000)}}
