"""How companies are asked: over https, without following anybody anywhere, and with an end to every patience."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.asking import LARGEST, Asking, at_home, through
from server.providers.abilities import Answer, Ask, Failed, Talk, get, post_form, post_json
from tests.far import Far, Reply, says


@pytest.fixture
def far() -> Iterator[Far]:
    far = Far()
    yield far
    far.close()


@pytest.fixture
def asking(far: Far) -> Asking:
    return Asking(far.url)


def once(ask: Ask) -> Talk[Answer]:
    answer = yield ask
    return answer


def test_a_talk_goes_on_until_it_has_learned_something(far: Far, asking: Asking) -> None:
    def talk() -> Talk[list[str]]:
        first = yield post_json("https://api.example.com/login", {"key": "k"})
        second = yield get("https://api.example.com/list", {"Cookie": first.json()["cookie"]}, page="1")
        return list(second.json())

    far.answer = lambda request: says({"cookie": "c1"} if "login" in request.path else ["101"])
    assert asking.ask(talk()) == ["101"]
    assert [(one.method, one.path) for one in far.heard] == [
        ("POST", "/api.example.com/login"), ("GET", "/api.example.com/list?page=1")]  # fmt: skip
    assert far.heard[1].headers["cookie"] == "c1"


def test_cookies_are_not_kept_between_companies(far: Far, asking: Asking) -> None:
    far.answer = lambda request: Reply(headers={"Set-Cookie": "s=1; Path=/"})
    asking.ask(once(get("https://api.example.com/")))
    asking.ask(once(get("https://api.example.com/")))
    assert "cookie" not in far.heard[1].headers


@pytest.mark.parametrize(("status", "word"), [(401, "login"), (403, "login"), (429, "busy"), (500, "odd")])
def test_a_status_is_a_trouble(far: Far, asking: Asking, status: int, word: str) -> None:
    def talk() -> Talk[object]:
        answer = yield get("https://api.example.com/")
        return answer.json()

    far.answer = lambda request: Reply(b"<html>", status)
    with pytest.raises(Failed) as why:
        asking.ask(talk())
    assert why.value.word == word


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(400, b'{"message": "No such line"}'), "refused: No such line"),
        (Answer(500, b'{"ok": true}'), "odd: HTTP 500"),
        (Answer(500, b'["x"]'), "odd: HTTP 500"),
        (Answer(200, b"[]"), "odd: HTTP 200"),
        (Answer(200, b"null"), "odd: HTTP 200"),
        (Answer(401, b'{"message": "No such key"}'), "login"),
        (Answer(429, b"{}"), "busy"),
    ],
)
def test_what_is_no_object_or_an_error_has_no_object(answer: Answer, why: str) -> None:
    with pytest.raises(Failed) as failed:
        answer.object()
    assert str(failed.value) == why


def test_an_object_is_an_object_and_its_error_may_have_another_name() -> None:
    assert Answer(201, b'{"id": 5}').object() == {"id": 5}
    with pytest.raises(Failed, match=r"^refused: no$"):
        Answer(422, b'{"error": "no", "message": "yes"}').object("error")


def test_redirects_are_not_followed(far: Far, asking: Asking) -> None:
    far.answer = lambda request: Reply(b"", 302, {"Location": "http://127.0.0.1:1/"})
    assert asking.ask(once(get("https://api.example.com/"))).status == 302
    assert len(far.heard) == 1


def test_an_answer_without_end_is_cut(far: Far, asking: Asking) -> None:
    far.answer = lambda request: Reply(b"x" * (LARGEST + 1))
    with pytest.raises(Failed, match="too long"):
        asking.ask(once(get("https://api.example.com/")))


def test_nobody_at_the_address_is_told_without_the_address() -> None:
    with pytest.raises(Failed) as why:
        Asking("http://127.0.0.1:9").ask(once(get("https://api.example.com/?key=secret")))
    assert why.value.word == "unreachable"
    assert "secret" not in str(why.value)


def test_the_talk_may_try_another_way_after_a_failure(asking: Asking, far: Far) -> None:
    def talk() -> Talk[str]:
        try:
            yield Ask("GET", "http://example.com/")
        except Failed:
            answer = yield Ask("GET", "https://api.example.com/")
            return str(answer.status)
        return ""

    assert asking.ask(talk()) == "200"


def test_a_talk_that_never_ends_is_ended(asking: Asking, far: Far) -> None:
    def talk() -> Talk[None]:
        while True:
            yield get("https://api.example.com/")

    with pytest.raises(Failed, match="never"):
        asking.ask(talk())


@pytest.mark.parametrize(
    "url", ["http://example.com/", "http://8.8.8.8/", "ftp://192.168.1.2/", "http://169.254.169.254/"]
)
def test_only_https_is_asked_outside_the_house(asking: Asking, url: str) -> None:
    with pytest.raises(Failed, match="https"):
        asking.ask(once(Ask("GET", url)))


@pytest.mark.parametrize(
    ("host", "home"),
    [("192.168.1.5", True), ("10.0.0.1", True), ("127.0.0.1", False), ("fd00::1", True), ("8.8.8.8", False),
     ("169.254.169.254", False), ("0.0.0.0", False), ("phone.lan", False), ("", False)],
)  # fmt: skip
def test_home_is_where_the_address_is_private(host: str, home: bool) -> None:
    assert at_home(host) is home


def test_a_form_is_a_form(far: Far, asking: Asking) -> None:
    asking.ask(once(post_form("https://api.example.com/x", {"a": "1 2", "b": "ї"})))
    assert far.heard[0].body == b"a=1+2&b=%D1%97"
    assert far.heard[0].headers["content-type"] == "application/x-www-form-urlencoded"


def test_the_sandbox_stands_before_every_company() -> None:
    assert through("", "wss://ws.example.com:9002") == "wss://ws.example.com:9002"
    assert (
        through("http://127.0.0.1:9/companies", "https://a.b/c?d=e")
        == "http://127.0.0.1:9/companies/a.b/c?d=e"
    )
    assert (
        through("http://127.0.0.1:9/companies", "wss://a.b:9002/") == "ws://127.0.0.1:9/companies/a.b:9002/"
    )
    assert through("https://s.example", "wss://a.b/") == "wss://s.example/a.b/"
