"""What happens by itself in the serving process: commands from the terminal, expiry, retries, sweeping."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from server import callbacks, covering, doctor, figures, incoming, journal, orders, owed, persons, presence
from server.background import detach
from server.db import NOBODYS, reading, transaction
from server.models import CONNECTED, Account, Code, Command, Hook, Nonce, Pending
from server.parts import Parts
from server.providers.abilities import Failed
from server.steady import Steady
from server.unfit import Unfit

log = logging.getLogger("dzvinok.clock")

DAY = 86400.0
CHORES = "clock:chores"  # the lease of whoever does them for all
CALLBACKS_EVERY = 20.0
MIRROR_EVERY = 6 * 3600.0

Json = dict[str, Any]


def _ring(parts: Parts, body: Json) -> Json:
    return {"registers": parts.intake.test_ring(body["account"], line=body["line"], caller=body["from"])}


def _changed(parts: Parts, body: Json) -> Json:
    parts.telling.account_changed(body["account"])
    return {}


def _ping(parts: Parts, body: Json) -> Json:
    return {"registers": len(parts.hub.present_everywhere())}


def _dial(parts: Parts, body: Json) -> Json:
    account = Account.at(body["account"])
    assert account
    return _done(lambda: vars(parts.calling.dial(account, body["line"], body["to"])))


def _hang_up(parts: Parts, body: Json) -> Json:
    account = Account.at(body["account"])
    assert account

    def end() -> Json:
        parts.calling.hang_up(account, body["call"])
        return {}

    return _done(end)


def _done(work: Callable[[], Json]) -> Json:
    try:
        return work()
    except Unfit as why:
        return {"problem": str(why)}
    except Failed as why:
        return {"problem": why.sentence}


def _erased(parts: Parts, body: Json) -> Json:
    parts.telling.forget(time.time())
    return _changed(parts, body)


def _desks(parts: Parts, body: Json) -> Json:
    """Who listens, for the doctor in the terminal."""
    desks = [desk for desk in parts.hub.present_everywhere() if desk.register is not None]
    polls = [desk.polls for desk in desks]
    told = [(one.account, one.register, one.spot, one.employee, one.version) for one in desks]
    return {"desks": [(*one, poll) for one, poll in zip(told, polls, strict=True)]}


COMMANDS: dict[str, Callable[[Parts, Json], Json]] = {"ring": _ring, "changed": _changed, "ping": _ping,
            "erased": _erased, "dial": _dial, "hangup": _hang_up, "desks": _desks}  # fmt: skip


class Clock:
    """One thread that does each chore when its time has come; a chore that fails is logged and tried again."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._stop = threading.Event()
        self._steady = Steady()
        # When it last looked what is due (monotonic), None until it was started.
        self.beat: float | None = None
        self._thread: threading.Thread | None = None
        # chore -> every so many seconds. These are about what this worker has in its own memory, or owns by itself;
        self._here: dict[Callable[[], None], float] = {
            self.tidy: 1.0, self.connections: 1.0, self.diary: 10.0, self.sightings: 0.4, self.channels: 30.0,
        }  # fmt: skip
        # and these are done by one worker for all.
        self._once: dict[Callable[[], None], float] = {
            self.obey: 0.2, self.expire: 1.0, self.history: 5.0,
            self.ask_again: 20.0, self.sweep: 60.0, self.people: 60.0, self.mirror: 60.0,
            self.loads: 1.0, self.directory: 1.0, self.menus: 10.0, self.accepted: 5.0, self.callbacks: CALLBACKS_EVERY,
            self.figures: 10.0, self.lapses: 60.0,
            self.cover: 2.0, self.presence: 60.0, self.probes: 30.0,
            self.alerts: 60.0, self.posts: 2.0, self.soundness: 60.0,
        }  # fmt: skip
        self._chores = self._here | self._once
        parts.crew.leases.want("clock", [CHORES])

    def start(self) -> None:
        if self._thread is None:
            self._parts.crew.start()
            self._thread = threading.Thread(target=self._run, name="clock", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._parts.connections.stop()
        self._parts.crew.stop()

    def _run(self) -> None:
        due = dict.fromkeys(self._chores, 0.0)
        while not self._stop.wait(0.1):
            self.beat = now = time.monotonic()
            for chore in [chore for chore, at in due.items() if at <= now]:
                due[chore] = now + self._chores[chore]
                if chore in self._here or self._parts.crew.leases.mine(CHORES):
                    self._do(chore)

    def _do(self, chore: Callable[[], None]) -> None:
        try:
            with reading():
                chore()
        except Exception:
            log.exception("chore %s failed", chore.__name__)

    def obey(self) -> None:
        """Answers what the command line asked; an old word is not worth answering."""
        fresh = (Command.answer.is_null()) & (Command.at > time.time() - 10)
        for command in list(Command.select().where(fresh)):
            answer = self._answer(command)
            with transaction(NOBODYS):
                Command.update(answer=json.dumps(answer)).where(Command.id == command.id).execute()

    def _answer(self, command: Command) -> Json:
        """Each word is done once: one that broke would break again, and might have been half done."""
        try:
            return COMMANDS[command.kind](self._parts, json.loads(command.body))
        except Exception:
            log.exception("command %s failed", command.kind)
            return {}

    def expire(self) -> None:
        self._parts.intake.expire(self._steady.now())

    def tidy(self) -> None:
        self._parts.telling.tidy(time.time() - self._parts.settings.grace)

    def channels(self) -> None:
        self._parts.crew.tend()

    def callbacks(self) -> None:
        """Who waited too long, and whose claim is too old to count."""
        now = time.time()
        for account in callbacks.close_old(now) | callbacks.lapsed(now, within=2 * CALLBACKS_EVERY):
            self._parts.telling.missed_changed(account)

    def connections(self) -> None:
        self._parts.connections.tend()

    def history(self) -> None:
        self._parts.backfill.tend()

    def diary(self) -> None:
        self._parts.diary.write_down()

    def ask_again(self) -> None:
        """What Poster could not be told or asked when it came up."""
        detach(self._parts.lines.write_dirty)
        detach(self._parts.flag_copies.copy_waiting)
        detach(self._parts.connecting.prove_waiting)

    def mirror(self) -> None:
        """Poster's webhooks keep the mirror fresh; this is for those that never came."""
        old = Account.mirrored_at.is_null() | (Account.mirrored_at < time.time() - MIRROR_EVERY)
        for account in Account.select().where((Account.state == CONNECTED) & old):
            self._parts.mirror.soon(account.id)

    def presence(self) -> None:
        presence.note(self._parts.hub)

    def probes(self) -> None:
        self._parts.probes.tend()

    def alerts(self) -> None:
        """What is wrong and whom it is told, beside."""
        detach(self._parts.alerts.watch, lambda account: doctor.findings(self._parts, account))

    def posts(self) -> None:
        self._parts.alerts.post()

    def sightings(self) -> None:
        self._parts.sightings.write_down()

    def cover(self) -> None:
        for account in covering.busy():
            self._parts.telling.cover(account)

    def figures(self) -> None:
        """Counts what has changed, beside."""
        detach(figures.tend)

    def soundness(self) -> None:
        self._parts.soundness.tend()

    def lapses(self) -> None:
        figures.lapse(time.time())

    def people(self) -> None:
        """What is kept long enough goes, beside; and all of those who left."""
        detach(self._parts.retention.tend)
        detach(self._parts.leaving.tend)
        detach(persons.resume)

    def loads(self) -> None:
        self._parts.loads.tend()

    def directory(self) -> None:
        """Fills and keeps fresh, beside."""
        self._parts.directory.tick()

    def accepted(self) -> None:
        orders.link_accepted()

    def menus(self) -> None:
        for account in Account.select().where(Account.state == CONNECTED):
            self._parts.menu.tend(account.id)

    def sweep(self) -> None:
        now = time.time()
        with transaction(NOBODYS):
            Nonce.delete().where(Nonce.expires < now).execute()
            Pending.delete().where(Pending.expires < now).execute()
            Hook.delete().where(Hook.at < now - 3 * DAY).execute()
            Code.delete().where(Code.at < now - DAY).execute()
            Command.delete().where(Command.at < now - 3600).execute()
            journal.drop_ends_of_unknown_calls(now - 3 * DAY)
            orders.forget_old()
            incoming.forget_old()
            owed.sweep(now)
        self._parts.diary.trim()
        self._parts.alerts.trim(now)
