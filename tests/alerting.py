"""An account, its targets and what is written for them: for the tests of alerts."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from server import callbacks, preferences
from server.alerts import targets
from server.alerts.targets import Target
from server.config import Settings, load
from server.db import rows, transaction, write
from server.models import Account, CallRow
from server.parts import Parts
from tests import wire
from tests.waiting import until

KYIV = ZoneInfo("Europe/Kyiv")
CALLER = "+380671112233"
MIN, HOUR, DAY = 60.0, 3600.0, 86400.0
NOON = datetime(2026, 11, 18, 12, tzinfo=KYIV).timestamp()  # a Wednesday


def settings_at(folder: Path, smtp: str = "mailto://127.0.0.1:9?from=phone@example.com") -> Settings:
    environ = wire.environment(8080, folder / "d.db", PUBLIC_URL="https://phone.example.com", SMTP_URL=smtp,
                               ALERT_SCHEMAS="json")  # fmt: skip
    return load(environ, folder / "no.env")


def set_up(account: Account) -> Account:
    with transaction():
        Account.update(
            timezone="Europe/Kyiv", title="Печера", lang="en", connected_at=NOON - 30 * DAY
        ).execute()
    preferences.choose(account.id, digest_at="24")
    return Account.get_by_id(account.id)


def nothing(account: int | None) -> list[Any]:
    """A doctor to whom all is well."""
    return []


def look(parts: Parts, account: Account, now: float = NOON) -> int:
    return parts.alerts.look(account, nothing, now)


def call_in_vain(account: Account, at: float, number: str = CALLER, did: str = "", name: str = "") -> None:
    with transaction():
        CallRow.create(account=account, id=f"{number}-{at}", key=f"{number}-{at}", direction="in", caller=number,
                       number=number, did=did, name=name, state="ended", outcome="missed", started=at, ended=at + 20,
                       touched=at, version=1)  # fmt: skip
        callbacks.settle(account.id, number, at + 20)


def answer(account: Account, at: float, number: str = CALLER) -> None:
    with transaction():
        CallRow.create(account=account, id=f"{number}+{at}", key=f"{number}+{at}", direction="out", caller=number,
                       number=number, state="ended", outcome="answered", started=at, answered=at + 5, ended=at + 60,
                       touched=at, version=1)  # fmt: skip
        callbacks.settle(account.id, number, at + 60)


def add_target(parts: Parts, account: Account, url: str, kind: str = "other") -> Target:
    """Without asking Apprise, which takes half a second."""
    with transaction():
        write(targets.ADD, account.id, kind, "…", parts.vault.seal(url), NOON - 30 * DAY)
    return parts.alerts.targets.of(account.id)[-1]


def waiting() -> list[tuple[str, str, float]]:
    """Kind, text and time of the messages that wait."""
    return rows("SELECT kind, text, next_at FROM alert_post WHERE done_at IS NULL ORDER BY id")


def send(parts: Parts) -> None:
    """Until nothing is under way."""
    parts.alerts.post()
    until(lambda: not parts.alerts.outbox.busy)


def now_due() -> None:
    """The clock of the messages is the real one; those of a made-up day go out now."""
    with transaction():
        write("UPDATE alert_post SET next_at = 0, at = ? WHERE done_at IS NULL", time.time())
        write("DELETE FROM preference WHERE name LIKE 'quiet%'")
        for name in ("quiet_from", "quiet_to"):
            write("INSERT INTO preference (account_id, name, value) SELECT id, ?, '0' FROM account", name)
