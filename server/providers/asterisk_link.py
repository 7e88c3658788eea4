"""Our connection to an Asterisk as a conversation: gets in, listens, asks what there is, places calls. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import phonenumbers

from server.phones import digits
from server.providers import values
from server.providers.abilities import NOTHING, Place, Step
from server.providers.ami import Entrance, Frames, Message, Odd, action
from server.providers.asterisk_list import look
from server.providers.asterisk_tracker import HANDLERS, Tracker
from server.providers.base import Settings

LETS_IN_WITHIN = 10.0
PING_EVERY, ANSWERS_WITHIN = 20.0, 10.0
LIST_EVERY, LISTS_WITHIN = 300.0, 30.0
FRESH = 3.0  # seconds that a channel's first event may be ahead of the list
AGAIN = 6.0  # after which it is asked for once more: the journal gives nothing up that it heard of just now
REMINDS_EVERY = 60.0  # of calls that go on ringing
MOST_ROWS, MOST_WISHES = 20_000, 200
RINGS_FOR = "30000"  # milliseconds that our own phone rings before a call that we place is given up

ROW, ROWS_END, PLACED = "CoreShowChannel", "CoreShowChannelsComplete", "OriginateResponse"
EVENTS = frozenset({*HANDLERS, ROW, ROWS_END, PLACED})
DENIED = "permission denied"
DIALLABLE = re.compile(r"^[\w.+*#-]{1,32}$")

# OriginateResponse: why our own phone did not take the call that we placed.
REASONS = {"0": "failed", "1": "no answer", "3": "no answer", "5": "busy", "8": "congestion"}


class AsteriskLink:
    """`DialsItself`; calls cannot be hung up with the rights that we ask for."""

    def __init__(self, place: Place, settings: Settings, trunks: frozenset[str]) -> None:
        self.place = place
        self._settings = settings
        self._tracker = Tracker(trunks)
        self._begin(0.0)

    def _begin(self, now: float) -> None:
        self._frames = Frames(EVENTS)
        self._entrance = Entrance(self._settings.get("user", ""), self._settings.get("secret", ""))
        self._knocked = False
        self._opened = self._heard = self._pinged = now
        self._asked: float | None = None  # when the list was asked for that we wait for
        self._listed = now
        self._rows: list[Message] = []
        self._lists = 0
        self._reminded = now

    def opened(self, now: float, local: tuple[str, int]) -> Step:
        self._begin(now)
        return NOTHING

    def received(self, data: bytes | str, now: float) -> Step:
        self._heard = now
        step = NOTHING
        try:
            for said in self._frames.feed(data.encode() if isinstance(data, str) else data):
                step = _both(step, self._take(said, now))
        except Odd as why:
            return _both(step, Step(trouble="odd", detail=str(why)[:80], close=True))
        if self._frames.greeting and not self._knocked:
            self._knocked = True
            step = _both(step, Step(send=(self._entrance.knock(),)))
        return step

    def tick(self, now: float) -> Step:
        if not self._entrance.inside:
            late = now - self._opened > LETS_IN_WITHIN
            return Step(trouble="silent", close=True) if late else NOTHING
        if self._heard < self._pinged and now - self._pinged > ANSWERS_WITHIN:
            return Step(trouble="silent", close=True)
        step = NOTHING
        if now - self._pinged >= PING_EVERY:
            self._pinged = now
            step = Step(send=(action("Ping", "ping"),))
        if now - self._reminded >= REMINDS_EVERY:
            self._reminded = now
            step = _both(step, Step(events=tuple(self._tracker.reminded(now))))
        waits = self._asked is not None and now - self._asked < LISTS_WITHIN
        return step if waits or now - self._listed < LIST_EVERY else _both(step, self._ask(now))

    def dial(self, line: str, number: str, mark: str, now: float) -> Step:
        """The call carries our mark in its own id, so it is known even after we were restarted."""
        if not (DIALLABLE.match(line) and digits(number) and mark.isalnum()):
            return Step(dialled={mark: "impossible"})
        self._tracker.wishes[mark] = number
        for old in list(self._tracker.wishes)[:-MOST_WISHES]:
            del self._tracker.wishes[old]
        context, target = self._settings.get("dial_context") or "from-internal", self._spelled(number)
        own = f"dzvinok-{mark}-{int(now)}"
        fields = (
            ("Channel", f"Local/{line}@{context}/n"), ("ChannelId", own), ("OtherChannelId", own + "-2"),
            ("Context", context), ("Exten", target), ("Priority", "1"),
            ("CallerID", f'"{target}" <{target}>'), ("Timeout", RINGS_FOR), ("Async", "true"),
        )  # fmt: skip
        return Step(send=(action("Originate", f"dial-{mark}", *fields),))

    def _spelled(self, number: str) -> str:
        """As the dialplan wants it: at home without the country's code, else in full without a plus."""
        home = digits(self._settings.get("home_code", ""))
        if home and digits(number).startswith(home):
            try:
                parsed = phonenumbers.parse("+" + digits(number))
            except phonenumbers.NumberParseException:
                return digits(number)
            return digits(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL))
        return digits(number)

    # What the PBX says

    def _take(self, said: Message, now: float) -> Step:
        if not self._entrance.inside:
            return self._at_the_door(said, now)
        name = said.get("event", "")
        if "response" in said and name != PLACED:
            return self._answered(said)
        if handle := OWN.get(name):
            return handle(self, said, now)
        return Step(events=tuple(self._tracker.step(said, now)))

    def _at_the_door(self, said: Message, now: float) -> Step:
        words = self._entrance.answer(said)
        if self._entrance.refused:
            return Step(trouble="login", detail=values.text(self._entrance.refused, 80), close=True)
        if self._entrance.inside:
            self._pinged = now
            return _both(Step(ready=True), self._ask(now))
        return Step(send=(words,)) if words else NOTHING

    def _answered(self, said: Message) -> Step:
        """Only a refusal says something; what was done is told by events."""
        if said["response"] != "Error":
            return NOTHING
        word, _, mark = said.get("actionid", "").partition("-")
        message = values.text(said.get("message"), 80)
        denied = DENIED in message.casefold()
        if word == "dial":
            rights = Step(trouble="rights", detail="write=originate") if denied else NOTHING
            return replace(rights, dialled={mark: message or "refused"})
        if word == "list":
            self._asked = None
            return Step(
                trouble="rights" if denied else "odd", detail="write=reporting" if denied else message
            )
        return NOTHING

    def _ask(self, now: float) -> Step:
        self._asked = self._listed = now
        self._rows, self._lists = [], self._lists + 1
        return Step(send=(action("CoreShowChannels", f"list-{self._lists}"),))

    def _row(self, said: Message, now: float) -> Step:
        if said.get("actionid") == f"list-{self._lists}" and len(self._rows) < MOST_ROWS:
            self._rows.append(said)
        return NOTHING

    def _rows_end(self, said: Message, now: float) -> Step:
        if said.get("actionid") != f"list-{self._lists}" or self._asked is None:
            return NOTHING
        since = max(self._opened, self._asked - FRESH)
        found = look(self._tracker, self._rows, since, now, gap=self._lists == 1)
        self._rows, self._asked = [], None
        if found.missing or self._lists == 1:
            self._listed = now - LIST_EVERY + AGAIN
        step = Step(events=found.events, live=found.live)
        if found.strangers and self._lists > 1:
            return replace(step, trouble="rights", detail="read=call")
        return step

    def _placed(self, said: Message, now: float) -> Step:
        word, _, mark = said.get("actionid", "").partition("-")
        if word != "dial" or not mark:
            return NOTHING
        good = said.get("response") == "Success"
        return Step(dialled={mark: "" if good else REASONS.get(said.get("reason", ""), "failed")})


OWN: dict[str, Callable[[AsteriskLink, Message, float], Step]] = {
    ROW: AsteriskLink._row,
    ROWS_END: AsteriskLink._rows_end,
    PLACED: AsteriskLink._placed,
}


def _both(one: Step, other: Step) -> Step:
    """Two steps as one; the trouble that comes first is the one to tell."""
    if one is NOTHING or other is NOTHING:
        return other if one is NOTHING else one
    return Step(
        send=one.send + other.send,
        events=one.events + other.events,
        live=one.live if other.live is None else other.live,
        ready=one.ready or other.ready,
        trouble=one.trouble or other.trouble,
        detail=one.detail if one.trouble else other.detail,
        close=one.close or other.close,
        dialled={**one.dialled, **other.dialled},
    )
