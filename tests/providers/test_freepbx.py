"""FreePBX's question: who is calling? Recordings in, a ring and a name out."""

from __future__ import annotations

import json
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from server.calls import IN, INTERNAL, RING, CallEvent
from server.db import reading
from server.models import CallRow
from server.parts import Parts
from server.providers.abilities import Waits
from server.providers.base import Delivery, Text, Unreadable
from server.providers.freepbx import LONGEST, NUMBER, FreePbx
from tests import replay
from tests.conftest import Restaurant, add_trunk
from tests.replay import T0

FREEPBX = FreePbx()
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "freepbx.md").read_text("utf-8")


def get(query: str, at: float = T0) -> Delivery:
    return Delivery("GET", b"", at, query=query)


def only(query: str) -> CallEvent:
    (event,) = FREEPBX.events(get(query), {})
    return event


def said(query: str) -> str:
    reply = FREEPBX.reply(get(query), {}, replay.known)
    assert isinstance(reply, Text)
    assert reply.content_type.startswith("text/plain")
    return reply.text


# Recordings


@pytest.mark.parametrize("name", replay.names("freepbx"))
def test_a_recording_says_what_happened_and_is_answered_with_a_name(name: str) -> None:
    recording = replay.load("freepbx", name)
    for one in recording["steps"]:
        told = FREEPBX.events(replay.delivery(one), recording["settings"])
        assert [replay.shape(event) for event in told] == one["events"]
        assert said(one["query"]) == one["reply"]


@pytest.mark.parametrize("name", replay.names("freepbx"))
def test_a_recording_ends_in_the_calls_that_it_was(name: str) -> None:
    recording = replay.load("freepbx", name)
    told = replay.told(FREEPBX, recording)
    assert replay.journaled(told) == recording["calls"]


@pytest.mark.parametrize("name", replay.names("freepbx"))
def test_a_question_that_comes_twice_is_one_call(name: str) -> None:
    recording = replay.load("freepbx", name)
    told = [event for event in replay.told(FREEPBX, recording) for _ in range(2)]
    assert replay.journaled(told) == recording["calls"]


def test_what_became_of_the_call_is_not_made_up(parts: Parts, restaurant: Restaurant) -> None:
    account = restaurant()
    now = time.time()
    told = FREEPBX.events(get("number=0671112233", now), {})
    parts.intake.take(account.id, add_trunk(account, "freepbx").id, told)
    parts.intake.expire(now + 121)
    with reading():
        (call,) = CallRow.select()
    assert (call.state, call.outcome, call.answered_by) == ("ended", "unknown", "")


def test_without_ids_the_guests_next_call_rings_again(parts: Parts, restaurant: Restaurant) -> None:
    account, now = restaurant(), time.time() - 300
    trunk = add_trunk(account, "freepbx").id
    for later in (0, 200):
        parts.intake.take(account.id, trunk, FREEPBX.events(get("number=0671112233", now + later), {}))
        parts.intake.expire(now + later + 121)
    with reading():
        assert [call.outcome for call in CallRow.select()] == ["unknown", "unknown"]


# The question


def test_a_call_is_known_by_its_id_or_by_its_number() -> None:
    with_id, without = only("number=0671112233&id=17.1"), only("number=%2B380671112233")
    assert (with_id.key, with_id.reused) == ("17.1", False)
    assert (without.key, without.reused) == ("from:671112233", True)
    assert only("number=0671112233&id=[UNIQUEID]").key == without.key


@pytest.mark.parametrize("told", ["+380671112233", "380671112233", "0671112233", "%2B380671112233"])
def test_the_number_is_read_however_it_is_escaped(told: str) -> None:
    assert only(f"number={told}").key == "from:671112233"


@pytest.mark.parametrize("told", ["", "anonymous", "unknown", "[NUMBER]", "${CALLERID(num)}"])
def test_a_hidden_number_is_withheld_and_nobody_is_looked_for(told: str) -> None:
    assert only(f"number={told}").caller == ""
    assert said(f"number={told}") == ""


def test_a_number_that_was_written_into_the_query_is_the_one_that_was_dialled() -> None:
    assert only("number=0671112233&did=0441234567").did == "0441234567"


def test_a_colleague_is_no_guest() -> None:
    assert only("number=102").direction == INTERNAL
    assert only("number=0671112233").direction == IN


def test_names_only_means_no_call() -> None:
    question = get("number=0671112233")
    assert FREEPBX.events(question, {"ring": "no"}) == []
    assert [event.kind for event in FREEPBX.events(question, {"ring": "yes"})] == [RING]
    assert [field.choices for field in FREEPBX.fields] == [("yes", "no")]
    assert [FREEPBX.fields[0].check(word) for word in ("yes", "no")] == ["yes", "no"]


def test_a_question_without_a_number_is_refused_in_one_sentence() -> None:
    with pytest.raises(Unreadable, match="no number") as why:
        FREEPBX.events(get("t=0671112233"), {})
    assert len(str(why.value)) < 160


def test_a_word_that_freepbx_did_not_fill_in_is_told_to_the_owner() -> None:
    assert FREEPBX.doubts(get("number=[NUMBR]"), {}) == ("unfilled", "[NUMBR]")
    assert FREEPBX.doubts(get("number=0671112233&id=[UNIQUEID]"), {}) is None
    assert FREEPBX.doubts(get("number="), {}) is None


# The answer


def test_the_answer_is_the_name_and_fits_a_phone() -> None:
    assert said("number=0671112233") == "Kovalenko Olena"
    assert said("number=0501112233") == ""
    long = FREEPBX.reply(get("number=0671112233"), {}, lambda number: {"name": "Ї" * 200, "description": ""})
    assert long == Text("Ї" * LONGEST)


def test_the_companys_name_is_kept_when_we_know_none() -> None:
    assert said("number=0501112233&name=Shop%20Podil") == "Shop Podil"
    assert said("number=0671112233&name=Shop%20Podil") == "Kovalenko Olena"
    assert said("number=0501112233&name=0501112233") == ""
    assert said("number=0501112233&name=[NAME]") == ""


def test_a_guest_is_looked_for_while_the_pbx_waits() -> None:
    assert isinstance(FREEPBX, Waits)
    assert 0 < FREEPBX.patience < 1
    assert f"{FREEPBX.patience} seconds" in PAGE


NASTY = ["\0", "x" * 10_000, "<script>alert(1)</script>", "\u202e\u2066", "'; DROP TABLE call; --", "🍕" * 5000,
         "a\r\nSet-Cookie: x", '"', "${SHELL(ls)}", "٠٦٧", "%ff%fe"]  # fmt: skip


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(value: str) -> None:
    for name in ("number", "id", "did", "name"):
        query = "&".join(
            f"{key}={quote(its)}" for key, its in ({"number": "0501112233"} | {name: value}).items()
        )
        event = only(query)
        json.dumps(replay.shape(event)).encode()
        assert all(text.isprintable() for text in (event.key, event.did, event.name, event.caller or ""))
        assert len(event.key) <= 64
        answer = said(query)
        assert answer.isprintable()
        assert len(answer) <= LONGEST


# The form


def test_the_form_of_freepbx_is_filled_in() -> None:
    def form(hook: str) -> dict[str, str]:
        return {one.title: one.text for one in FREEPBX.pastes({}, hook)}

    near, far = (
        form("http://192.168.1.10:8080/hooks/freepbx/T0ken"),
        form("https://x.example.com/hooks/freepbx/T"),
    )
    assert (near["Source type"], near["Host"], near["Port"]) == ("HTTP", "192.168.1.10", "8080")
    assert near["Path"] == "/hooks/freepbx/T0ken"
    assert (far["Source type"], far["Port"], far["Cache Results"]) == ("HTTPS", "443", "No")
    assert only(near["Query"].replace(NUMBER, "0671112233")).key == "from:671112233"
    assert near["Query"] in PAGE
    assert set(near) - {"Host", "Port"} <= {word for word in near if word in PAGE}
