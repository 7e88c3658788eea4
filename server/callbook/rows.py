"""A call as a row of the journal says it, to whoever looks: numbers are masked here, names made harmless."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from server import phones
from server.callbook import masks
from server.callbook.reading import CallFacts, Names, Ordered, Read
from server.facts import OUT, REGISTER_MARK
from server.legs import ANSWERED, ENDED
from server.messages import clean
from server.models import Account
from server.providers import PROVIDERS
from server.providers.abilities import Records

LONGEST_NOTE = 300


@dataclass(frozen=True)
class Row:
    """`shown` is the number as they may see it, "" when withheld or `erased`. `became` is the outcome, or `ringing`
    or `talking`.

    `waited` and `talked` are whole seconds, None where nobody knows; `by` is whose line it was, `hears` whether there
    is a recording to be had.
    """

    id: str
    started: float
    direction: str
    became: str
    shown: str
    name: str
    guest: int
    did: str
    spot: str
    line: str
    by: str
    answered: float | None
    ended: float | None
    waited: int | None
    talked: int | None
    orders: list[Ordered]
    note: str
    text: str
    hears: bool
    late: bool
    test: bool
    held: bool
    erased: bool


def rows(read: Read, calls: list[CallFacts], account: Account) -> list[Row]:
    sees = masks.sees_numbers(account)
    return [_row(call, read, account, sees) for call in calls]


def _row(call: CallFacts, read: Read, account: Account, sees: bool) -> Row:
    guest, name = read.guests.get(call.number, (0, ""))
    spot = call.spot or read.names.dids.get(call.did, 0)
    waited, talked = times(call.started, call.answered, call.ended)
    return Row(
        id=call.id, started=call.started, direction=call.direction, became=became(call),
        shown=masks.shown(call.number, account), name=masks.words(clean(name or call.name), sees), guest=guest,
        did=call.did, spot=clean(read.names.spots.get(spot, "")), line=line(call.line), by=by(call, read.names),
        answered=call.answered, ended=call.ended, waited=waited, talked=talked, orders=read.orders.get(call.id, []),
        note=call.note, text=masks.words(clean(call.text, LONGEST_NOTE), sees), hears=hears(call),
        late=bool(call.late), test=bool(call.test), held=bool(call.held),
        erased=phones.stands_in(call.number),
    )  # fmt: skip


def became(call: CallFacts) -> str:
    if call.state == ENDED:
        return call.outcome or "unknown"
    return "talking" if call.state == ANSWERED else "ringing"


def times(started: float, answered: float | None, ended: float | None) -> tuple[int | None, int | None]:
    """Seconds of waiting and of talk, as the figures count them: whole moments first, then the difference."""
    until = answered or ended
    waited = max(0, int(until) - int(started)) if until else None
    return waited, (max(0, int(ended) - int(answered)) if answered and ended else None)


def line(name: str) -> str:
    """A line that people know; a test ring of one register has none."""
    return "" if name.startswith(REGISTER_MARK) else clean(name)


def by(call: CallFacts, names: Names) -> str:
    """Who talked, or placed the call; a line that several have tells nobody."""
    if not (call.state == ANSWERED or call.outcome == ANSWERED or call.direction == OUT):
        return ""
    if call.employee:
        return clean(names.people.get(call.employee, ""))
    owners = names.owners.get(call.line or call.answered_by, [])
    return clean(names.people.get(owners[0], "")) if len(owners) == 1 else ""


@lru_cache
def _records(provider: str) -> bool:
    return isinstance(PROVIDERS.get(provider), Records)


def hears(call: CallFacts) -> bool:
    """Whether there may be a recording: the company keeps some, and somebody talked."""
    return (
        _records(call.provider)
        and not call.test
        and call.state == ENDED
        and (bool(call.recording) or bool(call.answered))
    )
