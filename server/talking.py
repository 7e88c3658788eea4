"""Who of a spot is talking now, so that the others know: the employee, for how long, and two digits of the guest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from server import journal
from server.calls import INTERNAL, Call
from server.db import rows
from server.messages import Json
from server.routing import Desk, Route
from server.showing import Showing

SPOTS = "SELECT poster_id, spot FROM register WHERE account_id = ?"


@dataclass(frozen=True)
class Talk:
    """`spots` is where it is told, empty for everywhere; `own` says whose card it is anyway."""

    json: Json
    spots: frozenset[int | None]
    own: Callable[[Desk], bool]

    def told_to(self, desk: Desk) -> bool:
        return (not self.spots or desk.spot in self.spots) and not self.own(desk)


def now(account: int, showing: Showing, desks: Iterable[Desk]) -> list[Talk]:
    """Every call of the account that somebody talks in, incoming or not. An employee is at the spot of the register
    where they are logged in."""
    calls = journal.answered(account)
    if not calls:
        return []
    at: dict[tuple[str, int], set[int | None]] = {}
    for register, spot in rows(SPOTS, account):
        at.setdefault(("register", register), set()).add(spot)
    for desk in desks:
        if desk.employee is not None:
            at.setdefault(("employee", desk.employee), set()).add(desk.spot)
    return [_talk(call, showing, at) for call in calls]


def _talk(call: Call, showing: Showing, at: Mapping[tuple[str, int], set[int | None]]) -> Talk:
    route = showing.route(call)
    who = route.owners.get(call.line, frozenset())
    spots = frozenset().union(*(at.get(one, set()) for one in who))
    if not spots and route.did_spot is not None:
        spots = frozenset({route.did_spot})
    shows, has = route.audience(call), route.holds(call.line)
    return Talk(_json(call, route, showing), spots, lambda desk: shows(desk) or has(desk))


def _json(call: Call, route: Route, showing: Showing) -> Json:
    people = [who for kind, who in route.owners.get(call.line, frozenset()) if kind == "employee"]
    person = showing.person("employee", call.account, people[0]) if len(people) == 1 else None
    masked = "" if call.direction == INTERNAL else showing.number(call).masked
    return {
        "call": call.id, "line": call.line, "employee": person.id if person else None,
        "name": person.name if person else "", "masked": masked, "since": call.answered or call.touched,
        "held": call.held,
    }  # fmt: skip
