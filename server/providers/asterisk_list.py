"""The list of all channels (CoreShowChannels): after each login and now and then. Pure.

It finds the calls that began while we were away, and drops those that ended so: a phone that loses its power in
a call leaves it in nobody's hands for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from server.calls import CallEvent
from server.phones import SHORTEST, digits
from server.providers import values
from server.providers.ami import Message
from server.providers.asterisk_calls import PbxCall
from server.providers.asterisk_tracker import Tracker
from server.providers.channels import DIALLED_APPS, OUTSIDE, PHONE, RINGING, SOMEBODY, TRUNK, UP, Channel

STRANGE = 5.0  # seconds old and never heard of: its events are kept from us
DURATION = re.compile(r"^(\d+):(\d\d):(\d\d)$")


@dataclass(frozen=True)
class Found:
    """`live` are the keys of all calls that there are, `strangers` channels that we should have heard of, `missing`
    those that we heard of and that are too young to be given up."""

    events: tuple[CallEvent, ...]
    live: frozenset[str]
    strangers: int
    missing: int


def look(tracker: Tracker, rows: Iterable[Message], since: float, now: float, gap: bool = False) -> Found:
    """Who came after `since` may be missing in the list and exist all the same. `gap`: we come from outside."""
    known = {one.uid for one in tracker.channels}
    ordered = sorted(
        rows, key=lambda row: (row.get("uniqueid") != row.get("linkedid"), row.get("uniqueid", ""))
    )
    found = [_listed(tracker, row, now) for row in ordered]
    there = {row.get("uniqueid") for row in ordered}
    missing = [one for one in tracker.channels if one.uid not in there]
    lost = [tracker.drop(one) for one in missing if one.born < since]
    for call in found if gap else []:
        if call and not call.over:
            call.gap = True
            states = {one.state for one in call.channels.values() if one.kind in (PHONE, TRUNK)}
            call.unsure = call.unsure or (UP in states and RINGING not in states)
    gone = [event for call in lost if call and call.is_over() for event in call.lost(now)]
    events = (*gone, *tracker.told([call for call in (*lost, *found) if call], now))
    live = frozenset(call.key for call in tracker.calls() if not call.over)
    strange = [row for row in ordered if row.get("uniqueid") not in known and _lasted(row) > STRANGE]
    return Found(events, live, len(strange), len(missing) - len(lost))


def _listed(tracker: Tracker, row: Message, now: float) -> PbxCall | None:
    new = tracker.channels.get(row.get("uniqueid", "")) is None
    channel = tracker.meet(row, now)
    call = tracker.call_of(channel)
    if channel is None or call is None:
        return None
    application, data = row.get("application", ""), row.get("applicationdata", "")
    parked = application.startswith("Park")
    tracker.channels.enter(channel, "" if parked else row.get("bridgeid", channel.bridge))
    if new:
        channel.born, channel.listed = now - _lasted(row), True
        call.born = min(call.born, channel.born)
    if application in DIALLED_APPS and not channel.dialled_by:
        _note_dialled(channel, call, row)
    elif new and not OUTSIDE.match(channel.context):
        _note_dialler(channel, call, row)
    if application == "Queue":
        call.queued, call.group = True, call.group or values.text(data.split(",")[0])
    return call


def _note_dialled(channel: Channel, call: PbxCall, row: Message) -> None:
    channel.dialled_by = SOMEBODY
    if channel.kind == TRUNK:
        number = values.number(row.get("calleridnum"))
        channel.line = number or channel.line
        call.note_number(number)


def _note_dialler(channel: Channel, call: PbxCall, row: Message) -> None:
    """Where its dialplan has it now is not the number that it came for."""
    channel.exten = "" if channel.kind == TRUNK else channel.exten
    other = values.number(row.get("connectedlinenum"))
    call.note_number(other if len(digits(other)) >= SHORTEST else "")


def _lasted(row: Message) -> float:
    match = DURATION.match(row.get("duration", ""))
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match else 0.0
