"""The clock's part: looks at each account, opens and ends alerts, sends the digest."""

from __future__ import annotations

import logging
import threading
import time
from urllib.parse import urlsplit

from server import days, hours, preferences
from server.alerts import conditions, digest, missed, opening, posts
from server.alerts.looking import BAD, BOX, MISSED, Ask, Look, Reader, Wrong
from server.alerts.outbox import Outbox
from server.alerts.targets import Targets
from server.config import Settings
from server.db import reading, rows
from server.messages import clean
from server.models import BROKEN, CONNECTED, Account
from server.speech import language, speaker
from server.vault import Vault

log = logging.getLogger("dzvinok.alerts")


LEISURE = 3  # pauses between two accounts, in multiples of what the first one took


class Alerts:
    def __init__(self, settings: Settings, vault: Vault) -> None:
        self._settings = settings
        self._started = time.time()
        self.targets = Targets(settings, vault)
        self.outbox = Outbox(self.targets)
        self._watching = threading.Lock()

    def watch(self, ask: Ask) -> None:
        """All accounts, one after the other, unless it still does; between two of them everybody else has a turn.

        `ask` is the doctor's: what he finds of an account, or of the box (None).
        """
        if not self._watching.acquire(blocking=False):
            return
        try:
            with reading():
                for account in list(Account.select().where(Account.state.in_((CONNECTED, BROKEN)))):
                    begun = time.monotonic()
                    self._one(account, ask)
                    time.sleep(LEISURE * (time.monotonic() - begun))
                self.watch_box(ask, time.time())
        finally:
            self._watching.release()

    def _one(self, account: Account, ask: Ask) -> None:
        try:
            self.look(account, ask, time.time())
        except Exception:
            log.exception("account=%d could not be looked at for alerts", account.id)

    def look(self, account: Account, ask: Ask, now: float) -> int:
        """Returns how many messages were written."""
        reader = self.reader(account)
        before = opening.open_of(account.id)
        found = conditions.look(reader, ask, now, self._started)
        missed.look(found, reader, {thing for kind, thing in before if kind == MISSED}, now)
        sent = opening.keep(reader, found, before, now)
        owed = digest.due(reader, now)
        return sent + (digest.send(reader, *owed, now) if owed else 0)

    def reader(self, account: Account) -> Reader:
        return Reader(
            account=account.id,
            title=clean(account.title or account.name),
            country=account.country or self._settings.default_country,
            currency=account.currency,
            say=speaker(language(account.lang)),
            where=days.zone(account.timezone),
            chosen=preferences.of(account.id),
            open_at=hours.open_at(account.id),
        )

    def watch_box(self, ask: Ask, now: float) -> int:
        """Disk, backup, certificate, clock: told to whoever runs the box; to the only account where nobody is named."""
        self.targets.keep_box()
        before, found = opening.open_of(None), Look()
        findings = list(ask(None))
        families = {one.kind.partition("_")[0] for one in findings} | {"hooks"}
        for one in (one for one in findings if one.level == BAD):
            thing = f"{one.kind} {one.thing}".strip()
            found.wrong.append(Wrong(BOX, thing, now, {"what": one.kind, **one.facts}))
        told = {one.thing for one in found.wrong}
        for kind, thing in before.keys() - {(BOX, thing) for thing in told}:
            if thing.partition(" ")[0].partition("_")[0] in families:
                found.well[kind, thing] = {}
            else:  # nobody has looked yet
                found.wrong.append(Wrong(kind, thing, now, {}, now=False))
        return opening.keep(self.box_reader(), found, before, now)

    def box_reader(self) -> Reader:
        lang, zone = next(iter(rows("SELECT lang, timezone FROM account ORDER BY id LIMIT 1")), ("en", ""))
        choices = preferences.Preferences(quiet_from=0, quiet_to=0)
        title = urlsplit(self._settings.public_url).hostname or "Dzvinok"
        say, where = speaker(language(lang)), days.zone(zone)
        return Reader(None, title, "", "", say, where, choices, lambda spot, at: True)

    def post(self) -> None:
        self.outbox.tend()

    def trim(self, now: float) -> None:
        opening.trim(now)
        posts.trim(now)
