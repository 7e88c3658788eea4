"""Erasing and leaving on a real server: registers hear of it, sockets are closed, nobody gets in again."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

import pytest
import requests

from server.models import Account
from server.web.pagetoken import PageTokens, Pass
from tests import household
from tests.conftest import add_trunk
from tests.household import NUMBER
from tests.poster.test_notices import hook
from tests.test_sockets import closing_code
from tests.waiting import until
from tests.wire import Register, Server


@pytest.fixture
def olena(served: Server, place: Account) -> Iterator[Register]:
    register = Register(served.url, "pechera", register=1, spot=1, employee=5)
    yield register
    register.close()


def post(served: Server, account: Account, path: str, **typed: str) -> str:
    headers = {
        "Authorization": f"Bearer {PageTokens(served.env['SECRET_KEY']).issue(Pass(account=account.id))}"
    }
    answer = requests.post(f"{served.url}/manage/people/{path}?lang=en", typed, headers=headers, timeout=20)
    return html.unescape(answer.text)


def test_registers_that_listen_lose_an_erased_caller(served: Server, place: Account, olena: Register) -> None:
    household.settle(place, add_trunk(place))
    household.call(place, None, "now", ago=60.0, legs={"101": "missed"})
    before = json.dumps(olena.connect(), ensure_ascii=False)
    assert NUMBER in before
    assert "Kovalenko" in before

    def erased() -> str:
        """The page refuses when more was written since it was drawn; whoever reads that presses again."""
        text = post(served, place, "find", part="find", number=NUMBER)
        sealed, total = (
            re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in ("person", "total")
        )  # type: ignore[index]
        return post(served, place, "erase", part="erase", person=sealed, total=total)

    until(erased, lambda text: "Receipt No. 1" in text)
    heard = olena.hear_until("snapshot")
    after = json.dumps(heard, ensure_ascii=False)
    assert [word for word in ("671112233", "067 111", "Kovalenko") if word in after] == []
    assert len(heard["recent"]) == len(json.loads(before)["recent"]) > 0
    assert "671112233" not in served.log.read_text()


def test_removed_in_poster_the_registers_are_sent_away_at_once(
    served: Server, place: Account, olena: Register
) -> None:
    olena.connect()
    notice = hook("application", 1, "removed", account="pechera")
    assert requests.post(f"{served.url}/poster/webhook", notice, timeout=20).ok
    assert olena.socket
    assert closing_code(olena.socket) == 4403
    assert not olena.ask("hello").ok or "ticket" not in olena.ask("hello").json()
    assert "is erased on" in served.log.read_text()
    told = json.loads(served.cli("accounts", "--json").stdout)
    assert told["state"] == "disconnected"
    assert told["erased_on"]
