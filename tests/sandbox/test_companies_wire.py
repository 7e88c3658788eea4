"""What each company puts on the wire is what its documentation shows."""

from __future__ import annotations

import base64
import json
import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sandbox.companies import COMPANIES, generic, mango, telnyx, twilio, zadarma
from sandbox.companies.base import Push, Wire
from sandbox.phone_setup import Setup
from sandbox.phone_stories import STORIES
from server.providers.base import Delivery
from tests.sandbox.played import HOOK, SADOVA, T0, Told, stories

Fields = dict[str, Any]
START = "20261123T122000Z"


def of(name: str, story: str, kind: str, **keys: Any) -> list[Fields]:
    """The fields of every push of one kind."""
    told = Told(COMPANIES[name], story, **keys)
    return [dict(push.fields) for push, _ in told.pushes if push.kind == kind]


def first(name: str, story: str, kind: str, **keys: Any) -> Fields:
    return of(name, story, kind, **keys)[0]


def delivery(name: str, story: str, kind: str, **keys: Any) -> Delivery:
    told = Told(COMPANIES[name], story, **keys)
    push, at = next((push, at) for push, at in told.pushes if push.kind == kind)
    return told.delivery(push, at)


def form(one: Delivery) -> Fields:
    return dict(parse_qsl(one.body.decode(), keep_blank_values=True))


@pytest.mark.parametrize(("name", "story"), [*stories()])
def test_every_story_of_every_company_can_be_sent(name: str, story: str) -> None:
    told = Told(COMPANIES[name], story)
    kinds = {push.kind for push, _ in told.pushes}
    assert kinds <= {*COMPANIES[name].sends, "apiCallSettings"}
    for one in told.deliveries():
        assert one.url.startswith(HOOK.format(name=name)), one.url
        assert one.method in ("GET", "POST")
        assert bool(one.body) == (one.method == "POST")


ONLY_BY_HAND = {"phone": {"reject", "gone"}}


@pytest.mark.parametrize("name", COMPANIES)
def test_what_may_be_lost_is_sent_in_some_story(name: str) -> None:
    company = COMPANIES[name]
    ways = [{"channel": one} for key in company.keys if key.name == "channel" for one in key.choices]
    told = [Told(company, story, **way) for story in STORIES for way in ways or [{}]]
    sent = {push.kind for one in told for push, _ in one.pushes}
    assert {*company.sends} - sent == ONLY_BY_HAND.get(name, set())


# Zadarma


@pytest.mark.parametrize(
    ("fields", "signature"),
    [
        (
            {
                "event": "NOTIFY_START",
                "caller_id": "+380671112233",
                "called_did": "380441234567",
                "call_start": "2026-11-23 12:30:01",
            },
            "NjJhZDM2MjhlYjBjNTVjOTJhMzFlOTgwMTBhZmE2NDc3ODEyNGFmNA==",
        ),
        (
            {
                "event": "NOTIFY_ANSWER",
                "caller_id": "+380671112233",
                "destination": "100",
                "call_start": "2026-11-23 12:30:01",
            },
            "ODdlMzY1OTgzYTQ4ZGZiMDc3ZDVmZDY5ZTE5YzM2Nzg0YzM2OTk2Yw==",
        ),
        (
            {
                "event": "NOTIFY_OUT_START",
                "internal": "100",
                "destination": "380671112233",
                "call_start": "2026-11-23 12:40:00",
            },
            "ZGJlOWE5ZmE1OTJhMjE2ZDI2MzdlMDAxMDRmMDQxM2FjMWQ3NmY2Yg==",
        ),
        (
            {
                "event": "NOTIFY_RECORD",
                "pbx_call_id": "in_0123456789abcdef0123456789abcdef01234567",
                "call_id_with_rec": "1700000000.1234567",
            },
            "N2I4ZmUwOThjMzc1NmU5NDU1ZTNjYzEwZjcwYzlkOGRhMDc0YTVmNg==",
        ),
    ],
)
def test_zadarma_signs_as_its_documentation_does(fields: Fields, signature: str) -> None:
    wire = zadarma.sign(
        Wire("POST", "", {}, ""), Push(fields["event"], fields), {"secret": "demo-secret"}, T0
    )
    assert wire.headers["Signature"] == signature


def test_zadarmas_rest_is_signed_as_its_documentation_does() -> None:
    words = {"from": "100", "to": "380671112233", "format": "json"}
    signed = zadarma.authorization("/v1/request/callback/", words, "demo-key", "demo-secret")
    assert signed == "demo-key:YTg0MGViMTU4NjgxZDZiMzBlY2Y4MzI1NWIzZWRhNGExMTJiMjIyOA=="


@pytest.mark.parametrize("name", ["zadarma", "novofon"])
def test_zadarma_notifies_of_each_extension_that_rings(name: str) -> None:
    start = first(name, "group", "NOTIFY_START")
    assert set(start) == {"event", "call_start", "pbx_call_id", "caller_id", "called_did"}
    assert (start["caller_id"], start["called_did"]) == ("+380671112233", "380443334455")
    assert start["pbx_call_id"].startswith("in_")
    assert [one["internal"] for one in of(name, "group", "NOTIFY_INTERNAL")] == ["101", "102", "103"]
    answer = first(name, "group", "NOTIFY_ANSWER")
    assert (answer["destination"], answer["internal"]) == ("102", "102")
    end = first(name, "group", "NOTIFY_END")
    assert (end["disposition"], end["duration"], end["is_recorded"], end["status_code"]) == (
        "answered",
        8,
        1,
        16,
    )
    assert first(name, "outgoing", "NOTIFY_OUT_START")["pbx_call_id"].startswith("out_")


def test_zadarma_sends_only_the_events_that_are_switched_on() -> None:
    assert of("zadarma", "answered", "NOTIFY_INTERNAL", off="notify_internal,notify_end") == []
    assert len(of("zadarma", "answered", "NOTIFY_ANSWER", off="notify_internal,notify_end")) == 1


# Binotel


def test_binotels_bodies_have_the_fields_that_were_captured() -> None:
    assert set(first("binotel", "answered", "receivedTheCall")) == {
        *("didNumber", "did", "srcNumber", "externalNumber", "pbxNumber"),
        *("generalCallID", "callType", "companyID", "requestType", "method"),
    }
    assert set(first("binotel", "outgoing", "receivedTheCall")) == {
        *("externalNumber", "internalNumber", "generalCallID", "callType", "companyID"),
        *("requestType", "method", "dstNumber", "extNumber"),
    }
    assert set(first("binotel", "missed", "hangupTheCall")) == {
        *("generalCallID", "billsec", "disposition", "requestType", "method"),
    }


def test_binotels_frames_name_nobody_until_somebody_answers() -> None:
    start = first("binotel", "group", "callStart", channel="socket")
    assert (start["internalNumbers"], start["externalNumber"], start["callType"]) == ([], "0671112233", 0)
    answer = first("binotel", "group", "callAnswer", channel="socket")
    assert (answer["internalNumber"], answer["answeredAt"]) == ("102", int(T0 + 5))
    stop = first("binotel", "group", "callStop", channel="socket")
    assert set(stop) == {"eventName", "generalCallID", "stopTime", "billsec", "disposition"}


# Ringostat


def test_ringostats_moment_stands_in_the_address() -> None:
    told = Told(COMPANIES["ringostat"], "answered").deliveries()
    assert [one.path for one in told] == ["ring", "forward", "answer", "end"]
    ring, end = json.loads(told[0].body), json.loads(told[-1].body)
    assert (ring["caller"], ring["callee"], ring["type"]) == ("380671112233", "380443334455", "in")
    assert (end["status"], end["call_duration"], end["waiting"], end["dialog"]) == ("ANSWERED", 12, 4, 8)
    assert first("ringostat", "hostile", "ring")["caller"].startswith('""><script>')


# Phonet


def test_phonet_tells_of_each_leg_and_the_losers_hang_up() -> None:
    dials = of("phonet", "group", "call.dial")
    assert [one["leg"]["ext"] for one in dials] == ["101", "102", "103"]
    assert len({one["uuid"] for one in dials}) == 3
    assert len({one["parentUuid"] for one in dials}) == 1
    (bridge,) = of("phonet", "group", "call.bridge")
    assert (bridge["leg"]["ext"], bridge["bridgeAt"]) == ("102", int(T0 + 5))
    over = {one["leg"]["ext"]: one["bridgeAt"] for one in of("phonet", "group", "call.hangup")}
    assert over == {"101": None, "103": None, "102": int(T0 + 5)}


def test_phonets_shape_is_one_for_all_events() -> None:
    dial = first("phonet", "answered", "call.dial")
    assert set(dial) == {
        *("event", "accountDomain", "uuid", "parentUuid", "dialAt", "bridgeAt", "lgDirection"),
        *("leg", "leg2", "otherLegs", "trunkNum", "trunkName"),
    }
    assert (dial["lgDirection"], dial["otherLegs"][0]["num"]) == (4, "+380671112233")
    assert (first("phonet", "outgoing", "call.dial")["lgDirection"]) == 2
    assert first("phonet", "hidden", "call.dial")["otherLegs"][0]["num"] is None


# UniTalk


def test_unitalk_sends_the_call_to_the_operators() -> None:
    new, redirect = first("unitalk", "group", "CALL_NEW"), first("unitalk", "group", "CALL_REDIRECT")
    assert (new["event"], new["call"]["to"], new["call"]["state"]) == ("CALL_NEW", [], None)
    assert redirect["call"]["to"] == ["101", "102", "103"]
    end = first("unitalk", "group", "CALL_END")["call"]
    assert (end["to"], end["state"], end["secondsFullTime"], end["secondsTalk"]) == (["102"], "ANSWER", 13, 8)
    assert {one["call"]["id"] for one in (new, redirect)} == {end["id"]}


# ITooLabs


def test_itoolabs_rings_each_user_and_cancels_those_who_lost() -> None:
    rings = of("itoolabs", "group", "INCOMING")
    assert [(one["user"], one["ext"]) for one in rings] == [
        ("kasa101", "101"),
        ("kasa102", "102"),
        ("kasa103", "103"),
    ]
    assert len({one["callid"] for one in rings}) == 1
    assert [one["user"] for one in of("itoolabs", "group", "CANCELLED")] == ["kasa101", "kasa103"]
    record = first("itoolabs", "group", "history")
    assert (record["start"], record["status"], record["duration"]) == (START, "Success", 8)


def test_itoolabs_token_stands_in_every_form() -> None:
    for one in Told(COMPANIES["itoolabs"], "answered").deliveries():
        assert form(one)["crm_token"] == "itoolabs-crm-pechera"
    wrong = Told(COMPANIES["itoolabs"], "answered").deliveries(spoilt=True)[0]
    assert form(wrong)["crm_token"] == "not-itoolabs-crm-pechera"


# Sipuni


def test_sipuni_says_the_same_over_http_and_over_its_socket() -> None:
    told = Told(COMPANIES["sipuni"], "answered")
    frames = [json.loads(text) for text, _ in told.frames()]
    assert {one["action"] for one in frames} == {"notify"}
    posted = [form(one) for one in Told(COMPANIES["sipuni"], "answered", channel="POST").deliveries()]
    asked = [
        dict(parse_qsl(one.query))
        for one in Told(COMPANIES["sipuni"], "answered", channel="GET").deliveries()
    ]
    assert [one["event"] for one in posted] == [one["event"] for one in asked] == ["1", "3", "2"]
    assert [{key: str(its) for key, its in one["request"].items()} for one in frames] == posted
    assert (posted[0]["src_num"], posted[0]["dst_num"], posted[0]["short_dst_num"]) == (
        "380671112233",
        "015856#101",
        "101",
    )


# Mango


def test_mango_signs_as_its_documentation_does() -> None:
    text = (
        '{"entry_id":"MTIzNDU2","call_id":"MToxMDA","timestamp":1795436400,"seq":1,"call_state":"Appeared",'
        '"location":"abonent","from":{"number":"77011112233"},"to":{"extension":"101","line_number":"77272000000"}}'
    )
    keys = {"api_key": "demo-key", "api_salt": "demo-salt"}
    right = "18942db466fd64abb18982797d66b509081eb24481af6bcc1e7a1d3518071a69"
    assert mango.signature(keys, text) == right
    wire = mango.sign(Wire("POST", "", {}, text), Push("Appeared", {}), keys, T0)
    assert dict(parse_qsl(wire.body)) == {"vpbx_api_key": "demo-key", "sign": right, "json": text}


def test_mango_appends_its_own_path_and_counts_each_leg() -> None:
    told = Told(COMPANIES["mango"], "group")
    assert {one.path for one in told.deliveries()} == {"events/call", "events/summary", "events/record/added"}
    rings = of("mango", "group", "Appeared")
    assert [one["location"] for one in rings] == ["ivr", "abonent", "abonent", "abonent"]
    assert [one["to"].get("extension") for one in rings] == [None, "101", "102", "103"]
    (talk,) = of("mango", "group", "Connected")
    assert (talk["seq"], talk["to"]["extension"]) == (2, "102")
    assert [one["to"]["extension"] for one in of("mango", "group", "Disconnected")] == ["101", "103", "102"]
    assert first("mango", "group", "summary")["entry_result"] == 1
    assert first("mango", "missed", "summary")["talk_time"] == 0


def test_mango_says_where_a_transferred_leg_came_from() -> None:
    came = [one["from"] for one in of("mango", "transfer", "Appeared") if "was_transferred" in one["from"]]
    (leg,) = [
        one["call_id"] for one in of("mango", "transfer", "Connected") if one["to"]["extension"] == "101"
    ]
    assert [one["taken_from_call_id"] for one in came] == [leg]


# UIS


def test_uis_fills_the_owners_templates() -> None:
    waiting, lost = first("uis", "group", "waiting"), first("uis", "missed", "lost")
    assert {"virtual_phone_number", "notification_time", "contact_phone_number", "employee_id"} <= set(
        waiting
    )
    assert {"employee_full_name", "call_session_id", "direction", "leg_id"} <= set(waiting)
    assert (waiting["employee_full_name"], waiting["direction"]) == ("Марта Гнатюк", "in")
    assert (lost["wait_time_duration"], lost["employee_ids"]) == (8, [1101])
    assert lost["call_session_id"] == waiting["call_session_id"]


# Twilio and Telnyx


def test_twilio_signs_as_its_documentation_does() -> None:
    fields = {
        "AccountSid": "AC" + 32 * "0",
        "ApiVersion": "2010-04-01",
        "CallSid": "CA" + 32 * "1",
        "CallStatus": "ringing",
        "Direction": "inbound",
        "From": "+48501112233",
        "To": "+48221234567",
    }
    url = "https://pos.example.com/hook/twilio/T0ken"
    assert twilio.signature(url, fields, "demo-auth-token") == "jfhMfS+SLPts6431quFVaHGtch4="


def test_twilios_legs_stand_under_the_call() -> None:
    voice = first("twilio", "group", "voice")
    assert (voice["CallStatus"], voice["From"], voice["To"]) == ("ringing", "+380671112233", "+380443334455")
    legs = of("twilio", "group", "leg rings")
    assert {one["ParentCallSid"] for one in legs} == {voice["CallSid"]}
    assert len({one["CallSid"] for one in legs}) == 3
    assert all(one["CallSid"].startswith("CA") and len(one["CallSid"]) == 34 for one in legs)
    assert [one["CallStatus"] for one in of("twilio", "group", "leg over")] == [
        "canceled",
        "canceled",
        "completed",
    ]


def test_twilio_sends_its_legs_where_our_own_answer_says() -> None:
    reply = '<Response><Dial><Sip statusCallback="https://x/leg?a=1&amp;b=2">sip:1@x</Sip></Dial></Response>'
    assert twilio.instructions(reply) == {"legs": "https://x/leg?a=1&b=2"}
    told = Told(COMPANIES["twilio"], "answered")
    told.call.notes["legs"] = "https://x/leg?a=1"
    assert [one.url for one in told.deliveries()][1] == "https://x/leg?a=1"


def test_telnyx_can_be_checked_by_the_public_key_that_the_panel_shows() -> None:
    told = Told(COMPANIES["telnyx"], "answered")
    one = told.deliveries()[0]
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(told.settings["public_key"]))
    signed = one.headers["telnyx-timestamp"].encode() + b"|" + one.body
    key.verify(base64.b64decode(one.headers["telnyx-signature-ed25519"]), signed)
    assert one.headers["telnyx-timestamp"] == str(int(T0))


def test_telnyxs_legs_have_ids_of_their_own_in_one_session() -> None:
    told = [one["data"] for one in of("telnyx", "group", telnyx.INITIATED)]
    assert {one["record_type"] for one in told} == {"event"}
    assert len({one["payload"]["call_leg_id"] for one in told}) == 4
    assert len({one["payload"]["call_session_id"] for one in told}) == 1
    assert [one["payload"]["direction"] for one in told] == ["incoming", "outgoing", "outgoing", "outgoing"]


# Desk phones, the generic webhook, FreePBX


def test_a_yealink_opens_the_address_with_its_variables_filled_in() -> None:
    one = delivery("phone", "answered", "ring")
    words = dict(parse_qsl(one.query))
    assert (one.method, words["e"], words["ext"], words["r"]) == (
        "GET",
        "ring",
        "101",
        "sip:0671112233@pbx.example.com",
    )
    assert words["id"].isdigit()
    assert one.query.rpartition("&")[2].startswith("r=")


@pytest.mark.parametrize(("model", "has"), [("yealink", True), ("grandstream", False), ("snom", True)])
def test_a_grandstream_has_no_ids(model: str, has: bool) -> None:
    assert ("id" in first("phone", "answered", "ring", model=model)) == has


def test_phones_that_lost_the_call_say_that_they_missed_it() -> None:
    assert [one["ext"] for one in of("phone", "group", "missed")] == ["101", "103"]


@pytest.mark.parametrize(
    ("method", "type"),
    [("GET", None), ("form", "application/x-www-form-urlencoded"), ("json", "application/json")],
)
def test_the_generic_webhook_is_signed_however_it_is_sent(method: str, type: str | None) -> None:
    one = delivery("generic", "answered", "ring", method=method)
    assert one.headers.get("content-type") == type
    assert one.headers["x-dzvinok-time"] == str(int(T0))
    assert len(one.headers["x-dzvinok-signature"]) == 64


def test_the_generic_signature_is_the_one_of_our_page() -> None:
    body = "event=ring&call=1001&from=0671112233&to=0441234567"
    wire = generic.sign(
        Wire("POST", "", {}, body), Push("ring", {}), {"secret": "correct horse battery staple"}, T0
    )
    ours = "333375fe949351a79c408f57c362edc9d8c1895c6e0103b12771e64a04dcef7c"
    assert wire.headers["X-Dzvinok-Signature"] == ours


def test_freepbx_asks_once_and_shows_what_it_hears() -> None:
    (asked,) = Told(COMPANIES["freepbx"], "answered").pushes
    assert asked[0].heard
    assert asked[0].heard("Олена К.\n") == {"name": "Олена К."}
    assert dict(parse_qsl(delivery("freepbx", "answered", "lookup").query))["number"] == "0671112233"


# All of them


@pytest.mark.parametrize("name", [one.name for one in COMPANIES.values() if one.signed_with])
def test_a_spoilt_signature_is_another_one(name: str) -> None:
    right, wrong = (Told(COMPANIES[name], "answered").deliveries(spoilt)[0] for spoilt in (False, True))
    assert (right.body, right.headers) != (wrong.body, wrong.headers)
    assert right.url == wrong.url


@pytest.mark.parametrize("name", COMPANIES)
def test_two_restaurants_have_different_keys(name: str) -> None:
    both = (
        Setup({}, who, number, SADOVA, lambda: None)
        for who, number in (("pechera", "700123"), ("kaffka", "700456"))
    )
    pechera, kaffka = (one.keys(COMPANIES[name]) for one in both)
    secrets = [
        key.name
        for key in COMPANIES[name].keys
        if key.kind == "key" and re.search("{account}|{number}", str(key.default))
    ]
    assert all(pechera[one] != kaffka[one] for one in secrets)
    assert secrets or COMPANIES[name].answer is None
