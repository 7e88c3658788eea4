"""What holds of every recording of every company; each provider's test names these as its own facts.

`python -m tests.recorded gudok [answered_by_101 …]` fills in what the adapter makes of each request: `events` and
`reply`. Read what it wrote; `call` is yours to write, from what really happened.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from typing import Any

from server.providers import PROVIDERS
from server.providers.base import Delivery, Foreign, Provider, Settings, Text, Unreadable
from tests import replay

Json = dict[str, Any]


def says_what_happened(adapter: Provider, name: str) -> None:
    recording = replay.load(adapter.name, name)
    for one in recording["steps"]:
        adapter.verify(replay.delivery(one), recording.get("settings", {}))
        said = _said(adapter, one, recording.get("settings", {}))
        assert said["events"] == one["events"]
        assert said["reply"] == one["reply"]


def ends_in_the_call_that_it_was(adapter: Provider, name: str) -> None:
    recording = replay.load(adapter.name, name)
    call = replay.final(replay.told(adapter, recording))
    assert replay.facts(call, recording["call"]) == recording["call"]


def does_not_depend_on_the_order(adapter: Provider, name: str, unsure: Collection[str] = ()) -> None:
    """Nothing but the facts that are `unsure`, and each of these really does."""
    told = replay.told(adapter, replay.load(adapter.name, name))
    truth = replay.journaled(told)
    seen: set[str] = set()
    for order in replay.orders(told):
        found = replay.journaled(order)
        assert len(found) == len(truth)
        differ = {
            fact for call, its in zip(found, truth, strict=True) for fact in its if call[fact] != its[fact]
        }
        assert differ <= {*unsure}, ([(event.kind, event.line) for event in order], found, truth)
        seen |= differ
    assert seen == {*unsure}


def invents_nothing_when_events_are_lost(adapter: Provider, name: str, unsure: Collection[str] = ()) -> None:
    """Nothing but what is `unsure`, and each of these may really be wrong."""
    found = [*replay.inventions(replay.requests(adapter, replay.load(adapter.name, name)))]
    assert {fact for _, wrong in found for fact in wrong} == {*unsure}, found


def fill(adapter: Provider, name: str) -> None:
    """Writes into the recording what the adapter says now; what is so already stays as it is spelled."""
    recording = replay.load(adapter.name, name)
    for one in recording["steps"]:
        said = _said(adapter, one, recording.get("settings", {}))
        one |= {word: its for word, its in said.items() if word not in one or one[word] != its}
    text = json.dumps(recording, indent=2, ensure_ascii=False)
    replay.path(adapter.name, name).write_text(text + "\n", "utf-8")


def _said(adapter: Provider, one: Json, settings: Settings) -> Json:
    """`events` is None where the request is foreign."""
    told = replay.heard(adapter, one, settings)
    reply = adapter.reply(replay.delivery(one), settings, replay.known)
    return {
        "events": None if told is None else [replay.shape(event) for event in told],
        "reply": {"text": reply.text, "content_type": reply.content_type}
        if isinstance(reply, Text)
        else reply,
    }


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
        adapter.reply(delivery, settings, replay.known)
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


if __name__ == "__main__":
    for one in sys.argv[2:] or replay.names(sys.argv[1]):
        fill(PROVIDERS[sys.argv[1]], one)
