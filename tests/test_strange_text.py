"""What no database keeps (NUL, halves of characters) is gone before anybody reads it."""

from __future__ import annotations

import pytest
from flask import Flask, request

from server import messages
from server.config import Settings
from server.models import Account
from server.poster import rows
from server.web.pagetoken import Pass
from tests.conftest import Restaurant
from tests.manage_page import Page
from tests.wire import Register, Server


def test_a_frame_has_no_halves_of_characters() -> None:
    told = messages.read('{"type":"look","call":"a\\u0000\\ud83db","\\udc00":[{"x":"🍕\\u0000"}],"n":1.5}')
    assert told == {"type": "look", "call": "ab", "": [{"x": "🍕"}], "n": 1.5}


@pytest.mark.parametrize("verb", ["reveal", "note", "ordered", "hangup"])
@pytest.mark.parametrize("call", ["\ud800", "a\0b", "\udfff" * 30])
def test_a_call_that_no_database_could_keep_is_unknown(
    served: Server, restaurant: Restaurant, verb: str, call: str
) -> None:
    restaurant()
    desk = Register(served.url, "pechera", register=1, spot=1, employee=5)
    answer = desk.ask(verb, call=call, order=7)
    assert (answer.status_code, answer.json()) == (200, {"ok": False, "error": "call_unknown"})


def test_a_query_and_a_form_have_no_nul(app: Flask) -> None:
    with app.test_request_context("/manage/calls?q=a%00b", method="POST", data={"na\0me": "c\0d"}):
        assert (request.args["q"], request.form["name"]) == ("ab", "cd")


def test_an_address_with_nul_is_nowhere(app: Flask, settings: Settings, restaurant: Restaurant) -> None:
    account: Account = restaurant()
    page = Page(app.test_client(), settings, Pass(account=account.id))
    for path in (
        "/manage/calls/a%00b",
        "/hooks/binotel/a%00b",
        "/manage/recording/%00",
        "/pos/pechera/hello%00",
    ):
        assert page.client.get(path, headers=page.headers()).status_code == 404


def test_what_poster_tells_can_be_kept() -> None:
    assert rows.to_text(" \0Olena\ud83d ") == "Olena"
