"""What every answer carries, whichever door gives it: asked of the whole url_map."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from server import acting, members
from server.config import Settings
from server.db import reading
from server.models import Account
from server.parts import Parts
from server.web.manage_rooms import ROOMS
from server.web.pagetoken import PageTokens, Pass
from tests import wire
from tests.conftest import Restaurant, add_trunk

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FRAMED = ("manage.",)
"""Poster's back office shows these in a frame; nobody may show the others."""
FOR_ALL = {"bundle.serve", "bundle.preflight"}
"""Loaded by a page of Poster's."""
KEPT = {"bundle.serve", "bundle.preflight", "connect.static", "manage.static", "guides.guide"}
"""The same for everybody: a browser may keep it."""
SOURCE = re.compile(r"^('self'|'none'|blob:|https?://[A-Za-z0-9*.:{}-]+)$")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def asked(app: Flask, client: FlaskClient, words: dict[str, str]) -> Iterator[tuple[Rule, TestResponse]]:
    """Every route with every method, with arguments that exist and with some that don't."""
    for rule in app.url_map.iter_rules():
        for given in (words, dict.fromkeys(words, "nothing-like-this")):
            path = rule.rule
            for name, value in given.items():
                path = re.sub(rf"<(?:path:)?{name}>", value, path)
            for method in sorted(rule.methods or ()):
                yield rule, client.open(path, method=method)


def policy(response: TestResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: sources for name, *sources in parts}


@pytest.fixture
def words(app: Flask, restaurant: Restaurant) -> dict[str, str]:
    account = restaurant()
    return {
        "provider": "binotel", "token": add_trunk(account).token, "path": "more", "account": account.name,
        "verb": "hello", "rest": "calls", "room": "calls", "word": "x", "call": "x", "filename": "manage.css",
    }  # fmt: skip


def test_every_answer_of_every_door_is_strict(
    app: Flask, client: FlaskClient, words: dict[str, str], settings: Settings
) -> None:
    for rule, answer in asked(app, client, words):
        with answer:
            strict(rule.endpoint, answer, settings)


def strict(endpoint: str, answer: TestResponse, settings: Settings) -> None:
    where, given, told = (endpoint, answer.status_code), answer.headers, policy(answer)
    assert {name: given.get(name) for name in ALWAYS} == ALWAYS, where
    assert "camera=()" in given["Permissions-Policy"], where
    assert given["Cross-Origin-Resource-Policy"] == (
        "cross-origin" if endpoint in FOR_ALL else "same-origin"
    ), where
    assert len(given.getlist("Content-Security-Policy")) == 1, where
    if endpoint not in KEPT:
        assert given["Cache-Control"] == "no-store", where
    assert all(SOURCE.match(source) for them in told.values() for source in them), where
    assert told["default-src"] == ["'none'"], where
    framed = endpoint.startswith(FRAMED)
    assert told["frame-ancestors"] == (list(settings.frame_ancestors) if framed else ["'none'"]), where


def test_a_file_is_given_strictly(
    client: FlaskClient, parts: Parts, words: dict[str, str], settings: Settings
) -> None:
    with reading(), acting.as_(members.actor(1, 0)):
        address = parts.downloads.offer(
            1, "ready", {"name": "x.html", "type": "text/html", "content": "<script>"}
        )
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in policy(answer)
    strict("downloads.download", answer, settings)


@pytest.mark.parametrize(
    "path", ["/nothing", "/../etc/passwd", "/manage/static/../../server/config.py", "/%00", "//x"]
)
def test_an_answer_that_no_door_gave_is_strict_too(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (308, 400, 404)
    assert policy(answer)["frame-ancestors"] != []
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"root:" not in answer.data
    assert b"READERS" not in answer.data


def test_our_own_fault_is_told_strictly(
    app: Flask, client: FlaskClient, parts: Parts, words: dict[str, str]
) -> None:
    app.view_functions["health.alive"] = lambda: 1 // 0
    answer = client.get("/healthz")
    assert answer.status_code == 500
    assert policy(answer)["default-src"] == ["'none'"]
    assert b"ZeroDivision" not in answer.data


class Inline(HTMLParser):
    """What a browser with our policy would not run: it must not be there at all."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [f"{tag} {name}" for name in given if name.startswith("on") or name == "style"]
        self.found += [
            f"{tag} {value}" for value in given.values() if (value or "").lower().startswith("javascript:")
        ]
        self._in = tag if tag in ("script", "style") and "src" not in given else ""

    def handle_data(self, data: str) -> None:
        if self._in and data.strip():
            self.found.append(f"{self._in} inline")

    def handle_endtag(self, tag: str) -> None:
        self._in = ""


@pytest.mark.parametrize(
    "path", ["/", "/connect/confirm", "/poster/callback?code=<script>", "/guides/binotel", "/manage?code="]
)
def test_no_page_has_anything_inline(client: FlaskClient, path: str) -> None:
    page = Inline()
    page.feed(client.get(path).text)
    assert page.found == []


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_no_page_of_manage_has_anything_inline(
    client: FlaskClient, room: str, restaurant: Restaurant, settings: Settings
) -> None:
    account: Account = restaurant()
    add_trunk(account)
    token = PageTokens(settings.secret_key).issue(Pass(account=account.id))
    page = Inline()
    answer = client.get(f"/manage/{room}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in (200, 422)
    page.feed(answer.text)
    assert page.found == []
    assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_says_which_server_and_version_it_is(served: wire.Server) -> None:
    for path in ("/healthz", "/nothing", "/hooks/binotel/x"):
        answer = requests.get(f"{served.url}{path}", timeout=10)
        told = [answer.headers.get(name, "") for name in ("Server", "Via", "X-Powered-By")]
        assert not re.search(r"\d", " ".join(told)), told


def test_the_proxy_tells_browsers_to_come_by_tls_only_and_hides_its_name() -> None:
    text = (wire.ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    assert re.search(r"^\s+Strict-Transport-Security \"?max-age=31536000", text, re.M)
    assert re.search(r"^\s+-Server$", text, re.M)
