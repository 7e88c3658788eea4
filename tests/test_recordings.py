"""A call's sound: through us, from the company's own hosts alone, for the account's own people."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.calls import END, IN, CallEvent
from server.config import Settings, load
from server.db import reading
from server.models import Account, CallRow
from server.parts import Parts
from server.recordings import allowed
from server.web.pagetoken import PageTokens, Pass
from tests import wire
from tests.conftest import Restaurant
from tests.far import Far, Reply, Request, says

SOUND = b"RIFF" + b"\x00" * 200_000
HOSTS = frozenset({".binotel.com", "rec.example.com"})


@pytest.fixture
def far() -> Iterator[Far]:
    far = Far()
    yield far
    far.close()


@pytest.fixture
def settings(tmp_path: Path, far: Far) -> Settings:
    environ = wire.environment(8080, tmp_path / "dzvinok.db", COMPANIES_URL=far.url)
    return load(environ, tmp_path / "no.env")


@pytest.fixture
def account(parts: Parts, restaurant: Restaurant) -> Account:
    account = restaurant()
    trunk = parts.trunks.add(account, "binotel", {"api_key": "k1", "api_secret": "s1"})
    event = CallEvent("77", END, time.time(), IN, "0671112233", outcome="answered")
    parts.intake.take(account.id, trunk.id, [event])
    return account


@pytest.fixture
def call(account: Account) -> str:
    with reading():
        return str(CallRow.get().id)


def token(parts: Parts, account: int) -> dict[str, str]:
    return {"Authorization": "Bearer " + PageTokens(parts.settings.secret_key).issue(Pass(account=account))}


def company(url: str, sound: Reply) -> object:
    def answer(request: Request) -> Reply:
        return says({"status": "success", "url": url}) if "call-record" in request.path else sound

    return answer


WAV = Reply(SOUND, 200, {"Content-Type": "audio/x-wav"})


def fetch(app: Flask, parts: Parts, account: Account, call: str) -> tuple[int, bytes]:
    client: FlaskClient = app.test_client()
    answer = client.get(f"/manage/recording/{call}", headers=token(parts, account.id))
    return answer.status_code, answer.data


def test_a_recording_is_streamed_through_us(
    app: Flask, parts: Parts, account: Account, call: str, far: Far
) -> None:
    far.answer = company("https://pbx.binotel.com/rec/77.wav?sign=1", WAV)  # type: ignore[assignment]
    client: FlaskClient = app.test_client()
    answer = client.get(f"/manage/recording/{call}", headers=token(parts, account.id))
    assert (answer.status_code, answer.data) == (200, SOUND)
    assert answer.headers["Content-Type"] == "audio/x-wav"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content_length == len(SOUND)
    assert [one.path for one in far.heard][-1] == "/pbx.binotel.com/rec/77.wav?sign=1"


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/77.wav", "https://binotel.com.evil.example/77.wav", "http://pbx.binotel.com/77.wav",
     "https://127.0.0.1/77.wav", "https://user@pbx.binotel.com/", "https://notbinotel.com/77.wav"],
)  # fmt: skip
def test_an_address_that_is_not_the_companys_is_never_asked(
    app: Flask, parts: Parts, account: Account, call: str, far: Far, url: str
) -> None:
    far.answer = company(url, WAV)  # type: ignore[assignment]
    assert fetch(app, parts, account, call)[0] == 502
    assert len(far.heard) == 1


def test_a_redirect_to_elsewhere_is_not_followed(
    app: Flask, parts: Parts, account: Account, call: str, far: Far
) -> None:
    away = Reply(b"", 302, {"Location": "https://evil.example/x"})
    far.answer = company("https://pbx.binotel.com/77", away)  # type: ignore[assignment]
    assert fetch(app, parts, account, call)[0] == 502
    assert len(far.heard) == 2


def test_a_page_is_no_sound(app: Flask, parts: Parts, account: Account, call: str, far: Far) -> None:
    page = Reply(b"<script>alert(1)</script>", 200, {"Content-Type": "text/html"})
    far.answer = company("https://pbx.binotel.com/77", page)  # type: ignore[assignment]
    assert fetch(app, parts, account, call)[0] == 502


def test_another_account_hears_nothing(
    app: Flask, parts: Parts, account: Account, call: str, far: Far, restaurant: Restaurant
) -> None:
    other = restaurant("kaffka", "700124")
    assert fetch(app, parts, other, call)[0] == 404
    assert far.heard == []


def test_without_a_token_there_is_no_sound(app: Flask, account: Account, call: str, far: Far) -> None:
    assert app.test_client().get(f"/manage/recording/{call}").status_code == 401
    wrong = {"Authorization": "Bearer nonsense"}
    assert app.test_client().get(f"/manage/recording/{call}", headers=wrong).status_code == 401
    assert far.heard == []


@pytest.mark.parametrize(
    ("url", "may"),
    [("https://pbx.binotel.com/x", True), ("https://binotel.com/x", False), ("https://rec.example.com:8443/x", True),
     ("https://a.rec.example.com/x", False), ("http://rec.example.com/", False), ("https://PBX.BINOTEL.COM/", True),
     ("https://rec.example.com@evil.example/", False), ("//rec.example.com/", False)],
)  # fmt: skip
def test_the_companys_hosts_are_named(url: str, may: bool) -> None:
    assert allowed(url, HOSTS) is may
