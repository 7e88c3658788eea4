"""A hundred thousand requests, right and wrong, each with something new in it, and what the server keeps of them."""

from __future__ import annotations

import http.client
import json
import random
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests import wire
from tests.fuzz.real import Real, open_real
from tests.manage_page import Page

POINTS = 40
PEOPLE = 8
MOST = (
    60.0  # bytes for each request, over the second half: less than the database's own cache moves by itself
)

Asked = tuple[str, str, bytes, dict[str, str]]


@dataclass(frozen=True)
class Found:
    requests: int
    first: int  # KB when the second half began, and in the end
    last: int
    slope: float  # bytes for each request, least squares over the second half
    faults: int

    @property
    def holds(self) -> bool:
        return self.slope <= MOST and not self.faults

    @property
    def line(self) -> str:
        grown = f"{self.first / 1024:.1f} -> {self.last / 1024:.1f} MB over the second half"
        each = f"{self.slope:+.1f} bytes for each (at most {MOST:.0f})"
        return f"{self.requests:,} requests: {grown}, {each}; {self.faults} answers of 500"


def measure(folder: Path, requests: int, seed: int, say: Callable[[str], None]) -> Found:
    """Each of the crowd goes its own way between two looks at the memory, so that the seed says who asks what."""
    with open_real(folder) as real, ThreadPoolExecutor(PEOPLE) as pool:
        crowd = [Crowd(real, random.Random(seed + place)) for place in range(PEOPLE)]
        each, points = max(1, requests // POINTS // PEOPLE), list[tuple[int, int]]()
        for point in range(POINTS):
            begun = point * each
            list(pool.map(lambda one, begun=begun: one.some(begun, each), crowd))
            points.append(((point + 1) * each * PEOPLE, resident(real)))
            if point % 10 == 9:
                say(f"{points[-1][0]:>7,} requests  {points[-1][1] / 1024:6.1f} MB")
        for one in crowd:
            one.line.close()
        later = points[POINTS // 2 :]
        return Found(points[-1][0], later[0][1], later[-1][1], slope(later), sum(one.faults for one in crowd))


def slope(points: list[tuple[int, int]]) -> float:
    middle = sum(x for x, _ in points) / len(points)
    level = sum(y for _, y in points) / len(points)
    over = sum((x - middle) * (y - level) for x, y in points)
    return 1024 * over / sum((x - middle) ** 2 for x, _ in points)


def resident(real: Real) -> int:
    """KB of the worker; the process that watches it only waits."""
    pid = real.server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return max(_resident(int(child)) for child in children)


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


class Crowd:
    """One of those who knock, at one door after another, on one connection."""

    def __init__(self, real: Real, dice: random.Random) -> None:
        self._real = real
        self._dice = dice
        self._mark = dice.randrange(1000)
        self.line = http.client.HTTPConnection("127.0.0.1", real.server.port, timeout=30)
        self.faults = 0
        self._page: Page = real.house.page()
        self._desk = wire.Register(real.server.url, "pechera", 1, 1, 5)

    def some(self, begun: int, count: int) -> None:
        for number in range(begun, begun + count):
            self.one(self._mark * 100_000 + number)

    def one(self, number: int) -> None:
        method, path, body, headers = self._dice.choice(self._doors())(number, self._dice)
        try:
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
            answer.read()
            self.faults += answer.status == 500
        except (http.client.HTTPException, OSError):
            self.line.close()

    def _doors(self) -> list[Callable[[int, random.Random], Asked]]:
        return [self._ring, self._ring, self._over, self._strange, self._unknown, self._verb, self._unsigned,
                self._manage, self._nowhere, self._plain, self._socket]  # fmt: skip

    def _hook(self, **fields: object) -> Asked:
        text = "&".join(f"{name}={value}" for name, value in fields.items())
        path = f"/hooks/binotel/{self._real.house.trunks['binotel'].token}"
        return "POST", path, text.encode(), {"Content-Type": "application/x-www-form-urlencoded"}

    def _ring(self, number: int, dice: random.Random) -> Asked:
        return self._hook(requestType="receivedTheCall", generalCallID=number, callType=0, companyID=12345,
                          externalNumber=f"067{dice.randrange(10**7):07}", pbxNumber="0441234567")  # fmt: skip

    def _over(self, number: int, dice: random.Random) -> Asked:
        return self._hook(requestType="hangupTheCall", generalCallID=max(0, number - dice.randrange(60)), billsec=4,
                          disposition=dice.choice(["ANSWER", "CANCEL", f"word{number}"]))  # fmt: skip

    def _strange(self, number: int, dice: random.Random) -> Asked:
        return self._hook(requestType=f"event{number}", generalCallID=number, companyID=12345)

    def _unknown(self, number: int, dice: random.Random) -> Asked:
        return "POST", f"/hooks/binotel/{secrets.token_urlsafe(18)}", b"{}", {}

    def _verb(self, number: int, dice: random.Random) -> Asked:
        verb = dice.choice(["hello", "streets", "same", "handover", "never", "reveal", "menu"])
        body = self._desk.body(number=f"067{number % 10**7:07}", text=f"street {number}", name=f"guest {number}",
                               bundle=f"test {number}", call=f"call{number}")  # fmt: skip
        return (
            "POST",
            f"/pos/pechera/{verb}",
            body.encode(),
            self._desk.headers(f"{self._desk.base}/{verb}", body),
        )

    def _unsigned(self, number: int, dice: random.Random) -> Asked:
        return (
            "POST",
            f"/pos/account{number}/hello",
            json.dumps({"p": str(number)}).encode(),
            {"X-Poster-Url": f"a{number}"},
        )

    def _manage(self, number: int, dice: random.Random) -> Asked:
        room = dice.choice(["calls/events", "lines", "calls", "history"])
        return "GET", f"/manage/{room}?text=word{number}", b"", self._page.headers()

    def _nowhere(self, number: int, dice: random.Random) -> Asked:
        return (
            dice.choice(["GET", "POST", f"VERB{number % 50}"]),
            f"/nowhere/{number}?a{number}=1",
            b"",
            {f"X-{number}": "1"},
        )

    def _plain(self, number: int, dice: random.Random) -> Asked:
        return (
            "GET",
            dice.choice(["/healthz", "/readyz", "/metrics", "/guides/sip", f"/?lang=l{number}"]),
            b"",
            {},
        )

    def _socket(self, number: int, dice: random.Random) -> Asked:
        """Knocks at the socket's door and goes: without an upgrade it is none."""
        return "GET", f"/pos/account{number}/socket", b"", {"User-Agent": f"a{number}"}
