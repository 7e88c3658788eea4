from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs

import pytest

from sandbox.signing import compact_json, php_json, request_signature
from tests.sandbox.stand import SECRET, Application, Heard, Poster

BODY = {"p": "eyJjYWxsIjoiYy03NyJ9"}


def ask(poster: Poster, application: Application, **more: Any) -> dict[str, Any]:
    asked = {"url": f"{application.url}/pos/pechera/hello", "method": "post", "data": json.dumps(BODY)}
    asked |= {"headers": ["Content-Type: application/json"], "tablet": 3, **more}
    return poster.post("/sandbox/api/proxy", **asked)


def signature(heard: Heard, body: str) -> str:
    return request_signature(heard.url, body, heard.headers["X-Poster-Time"], SECRET)


def test_a_get_is_signed_over_its_address(poster: Poster, application: Application) -> None:
    ask(poster, application, url=f"{application.url}/x?v=1&line=101", method="GET", data=None)
    [heard] = application.heard
    assert heard.headers["X-Poster-Signature"] == signature(heard, "")
    assert abs(int(heard.headers["X-Poster-Time"]) - time.time()) < 5


def test_a_post_is_signed_over_its_raw_body_and_names_the_register(
    poster: Poster, application: Application
) -> None:
    assert ask(poster, application) == {"result": '{"status":"success"}', "code": 200}
    [heard] = application.heard
    assert heard.headers["X-Poster-Signature"] == signature(heard, heard.body)
    assert (heard.headers["X-Poster-Url"], heard.headers["X-Poster-Spot-Id"]) == ("pechera", "2")
    assert heard.headers["X-Poster-Tablet-Id"] == "3"
    assert heard.headers["Content-Type"] == "application/json"


def test_a_bundle_cannot_set_posters_headers(poster: Poster, application: Application) -> None:
    ask(poster, application, headers=["X-Poster-Url: kaffka", "X-Token: 1"])
    [heard] = application.heard
    assert (heard.headers["X-Poster-Url"], heard.headers["X-Token"]) == ("pechera", "1")


@pytest.mark.parametrize("form", ["php", "compact", "form"])
def test_body_forms(poster: Poster, application: Application, form: str) -> None:
    poster.faults(body_form=form)
    data = {"p": "eyJ", "note": "вул. Садова 5/7"}
    ask(poster, application, data=data)
    [heard] = application.heard
    signed = php_json(data) if form == "php" else compact_json(data)
    assert heard.headers["X-Poster-Signature"] == signature(heard, signed)
    assert heard.body != signed
    if form == "form":
        assert parse_qs(heard.body)["p"] == ["eyJ"]
    else:
        assert json.loads(heard.body) == data


@pytest.mark.parametrize(
    ("switch", "spelled"),
    [("host", "pechera.joinposter.com"), ("url", "https://pechera.joinposter.com/"), ("upper", "PECHERA")],
)
def test_spellings_of_the_account(
    poster: Poster, application: Application, switch: str, spelled: str
) -> None:
    poster.faults(url_header=switch)
    ask(poster, application)
    assert application.heard[0].headers["X-Poster-Url"] == spelled


def test_wrong_and_stale_signatures(poster: Poster, application: Application) -> None:
    poster.faults(signature="wrong")
    ask(poster, application)
    poster.faults(signature="stale")
    ask(poster, application)
    wrong, stale = application.heard
    assert wrong.headers["X-Poster-Signature"] != signature(wrong, wrong.body)
    assert stale.headers["X-Poster-Signature"] == signature(stale, stale.body)
    assert time.time() - int(stale.headers["X-Poster-Time"]) > 300


def test_a_replay_is_the_very_same_request_twice(poster: Poster, application: Application) -> None:
    poster.faults(signature="replayed")
    ask(poster, application)
    first, second = application.heard
    assert (first.body, first.headers["X-Poster-Signature"]) == (
        second.body,
        second.headers["X-Poster-Signature"],
    )


@pytest.mark.parametrize(
    ("switches", "answer"),
    [
        ({"result": "object"}, {"result": {"status": "success"}, "code": 200}),
        ({"result": "false"}, {"result": False, "code": 200}),
        ({"result": "never"}, {"never": True}),
        ({"answer_key": "status"}, {"result": '{"status":"success"}', "status": 200}),
        ({"proxy_code": "0"}, {"result": False, "code": 0}),
        ({"proxy_code": "1"}, {"result": False, "code": 1}),
        ({"proxy_code": "503"}, {"result": '{"error":"refused on the way"}', "code": 503}),
        ({"offline_start": "yes"}, {"result": False, "code": 0}),
    ],
)
def test_shapes_of_the_answer(
    poster: Poster, application: Application, switches: dict[str, str], answer: dict[str, Any]
) -> None:
    poster.faults(**switches)
    assert ask(poster, application) == answer


def test_status_and_text_of_a_refusal_arrive(poster: Poster, application: Application) -> None:
    application.status, application.reply = 403, lambda heard: '{"ok":false}'
    assert ask(poster, application) == {"result": '{"ok":false}', "code": 403}


def test_an_answer_that_is_no_json_is_code_1(poster: Poster, application: Application) -> None:
    application.reply = lambda heard: "<h1>hello</h1>"
    assert ask(poster, application) == {"result": False, "code": 1}


def test_nobody_there_is_code_0(poster: Poster, application: Application) -> None:
    assert ask(poster, application, url="http://127.0.0.1:9/") == {"result": False, "code": 0}
    assert ask(poster, application, url="nonsense") == {"result": False, "code": 0}


def test_the_callers_timeout_is_kept_and_the_request_goes_on(
    poster: Poster, application: Application
) -> None:
    poster.faults(latency_ms=600)
    started = time.monotonic()
    assert ask(poster, application, timeout=100) == {"result": False, "code": 0}
    assert time.monotonic() - started < 0.5
    application.wait_for(1)


def test_latency(poster: Poster, application: Application) -> None:
    poster.faults(latency_ms=200)
    started = time.monotonic()
    assert ask(poster, application)["code"] == 200
    assert time.monotonic() - started >= 0.2
