"""Poster's webhooks: each is noted first, then the part of the house that it concerns hears of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from peewee import IntegrityError

from server import refusals
from server.config import Settings
from server.connecting import Connecting
from server.db import NOBODYS, reading, transaction
from server.directory import todo
from server.guests import Guests
from server.limits import NOTICE_REFUSED, Limits
from server.menu import Menu
from server.mirror import Mirror
from server.models import Account, Hook
from server.poster import webhooks
from server.poster.webhooks import HookRefused, Notice

log = logging.getLogger("dzvinok.noticing")

LARGEST = 256 * 1024


class Noticing:
    def __init__(
        self, settings: Settings, guests: Guests, menu: Menu, mirror: Mirror, connecting: Connecting,
        limits: Limits,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._limits = limits
        self._guests = guests
        self._menu = menu
        self._mirror = mirror
        self._connecting = connecting
        # Poster's word -> who hears of it; other words are none of our business
        self._heard: dict[str, Callable[[Account, Notice], object]] = {
            "client": self._client,
            "client_payed_sum": self._client,
            "client_ewallet": self._client,
            "clients_group": self._groups,
            "transaction": self._orders,
            "incoming_order": self._online,
            "waiter": self._staff,
            "spot": self._staff,
            "register": self._staff,
            "configs": self._staff,
            "product": self._dishes,
            "dish": self._dishes,
        }

    def take(self, raw: bytes) -> str:
        """What was done, in a word for the log. Poster is told 200 whatever it is: an unaccepted hook would
        hold back the later ones."""
        try:
            notice = webhooks.read(raw, self._settings.application_secret)
        except HookRefused as why:
            return self.refuse(str(why), webhooks.claimed(raw))
        if not _first_time(notice):
            return "repeated"
        if notice.entity == "application":
            return self._application(notice)
        with reading():
            account = Account.get_or_none(Account.name == notice.account)
        if account is None or not account.rings:
            return self.refuse("unknown account")
        listener = self._heard.get(notice.entity)
        if listener is None:
            return "not for us"
        listener(account, notice)
        return "taken"

    def refuse(self, reason: str, claimed: str = "") -> str:
        """Counts it and logs the reason alone. `claimed`: the account that it says it is of. A flood is not counted
        to the last one: each would keep whoever rings from writing."""
        if self._limits.wait(NOTICE_REFUSED):
            return reason
        with transaction(NOBODYS):
            refusals.note(reason, claimed)
        log.warning("a webhook of Poster's was refused: %s", reason)
        return reason

    def _application(self, notice: Notice) -> str:
        if notice.action == "removed":
            said = self._connecting.removed(notice.account, notice.at)
        else:
            token = notice.content().get("access_token")
            said = self._connecting.added(notice.account, token if isinstance(token, str) else "")
        log.info("application %s: %s", notice.action, said)
        return said

    def _client(self, account: Account, notice: Notice) -> None:
        _to_do(account, todo.CLIENT, notice.id)

    def _groups(self, account: Account, notice: Notice) -> None:
        """Its name and its discount stand with each of its guests."""
        self._guests.forget_groups(account.id)
        _to_do(account, todo.PASS, 0)

    def _orders(self, account: Account, notice: Notice) -> None:
        """Each dish that is typed says so; they are gathered for some seconds and read once."""
        _to_do(account, todo.ORDER, notice.id)

    def _online(self, account: Account, notice: Notice) -> None:
        _to_do(account, todo.ONLINE, 0)

    def _staff(self, account: Account, notice: Notice) -> None:
        self._mirror.soon(account.id)

    def _dishes(self, account: Account, notice: Notice) -> None:
        self._menu.soon(account.id)


def _to_do(account: Account, kind: str, thing: int) -> None:
    """What came is written down, not read while Poster waits for our answer."""
    with transaction(account.id):
        todo.say(account.id, kind, thing)


def _first_time(notice: Notice) -> bool:
    try:
        with transaction(NOBODYS):
            Hook.create(digest=notice.digest, at=time.time(), account=notice.account)
    except IntegrityError:
        return False
    return True
