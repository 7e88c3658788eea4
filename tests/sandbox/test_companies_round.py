"""There and back: what the sandbox says as a company is what our adapter of that company understands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sandbox.companies import COMPANIES
from sandbox.companies.base import Company
from sandbox.phone_stories import STORIES
from server.calls import CallEvent
from server.phones import read
from server.providers import PROVIDERS
from server.providers.abilities import Connects, Dials, HangsUp, Looks, Prepares, Records, Remembers, Suggests
from server.providers.base import Foreign, Provider, Refused
from tests import replay
from tests.sandbox.played import OLENA, PEOPLE, SADOVA, T0, Told, said_to, talked

BOTH = [name for name in COMPANIES if name in PROVIDERS]
ONLY_RINGS = {"freepbx"}
NO_DID = {"phone", "sipuni", "freepbx"}
NO_DID_THEN = {("telnyx", "outgoing"), ("itoolabs", "outgoing")}
"""A phone's own leg says only who is called; a user without a number of his own calls from nobody knows which."""

NOT_OUTGOING = {"twilio", "freepbx"}
"""Companies that tell nothing of calls that go out."""

ONLY_INCOMING = {"binotel"}
"""Companies whose history we ask only for calls that came in."""

ORDERED = {"phone"}
"""A desk phone has no ids that other phones know: after a total disorder its calls are not put together again."""

UNSURE = {"phonet": set(), "mango": set(), "freepbx": set(), "sipuni": {"line"}, "binotel": {"line"}}
"""What depends on the order when a call is passed on. Which of two lines was the first is known where the company
states when each answered, or tells only of one; Sipuni's end names the last one, also when it comes too early."""

WAYS = {"binotel": ({"channel": "webhook"}, {"channel": "socket"}),
        "sipuni": ({"channel": "POST"}, {"channel": "GET"}, {"channel": "socket"}),
        "phone": ({"model": "yealink"}, {"model": "grandstream"}, {"model": "snom"}),
        "generic": ({"method": "GET"}, {"method": "form"}, {"method": "json"})}  # fmt: skip
CASES = [(name, way) for name in BOTH for way in WAYS.get(name, ({},))]
SPELLED = [f"{name} {' '.join(way.values())}".strip() for name, way in CASES]

# What the journal says in the end: outcome, direction, last line, who answered.
TRUE = {
    "answered": ("answered", "in", "101", "101"),
    "missed": ("missed", "in", "101", ""),
    "group": ("answered", "in", "102", "102"),
    "transfer": ("answered", "in", "102", "101"),
    "outgoing": ("answered", "out", "101", "101"),
    "hidden": ("answered", "in", "101", "101"),
    "hostile": ("answered", "in", "101", "101"),
}


def pasted(adapter: Provider, told: Told) -> dict[str, str]:
    """The settings as Manage would keep them: each has been through its check."""
    shown = told.settings
    return {field.name: field.check(shown[field.name]) for field in adapter.fields if field.name in shown}


def understood(name: str, told: Told) -> list[CallEvent]:
    adapter = PROVIDERS[name]
    settings = pasted(adapter, told)
    found: list[CallEvent] = []
    if told.frames():
        assert isinstance(adapter, Connects)
        link = adapter.link(settings)
        assert link
        link.opened(T0, ("127.0.0.1", 1))
        found += [event for text, at in told.frames() for event in link.received(text, at).events]
    for one in told.deliveries():
        adapter.verify(one, settings)
        try:
            found += adapter.events(one, settings)
        except Foreign as why:
            if why.word:
                pytest.fail(f"{name} has never heard of {why.word}")
    return found


def says(call: dict[str, Any]) -> tuple[str, ...]:
    return call["outcome"], call["direction"], call["line"], call["answered_by"]


def who(number: str | None) -> str:
    return read(number, "UA").e164 or ""


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize(("name", "way"), CASES, ids=SPELLED)
def test_the_journal_knows_what_was_played(name: str, way: dict[str, str], story: str) -> None:
    told = Told(COMPANIES[name], story, **way)
    calls = replay.journaled(understood(name, told))
    if story == "outgoing" and name in NOT_OUTGOING:
        assert calls == []
        return
    (call,) = calls
    if name in ONLY_RINGS:
        assert (call["outcome"], call["direction"], call["line"]) == ("unknown", "in", "")
    else:
        assert says(call) == unmoved(name, way, story)
    assert who(call["caller"]) == ("" if story == "hidden" else who(OLENA))
    untold = name in NO_DID or (name, story) in NO_DID_THEN
    assert who(call["did"]) == ("" if untold else who(SADOVA))


def unmoved(name: str, way: dict[str, str], story: str) -> tuple[str, ...]:
    """Binotel's socket tells nothing of a transfer, nor which line rang when nobody answered."""
    outcome, direction, line, by = TRUE[story]
    if name == "binotel" and way["channel"] == "socket":
        line = {"transfer": "101", "missed": ""}.get(story, line)
    return outcome, direction, line, by


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("name", [name for name in BOTH if name not in ORDERED])
def test_disorder_and_repetition_change_no_fact(name: str, story: str) -> None:
    heard = understood(name, Told(COMPANIES[name], story))
    right = replay.journaled(heard)
    changed = set()
    for order in replay.orders(heard):
        found = replay.journaled(order)
        assert len(found) == len(right)
        changed |= {
            fact for call, its in zip(found, right, strict=True) for fact in its if call[fact] != its[fact]
        }
    assert changed == (UNSURE.get(name, {"line", "answered_by"}) if story == "transfer" else set())


@pytest.mark.parametrize("name", [name for name in BOTH if COMPANIES[name].signed_with])
def test_a_wrong_signature_is_refused(name: str) -> None:
    told = Told(COMPANIES[name], "answered")
    adapter = PROVIDERS[name]
    for one in told.deliveries(spoilt=True):
        with pytest.raises(Refused):
            adapter.verify(one, pasted(adapter, told))


@pytest.mark.parametrize("name", BOTH)
def test_what_the_panel_shows_can_be_pasted_into_manage(name: str) -> None:
    adapter, told = PROVIDERS[name], Told(COMPANIES[name], "answered")
    settings = pasted(adapter, told)
    assert {field.name for field in adapter.fields if field.required} <= settings.keys()


# REST


def able(kind: type[Any]) -> list[str]:
    return [name for name in BOTH if isinstance(PROVIDERS[name], kind) and COMPANIES[name].answer]


def met(name: str, story: str = "answered") -> tuple[Any, Company, Told, dict[str, str]]:
    told = Told(COMPANIES[name], story)
    return PROVIDERS[name], COMPANIES[name], told, pasted(PROVIDERS[name], told)


@pytest.mark.parametrize("name", able(Suggests))
def test_the_extensions_are_learned(name: str) -> None:
    adapter, _, told, settings = met(name)
    found = talked(adapter.extensions(settings), told.desk())
    assert [one.line for one in found] == list(PEOPLE)
    assert {one.name for one in found} <= {*PEOPLE.values(), ""}


@pytest.mark.parametrize("name", able(Dials))
def test_a_click_dials(name: str) -> None:
    adapter, _, told, settings = met(name)
    dialled: list[tuple[str, str]] = []
    talked(adapter.originate(settings, "101", "+380671112233", "m1"), told.desk(dialled))
    assert [(line, who(number)) for line, number in dialled] == [("101", who(OLENA))]


@pytest.mark.parametrize("name", able(HangsUp))
def test_a_call_is_ended_by_its_own_key(name: str) -> None:
    adapter, _, told, settings = met(name)
    (key,) = {event.key for event in understood(name, told)}
    told.call.state = "answered"
    ended: list[str] = []
    talked(adapter.hang_up(settings, key), told.desk(ended=ended))
    assert ended == [told.call.id]


@pytest.mark.parametrize("story", ["answered", "missed", "group", "hidden", "outgoing"])
@pytest.mark.parametrize("name", able(Remembers))
def test_the_history_says_what_the_live_events_said(name: str, story: str) -> None:
    adapter, _, told, settings = met(name, story)
    live = understood(name, told)
    remembered = talked(adapter.history(settings, T0 - 600, T0 + 600), told.desk())
    assert {event.key for event in remembered} <= {event.key for event in live}
    (both,) = replay.journaled(live + remembered)
    assert says(both) == TRUE[story]
    if story == "outgoing" and name in ONLY_INCOMING:
        assert remembered == []
        return
    (alone,) = replay.journaled(remembered)
    assert (alone["outcome"], alone["direction"]) == TRUE[story][:2]
    assert who(alone["caller"]) == ("" if story == "hidden" else who(OLENA))


@pytest.mark.parametrize("state", ["ringing", "answered"])
@pytest.mark.parametrize("name", able(Looks))
def test_a_look_sees_the_call_that_goes_on(name: str, state: str) -> None:
    adapter, _, told, settings = met(name)
    keys = {event.key for event in understood(name, told)}
    call = told.call
    call.state, call.ended, call.disposition = state, None, None
    if state == "ringing":
        call.answered, call.line, call.lines, call.taken = None, "", [], []
    step = talked(adapter.look(settings, T0 + 5), told.desk())
    assert step.live == keys
    assert {event.kind for event in step.events} == {"ring" if state == "ringing" else "answer"}
    told.call.state = "ended"
    assert talked(adapter.look(settings, T0 + 9), told.desk()).live == frozenset()


@pytest.mark.parametrize("name", able(Records))
def test_the_recording_can_be_fetched(name: str) -> None:
    adapter, _, told, settings = met(name)
    live = understood(name, told)
    reference = next((event.recording for event in reversed(live) if event.recording), "")
    ask = talked(adapter.recording(settings, live[0].key, reference), told.desk())
    host = ask.url.split("/")[2].partition(":")[0]
    assert any(
        host == one or host.endswith(one) for one in adapter.recording_hosts if one.lstrip(".") in host
    )
    said = said_to(ask, told.desk())
    if said.status == 302:
        said = said_to(type(ask)("GET", said.headers["Location"]), told.desk())
    assert said.body[:4] == b"RIFF"


@pytest.mark.parametrize("name", able(Prepares))
def test_our_address_is_entered_and_every_event_switched_on(name: str) -> None:
    adapter, _, told, settings = met(name)
    kept: dict[str, Any] = {}
    told.keys["off"] = "notify_internal,notify_end"
    desk = replace(told.desk(), keep=kept.update)
    talked(adapter.prepare(settings, "https://pos.example.com/hooks/x/T0ken"), desk)
    assert kept["hook"] == "https://pos.example.com/hooks/x/T0ken"
    assert not kept.get("off")
