"""Our built bundle alone in a page: the register and the server around it are a script, the clock stands still.

Quick and always the same, so that every state of the card can be drawn, looked at and measured. What a real register
and a real server do is proved elsewhere.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route

from server.words import pack
from tests.browser.cast import CASTS
from tests.browser.conftest import BUNDLE
from tests.browser.words import LANGUAGES, say
from tests.wire import ROOT

Json = dict[str, Any]

SIZES = {"480x600": (480, 600), "320x480": (320, 480)}
"""What the popup gives us on a usual till and on the smallest."""

SCRIPT = Path(__file__).with_name("scripted_register.js")
GOLDEN = ROOT / "tests" / "messages"
ADDRESS = "https://register.example"
PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>Dzvinok</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<body><div id="app-container"></div><script src="/script.js"></script>
<script src="/bundle.js"></script></body></html>"""
NOW = 1795436402.5
"""The moment of the golden messages: 23 November 2026, 14:20 in Kyiv."""
TITLE_BAR = 72
TEXT_TWICE_AS_LARGE = """() => {
  const all = [...document.querySelectorAll("#app-container, #app-container *")];
  const sizes = all.map((one) => 2 * parseFloat(getComputedStyle(one).fontSize));
  all.forEach((one, index) => { one.style.fontSize = sizes[index] + "px"; });
}"""


@cache
def _golden(name: str) -> str:
    return (GOLDEN / f"{name}.json").read_text("utf-8")


def golden(name: str) -> Json:
    """A message as docs/messages.md has it, for changing."""
    return dict(json.loads(_golden(name)))


class Showing:
    """One register in this page. `script` is what Poster and the server answer; change it before `start`."""

    def __init__(self, page: Page, lang: str, bundle: Path = BUNDLE) -> None:
        assert lang in LANGUAGES
        self.page, self.lang, self.bundle = page, lang, bundle
        self.script = self._script()
        self.started = False

    def _script(self) -> Json:
        user = {"id": 5, "name": CASTS[self.lang].employee, "extras": {"line": "101"}}
        return {
            "now": NOW, "lang": self.lang, "socket": True, "products": {}, "unsold": [],
            "order": None,
            "groups": [{"client_groups_id": "2", "client_groups_name": CASTS[self.lang].group, "delete": "0"}],
            "answers": {"users.getActiveUser": user, "clients.find": {"foundClients": []}},
            "door": {},
        }  # fmt: skip

    def _serve(self, route: Route) -> None:
        if route.request.url.endswith(".js"):
            source = self.bundle.read_text("utf-8").replace("__DZVINOK_PUBLIC_URL__", ADDRESS)
            script = f"window.SCRIPT = {json.dumps(self.script)};\n{SCRIPT.read_text('utf-8')}"
            bundled = route.request.url.endswith("/bundle.js")
            return route.fulfill(body=source if bundled else script, content_type="text/javascript")
        lang = "uk" if self.lang == "ua" else self.lang
        return route.fulfill(body=PAGE.format(lang=lang), content_type="text/html")

    # The register and the server.

    def snapshot(self, **change: Any) -> Json:
        employee = {"id": 5, "name": CASTS[self.lang].employee, "lines": ["101"]}
        return golden("snapshot_quiet") | {"at": NOW, "employee": employee} | change

    def hello(self, **change: Any) -> Json:
        """The door's greeting with this snapshot."""
        whole = {"ok": True, "ticket": "t", "expires_in": 30, "socket": "wss://register.example/socket"}
        return whole | {"message": self.snapshot(**change), "pack": pack(self.lang, "")}

    def start(self, **snapshot: Any) -> None:
        """The bundle runs, is greeted and has its socket, unless the script says otherwise."""
        self.script["door"].setdefault("hello", self.hello(**snapshot))
        self.page.unroute_all()
        self.page.route("**/*", self._serve)
        self.page.goto(ADDRESS)
        self.passes(0.1)
        if self.script["socket"] and self.script["door"]["hello"] != "hang":
            self.says(self.snapshot(**snapshot))
        self.started = True

    def passes(self, seconds: float) -> None:
        self.page.evaluate("(ms) => register.passes(ms)", 1000 * seconds)

    def says(self, message: Json) -> None:
        self.page.evaluate("(message) => register.say(message)", message)
        self.passes(0.02)

    def asked(self, verb: str) -> list[Json]:
        """What was asked at the server's door."""
        done: list[Json] = self.page.evaluate(
            "(verb) => register.done.filter((one) => one[0] === verb)", verb
        )
        return done

    def told(self, **change: Any) -> None:
        """From now on the script says this."""
        self.page.evaluate("(change) => { Object.assign(register.told, change); }", change)

    def answers(self, **by_verb: Any) -> None:
        """At the server's door."""
        self.page.evaluate("(change) => { Object.assign(register.told.door, change); }", by_verb)

    def poster(self, path: str, answer: Any) -> None:
        if not self.started:
            self.script["answers"][path] = copy.deepcopy(answer)
        else:
            self.page.evaluate(
                "([path, answer]) => { register.told.answers[path] = answer; }", [path, answer]
            )

    def fires(self, event: str, data: Any = None) -> None:
        self.page.evaluate("([event, data]) => register.fire(event, data)", [event, data])
        self.passes(0.02)

    def drops(self, code: int) -> None:
        self.page.evaluate("(code) => register.drop(code)", code)

    # The cashier.

    @property
    def app(self) -> Locator:
        return self.page.locator("#app-container")

    def say(self, word: str, what: str = "") -> str:
        return say(word, what, self.lang)

    def tap(self, word: str, what: str = "") -> None:
        self.taps(self.app.get_by_role("button", name=self.say(word, what)).first)

    def taps(self, one: Locator) -> None:
        one.click(timeout=2000)
        self.passes(0.05)

    def fills(self, word: str, text: str) -> None:
        self.app.get_by_label(self.say(word)).first.fill(text, timeout=2000)
        self.passes(0.05)

    def enlarge(self) -> None:
        """As a web view does it whose owner wants large text: every size, whatever its unit."""
        self.page.evaluate(TEXT_TWICE_AS_LARGE)


@contextmanager
def stand(browser: Browser, size: str = "480x600") -> Iterator[Page]:
    """A page as large as the popup, whose scripts may not throw; one scene after another may be shown in it."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, screen={"width": width, "height": height + TITLE_BAR},
        timezone_id="Europe/Kyiv", locale="uk-UA",
    )  # fmt: skip
    page = context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield page
    context.close()
    assert thrown == []
