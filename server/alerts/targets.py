"""Where an account's alerts go. Addresses are sealed; pages, audit and logs know their short titles only."""

from __future__ import annotations

import time
from dataclasses import dataclass

from server import audit
from server.alerts import running, services
from server.alerts.services import BOX, EMAIL, OTHER, TELEGRAM
from server.callbook import masks
from server.config import Settings
from server.db import reading, rows, transaction, write
from server.messages import clean
from server.unfit import Unfit
from server.vault import Unreadable, Vault

MOST = 10

COLUMNS = "id, account_id, kind, title, alerts, digest, worked_at, problem, problem_at, at"
OF = f"SELECT {COLUMNS} FROM alert_target WHERE account_id = ? ORDER BY id"  # noqa: S608 - our own words
ONE = f"SELECT {COLUMNS} FROM alert_target WHERE account_id = ? AND id = ?"  # noqa: S608 - our own words
SEALED = "SELECT kind, address FROM alert_target WHERE account_id = ?"
ADD = """INSERT INTO alert_target (account_id, kind, title, address, alerts, digest, at, problem)
    VALUES (?, ?, ?, ?, 1, 1, ?, '')"""
CHANGE = "UPDATE alert_target SET alerts = ?, digest = ? WHERE account_id = ? AND id = ?"
REMOVE = "DELETE FROM alert_target WHERE account_id = ? AND id = ?"
OF_BOX = "SELECT id, address FROM alert_target WHERE account_id IS NULL"
DROP_BOX = "DELETE FROM alert_target WHERE account_id IS NULL"
ADD_BOX = """INSERT INTO alert_target (account_id, kind, title, address, alerts, digest, at, problem)
    VALUES (NULL, 'box', ?, ?, 1, 0, ?, '')"""


@dataclass(frozen=True)
class Target:
    id: int
    account: int | None
    kind: str
    title: str
    alerts: bool
    digest: bool
    worked_at: float | None
    problem: str
    problem_at: float | None
    at: float


class Targets:
    def __init__(self, settings: Settings, vault: Vault) -> None:
        self._settings = settings
        self._vault = vault
        self.telegram_url = "https://api.telegram.org"

    @property
    def mails(self) -> bool:
        """Whether this box can send e-mail."""
        return bool(self._settings.smtp_url)

    @property
    def allowed(self) -> frozenset[str]:
        return frozenset(self._settings.alert_schemas)

    def add_telegram(self, account: int, bot: str, chat: str, name: str = "") -> Target:
        """`chat` may be empty: then it is the one that wrote to the bot last. Raises Unfit."""
        key, found = services.bot_key(bot), ""
        if not chat.strip():
            chat, found = self._find_chat(key)
        title = found or services.tail(chat.strip())
        return self._add(account, TELEGRAM, services.telegram(key, chat), title, name)

    def _find_chat(self, key: str) -> tuple[str, str]:
        answer = running.ask(
            {
                "chats": key,
                "from": self.telegram_url,
                "fenced": self.fenced(TELEGRAM, "tgram://bot") and self.telegram_url.startswith("https:"),
            }
        )
        if answer.get("problem", "hangs"):
            raise Unfit("alert_denied" if answer.get("problem") == "denied" else "alert_silent")
        if not answer["chats"]:
            raise Unfit("alert_chat_none")
        return answer["chats"][0]["id"], clean(answer["chats"][0]["name"], 40)

    def add_email(self, account: int, address: str, name: str = "") -> Target:
        if not self.mails:
            raise Unfit("alert_email_off")
        address = services.email(address)
        return self._add(account, EMAIL, address, services.shortened_mail(address), name)

    def add_other(self, account: int, address: str, name: str = "") -> Target:
        address = services.other(address, self.allowed)
        return self._add(account, OTHER, address, "", name)

    def _add(self, account: int, kind: str, address: str, title: str, name: str) -> Target:
        answer = running.ask({"check": self._full(kind, address)})
        if answer.get("problem", "hangs"):
            raise Unfit("alert_unusable" if answer else "alert_silent")
        if kind == OTHER:  # an address of the web may be taken for a service's; what it is taken for decides
            if not set(answer["schemas"]) & (services.FIXED | self.allowed):
                raise Unfit("alert_service", value=services.schema(address) + "://")
            title = f"{answer['service']} {services.tail(address.partition('?')[0].rstrip('/'))}"
        with transaction(account):
            self._room_for(account, kind, address)
            title = _told_apart(title, name, [one.title for one in self.of(account) if one.kind == kind])
            write(ADD, account, kind, title, self._vault.seal(address), time.time())
            audit.note(account, "alert_added", title, "", kind)
            return self.of(account)[-1]

    def _room_for(self, account: int, kind: str, address: str) -> None:
        found = rows(SEALED, account)
        if len(found) >= MOST:
            raise Unfit("alert_many", most=MOST)
        if (kind, address) in [(other, self._opened(sealed)) for other, sealed in found]:
            raise Unfit("alert_same")

    def _opened(self, sealed: str) -> str:
        try:
            return self._vault.open(sealed)
        except Unreadable:
            return ""

    def of(self, account: int) -> list[Target]:
        with reading():
            return [_target(row) for row in rows(OF, account)]

    def one(self, account: int, target: int) -> Target:
        with reading():
            found = rows(ONE, account, target)
        if not found:
            raise Unfit("alert_unknown")
        return _target(found[0])

    def choose(self, account: int, target: int, alerts: bool, digest: bool) -> None:
        with transaction(account):
            was = self.one(account, target)
            audit.note(
                account, "alert_changed", was.title, _heard(was.alerts, was.digest), _heard(alerts, digest)
            )
            write(CHANGE, alerts, digest, account, target)

    def remove(self, account: int, target: int) -> None:
        with transaction(account):
            was = self.one(account, target)
            write(REMOVE, account, target)
            audit.note(account, "alert_removed", was.title, was.kind)

    def address(self, kind: str, sealed: str) -> str:
        """What Apprise is given; "" when it cannot be opened or the box sends no e-mail any more."""
        opened = self._opened(sealed)
        return self._full(kind, opened) if opened else ""

    def _full(self, kind: str, address: str) -> str:
        if kind != EMAIL:
            return address
        return services.mail_to(self._settings.smtp_url, address) if self.mails else ""

    def fenced(self, kind: str, address: str) -> bool:
        """Whether it must stay on the public internet: all but what whoever runs the box has named."""
        return kind in (TELEGRAM, OTHER) and services.schema(address) not in self.allowed

    def keep_box(self) -> None:
        """The box's own target is what `ALERT_URL` says."""
        with reading():
            url, found = self._settings.alert_url, rows(OF_BOX)
        if [self._opened(sealed) for _, sealed in found] == ([url] if url else []):
            return
        with transaction():
            write(DROP_BOX)
            if url:
                write(
                    ADD_BOX,
                    f"{services.schema(url)}://{services.tail(url)}",
                    self._vault.seal(url),
                    time.time(),
                )


def _target(row: tuple[object, ...]) -> Target:
    id_, account, kind, title, alerts, digest, worked, problem, problem_at, at = row
    return Target(id_, account, kind, title, bool(alerts), bool(digest), worked, problem, problem_at, at)  # type: ignore[arg-type]


def _told_apart(title: str, name: str, others: list[str]) -> str:
    """What the owner calls it, and what it is; the second of that title is `… (2)`."""
    name = masks.words(clean(name, 40), False)
    title = f"{name}: {title}" if name else title
    numbered = (f"{title} ({number})" for number in range(2, MOST + 2))
    return next(one for one in (title, *numbered) if one not in others)


def _heard(alerts: bool, digest: bool) -> str:
    return ", ".join(word for word, wanted in (("alerts", alerts), ("digest", digest)) if wanted) or "nothing"


__all__ = ["BOX", "EMAIL", "MOST", "OTHER", "TELEGRAM", "Target", "Targets"]
