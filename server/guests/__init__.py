"""Who is calling: the directory says at once who has a number, Poster corrects it within a budget."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from queue import Empty, Queue
from typing import Any

from server import directory, phones
from server.background import attempt, detach, start
from server.config import Settings
from server.db import reading, transaction
from server.directory import todo
from server.directory.asks import Asks
from server.guests.cards import COMPLETE, FAILED, FOUND, UNKNOWN, card, group
from server.guests.looks import Look, Looks, Tell
from server.guests.searching import Found, search
from server.models import Account
from server.poster.client import Poster
from server.poster.rows import as_dict, dicts, to_int
from server.poster.trouble import FATAL, NotConnected, PosterDown, PosterError, Trouble

LOOK, FIND, CREATE, GROUPS = 8.0, 7.0, 12.0, 7.0
MOST_READ = 3  # of several guests with one number, so many are read one by one
GROUPS_LIVE = 300.0
FRESH = 600.0  # what was read a moment ago is not read again because a phone rings

Json = dict[str, Any]


class Guests:
    """Cards are the `guest` object of docs/messages.md without `version`."""

    def __init__(self, settings: Settings, poster: Poster) -> None:
        self._settings = settings
        self._poster = poster
        self._asks = Asks(poster)
        self._looks = Looks()
        self._groups: dict[int, tuple[float, list[Json]]] = {}

    def who(self, account_id: int, number: str) -> Json | None:
        """The guests of a number by the directory, with what stands in its table alone; nobody is asked."""
        here = [one for one in directory.guests_with(account_id, number) if not one["deleted"]]
        return {"guests": here} if here else None

    def known(self, account_id: int, number: str, country: str) -> dict[str, str] | None:
        """Name and group for a phone company that waits for them, from the directory."""
        found = phones.read(number, country)
        return _named(self.who(account_id, found.e164)) if found.matchable else None

    def known_within(
        self, account_id: int, number: str, country: str, seconds: float
    ) -> dict[str, str] | None:
        """As `known`; a guest that the directory doesn't know is looked for while somebody waits, at most so long."""
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
        """Returns at once; `tell` has heard what the directory knows and hears Poster within eight seconds."""
        look = self._looks.join((account_id, number), tell)
        if look:
            attempt(self._begin, account_id, number, look)

    def find(self, account_id: int, number: str) -> Json:
        """One live look-up. Where Poster is silent, what the directory knows."""
        found = phones.read(number, self._country(account_id))
        live = list(self._stages(account_id, found.e164, time.monotonic() + FIND))[-1]
        return _or_remembered(live, directory.card(account_id, found.e164))

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
        if not client_id:
            made = self.find(account_id, number)["guests"]
            client_id = made[0]["id"] if made else 0
        else:
            self._welcome(account_id, number, client_id, body)
        return {"ok": True, "id": client_id} if client_id else {"ok": False, "error": "unavailable"}

    def _welcome(self, account_id: int, number: str, client_id: int, body: Json) -> None:
        """A new guest stands in the directory at once, as we know them; the rest is read soon."""
        group_id = body["client_groups_id_client"]
        groups = {one["id"]: one["name"] for one in self._groups.get(account_id, (0.0, []))[1]}
        row = {"client_id": client_id, "lastname": body["client_name"], "phone_number": number,
               "client_groups_id": group_id, "client_groups_name": groups.get(group_id, ""),
               "address": body.get("address"), "comment": body.get("comment")}  # fmt: skip
        directory.take_clients(account_id, [row], self._country(account_id))
        self.forget(account_id, number)

    def forget(self, account_id: int, number: str) -> None:
        """Whoever has the number was changed: the next look asks Poster anew."""
        self._looks.forget(account_id)
        with transaction(account_id):
            for one in directory.guests_with(account_id, number):
                todo.say(account_id, todo.CLIENT, one["id"])

    def changed_here(self, account_id: int) -> None:
        """An employee said something of a guest. Poster need not be asked, but what was being told is old now."""
        self._looks.forget(account_id)

    def forget_groups(self, account_id: int) -> None:
        self._groups.pop(account_id, None)

    def _begin(self, account_id: int, number: str, look: Look) -> None:
        asking = False
        try:
            known = directory.card(account_id, number)
            if known and known["guests"]:
                look.say(known)
                if self._fresh(account_id, known):
                    return
            asking = True
            detach(self._ask, account_id, number, look, known)
        finally:
            if not asking:
                self._looks.leave((account_id, number), look)

    def _ask(self, account_id: int, number: str, look: Look, known: Json | None) -> None:
        until = time.monotonic() + LOOK
        try:
            for one in self._stages(account_id, number, until):
                # Nothing that stands on the card is taken away before Poster has said all.
                if one["stage"] != FOUND or not known or known["stage"] != COMPLETE:
                    look.say(_or_remembered(one, known))
        finally:
            self._looks.leave((account_id, number), look)

    def _fresh(self, account_id: int, known: Json) -> bool:
        young = known["stage"] == COMPLETE and time.time() - known["at"] < FRESH
        with reading():
            return young and not todo.any_of(account_id, [one["id"] for one in known["guests"]])

    def _stages(self, account_id: int, number: str, until: float) -> Iterator[Json]:
        """`found`, then `complete`; or `unknown`; or `failed`. What Poster says goes into the directory."""
        country = self._country(account_id)
        if not phones.read(number, country).matchable:
            yield card(UNKNOWN, number)
            return
        with reading():
            said = todo.of_guests(account_id)
        try:
            people = self._read_people(account_id, number, country, until)
        except Trouble:
            yield card(FAILED, number)
            return
        if people:
            yield {**self._card(account_id, number), "stage": FOUND}
        whole = self._read_orders(people, account_id, until)
        theirs = {one["id"] for one in directory.guests_with(account_id, number)}
        todo.done([one for one in said if one.thing in theirs])
        last = self._card(account_id, number)
        yield {**last, "stage": COMPLETE if last["guests"] else last["stage"], "behind": not whole}

    def _read_people(self, account_id: int, number: str, country: str, until: float) -> list[int]:
        """Who has the number now; those whom Poster did not name but who had it are asked for one by one."""
        found: Found = search(self._poster, account_id, number, country, until)
        directory.take_clients(account_id, [*found.rows.values(), *found.hidden.values()], country)
        before = [one["id"] for one in directory.guests_with(account_id, number) if not one["deleted"]]
        for client_id in [one for one in before if one not in found.rows][:MOST_READ]:
            self._asks.client(account_id, client_id, country, until)
        return [one["id"] for one in directory.guests_with(account_id, number) if not one["deleted"]]

    def _read_orders(self, people: list[int], account_id: int, until: float) -> bool:
        """Whether all of them came in time."""
        asked = [start(self._asks.orders_of, account_id, one, until) for one in people[:MOST_READ]]
        done, late = wait(asked, max(0.0, until - time.monotonic()))
        return not [future for future in done if _failed(future)] and not late

    def _card(self, account_id: int, number: str) -> Json:
        """Of an account that was disconnected meanwhile nothing is known."""
        return directory.card(account_id, number) or card(UNKNOWN, number)

    def _country(self, account_id: int) -> str:
        with reading():
            row = Account.at(account_id)
        return (row.country if row else "") or self._settings.default_country


def _named(card: Json | None) -> dict[str, str] | None:
    guests = (card or {}).get("guests")
    if not guests:
        return None
    return {"name": " / ".join(one["name"] for one in guests[:2]), "description": guests[0]["group"]}


def _or_remembered(live: Json, known: Json | None) -> Json:
    """What failed takes nothing away."""
    if live["stage"] != FAILED or not known or not known["guests"]:
        return live
    return {**known, "stage": COMPLETE, "behind": True}


def _failed(future: Future[None]) -> bool:
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
