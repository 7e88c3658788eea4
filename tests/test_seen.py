"""How the server is seen from outside: ready or not and why, what it counts, who may read that."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from server import create_app, readiness
from server.config import Settings, load
from server.db import close_database, transaction
from server.models import Account
from server.parts import Parts
from tests import wire
from tests.conftest import Restaurant, add_trunk

TOKEN = "a-token-for-prometheus"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def started(app: Flask) -> None:
    """As if the clock had just looked what is due."""
    app.extensions["dzvinok.clock"].beat = time.monotonic()


def reasons(client: FlaskClient) -> list[str]:
    answer = client.get("/readyz")
    assert answer.json
    assert answer.status_code == (200 if answer.json["ready"] else 503)
    return list(answer.json["reasons"])


def measured(text: str) -> dict[tuple[str, ...], float]:
    """(name, value of each label, by the labels' names, ...) -> value"""
    families = text_string_to_metric_families(text)
    return {
        (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
        for family in families
        for one in family.samples
    }


def test_a_server_that_runs_is_ready(app: Flask, client: FlaskClient) -> None:
    started(app)
    assert reasons(client) == []


def test_a_server_without_its_clock_is_not_ready(client: FlaskClient) -> None:
    assert "The clock was not started" in reasons(client)[0]


def test_a_clock_that_stands_still_is_told(app: Flask, client: FlaskClient) -> None:
    app.extensions["dzvinok.clock"].beat = time.monotonic() - readiness.STANDS_STILL - 5
    assert "has stood still for 65 s" in reasons(client)[0]


def test_a_schema_that_lacks_a_migration_is_told(app: Flask, client: FlaskClient) -> None:
    started(app)
    with transaction() as _:
        readiness.db.write("DELETE FROM migration WHERE name = 'm0004_owner'")
    assert reasons(client) == ["The database lacks m0004_owner: restart the server."]


def test_a_database_that_somebody_holds_is_told(
    app: Flask, client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(app)
    with readiness.reading():
        readiness.db.database.execute_sql(
            "PRAGMA busy_timeout = 50"
        )  # this thread's connection, which is used again
    other = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told = reasons(client)
    other.execute("ROLLBACK")
    other.close()
    assert told == ["The database cannot be written: database is locked."]
    time.sleep(readiness.KEPT)
    assert reasons(client) == []


def test_a_full_disk_is_told(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    started(app)
    monkeypatch.setattr(readiness, "ROOM", 2**60)
    assert "make room" in reasons(client)[0]


def test_readiness_is_looked_at_once_a_second_however_often_it_is_asked(
    app: Flask, client: FlaskClient
) -> None:
    started(app)
    assert reasons(client) == []
    app.extensions["dzvinok.clock"].beat = None
    assert reasons(client) == []


def test_a_ring_is_counted_from_the_webhook_to_the_registers_own_word(
    served: wire.Server, place: Account, binotel: wire.Binotel
) -> None:
    before = measured(requests.get(f"{served.url}/metrics", timeout=5).text)
    desk = wire.Register(served.url, "pechera", 1, 1, 5)
    desk.connect()
    binotel.ring("77001")
    desk.hear_until("call")
    while desk.hear().get("type") != "call":  # answers the ping behind the card
        if ("dzvinok_card_seconds_count",) in (after := now(served)) and after[
            ("dzvinok_card_seconds_count",)
        ]:
            break
        desk.say({"type": "employee", "employee": 5})
    assert before[("dzvinok_rings_total",)] == 0
    assert after[("dzvinok_rings_total",)] == after[("dzvinok_cards_total",)] == 1
    assert after[("dzvinok_store_seconds_count",)] == 1
    assert after[("dzvinok_frame_seconds_count",)] >= 1
    assert after[("dzvinok_card_seconds_count",)] == 1
    assert after[("dzvinok_frames_total",)] >= 2
    assert after[("dzvinok_registers", "socket")] == 1
    assert after[("dzvinok_events_total", "ring", "1")] == 1
    assert 0 <= after[("dzvinok_trunk_silent_seconds", "1")] < 60
    desk.close()


def now(server: wire.Server) -> dict[tuple[str, ...], float]:
    return measured(requests.get(f"{server.url}/metrics", timeout=5).text)


def test_a_refused_delivery_is_counted_by_its_trunk(client: FlaskClient, restaurant: Restaurant) -> None:
    trunk = add_trunk(restaurant())
    before = counted(client, trunk.id)
    client.post(f"/hooks/binotel/{trunk.token}", data={"requestType": "hangupTheCall"})
    assert counted(client, trunk.id) == before + 1


def counted(client: FlaskClient, trunk: int) -> float:
    told = measured(client.get("/metrics").text)
    return sum(value for key, value in told.items() if key[:2] == ("dzvinok_refused_total", str(trunk)))


def test_no_number_name_or_token_stands_in_the_metrics(
    client: FlaskClient, parts: Parts, restaurant: Restaurant
) -> None:
    account = restaurant()
    trunk = add_trunk(account)
    parts.intake.test_ring(account.id, line="101", caller="+380671112233")
    text = client.get("/metrics").text
    assert not [
        word for word in (account.name, account.number, trunk.token, "671112233", "Olena") if word in text
    ]


@pytest.mark.parametrize("headers", [
    {"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}, {"X-Real-IP": "127.0.0.1"}, {"Via": "1.1 caddy"},
    {"Host": "phone.example.com"}, {"Host": "127.0.0.1.evil.example"},
])  # fmt: skip
def test_metrics_are_only_for_this_box_itself(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers=headers).status_code == 404


def test_another_machine_reads_no_metrics(client: FlaskClient) -> None:
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "10.0.0.7"}).status_code == 404


def test_with_a_token_metrics_are_read_from_elsewhere_and_by_nobody_without(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    environ = wire.environment(8080, tmp_path / "dzvinok.db", METRICS_TOKEN=TOKEN)
    client = create_app(load(environ, tmp_path / "no.env")).test_client()
    request.addfinalizer(close_database)
    elsewhere = {"REMOTE_ADDR": "10.0.0.7"}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", headers=headers, environ_overrides=elsewhere).status_code == 200
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}x"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer ключ"}).status_code == 404
