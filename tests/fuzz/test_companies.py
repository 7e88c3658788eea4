"""Whatever is sent to a company's address: refused, unreadable, foreign, or events that can be kept and shown."""

from __future__ import annotations

import json
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.calls import OUTCOMES, CallEvent, step
from server.facts import ANSWER, END, IN, INTERNAL, MISS, NOTE, OUT, RING, TRANSFER, Call
from server.legs import ANSWERED, ENDED, MOVED, RINGING
from server.providers import PROVIDERS
from server.providers.abilities import Doubts
from server.providers.base import Delivery, Foreign, Refused, Settings, Text, Unreadable
from tests import replay
from tests.fuzz import mutants
from tests.fuzz.effort import tries

SLOWEST = 1.0
BECAME = {ANSWERED, ENDED, MOVED, RINGING, *OUTCOMES}


@pytest.mark.parametrize("provider", mutants.COMPANIES)
@tries(20)
@given(data=st.data())
def test_a_spoilt_request_is_told_so_or_becomes_events_that_can_be_kept(
    provider: str, data: st.DataObject
) -> None:
    sent, settings = data.draw(mutants.deliveries(provider))
    began = time.process_time()
    proved(provider, sent, settings)
    for event in told(provider, sent, settings):
        can_be_kept(event, sent.at)
    assert time.process_time() - began < SLOWEST


def proved(provider: str, sent: Delivery, settings: Settings) -> bool:
    try:
        PROVIDERS[provider].verify(sent, settings)
    except (Refused, Unreadable) as why:
        is_a_line(str(why))
        return False
    return True


def told(provider: str, sent: Delivery, settings: Settings) -> list[CallEvent]:
    """As the door asks: `reply` also after `Foreign`."""
    adapter = PROVIDERS[provider]
    try:
        events = list(adapter.events(sent, settings))
    except Unreadable as why:
        is_a_line(str(why))
        return []
    except Foreign as why:
        (str(why) + why.word).encode()
        events = []
    can_be_said(adapter.reply(sent, settings, replay.known))
    if isinstance(adapter, Doubts):
        adapter.doubts(sent, settings)
    return events


def is_a_line(text: str) -> None:
    assert text.isprintable()


def can_be_said(reply: object) -> None:
    if isinstance(reply, Text):
        reply.text.encode()
        reply.content_type.encode("latin-1")
    else:
        json.dumps(reply, ensure_ascii=False, allow_nan=False).encode()


def can_be_kept(event: CallEvent, now: float) -> None:
    texts = (event.key, event.caller or "", event.did, event.line, event.name, event.alias, event.group,
             event.recording, event.mark)  # fmt: skip
    for text in texts:
        assert isinstance(text, str)
        assert text.isprintable()
        assert len(text.encode()) <= 4000
    assert event.kind in {RING, ANSWER, TRANSFER, MISS, END, NOTE}
    assert event.direction in {IN, OUT, INTERNAL, ""}
    assert event.outcome in {"", *OUTCOMES}
    assert 0 < len(event.key) <= 64
    assert len(event.alias) <= 64
    assert not event.line.startswith("@")
    for moment in (event.at, event.started, event.answered, event.ended):
        assert moment is None or (math.isfinite(moment) and 0 <= moment <= now + 2 * 24 * 3600)
    for line, became in event.legs:
        assert became in BECAME
        assert line.isprintable()
        assert not line.startswith("@")
    assert len(event.legs) <= 2000
    step(Call("c", 1, 1, event.key), event)
