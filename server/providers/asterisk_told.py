"""What is known of a call of an Asterisk, and how it is told. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.calls import END, INTERNAL, OUT, CallEvent
from server.legs import ANSWERED, ENDED, MOVED
from server.phones import digits
from server.providers import values
from server.providers.asterisk_legs import WORST, Leg, became
from server.providers.channels import PHONE, Channel


@dataclass(slots=True, eq=False)
class Known:
    """`first` is the channel that the call began with, `guest` the one that leads outside (of an internal call: who
    dialled), `number` and `own` what was dialled and as whom, `given` the line that was handed the call and rings.
    `gap`: for some of it we were not there; `unsure`: and it was up when we came, so somebody may have talked.
    """

    key: str
    first: Channel
    born: float
    mark: str = ""
    ids: set[str] = field(default_factory=set)
    channels: dict[str, Channel] = field(default_factory=dict)
    direction: str = ""
    guest: Channel | None = None
    number: str = ""
    own: str = ""
    group: str = ""
    queued: bool = False
    hidden: bool = False
    mailbox: bool = False
    gap: bool = False
    unsure: bool = False
    legs: dict[str, Leg] = field(default_factory=dict)
    talkers: list[str] = field(default_factory=list)
    answered: float | None = None
    given: str = ""
    held: bool = False
    promised: tuple[str, float] | None = None
    told: bool = False
    over: bool = False

    def ended(self, now: float, seen: bool = True) -> CallEvent:
        self.over = True
        if self.promised and not self.talkers:
            self.talkers, self.answered = [self.promised[0]], self.promised[1]
            self.legs.setdefault(self.promised[0], Leg())
        outcome = self._outcome() if seen or self.talkers else "unknown"
        legs = tuple((line, self._became(line, outcome)) for line in self.legs)
        return self.event(END, now, outcome=outcome, ended=now if seen else None, legs=legs)

    def beheaded(self, now: float) -> CallEvent:
        """The end of a call that we know nothing else of; the journal may."""
        self.over = True
        return CallEvent(self.key, END, now, outcome="unknown", ended=now)

    def _outcome(self) -> str:
        if self.talkers:
            return "answered"
        if self.mailbox:
            return "voicemail"
        if self.unsure or (self.gap and not self.legs):
            return "unknown"
        if self.direction == OUT:  # the guest was never dialled when our own phone did not take the call
            return became(self.guest) if self.guest else "failed"
        known = [became(leg) for leg in self.legs.values()]
        return next((word for word in reversed(WORST) if word in known), "missed")

    def _became(self, line: str, outcome: str) -> str:
        leg = self.legs[line]
        if line in self.talkers:
            return ANSWERED if line == self.talkers[-1] else MOVED
        if self.talkers and leg.status in ("", "CANCEL", "ANSWER"):
            return ENDED
        return outcome if leg.status in ("", "ANSWER") else became(leg)

    def event(self, kind: str, now: float, line: str = "", outcome: str = "", **more: object) -> CallEvent:
        """Each word tells what is known until then: we may be cut off before the next."""
        self.told = True
        caller, did, name = self._parties()
        rang = tuple((its, leg.began, leg.stopped or now) for its, leg in self.legs.items() if leg.began)
        return CallEvent(
            self.key, kind, now, self.direction, caller, did, line, name, outcome, started=self.born,
            answered=self.answered, rang=rang, group=self.group, mark=self.mark, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    def _parties(self) -> tuple[str | None, str, str]:
        """The other party's number, ours and the other's name, as the first channel was told them."""
        first = self.first
        if self.direction == OUT:
            dialled = self.number or ("" if first.kind != PHONE or first.dialled_by else first.exten)
            return values.number(dialled) or None, self.own, ""
        if self.direction == INTERNAL:
            return first.line, "", values.text(first.name)
        caller = "" if self.hidden else values.number(first.number)
        name = values.text(first.name)
        is_number = bool(caller) and digits(name) == digits(caller)
        return caller, values.number(first.exten), "" if is_number or not caller else name
