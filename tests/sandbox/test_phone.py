from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest

from sandbox.forms import deflate, inflate
from tests.sandbox.stand import Application, Heard, Poster


@pytest.fixture
def phone(poster: Poster, application: Application) -> Poster:
    poster.post("/sandbox/api/phone/settings", hook=f"{application.url}/hooks/binotel/t")
    return poster


def kinds(heard: list[Heard]) -> list[str]:
    """requestType of everything that came, in order, whatever the encoding."""
    return [str(fields(row)["requestType"]) for row in heard]


def fields(heard: Heard) -> dict[str, Any]:
    if heard.headers["Content-Type"] == "application/json":
        return dict(json.loads(heard.body))
    return inflate((key, values[0]) for key, values in parse_qs(heard.body, keep_blank_values=True).items())


def do(phone: Poster, verb: str, **body: Any) -> dict[str, Any]:
    reply = phone.post(f"/sandbox/api/phone/{verb}", **body)
    return dict(reply.get("call", reply))


def ring(phone: Poster, **more: Any) -> str:
    return str(do(phone, "call", **{"from": "0671112233", "did": "0443334455"} | more)["id"])


def test_a_whole_call(phone: Poster, application: Application) -> None:
    call = ring(phone)
    do(phone, "answer", call=call, line="101")
    ended = do(phone, "hangup", call=call)
    assert (ended["state"], ended["disposition"], ended["line"]) == ("ended", "ANSWER", "101")
    heard = application.wait_for(5)
    assert kinds(heard) == [
        "apiCallSettings", "receivedTheCall", "answeredTheCall", "hangupTheCall", "apiCallCompleted",
    ]  # fmt: skip


def test_the_ring_names_no_extension_and_the_hangup_no_numbers(
    phone: Poster, application: Application
) -> None:
    call = ring(phone)
    do(phone, "answer", call=call, line="101")
    do(phone, "hangup", call=call)
    settings, received, answered, hangup = [fields(row) for row in application.wait_for(4)[:4]]
    assert "generalCallID" not in settings
    assert (settings["externalNumber"], settings["pbxNumber"]) == ("0671112233", "0443334455")
    assert "internalNumber" not in received
    assert received["companyID"] == "12345"
    assert answered["internalNumber"] == "101"
    assert set(hangup) == {"generalCallID", "billsec", "disposition", "requestType", "method"}


def test_the_full_report_is_in_brackets(phone: Poster, application: Application) -> None:
    do(phone, "miss", call=ring(phone))
    report = application.wait_until(lambda heard: "apiCallCompleted" in kinds(heard))[-1]
    assert "callDetails%5BhistoryData%5D%5B0%5D%5Bdisposition%5D=NOANSWER" in report.body
    assert fields(report)["callDetails"]["disposition"] == "NOANSWER"


@pytest.mark.parametrize("encoding", ["json", "field"])
def test_other_encodings(phone: Poster, application: Application, encoding: str) -> None:
    do(phone, "settings", encoding=encoding)
    do(phone, "miss", call=ring(phone))
    report = fields(application.wait_until(lambda heard: "apiCallCompleted" in kinds(heard))[-1])
    details = report["callDetails"]
    details = json.loads(details) if encoding == "field" else details
    assert (details["companyID"], details["disposition"]) == (12345, "NOANSWER")


def test_the_name_that_we_answer_is_shown_at_the_call(phone: Poster, application: Application) -> None:
    application.reply = lambda heard: '{"customerData":{"name":"Олена К."}}'
    ring(phone)
    application.wait_for(2)
    assert phone.get("/sandbox/api/phone")["calls"][0]["name"] == "Олена К."


def test_the_full_report_is_repeated_until_success_is_said(phone: Poster, application: Application) -> None:
    application.reply = lambda heard: '{"ok":true}'
    do(phone, "miss", call=ring(phone))
    heard = application.wait_until(lambda heard: kinds(heard).count("apiCallCompleted") == 3)
    attempts = [fields(row)["attemptsCounter"] for row in heard if "attemptsCounter" in row.body]
    assert attempts == ["1", "2", "3"]


def test_transfer_moves_the_line(phone: Poster, application: Application) -> None:
    call = ring(phone)
    do(phone, "answer", call=call, line="101")
    do(phone, "transfer", call=call, line="102")
    assert do(phone, "hangup", call=call)["disposition"] == "TRANSFER"
    heard = application.wait_until(lambda heard: "apiCallCompleted" in kinds(heard))
    assert "transferredTheCall" in kinds(heard)
    history = fields(heard[-1])["callDetails"]["historyData"]
    assert [row["internalNumber"] for row in history] == ["101", "102"]


def test_outgoing_names_its_extension_at_once(phone: Poster, application: Application) -> None:
    do(phone, "outgoing", line="101", to="0671112233")
    received = fields(application.wait_for(2)[1])
    assert (received["callType"], received["internalNumber"], received["extNumber"]) == ("1", "101", "101")


def test_duplicates(phone: Poster, application: Application) -> None:
    do(phone, "settings", duplicate=True, settings_first=False)
    ring(phone)
    assert kinds(application.wait_for(2)) == ["receivedTheCall", "receivedTheCall"]


def test_shuffle_lets_the_answer_overtake_the_ring(phone: Poster, application: Application) -> None:
    do(phone, "settings", shuffle=True, settings_first=False)
    do(phone, "answer", call=ring(phone), line="101")
    assert kinds(application.wait_for(2)) == ["answeredTheCall", "receivedTheCall"]


def test_drop(phone: Poster, application: Application) -> None:
    do(phone, "settings", drop="receivedTheCall")
    do(phone, "answer", call=ring(phone), line="101")
    assert kinds(application.wait_for(2)) == ["apiCallSettings", "answeredTheCall"]
    log = phone.get("/sandbox/api/phone")["log"]
    assert log[1]["error"] == "dropped on purpose"


def test_the_panel_does_not_wait_for_a_server_that_is_down(phone: Poster) -> None:
    do(phone, "settings", hook="http://127.0.0.1:9/hooks/binotel/t")
    call = ring(phone)
    assert do(phone, "answer", call=call, line="101")["state"] == "answered"


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("answer", {"call": "1"}),
        ("call", {"kind": "pigeon"}),
        ("call", {"kind": "out"}),
        ("settings", {"hook": "nonsense"}),
        ("settings", {"encoding": "xml"}),
        ("settings", {"sofa": 1}),
        ("settings", {"company_id": "x"}),
        ("settings", {"duplicate": "yes"}),
    ],
)
def test_nonsense_is_answered_with_a_sentence(phone: Poster, verb: str, body: dict[str, Any]) -> None:
    assert phone.post(f"/sandbox/api/phone/{verb}", **body)["error"].endswith((".", "'."))


def test_a_finished_call_cannot_be_answered(phone: Poster) -> None:
    call = ring(phone)
    do(phone, "miss", call=call)
    assert do(phone, "answer", call=call, line="101")["error"] == "This call is ended already."
    assert "error" in do(phone, "hangup", call=call)


def test_nobody_answers_by_hanging_up(phone: Poster) -> None:
    assert "error" in do(phone, "hangup", call=ring(phone), disposition="ANSWER")


def test_the_panel_offers_believable_callers(phone: Poster) -> None:
    panel = phone.get("/sandbox/api/phone")
    assert {row["kind"] for row in panel["callers"]} >= {"known", "several", "unknown", "withheld", "hostile"}
    assert [row["number"] for row in panel["dids"]] == ["0443334455", "0445556677"]


def test_brackets_there_and_back() -> None:
    tree = {"a": {"b": ["1", "2"], "c": {"d": "x"}}, "e": ""}
    pairs = parse_qs(deflate(tree), keep_blank_values=True)
    assert inflate((key, values[0]) for key, values in pairs.items()) == tree
