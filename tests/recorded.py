"""What holds of every recording of every company; each provider's test names these as its own facts."""

from __future__ import annotations

import json
from typing import Any

from server.providers.base import Delivery, Foreign, Provider, Settings, Text, Unreadable
from tests import replay

Json = dict[str, Any]


def says_what_happened(adapter: Provider, name: str) -> None:
    recording = replay.load(adapter.name, name)
    settings = recording.get("settings", {})
    for one in recording["steps"]:
        delivery = replay.delivery(one)
        adapter.verify(delivery, settings)
        assert [replay.shape(event) for event in adapter.events(delivery, settings)] == one["events"]
        reply = adapter.reply(delivery, settings, replay.GUESTS.get)
        said = {"text": reply.text, "content_type": reply.content_type} if isinstance(reply, Text) else reply
        assert said == one["reply"]


def ends_in_the_call_that_it_was(adapter: Provider, name: str) -> None:
    recording = replay.load(adapter.name, name)
    call = replay.final(replay.told(adapter, recording))
    assert replay.facts(call, recording["call"]) == recording["call"]


def does_not_depend_on_the_order(adapter: Provider, name: str) -> None:
    told = replay.told(adapter, replay.load(adapter.name, name))
    truth = replay.journaled(told)
    for order in replay.orders(told):
        assert replay.journaled(order) == truth, [(event.kind, event.line) for event in order]


def invents_nothing_when_events_are_lost(adapter: Provider, name: str) -> None:
    assert replay.invented(replay.told(adapter, replay.load(adapter.name, name))) == []


# Whatever somebody may write into a field.
NASTY: list[Any] = [
    None, True, 0, -1, 1e308, float("nan"), 10**40, "", "\0", "x" * 10_000, "<script>alert(1)</script>",
    "\u202e\u2066", "\ud800", "@3", "'; DROP TABLE call; --", [], [[]], {}, {"0": {"0": {}}}, "{", '{"a":1}',
    "🍕" * 5000, "٠٦٧", "$x", "{{x}}", "https://ringostat.com.evil.example/", "https://[", [None, {"id": []}],
]  # fmt: skip


def bears(adapter: Provider, delivery: Delivery, settings: Settings) -> None:
    """Says what is wrong with it, or makes events that can be kept and shown."""
    try:
        told = adapter.events(delivery, settings)
        adapter.reply(delivery, settings, replay.GUESTS.get)
    except (Unreadable, Foreign):
        return
    for event in told:
        json.dumps(replay.shape(event)).encode()
        for text in (event.key, event.did, event.line, event.name, event.caller or "", event.recording):
            text.encode()
            assert text.isprintable()
            assert len(text) <= 1000
        assert len(event.key) <= 64
        assert not event.line.startswith("@")
