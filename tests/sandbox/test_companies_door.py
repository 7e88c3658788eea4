"""A running sandbox plays a company: what its server may ask, what the panel can do, and what goes wrong on purpose."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from websocket import WebSocket, create_connection

from sandbox.companies import COMPANIES, zadarma
from sandbox.phone_setup import Setup
from sandbox.phone_stories import HOSTILE, STORIES
from tests.sandbox.stand import Application, Heard, Poster

Json = dict[str, Any]
BINOTEL = {"key": "binotel-key-pechera", "secret": "binotel-secret-pechera"}
LOGIN = {"task": "authLikeService", "key": "binotel-ws-key-pechera", "secret": "binotel-ws-secret-pechera"}


def do(poster: Poster, verb: str, **body: Any) -> Json:
    reply = poster.post(f"/sandbox/api/phone/{verb}", **body)
    return dict(reply.get("call", reply))


def panel(poster: Poster) -> Json:
    return poster.get("/sandbox/api/phone")


@pytest.fixture
def play(poster: Poster, application: Application) -> Callable[..., None]:
    """Chooses the company and gives it our address."""

    def choose(company: str, **settings: Any) -> None:
        reply = do(
            poster, "settings", company=company, hook=f"{application.url}/hooks/{company}/t", **settings
        )
        assert "error" not in reply, reply

    return choose


def ask(poster: Poster, method: str, url: str, **more: Any) -> requests.Response:
    """As our server does with COMPANIES_URL: the company's host becomes the first step of the path."""
    return requests.request(method, f"{poster.url}/companies/{url}", timeout=10, **more)


def binotel(poster: Poster, method: str, **params: Any) -> Json:
    reply = ask(poster, "POST", f"api.binotel.com/api/4.0/{method}.json", json=params | BINOTEL)
    return dict(reply.json())


def until(true: Callable[[], Any], seconds: float = 10) -> Any:
    """Waits for what a story does by and by."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
    return found


def path_of(heard: Heard) -> str:
    return urlsplit(heard.url).path.partition("/t")[2]


# Stories


def test_a_story_plays_by_itself(poster: Poster, application: Application, play: Callable[..., None]) -> None:
    play("unitalk")
    call = do(poster, "story", story="answered", **{"from": "0671112233"})
    assert call["state"] == "ringing"
    heard = application.wait_for(4)
    assert [json.loads(one.body)["event"] for one in heard] == [
        "CALL_NEW",
        "CALL_REDIRECT",
        "CALL_ANSWER",
        "CALL_END",
    ]
    assert panel(poster)["calls"][0]["state"] == "ended"


def test_a_disturbed_story_says_the_same_late_and_twice(
    poster: Poster, application: Application, play: Callable[..., None]
) -> None:
    play("mango")
    do(poster, "story", story="group", disturbed=True)
    kinds = {"Appeared", "Connected", "Disconnected", "summary", "record/added"}
    until(lambda: {row["type"] for row in panel(poster)["log"] if row["status"] == 200} == kinds)
    rows = until(lambda: [] if any(row["pending"] for row in panel(poster)["log"]) else panel(poster)["log"])
    bodies = [row["body"] for row in rows]
    assert len(bodies) - len(set(bodies)) >= len(set(bodies)) // 3 > 0, "one of every three"


def test_every_company_plays_every_story(
    poster: Poster, application: Application, play: Callable[..., None]
) -> None:
    for name in COMPANIES:
        play(name)
        for story in STORIES:
            assert do(poster, "story", story=story)["company"] == COMPANIES[name].title
    count = len(COMPANIES) * len(STORIES)
    until(lambda: [one["state"] for one in panel(poster)["calls"]] == ["ended"] * count)


def test_a_hostile_name_goes_out_as_it_is(
    poster: Poster, application: Application, play: Callable[..., None]
) -> None:
    play("generic", method="json")
    do(poster, "story", story="hostile")
    assert json.loads(application.wait_for(1)[0].body)["name"] == HOSTILE


def test_a_ring_reaches_the_lines_that_it_is_told(
    poster: Poster, application: Application, play: Callable[..., None]
) -> None:
    play("zadarma")
    do(poster, "call", **{"from": "0671112233", "lines": ["103"]})
    start, rings = (dict(parse_qsl(one.body)) for one in application.wait_for(2))
    assert (start["event"], rings["event"], rings["internal"]) == ("NOTIFY_START", "NOTIFY_INTERNAL", "103")


def test_the_companys_own_words_end_a_call(poster: Poster, play: Callable[..., None]) -> None:
    play("unitalk")
    call = do(poster, "call", **{"from": "0671112233"})
    assert call["ends"]["ringing"] == ["BUSY", "CHANUNAVAIL", "FAIL"]
    assert "error" in do(poster, "hangup", call=call["id"], disposition="no answer")
    assert do(poster, "busy", call=call["id"])["disposition"] == "BUSY"


def test_the_name_that_we_answer_is_shown(
    poster: Poster, application: Application, play: Callable[..., None]
) -> None:
    for company, reply in (
        ("zadarma", '{"caller_name":"Олена К."}'),
        ("itoolabs", '{"contact_name":"Олена К."}'),
        ("freepbx", "Олена К."),
    ):
        application.reply = lambda heard, reply=reply: reply  # type: ignore[misc]
        play(company)
        do(poster, "call", **{"from": "0671112233"})
        assert until(lambda: panel(poster)["calls"][0]["name"]) == "Олена К."


# Settings


def test_each_company_keeps_its_own_settings(poster: Poster, play: Callable[..., None]) -> None:
    play("zadarma", secret="mine")
    play("novofon")
    assert panel(poster)["settings"]["secret"] == "novofon-secret-pechera"
    do(poster, "settings", company="zadarma")
    shown = panel(poster)
    assert (shown["settings"]["secret"], shown["company"]["keys"]["secret"]) == ("mine", "mine")
    assert shown["hooks"]["novofon"].endswith("/hooks/novofon/t")


def test_a_lost_event_of_one_company_is_not_anothers(poster: Poster, play: Callable[..., None]) -> None:
    play("zadarma", drop="NOTIFY_END")
    assert panel(poster)["settings"]["drop"] == "NOTIFY_END"
    play("unitalk")
    assert panel(poster)["settings"]["drop"] == "none"


@pytest.mark.parametrize(
    "wrong",
    [
        {"company": "nokia"},
        {"company": "zadarma", "company_id": "1"},
        {"delay": "3"},
        {"rest": "418"},
        {"drop": "CALL_NEW"},
    ],
)
def test_settings_that_make_no_sense_are_refused_in_words(poster: Poster, wrong: Json) -> None:
    assert do(poster, "settings", **wrong)["error"].endswith(".")
    assert panel(poster)["settings"]["company"] == "binotel"


def test_telnyxs_key_pair_is_the_sandboxs_own_and_only_its_public_half_is_shown(
    poster: Poster, play: Callable[..., None]
) -> None:
    play("telnyx")
    company = panel(poster)["company"]
    assert len(company["shown"]["public_key"]) == 44
    assert "seed" not in company["keys"]


def test_settings_of_a_sandbox_that_knew_only_binotel_move_in() -> None:
    room: Json = {
        "hook": "http://x/hooks/binotel/t",
        "company_id": "777",
        "encoding": "json",
        "duplicate": True,
    }
    setup = Setup(room, "pechera", "700123", "0443334455", lambda: None)
    view = setup.view()
    assert (view["hook"], view["company_id"], view["encoding"]) == ("http://x/hooks/binotel/t", "777", "json")
    assert (view["duplicate"], view["company"]) == (True, "binotel")
    assert "hook" not in room


# Faults on the way


def test_a_wrong_signature_can_be_sent(
    poster: Poster, application: Application, play: Callable[..., None]
) -> None:
    play("zadarma", signature="wrong")
    do(poster, "call", **{"from": "0671112233"})
    heard = application.wait_for(1)[0]
    fields = dict(parse_qsl(heard.body))
    text = fields["caller_id"] + fields["called_did"] + fields["call_start"]
    assert heard.headers["Signature"] == zadarma.signature(text, "not-zadarma-secret-pechera")


def test_a_moment_can_be_lost_and_all_be_late(
    poster: Poster, application: Application, play: Callable[..., None]
) -> None:
    play("ringostat", drop="forward", delay="2")
    began = time.monotonic()
    do(poster, "call", **{"from": "0671112233"})
    assert [path_of(one) for one in application.wait_for(1)] == ["/ring"]
    assert time.monotonic() - began > 1.9


@pytest.mark.parametrize(("fault", "status"), [("503", 503), ("401", 200), ("429", 429)])
def test_rest_can_be_out_of_order(poster: Poster, fault: str, status: int) -> None:
    do(poster, "settings", rest=fault)
    reply = ask(poster, "POST", "api.binotel.com/api/4.0/stats/online-calls.json", json=BINOTEL)
    assert reply.status_code == status
    if fault == "401":
        assert reply.json()["status"] == "error"


def test_rest_can_hang(poster: Poster) -> None:
    do(poster, "settings", rest="hang")
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{poster.url}/companies/api.binotel.com/api/4.0/stats/online-calls.json",
            json=BINOTEL,
            timeout=0.5,
        )


# REST


def test_whose_calls_are_told_is_said_by_the_key(poster: Poster) -> None:
    do(poster, "call", account="kaffka", **{"from": "48604111222"})
    assert binotel(poster, "stats/online-calls")["callDetails"] == {}
    theirs = {"key": "binotel-key-kaffka", "secret": "binotel-secret-kaffka"}
    reply = ask(poster, "POST", "api.binotel.com/api/4.0/stats/online-calls.json", json=theirs)
    assert len(reply.json()["callDetails"]) == 1
    nobody = ask(
        poster, "POST", "api.binotel.com/api/4.0/stats/online-calls.json", json={"key": "1", "secret": "2"}
    )
    assert nobody.json()["status"] == "error"


def test_a_click_makes_a_call_that_goes_on_by_itself(
    poster: Poster, application: Application, play: Callable[..., None]
) -> None:
    play("binotel", settings_first=False)
    said = binotel(
        poster, "calls/internal-number-to-external-number", internalNumber="101", externalNumber="0671112233"
    )
    assert said["status"] == "success"
    call = panel(poster)["calls"][0]
    assert (call["id"], call["kind"], call["line"], call["from"]) == (
        said["generalCallID"],
        "out",
        "101",
        "0671112233",
    )
    heard = [dict(parse_qsl(one.body))["requestType"] for one in application.wait_for(4)]
    assert heard == ["receivedTheCall", "answeredTheCall", "hangupTheCall", "apiCallCompleted"]
    record = binotel(poster, "stats/call-record", generalCallID=said["generalCallID"])["url"]
    sound = ask(poster, "GET", record.removeprefix("https://"))
    assert (sound.headers["Content-Type"], sound.content[:4]) == ("audio/wav", b"RIFF")


def test_a_click_of_one_company_is_told_by_it_though_the_panel_shows_another(
    poster: Poster, application: Application, play: Callable[..., None]
) -> None:
    play("phonet")
    play("zadarma")
    host = "pechera.phonet.com.ua"
    login = ask(
        poster,
        "POST",
        f"{host}/rest/security/authorize",
        json={"domain": host, "apiKey": "phonet-key-pechera"},
    )
    cookie = {"Cookie": login.headers["Set-Cookie"].partition(";")[0]}
    wish = {"legExt": "102", "otherLegNum": "+380671112233"}
    uuid = ask(poster, "POST", f"{host}/rest/user/makeCall", json=wish, headers=cookie).json()["uuid"]
    first = json.loads(application.wait_for(1)[0].body)
    assert (first["event"], first["uuid"], first["leg"]["ext"]) == ("call.dial", uuid, "102")
    assert ask(poster, "GET", f"{host}/rest/calls/active/v3", headers=cookie).json()[0]["uuid"] == uuid
    ask(poster, "GET", f"{host}/rest/calls/active/{uuid}/hangup", headers=cookie)
    assert ask(poster, "GET", f"{host}/rest/calls/active/v3", headers=cookie).json() == []


def test_phonet_wants_its_cookie(poster: Poster) -> None:
    assert ask(poster, "GET", "pechera.phonet.com.ua/rest/users").status_code == 403
    login = {"domain": "pechera.phonet.com.ua", "apiKey": "wrong"}
    assert ask(poster, "POST", "pechera.phonet.com.ua/rest/security/authorize", json=login).status_code == 403


def zadarma_asks(poster: Poster, method: str, path: str, **words: str) -> requests.Response:
    words |= {"format": "json"}
    proof = zadarma.authorization(path, words, "zadarma-key-pechera", "zadarma-secret-pechera")
    part = {"params": words} if method == "GET" else {"data": words}
    return ask(poster, method, f"api.zadarma.com{path}", headers={"Authorization": proof}, **part)  # type: ignore[arg-type]


def test_zadarma_takes_our_address_only_when_it_echoes(poster: Poster, application: Application) -> None:
    url = f"{application.url}/hooks/zadarma/t"
    assert zadarma_asks(poster, "POST", "/v1/pbx/callinfo/url/", url=url).status_code == 400
    application.reply = lambda heard: dict(parse_qsl(urlsplit(heard.url).query))["zd_echo"]
    assert zadarma_asks(poster, "POST", "/v1/pbx/callinfo/url/", url=url).json()["status"] == "success"
    assert panel(poster)["hooks"]["zadarma"] == url
    zadarma_asks(poster, "POST", "/v1/pbx/callinfo/notifications/", notify_internal="false")
    said = zadarma_asks(poster, "GET", "/v1/pbx/callinfo/").json()
    assert (said["url"], said["notifications"]["notify_internal"]) == (url, "false")


def test_zadarma_checks_who_asks(poster: Poster) -> None:
    assert zadarma_asks(poster, "GET", "/v1/pbx/internal/").json()["numbers"][:2] == [101, 102]
    wrong = ask(
        poster, "GET", "api.zadarma.com/v1/pbx/internal/", headers={"Authorization": "zadarma-key-pechera:x"}
    )
    assert wrong.status_code == 401


NOWHERE = (
    *("example.com/x", "api.binotel.com/", "callapi.uiscom.ru/v4.0", "api.twilio.com/a//b"),
    *(
        "api.telnyx.com/v2/calls",
        "app.mango-office.ru/vpbx/commands/callback",
        "pechera.megapbx.ru/sys/crm_api.wcgp",
    ),
)


def test_nonsense_is_answered_and_never_breaks(poster: Poster) -> None:
    kind = {"Content-Type": "application/json"}
    for path in NOWHERE:
        for body in (b"", b"{", b"[1]", b"\xff\xfe", b"json=%7B"):
            reply = ask(poster, "POST", path, data=body, headers=kind)
            assert reply.status_code in (200, 400, 401, 404)
            assert reply.json()


def test_the_log_says_what_was_asked_and_counts_what_is_asked_again(poster: Poster) -> None:
    for _ in range(3):
        binotel(poster, "stats/online-calls")
    (row,) = panel(poster)["log"]
    assert (row["way"], row["type"], row["times"]) == ("rest", "POST /api/4.0/stats/online-calls.json", 3)


# WebSockets


@contextmanager
def socket(poster: Poster, host: str) -> Iterator[WebSocket]:
    client = create_connection(f"ws://127.0.0.1:{poster.port}/companies/{host}/", timeout=5)
    try:
        yield client
    finally:
        client.close()
        client.shutdown()


def test_binotels_socket_greets_logs_in_and_tells(poster: Poster) -> None:
    do(poster, "settings", channel="socket")
    with socket(poster, "ws.binotel.com:9002") as client:
        assert "Please, authorise!" in client.recv()
        client.send(json.dumps(LOGIN))
        assert "success" in client.recv()
        client.recv()
        until(lambda: panel(poster)["company"]["sockets"] == 1)
        do(poster, "story", story="answered")
        frames = [json.loads(client.recv()) for _ in range(3)]
    assert [one["eventName"] for one in frames] == ["callStart", "callAnswer", "callStop"]
    until(lambda: panel(poster)["company"]["sockets"] == 0)


def test_a_frame_that_nobody_hears_is_noted(poster: Poster) -> None:
    do(poster, "settings", channel="socket")
    do(poster, "call", **{"from": "0671112233"})
    assert until(lambda: panel(poster)["log"][0]["error"]) == "no socket is open"


def test_a_wrong_key_is_told_and_shown_out(poster: Poster) -> None:
    with socket(poster, "ws.binotel.com:9002") as client:
        client.recv()
        client.send(json.dumps(LOGIN | {"secret": "wrong"}))
        assert "failed" in client.recv()
        assert client.recv() == ""


def test_sipunis_socket_notifies(poster: Poster) -> None:
    do(poster, "settings", company="sipuni")
    with socket(poster, "sipuni.com:8083") as client:
        client.send(json.dumps({"type": "auth", "body": {"key": "sipuni-key-pechera"}}))
        assert json.loads(client.recv()) == {"action": "auth", "status": 1}
        client.send(json.dumps({"type": "keepalive"}))
        do(poster, "call", **{"from": "0671112233", "lines": ["101"]})
        said = json.loads(client.recv())
    assert (said["action"], said["request"]["event"], said["request"]["short_dst_num"]) == (
        "notify",
        "1",
        "101",
    )


def test_a_socket_can_be_refused(poster: Poster) -> None:
    do(poster, "settings", rest="503")
    wish = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    for host, status in (("ws.binotel.com:9002", 503), ("example.com:1", 404)):
        reply = ask(
            poster, "GET", f"{host}/", headers=wish | {"Sec-WebSocket-Key": "c2FuZGJveC1zb2NrZXRzIQ=="}
        )
        assert reply.status_code == status
