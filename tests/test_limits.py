"""How often somebody may knock: each door's measure, whose it is, and that no company and no restaurant meets it."""

from __future__ import annotations

import json
import tracemalloc
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import limits
from server.config import ConfigError, Settings, load
from server.db import reading, rows
from server.limits import ALL, HOOK, JOIN, REGISTER, SOCKET, Limit, Limits
from server.messages import BUSY
from server.models import Account
from server.parts import Parts
from server.web.limiting import DOORS
from server.web.pagetoken import PageTokens, Pass
from server.web.proxies import behind
from tests import wire
from tests.conftest import Restaurant, add_trunk
from tests.desks import Desk

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.8"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def passed(limits: Limits, limit: Limit, times: int, *who: object) -> int:
    return sum(limits.wait(limit, *who) == 0.0 for _ in range(times))


# The bucket


@pytest.mark.parametrize("limit", ALL, ids=lambda limit: limit.name)
def test_a_burst_goes_through_whole_and_not_one_more(limit: Limit, clock: Clock) -> None:
    assert passed(Limits(now=clock), limit, limit.burst + 50, "somebody") == limit.burst


@pytest.mark.parametrize("limit", ALL, ids=lambda limit: limit.name)
def test_after_the_burst_it_is_the_rate_and_the_wait_is_true(limit: Limit, clock: Clock) -> None:
    bucket = Limits(now=clock)
    passed(bucket, limit, limit.burst, "somebody")
    wait = bucket.wait(limit, "somebody")
    assert 0 < wait <= 1.01 / limit.rate
    clock.now += wait
    assert passed(bucket, limit, 2, "somebody") == 1


def test_looking_counts_nothing(clock: Clock) -> None:
    bucket, limit = Limits(now=clock), Limit("few", 1, 3)
    assert [bucket.wait(limit, "a", count=False) for _ in range(10)] == [0.0] * 10
    assert passed(bucket, limit, 10, "a") == 3
    assert bucket.wait(limit, "a", count=False) > 0


def test_one_s_measure_is_no_other_s(clock: Clock) -> None:
    bucket, limit = Limits(now=clock), Limit("few", 1, 3)
    passed(bucket, limit, 10, "trunk", HERE)
    assert passed(bucket, limit, 10, "trunk", ELSEWHERE) == 3
    assert passed(bucket, Limit("other", 1, 3), 10, "trunk", HERE) == 3


def test_no_limits_and_ten_times_the_limits(clock: Clock) -> None:
    limit = Limit("few", 1, 3)
    assert passed(Limits(0, now=clock), limit, 100, "a") == 100
    assert passed(Limits(10, now=clock), limit, 100, "a") == 30


def test_a_million_addresses_take_no_more_memory_than_the_first_thousands(clock: Clock) -> None:
    bucket = Limits(now=clock, most=1000)
    tracemalloc.start()
    try:
        passed_all = [bucket.wait(HOOK, number) for number in range(2000)]
        before = tracemalloc.get_traced_memory()[0]
        passed_all = [bucket.wait(HOOK, number) for number in range(2000, 60_000)]
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert passed_all[-1] == 0.0
    assert grown < 600_000  # the list of answers itself


def test_who_is_over_is_counted_and_told_once_in_a_while_without_the_key(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    bucket, limit = Limits(now=clock), Limit("few", 1, 3)
    passed(bucket, limit, 50, "a secret token", HERE)
    assert bucket.refused["few"] == 47
    assert len(caplog.records) == 1
    assert "secret" not in caplog.text
    assert HERE not in caplog.text


# Generous enough


def test_a_chain_behind_one_address_comes_back_at_once(clock: Clock) -> None:
    """A thousand registers, each asking and opening a socket five times within ten seconds of a restart."""
    bucket = Limits(now=clock)
    for _ in range(5):
        assert passed(bucket, SOCKET, 1000, HERE) == 1000
        assert passed(bucket, limits.REGISTER_ACCOUNT, 1000, 1) == 1000
        clock.now += 2
    assert passed(bucket, REGISTER, 20, 1, 1) == 20
    assert passed(bucket, JOIN, 20, 1, 1) == 20


def test_a_company_that_tells_of_a_thousand_calls_at_once_is_heard(clock: Clock) -> None:
    """Ring, answer and end of each within a second, then twenty calls a second for ever."""
    bucket = Limits(now=clock)
    assert passed(bucket, HOOK, 3000, 1, HERE) == 3000
    clock.now += 30
    for _ in range(600):
        clock.now += 1
        assert passed(bucket, HOOK, 60, 1, HERE) == 60


# Whose request it is


@pytest.mark.parametrize(
    ("peer", "told", "whose"),
    [
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", HERE, HERE),
        ("127.0.0.1", f"1.1.1.1, {HERE}", HERE),
        ("127.0.0.1", f"1.1.1.1, {HERE}, ::1", HERE),
        ("127.0.0.1", f"{HERE}:5123", HERE),
        ("127.0.0.1", "[2001:db8::1]:5123", "2001:db8::1"),
        ("::1", "2001:db8::1", "2001:db8::1"),
        (ELSEWHERE, HERE, ELSEWHERE),
        (ELSEWHERE, "127.0.0.1", ELSEWHERE),
    ],
)
def test_only_a_trusted_proxy_is_believed_and_only_its_last_word(peer: str, told: str, whose: str) -> None:
    seen: list[str] = []

    def app(environ: dict[str, Any], answer: Any) -> list[bytes]:
        seen.append(environ["REMOTE_ADDR"])
        return []

    behind(app, frozenset({"127.0.0.1", "::1"}))({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": told}, None)
    assert seen == [whose]


@pytest.mark.parametrize("value", ["proxy.lan", "10.0.0.0/8", "127.0.0.1;::1"])
def test_proxies_are_addresses(value: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="TRUSTED_PROXIES"):
        load(wire.environment(8080, tmp_path / "d.db", TRUSTED_PROXIES=value), tmp_path / "no.env")


# The doors


@pytest.fixture
def narrow(parts: Parts) -> Parts:
    """A twentieth of every measure: some dozens of requests reach each."""
    parts.limits.times = 0.05
    return parts


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


def ask(
    client: FlaskClient, path: str, address: str = HERE, method: str = "GET", **more: Any
) -> TestResponse:
    headers = {"X-Forwarded-For": address, **more.pop("headers", {})}
    return client.open(path, method=method, headers=headers, **more)


def until_told(client: FlaskClient, path: str, **more: Any) -> TestResponse:
    answers = [ask(client, path, **more)]
    while answers[-1].status_code != 429:
        assert len(answers) < 200, {answer.status_code for answer in answers}
        answers.append(ask(client, path, **more))
    return answers[-1]


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/", "GET"),
        ("/nothing", "GET"),
        ("/bundle.js", "GET"),
        ("/guides/binotel", "GET"),
        ("/healthz", "GET"),
        ("/connect", "GET"),
        ("/connect/confirm", "POST"),
        ("/poster/callback?code=x", "GET"),
        ("/manage", "GET"),
        ("/manage/lines", "POST"),
        ("/manage/calls/events", "GET"),
        ("/manage/download/x", "GET"),
        ("/manage/recording/x", "GET"),
        ("/hooks/binotel/unknown", "POST"),
        ("/hooks/binotel/unknown/more", "GET"),
        ("/pos/pechera/hello", "POST"),
    ],
)
def test_who_comes_too_often_is_told_when_to_come_again(
    client: FlaskClient, narrow: Parts, path: str, method: str
) -> None:
    told = until_told(client, path, method=method)
    assert int(told.headers["Retry-After"]) >= 1
    assert told.headers["Cache-Control"] == "no-store"
    assert told.headers["Content-Security-Policy"]
    assert ask(client, path, ELSEWHERE, method).status_code != 429
    assert ask(client, path, "", method).status_code != 429, (
        "this box itself, or a proxy that does not say for whom"
    )


def test_every_door_has_a_measure_or_its_own(app: Flask) -> None:
    """Those that say None are known by name; everything else is measured by itself."""
    assert DOORS.keys() <= {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {name for name, limit in DOORS.items() if limit is None} == {
        "webhooks.hook", "registers.signed", "sockets.register_socket", "poster_hooks.webhook",
    }  # fmt: skip


def test_whoever_knows_a_token_does_not_take_the_company_s_measure_away(
    client: FlaskClient, narrow: Parts, account: Account
) -> None:
    trunk = add_trunk(account)
    path = f"/hooks/binotel/{trunk.token}"
    until_told(client, path, method="POST", data={"requestType": "x"})
    rung = ask(client, path, ELSEWHERE, "POST", data={
        "requestType": "receivedTheCall", "method": "receivedTheCall", "generalCallID": "1", "callType": "0",
        "externalNumber": "0671112233", "didNumber": "0441234567", "companyID": "1",
    })  # fmt: skip
    assert rung.status_code == 200


def test_what_a_company_s_address_sends_for_a_trunk_that_is_gone_costs_the_others_nothing(
    client: FlaskClient, narrow: Parts, account: Account
) -> None:
    until_told(client, "/hooks/binotel/gone", method="POST")
    assert (
        ask(client, f"/hooks/binotel/{add_trunk(account).token}", method="POST", data={}).status_code != 429
    )


def test_a_signed_request_is_taken_from_an_address_that_sends_nothing_else_that_is(
    client: FlaskClient, narrow: Parts, account: Account, settings: Settings
) -> None:
    """Poster asks for the registers of all its accounts from a few addresses."""
    until_told(client, "/pos/pechera/hello", method="POST", data=b"nobody signed this")
    desk = wire.Register(settings.public_url, "pechera", 1, 1, 5)
    url, body = f"{desk.base}/hello", desk.body()
    signed = ask(client, "/pos/pechera/hello", method="POST", data=body, headers=desk.headers(url, body))
    assert signed.status_code == 200


def test_a_flood_for_an_unknown_token_is_not_read(client: FlaskClient, narrow: Parts) -> None:
    class Body(BytesIO):
        touched = 0

        def read(self, size: int | None = -1) -> bytes:
            self.touched += 1
            return super().read(size)

    body = Body(b"x" * 60_000)
    sent = {"wsgi.input": body, "CONTENT_LENGTH": "60000"}
    until_told(client, "/hooks/binotel/unknown", method="POST", environ_overrides=sent)
    assert body.touched == 0


def test_poster_is_always_told_yes_and_a_flood_of_forged_notices_is_not_written_down(
    client: FlaskClient, narrow: Parts
) -> None:
    answers = {ask(client, "/poster/webhook", method="POST", data=b"{}").status_code for _ in range(60)}
    assert answers == {200}
    with reading():
        assert 0 < sum(count for (count,) in rows("SELECT count FROM tally")) < 20


def test_one_account_s_manage_has_a_measure_of_its_own(
    client: FlaskClient, narrow: Parts, account: Account, restaurant: Restaurant, settings: Settings
) -> None:
    def page(row: Account) -> dict[str, str]:
        return {"Authorization": f"Bearer {PageTokens(settings.secret_key).issue(Pass(account=row.id))}"}

    other = restaurant("kaffka", "700124")
    codes = [client.get("/manage/history", headers=page(account)).status_code for _ in range(30)]
    assert codes[-1] == 429
    assert client.get("/manage/history", headers=page(other)).status_code == 200


# The registers, served


def test_a_register_that_asks_without_end_is_told_and_its_neighbour_is_not(
    served: wire.Server, place: Account, desk: Desk
) -> None:
    one, other = desk(1, 5), desk(2, 6)
    answers = []
    while not answers or answers[-1].status_code != 429:
        assert len(answers) < REGISTER.burst + 400
        answers.append(one.ask("streets", text="x"))
    assert len(answers) > REGISTER.burst
    assert answers[-1].json()["error"] == "busy"
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert other.ask("streets", text="x").status_code == 200


def test_a_register_that_floods_its_socket_is_closed_with_a_name_and_may_come_back(
    served: wire.Server, place: Account, desk: Desk
) -> None:
    one = desk(1, 5)
    one.connect()
    assert one.socket
    for _ in range(limits.FRAME.burst + 300):
        try:
            one.say({"type": "look", "call": "nobody's"})
        except OSError:
            break
    opcode, frame = one.socket.recv_data()
    while opcode != 8:
        opcode, frame = one.socket.recv_data()
    assert int.from_bytes(frame[:2], "big") == BUSY
    assert frame[2:] == b"busy"


def test_a_ring_costs_next_to_nothing_more(binotel: wire.Binotel, desk: Desk, place: Account) -> None:
    """Not a figure: only that a company's ordinary day never meets a limit."""
    one = desk(1, 5)
    one.connect()
    for call in range(30):
        assert binotel.ring(f"c{call}").status_code == 200
        assert binotel.hangup(f"c{call}").status_code == 200
    assert json.loads(one.ask("hello").text)["ok"]
