"""The moves of a call and the table of when each is made. Pure; `server.calls` is what others use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from server import legs
from server.facts import ANSWER, END, MISS, NOTE, OUTCOMES, RING, TRANSFER, Call, CallEvent
from server.legs import ANSWERED, ENDED, MOVED, RINGING, TALKED

GOES_ROUND = 5.0  # seconds between a phone's giving up and its next ring in a queue
TRIED_WITHIN = 120.0  # seconds in which the next phone rings after one that gave up

Step = Callable[[Call, CallEvent], Call]


def _ring(call: Call, event: CallEvent) -> Call:
    if _rings_again(call, event):
        return _rung_again(call, event)
    rung = legs.ring(call.legs, event.line)
    return replace(call, state=RINGING, legs=rung, line=legs.alone(rung, RINGING))


def _rung_again(call: Call, event: CallEvent) -> Call:
    rung = legs.put(call.legs, event.line, RINGING)
    others = MappingProxyType({line: at for line, at in call.gave_up.items() if line != event.line})
    return replace(
        call, state=RINGING, outcome="", ended=None, soft=False, legs=rung, gave_up=others,
        line=legs.alone(rung, RINGING),
    )  # fmt: skip


def _ring_unheard(call: Call, event: CallEvent) -> Call:
    """The call was answered before we heard that this line rang: it is noted, nothing rings again."""
    return replace(call, legs=legs.add(call.legs, event.line, ENDED))


def _ring_late(call: Call, event: CallEvent) -> Call:
    if _is_tried_next(call, event):
        return _rung_again(call, event)
    call = _heard_of_answer(call, event)
    noted = legs.add(call.legs, event.line, ENDED if call.outcome == "answered" else call.outcome)
    known = _talker(call) or call.answered_by
    return replace(call, legs=noted, line=call.line if known else legs.alone(noted))


def _is_tried_next(call: Call, event: CallEvent) -> bool:
    """Phones are rung one after another: each one's giving up looks like the end until the next rings."""
    open_end = call.soft and call.outcome != "answered"
    soon = event.at - call.touched < TRIED_WITHIN
    other_line = bool(event.line) and event.line not in call.legs
    return open_end and soon and (other_line or _rings_again(call, event))


def _rings_again(call: Call, event: CallEvent) -> bool:
    """A queue goes round: a phone that gave up a while ago rings once more. Right after that it is a late ring."""
    return event.line in call.gave_up and event.at - call.gave_up[event.line] >= GOES_ROUND


def _answer(call: Call, event: CallEvent) -> Call:
    """Somebody picked up. When the call was already passed on, it was before that: the line stays."""
    answerer = event.line or (call.line if call.legs.get(call.line, RINGING) in (RINGING, ANSWERED) else "")
    line = call.line if MOVED in call.legs.values() else answerer
    hushed = legs.hush(call.legs)
    named = legs.name_first(hushed, answerer) if answerer != line else hushed
    return replace(
        call,
        state=ANSWERED,
        line=line,
        answered_by=call.answered_by or answerer,
        answered=call.answered or event.answered or event.at,
        legs=legs.put(named, line, ANSWERED),
    )


def _answer_again(call: Call, event: CallEvent) -> Call:
    """Another line says that it picked up: it took the call over, unless it had the call before."""
    if not event.line or event.line == call.line or call.legs.get(event.line) == MOVED:
        return _taken_back(call, event)
    if not call.line:
        return _answer(call, event)
    if _was_earlier(call, event) and event.answered != call.answered:
        return _was_first(call, event)
    return _name_first(call, event.line) if "" in call.legs else _move(call, event)


def _taken_back(call: Call, event: CallEvent) -> Call:
    """The line that put the guest on hold says once more that it is connected with them."""
    back = call.held and event.line == call.line and event.at >= call.touched
    return replace(call, held=False) if back else call


def _hold(call: Call, event: CallEvent) -> Call:
    """Of two words about one hold the later is true, in whatever order they came."""
    return call if event.held is None or event.at < call.touched else replace(call, held=event.held)


def _was_earlier(call: Call, event: CallEvent) -> bool:
    """Whether the company says that this answer was the first, though we heard of another before."""
    return bool(event.answered and call.answered and event.answered <= call.answered)


def _was_first(call: Call, event: CallEvent) -> Call:
    """This line had the call before the one that is known to have it."""
    moved = legs.put({line: its for line, its in call.legs.items() if line}, event.line, MOVED)
    return replace(call, answered_by=event.line, answered=event.answered, legs=moved)


def _answer_late(call: Call, event: CallEvent) -> Call:
    """The answer of a call that is over. One without a line is the mailbox's, if that took the call."""
    if not event.line and call.outcome == "voicemail":
        return call
    answered = replace(call, outcome="answered", answered=call.answered or event.answered)
    if not event.line or call.legs.get(event.line) in TALKED:
        return answered
    if "" in call.legs:
        return _name_first(answered, event.line)
    by = call.answered_by or event.line
    if _talker(call) and _was_earlier(call, event):
        return _was_first(answered, event)
    if _talker(call) and event.answered and call.answered and event.answered > call.answered:
        return replace(answered, line=event.line, legs=legs.pass_on(call.legs, event.line, ANSWERED))
    if _talker(call):
        return replace(answered, answered_by=by)
    return replace(answered, answered_by=by, line=event.line, legs=legs.put(call.legs, event.line, ANSWERED))


def _name_first(call: Call, line: str) -> Call:
    return replace(call, answered_by=line, legs=legs.name_first(call.legs, line))


def _move(call: Call, event: CallEvent) -> Call:
    """Another line has the call now; a call that nobody answered yet goes on ringing there."""
    if not event.line:
        return call if call.state else _ring(call, event)
    state = ANSWERED if call.state == ANSWERED else RINGING
    passed = legs.pass_on(call.legs, event.line, state)
    return replace(call, state=state, line=event.line, legs=passed, held=False)


def _move_late(call: Call, event: CallEvent) -> Call:
    """The call was over when we heard where it had gone; a line that the record names was there already."""
    if not event.line or (call.legs.get(event.line) in TALKED and MOVED in call.legs.values()):
        return call
    return replace(call, line=event.line, legs=legs.pass_on(call.legs, event.line, call.outcome))


def _miss(call: Call, event: CallEvent) -> Call:
    """One line gave up; the call ends with the last of them."""
    given_up = legs.put(call.legs, event.line, event.outcome or "missed")
    if event.line and event.line not in call.gave_up:
        call = replace(call, gave_up=MappingProxyType({**call.gave_up, event.line: event.at}))
    if event.line and RINGING in given_up.values():
        return replace(call, legs=given_up, line=legs.alone(given_up, RINGING))
    outcomes = [state for state in given_up.values() if state in OUTCOMES]
    worst = _strongest(event.outcome or "missed", *outcomes)
    over = _end(replace(call, legs=given_up), replace(event, outcome=worst))
    return replace(over, soft=bool(event.line) and over.outcome != "answered")


def _leave(call: Call, event: CallEvent) -> Call:
    """A line hung up or gave up while the call goes on: it is over if that line is the one that talks."""
    if event.outcome == "answered" and event.line and event.line == call.line:
        return _end(call, event)
    return replace(call, legs=legs.add(call.legs, event.line, ENDED))


def _miss_late(call: Call, event: CallEvent) -> Call:
    """One line's giving up, heard after the end, says nothing of the others."""
    outcome = event.outcome or "missed"
    if outcome == "answered":
        return _end(call, event)
    if call.outcome == "answered":
        return replace(call, legs=legs.add(call.legs, event.line, ENDED))
    noted = replace(call, legs=legs.put(call.legs, event.line, outcome))
    if call.outcome == "unknown" and event.line and "unknown" in noted.legs.values():
        return noted
    return replace(_end(noted, replace(event, line="", outcome=outcome)), soft=call.soft)


def _heard_of_answer(call: Call, event: CallEvent) -> Call:
    """That a call was answered may be told by something else than an answer, and after its end."""
    if call.outcome == "answered" or not _seen(call, call.outcome):
        return call
    return _end(call, replace(event, line="", outcome=call.outcome))


def _note_late(call: Call, event: CallEvent) -> Call:
    """Which line rang alone may be known only now."""
    call = _heard_of_answer(call, event)
    return call if call.outcome == "answered" else replace(call, line=legs.alone(call.legs))


def _end(call: Call, event: CallEvent) -> Call:
    """It is over; or it was, and a record came that may know better than the first word that we heard."""
    told = event.outcome or ("answered" if call.answered else "missed")
    outcome = _strongest(_seen(call, told), call.outcome, told)
    closed = legs.close(legs.add(call.legs, event.line, RINGING), outcome)
    call = replace(call, state=ENDED, outcome=outcome, ended=call.ended or event.at, soft=False, held=False)
    over = replace(call, legs=closed)
    return _with_talkers(over, event) if outcome == "answered" else replace(over, line=legs.alone(closed))


def _seen(call: Call, told: str) -> str:
    """An answer that no line gave is the mailbox's, when that is where the call ended."""
    by_nobody = not call.answered_by and "voicemail" in (told, call.outcome)
    return "answered" if call.answered_by or (call.answered and not by_nobody) else ""


def _with_talkers(call: Call, event: CallEvent) -> Call:
    """Who talked, first and last: by the record when it tells of several, else by what we heard live."""
    told = [(line, state) for line, state in event.legs if state in TALKED]
    last = [line for line, state in told if state == ANSWERED]
    if len(told) > 1:
        return replace(call, answered_by=told[0][0], line=last[-1] if last else call.line or told[-1][0])
    known = told[0][0] if told else event.line
    line = _talker(call) or known or ("" if call.legs.get(call.line) in OUTCOMES else call.line)
    if known and known != line and "" in call.legs:
        return _name_first(call, known)
    talked = call.legs if told or known != line else legs.put(call.legs, known, ANSWERED)
    return replace(call, answered_by=call.answered_by or known, line=line, legs=talked)


def _talker(call: Call) -> str:
    """The line that talks, talked last or was given the call; not one that only rang."""
    return call.line if call.legs.get(call.line) in TALKED or MOVED in call.legs.values() else ""


def _strongest(*words: str) -> str:
    return max(words, key=lambda word: OUTCOMES.index(word) if word else -1)


# The rules of a call. What is absent moves nothing: a late ring does not revive a call.
STEPS: dict[tuple[str, str], Step] = {
    ("", RING): _ring,
    ("", ANSWER): _answer,
    ("", TRANSFER): _move,
    ("", MISS): _miss,
    ("", END): _end,
    (RINGING, RING): _ring,
    (RINGING, ANSWER): _answer,
    (RINGING, TRANSFER): _move,
    (RINGING, MISS): _miss,
    (RINGING, END): _end,
    (ANSWERED, RING): _ring_unheard,
    (ANSWERED, ANSWER): _answer_again,
    (ANSWERED, TRANSFER): _move,
    (ANSWERED, MISS): _leave,
    (ANSWERED, NOTE): _hold,
    (ANSWERED, END): _end,
    (ENDED, RING): _ring_late,
    (ENDED, ANSWER): _answer_late,
    (ENDED, TRANSFER): _move_late,
    (ENDED, MISS): _miss_late,
    (ENDED, NOTE): _note_late,
    (ENDED, END): _end,
}
