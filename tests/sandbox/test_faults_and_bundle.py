from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.faults import CHOICES
from sandbox.signing import upload_sign
from tests.sandbox.stand import SECRET, Poster

BUNDLE = b"console.log('hi');\n"


def upload(poster: Poster, file: bytes = BUNDLE, sign: str = "") -> dict[str, Any]:
    fields = {"application_id": "4242", "sign": sign or upload_sign("4242", file, SECRET)}
    url = f"{poster.url}/api/application.uploadPOSPlatformBundle?format=json"
    return dict(requests.post(url, data=fields, files={"bundle": ("bundle.js", file)}, timeout=10).json())


def test_all_switches_are_normal_at_first(poster: Poster) -> None:
    reply = poster.get("/sandbox/api/faults")
    assert reply["faults"] == reply["defaults"]
    assert set(reply["choices"]) == set(reply["faults"])


def test_every_position_is_taken(poster: Poster) -> None:
    for name, positions in CHOICES.items():
        for position in positions:
            assert poster.faults(**{name: position})["faults"][name] == position


@pytest.mark.parametrize(
    "wrong",
    [{"sofa": "yes"}, {"result": "xml"}, {"latency_ms": 99999}, {"latency_ms": "x"}, {"poster_global": "?"}],
)
def test_nonsense_changes_nothing(poster: Poster, wrong: dict[str, Any]) -> None:
    reply = poster.faults(api="down", **wrong)
    assert reply["error"].endswith(".")
    assert poster.get("/sandbox/api/faults")["faults"]["api"] == "up"


def test_switches_belong_to_one_account(poster: Poster) -> None:
    poster.faults(account="kaffka", api="down")
    assert poster.get("/sandbox/api/faults")["faults"]["api"] == "up"
    poster.faults(account="kaffka", reset=True)
    assert poster.get("/sandbox/api/faults", account="kaffka")["faults"]["api"] == "up"


def test_a_late_poster_is_counted_in_milliseconds(poster: Poster) -> None:
    assert poster.faults(poster_global="1500")["faults"]["poster_global"] == 1500


def test_blocked_sockets_are_the_browsers_rule(poster: Poster) -> None:
    address = f"{poster.url}/platform/container"
    assert "Content-Security-Policy" not in requests.get(address, timeout=10).headers
    poster.faults(sockets="blocked")
    assert requests.get(address, timeout=10).headers["Content-Security-Policy"] == "connect-src 'self'"


def test_an_uploaded_bundle_is_what_every_register_loads(connected: Poster) -> None:
    assert "error" not in upload(connected)
    state = connected.get("/sandbox/api/state", account="kaffka")
    assert state["bundle"].startswith("http://127.0.0.1:")
    assert requests.get(state["bundle"], timeout=10).content == BUNDLE


def test_a_wrong_sign_changes_nothing(connected: Poster) -> None:
    assert upload(connected, sign="0" * 32)["error"]["code"] == 142
    assert connected.get("/sandbox/api/state")["bundleSource"] == "dev"


def test_the_development_bundle_can_be_taken_again(connected: Poster) -> None:
    upload(connected)
    assert connected.post("/sandbox/api/bundle", use="dev")["bundle"] == connected.settings.bundle_url
    assert "/platform/bundles/" in connected.post("/sandbox/api/bundle", use="uploaded")["bundle"]


def test_employees_are_checked(poster: Poster) -> None:
    assert "PIN" in poster.post("/sandbox/api/employees", name="Новий", pin="12")["error"]
    assert "PIN" in poster.post("/sandbox/api/employees", name="Новий", pin="3333")["error"]
    fresh = poster.post("/sandbox/api/employees", name="Новий", pin="7777")["employee"]
    assert (fresh["id"], fresh["pin"]) == (7, "7777")
    poster.post("/sandbox/api/employees/remove", id=7)
    assert "error" in poster.post("/sandbox/api/employees/remove", id=7)
