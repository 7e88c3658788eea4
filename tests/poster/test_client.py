"""Poster's Web API on a real socket: its shapes, its refusals, its silences, and what we never say aloud."""

from __future__ import annotations

import logging
import time
import traceback
from decimal import Decimal
from typing import Any

import pytest

from server.models import Account
from server.parts import Parts
from server.poster import rows
from server.poster.client import Poster
from server.poster.pace import Pace
from server.poster.trouble import PosterDown, PosterError
from tests.poster.company import TOKEN, Company, Raw, error


@pytest.fixture
def refused() -> list[tuple[int, str, int]]:
    return []


@pytest.fixture
def poster(company: Company, refused: list[tuple[int, str, int]]) -> Poster:
    return Poster(company.url, lambda account: TOKEN, lambda *said: refused.append(said))


@pytest.mark.parametrize("value", [True, 0, "77", [], {}, None, "", [1], {"a": 1}])
def test_a_response_may_be_anything_even_nothing(poster: Poster, company: Company, value: Any) -> None:
    company.answers["x"] = Raw({"response": value})
    assert poster.get(1, "x") == value


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"error": {"code": 11, "message": "Bad access token"}}, 11, "Bad access token"),
        ({"error": {"code": "12", "message": "Expired"}}, 12, "Expired"),
        ({"error": 34, "message": "Empty", "field": "phone"}, 34, "Empty"),
        ({"error": "34", "message": "Empty"}, 34, "Empty"),
        ({"error": "went wrong"}, 0, "went wrong"),
        ({"code": 10, "error_type": "OAuthException", "error_message": "No token"}, 10, "No token"),
    ],
)
def test_every_shape_of_a_refusal_is_read(
    poster: Poster, company: Company, body: Any, code: int, message: str
) -> None:
    company.answers["x"] = Raw(body)
    with pytest.raises(PosterError) as why:
        poster.get(1, "x")
    assert (why.value.code, why.value.message) == (code, message)


def test_a_reply_without_envelope_is_the_value(poster: Poster, company: Company) -> None:
    company.answers["x"] = Raw({"success": 1})
    assert poster.get(1, "x") == {"success": 1}


def test_a_good_response_counts_whatever_the_status(poster: Poster, company: Company) -> None:
    company.answers["x"] = Raw({"response": {"id": 5}}, status=500)
    assert poster.post(1, "x", {}) == {"id": 5}


@pytest.mark.parametrize(
    "answer",
    [
        Raw(b"<html>"),
        Raw(b""),
        Raw({"error": 1}, status=500),
        Raw({}, status=404),
        Raw(b"x", 302, {"Location": "/y"}),
    ],
)
def test_what_cannot_be_read_means_nobody_knows(poster: Poster, company: Company, answer: Raw) -> None:
    company.answers["x"] = answer
    with pytest.raises(PosterDown):
        poster.get(1, "x")
    assert company.count("y") == 0


def test_a_token_goes_in_the_query_even_of_a_write(poster: Poster, company: Company) -> None:
    company.answers["x"] = True
    poster.post(1, "x", {"products": [{"product_id": 1}]})
    asked = company.last("x")
    assert asked.query == {"token": TOKEN}
    assert asked.json() == {"products": [{"product_id": 1}]}
    assert asked.headers["content-type"] == "application/json"


def test_words_and_pluses_of_a_query_arrive_as_meant(poster: Poster, company: Company) -> None:
    company.answers["x"] = True
    poster.get(1, "x", phone="+380671112233", include_products=True, status=0)
    assert company.last("x").query == {
        "token": TOKEN, "phone": "+380671112233", "include_products": "true", "status": "0"
    }  # fmt: skip


def test_time_that_is_up_ends_the_waiting(poster: Poster, company: Company) -> None:
    company.delays["x"] = 3
    begun = time.monotonic()
    with pytest.raises(PosterDown):
        poster.get(1, "x", begun + 0.3)
    assert time.monotonic() - begun < 1.5


def test_an_ambiguous_write_is_not_repeated(poster: Poster, company: Company) -> None:
    company.answers["x"] = Raw(b"<html>", status=503)
    with pytest.raises(PosterDown):
        poster.post(1, "x", {})
    assert company.count("x") == 1


def test_a_read_that_is_told_to_slow_down_comes_back_later(poster: Poster, company: Company) -> None:
    answers = iter([Raw({"error": "slow"}, 429, {"Retry-After": "1"}), Raw({"response": 7})])
    company.answers["x"] = lambda asked: next(answers)
    begun = time.monotonic()
    assert poster.get(1, "x") == 7
    assert time.monotonic() - begun >= 1


def test_a_tariff_that_lacks_it_is_not_a_rate_limit(
    poster: Poster, company: Company, refused: list[Any]
) -> None:
    company.answers["x"] = error(700, "Rate restriction")
    with pytest.raises(PosterError):
        poster.get(1, "x")
    assert (company.count("x"), refused) == (1, [])


@pytest.mark.parametrize("code", [10, 11, 12, 503])
def test_a_dead_token_is_told(poster: Poster, company: Company, refused: list[Any], code: int) -> None:
    company.answers["x"] = error(code)
    with pytest.raises(PosterError):
        poster.get(9, "x")
    assert refused == [(9, TOKEN, code)]


def test_no_token_reaches_a_log_line_or_a_traceback(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gone = Poster("http://127.0.0.1:9", lambda account: TOKEN, lambda *said: None)
    told = []
    for poster, method in ((gone, "x"), (Poster(company.url, lambda one: TOKEN, lambda *said: None), "echo")):
        company.answers["echo"] = error(11, f"token {TOKEN} is bad")
        try:
            poster.get(1, method)
        except (PosterDown, PosterError) as why:
            told.append("".join(traceback.format_exception(why)) + getattr(why, "message", ""))
    assert len(told) == 2
    assert not [text for text in [*told, caplog.text] if TOKEN in text or TOKEN.split(":")[1] in text]


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.poster.pace.SPAN", 1.05)


@pytest.mark.usefixtures("unhurried")
def test_at_most_four_requests_of_one_account_go_in_a_second() -> None:
    pace, begun = Pace(), time.monotonic()
    for _ in range(6):
        pace.wait("700123", begun + 10, urgent=True)
    assert 1.0 < time.monotonic() - begun < 2
    pace.wait("700124", begun + 10, urgent=True)
    for _ in range(2):
        pace.wait("700123", time.monotonic() + 2, urgent=True)
    with pytest.raises(PosterDown):
        pace.wait("700123", time.monotonic() + 0.1, urgent=True)


@pytest.mark.usefixtures("unhurried")
def test_one_of_the_four_is_kept_for_a_phone_that_rings() -> None:
    pace, begun = Pace(), time.monotonic()
    for _ in range(3):
        pace.wait("700123", begun + 10, urgent=False)
    with pytest.raises(PosterDown):
        pace.wait("700123", begun + 0.2, urgent=False)
    pace.wait("700123", time.monotonic() + 0.2, urgent=True)


def test_values_are_made_plain() -> None:
    assert [rows.to_int(one) for one in ("18", 18, "18.0000", None, "x", [], True)] == [
        18,
        18,
        18,
        0,
        0,
        0,
        1,
    ]
    assert [rows.to_text(one) for one in ("0", " a ", None, 0, 5, [])] == ["", "a", "", "", "5", ""]
    assert [rows.count(one) for one in ("1.0000000", "0.2500000", 3, "10")] == ["1", "0.25", "3", "10"]
    assert [rows.money(one) for one in ("34500", 5, "121050.0", None)] == [
        "345.00",
        "0.05",
        "1210.50",
        "0.00",
    ]
    assert rows.to_decimal("1e999") == Decimal(0)
    assert rows.to_decimal("NaN") == Decimal(0)
    assert rows.as_dict([]) == {}
    assert rows.as_dict([{"a": 1}]) == {"a": 1}
    assert rows.as_list({"0": "x", "1": "y"}) == ["x", "y"]
    assert rows.as_list({"client_id": "318"}) == [{"client_id": "318"}]
    assert rows.as_list({}) == []


def test_staff_extras_are_written_as_an_object(parts: Parts, account: Account, company: Company) -> None:
    assert parts.lines._write_staff(account.id, 5, {"line": "101,102"})
    body = company.last("application.setEntityExtras").json()
    assert body == {"entity_type": "staff", "entity_id": 5, "extras": {"line": "101,102"}}
    company.answers["application.setEntityExtras"] = error(20)
    assert not parts.lines._write_staff(account.id, 5, {"line": ""})
