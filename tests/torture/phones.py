"""Phone companies under load: each in a thread of its own, insisting until it is answered, and noting what was.

What a company sends is the sandbox's: the real bodies and signatures of that company's wire.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass
from typing import Any

import requests

from sandbox.companies import COMPANIES
from sandbox.companies.base import Moment, PhoneCall, Scene
from sandbox.companies.wire import on_the_wire
from server.models import Account
from server.phones import read
from server.providers import PROVIDERS
from server.trunks import Trunks
from tests.sandbox.played import PEOPLE, keys_of, settings_of

# Those that send webhooks by themselves and tell the outside number that was called.
NAMES = ("binotel", "generic", "zadarma", "ringostat", "phonet", "unitalk", "mango", "uis")
KNOWS_LINE = {"generic", "phonet"}
"""Companies whose ring says which line it is of; those of the others come by a number that rings nobody's spot."""
OPERATORS = ("50", "63", "66", "67", "68", "73", "93", "95")
LINES = {"101": 5, "102": 6}
"""Who has which, in `tests.conftest.make_restaurant`."""


@dataclass
class Told:
    """One call as its company knows it: what it has sent, and since when it knows that we have it (monotonic)."""

    company: str
    number: str
    did: str
    line: str
    began: float
    rung: float | None = None
    over_sent: float | None = None
    over: float | None = None
    answered: bool = False

    @property
    def outcome(self) -> str:
        return "answered" if self.answered else "missed"


class Phones(threading.Thread):
    """One company with one outside number, whose guests call one after another."""

    def __init__(
        self, trunks: Trunks, account: Account, name: str, url: str, seed: int, pause: float
    ) -> None:
        super().__init__(daemon=True)
        place = NAMES.index(name)
        self.company, self.chance, self.pause, self.place = COMPANIES[name], random.Random(seed), pause, place
        self.did = f"04430000{place:02d}"
        self.keys: dict[str, Any] = keys_of(
            self.company, **({"channel": "webhook"} if name == "binotel" else {})
        )
        shown, fields = settings_of(self.company, self.keys), PROVIDERS[name].fields
        wanted = {field.name: shown[field.name] for field in fields if field.name in shown}
        trunk = trunks.add(account, name, wanted)
        self.keys["hook"] = trunks.hook_url(trunk)
        self.told: list[Told] = []
        self.acknowledged = self.again = self.twice = 0
        self.enough = threading.Event()
        self.broke: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.enough.is_set():
                self._call()
        except BaseException as error:  # noqa: BLE001 - told to whoever joins
            self.broke = error

    def _call(self) -> None:
        count = len(self.told)
        same = bool(self.told) and self.chance.random() < 0.25
        if same:  # companies count whole seconds: in the same one nobody calls, talks and calls again
            time.sleep(1.1)
        raw = (
            self.told[-1].number if same else f"+380{OPERATORS[self.place]}{self.chance.randrange(10**7):07d}"
        )
        line, number = self.chance.choice(list(LINES)), "0" + raw[-9:]
        began = time.monotonic()
        call = PhoneCall(str(int(time.time() * 10) * 1000 + self.place * 100 + count % 100), "in", number, self.did,
                         time.time(), self.company.name, (line,))  # fmt: skip
        told = Told(self.company.name, read(raw, "UA").e164, read(self.did, "UA").e164, line, began)
        self.told.append(told)
        self._say(call, self.company.began)
        told.rung = time.monotonic()
        self._wait()
        if self.chance.random() < 0.6:
            call.line, call.state, call.answered, told.answered = line, "answered", time.time(), True
            call.take(call.answered)
            self._say(call, self.company.answered)
            self._wait()
        call.state, call.ended = "ended", time.time()
        call.disposition = (self.company.ends.answered if call.answered else self.company.ends.ringing)[0]
        told.over_sent = time.monotonic()
        self._say(call, self.company.ended)
        told.over = time.monotonic()
        self._wait()

    def _wait(self) -> None:
        self.enough.wait(self.chance.uniform(0, 2 * self.pause))

    def _say(self, call: PhoneCall, moment: Moment) -> None:
        for push in moment(call, Scene(self.keys, PEOPLE, time.time())):
            if not push.frame:
                self._insist(call, push)
                if self.chance.random() < 0.1:
                    self.twice += 1
                    self._insist(call, push)

    def _insist(self, call: PhoneCall, push: Any) -> None:
        """As a company does: an event that was not taken is sent again, until it is."""
        until = time.monotonic() + 60
        while not self._taken(call, push):
            self.again += 1
            assert time.monotonic() < until, f"{self.company.name} was not heard for a minute"
            time.sleep(self.chance.uniform(0.05, 0.25))
        self.acknowledged += 1

    def _taken(self, call: PhoneCall, push: Any) -> bool:
        wire = on_the_wire(self.company, push, call, self.keys, time.time())
        try:
            answer = requests.request(
                wire.method, wire.url, data=wire.body.encode(), headers=wire.headers, timeout=15
            )
        except requests.RequestException:
            return False
        assert answer.status_code < 400 or answer.status_code >= 500, f"{self.company.name}: {answer.text}"
        return answer.ok
