"""Tables: which are free at a time, and booking one from a call. Poster lets nobody cancel or change it from here."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from server.incoming import Incoming, Unclear, Wish, guest, said, zone
from server.models import Account
from server.online import word
from server.poster.client import Poster
from server.poster.rows import as_dict, dicts, to_int, to_text
from server.poster.trouble import NotConnected, PosterError, Trouble

SHORTEST = 1800  # seconds, Poster's own limit
LONGEST = 24 * 3600
FAR = 400 * 86400.0
LOOK, SPAN = 8.0, 60.0
BAD_DATES, WRONG = 52, 155
# Poster's table of fields says the first, its example shows the second.
FORMS = ("%Y-%m-%d %H:%M:%S", "%d-%m-%Y %H:%M")
SENT_BACK = FORMS[0]

Json = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """What is asked for; `at` is Unix seconds."""

    spot: int
    at: float
    guests: int
    minutes: int

    @property
    def seconds(self) -> int:
        return min(max(60 * self.minutes, SHORTEST), LONGEST)

    @property
    def fit(self) -> bool:
        return self.spot > 0 and -SPAN < self.at - time.time() < FAR and 0 < self.guests <= 500


class Booking:
    def __init__(self, poster: Poster, incoming: Incoming) -> None:
        self._poster = poster
        self._incoming = incoming
        self._forms: dict[int, int] = {}  # account -> which of FORMS it took last
        self._lock = threading.Lock()

    def tables(self, account: Account, wanted: Table) -> Json:
        """`{"ok": True, "tables"}`, the smallest that seat them first; or `booking`, `refused`, `unavailable`."""
        here = zone(account)
        if not wanted.fit or here is None:
            return _no("refused" if here else "unavailable")

        def ask(form: str) -> Any:
            return self._poster.get(
                account.id, "incomingOrders.getTablesForReservation", time.monotonic() + LOOK, urgent=True,
                spot_id=wanted.spot, date_reservation=_text(wanted.at, here, form), duration=wanted.seconds,
                guests_count=wanted.guests,
            )  # fmt: skip

        try:
            answer = self._in_some_form(account.id, ask)
        except PosterError as why:
            return _no(word(why, "booking"))
        except Trouble:
            return _no("unavailable")
        return {"ok": True, "tables": free_tables(answer, wanted)}

    def book(
        self, account: Account, call: str, wanted: Table, table: int, client: int, number: str, name: str,
        comment: str, who: tuple[int, str] = (0, ""),
    ) -> Json:  # fmt: skip
        """`{"ok": True, "id", "at"}`, `at` being when Poster says it is for (None: it does not say); or `booking`,
        `refused`, `unclear`, `unavailable`."""
        here = zone(account)
        if not wanted.fit or not table or not (client or number) or here is None:
            return _no("refused" if here else "unavailable")
        body = {
            "type": 2, "spot_id": wanted.spot, "table_id": table, "duration": wanted.seconds,
            "guests_count": wanted.guests, **guest(client, number, name),
        }  # fmt: skip

        def create(mark: str, until: float) -> Any:
            more = {**body, "comment": said(comment, mark)}
            return self._in_some_form(account.id, lambda form: self._poster.post(
                account.id, "incomingOrders.createReservation",
                {**more, "date_reservation": _text(wanted.at, here, form)}, until,
            ))  # fmt: skip

        what = {**body, "at": int(wanted.at), "comment": comment}
        own = "incomingOrders.getOwnReservations"
        try:
            made = self._incoming.make(
                Wish(account.id, what, create, own, call, client, when=wanted.at, who=who)
            )
        except (PosterError, NotConnected, Unclear) as why:
            return _no(word(why, "booking"))
        return {"ok": True, "id": made.id, "at": _moment(made.row.get("date_reservation"), here)}

    def _in_some_form(self, account: int, ask: Callable[[str], Any]) -> Any:
        """In the form that this account took last; in the other when it says that the date is wrong."""
        first = self._forms.get(account, 0)
        try:
            return ask(FORMS[first])
        except PosterError as error:
            if error.code not in (BAD_DATES, WRONG):
                raise
        answer = ask(FORMS[1 - first])
        self._forms[account] = 1 - first
        return answer


def free_tables(answer: object, wanted: Table) -> list[Json]:
    """Rows of other spots may be among them."""
    found: list[Json] = [
        {"id": to_int(row.get("table_id")), "number": to_text(row.get("table_num"), 40),
         "seats": to_int(row.get("table_capacity"))}
        for row in dicts(as_dict(answer).get("freeTables"))
        if to_int(row.get("spot_id")) in (0, wanted.spot)
    ]  # fmt: skip
    fit = [table for table in found if table["id"] > 0]
    return sorted(fit, key=lambda table: (table["seats"] < wanted.guests, table["seats"], table["id"]))


def _text(at: float, here: tzinfo, form: str) -> str:
    return datetime.fromtimestamp(at, here).strftime(form)


def _moment(text: object, here: tzinfo) -> int | None:
    try:
        return int(datetime.strptime(str(text), SENT_BACK).replace(tzinfo=here).timestamp())
    except ValueError:
        return None


def _no(error: str) -> Json:
    return {"ok": False, "error": error}
