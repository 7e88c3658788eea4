"""What the owner looks for in the journal, and what that means in numbers, names and moments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta

from server import days, kin, phones, preferences
from server.callbacks import IN_VAIN
from server.facts import IN, INTERNAL, OUT, OUTCOMES
from server.models import Account
from server.unfit import Unfit

VAIN = "vain"  # all that were in vain, as one outcome
SHORTEST, LONGEST = 2, 80
_DIALLED = re.compile(r"[+*…\d\s().\u2010-\u2015-]+")
_ENDS = ("…", "*")


@dataclass(frozen=True)
class Filter:
    """Empty is everything. `text` is a number or a name, whichever it looks like; `first` to `last` are business days.

    `number` is whole, or begins or ends like that; `outcome` one of `facts.OUTCOMES` or `vain`.
    """

    text: str = ""
    number: str = ""
    name: str = ""
    employee: int | None = None
    line: str = ""
    outcome: str = ""
    direction: str = ""
    spot: int | None = None
    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        return self != Filter()

    def words(self) -> dict[str, str]:
        """As it stands in an address; `read` makes it again."""
        return {name: str(value) for name, value in asdict(self).items() if value not in (None, "")}

    def without(self, name: str) -> Filter:
        return replace(self, **{name: getattr(Filter(), name)})


def read(query: Mapping[str, str]) -> Filter:
    """What an address asks for. Raises Unfit `day`; anything else that makes no sense is not asked for."""
    found: dict[str, object] = {
        "text": query.get("text", "").strip()[:LONGEST],
        "number": query.get("number", "").strip()[:40],
        "name": query.get("name", "").strip()[:LONGEST],
        "line": query.get("line", "").strip()[:40],
        "employee": _id(query.get("employee", "")),
        "spot": _id(query.get("spot", "")),
        "outcome": query.get("outcome", "") if query.get("outcome") in (*OUTCOMES, VAIN) else "",
        "direction": query.get("direction", "") if query.get("direction") in (IN, OUT, INTERNAL) else "",
        "first": _day(query.get("first", "")),
        "last": _day(query.get("last", "")),
    }
    assert found.keys() == {field.name for field in fields(Filter)}
    return Filter(**found)  # type: ignore[arg-type]


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Unfit("day", value=text) from None
    if day and not 2000 <= day.year <= 2100:
        raise Unfit("day", value=text)
    return day


@dataclass(frozen=True)
class Sought:
    """A filter as the database is asked. `exact` is a whole number; `heads` and `tail` are how one begins or ends;
    `names` the words of a name. `begins` <= started < `ends`."""

    exact: str = ""
    heads: tuple[str, ...] = ()
    tail: str = ""
    names: tuple[str, ...] = ()
    said: str = ""
    outcomes: tuple[str, ...] = ()
    employee: int | None = None
    line: str = ""
    direction: str = ""
    spot: int | None = None
    begins: float = 0.0
    ends: float = 4e9


def meant(wanted: Filter, account: Account, sees_numbers: bool, country: str) -> Sought:
    """Raises Unfit: `short` (one letter would find everybody), `number_whole` (whoever may not see numbers must not
    find one out digit by digit)."""
    dialled = wanted.number or (wanted.text if _DIALLED.fullmatch(wanted.text) else "")
    named = wanted.name or ("" if dialled == wanted.text else wanted.text)
    begins, ends = _span(wanted, account)
    sought = Sought(
        employee=wanted.employee, line=wanted.line, direction=wanted.direction, spot=wanted.spot,
        outcomes=_outcomes(wanted.outcome), begins=begins, ends=ends,
    )  # fmt: skip
    if dialled:
        sought = _number(sought, dialled, country, sees_numbers)
    if named:
        names = tuple(kin.folded(named).split())
        if sum(map(len, names)) < SHORTEST:
            raise Unfit("short", value=named)
        sought = replace(sought, names=names, said=named)
    return sought


def _outcomes(outcome: str) -> tuple[str, ...]:
    return IN_VAIN if outcome == VAIN else (outcome,) if outcome else ()


def _number(sought: Sought, dialled: str, country: str, sees_numbers: bool) -> Sought:
    whole = phones.read(dialled, country)
    if whole.matchable and not dialled.startswith(_ENDS):
        return replace(sought, exact=whole.e164)
    if not sees_numbers:
        raise Unfit("number_whole", value=dialled)
    found = phones.digits(dialled)
    if len(found) < SHORTEST:
        raise Unfit("short", value=dialled)
    if dialled.startswith(_ENDS):
        return replace(sought, tail=found)
    if dialled.startswith("+"):
        return replace(sought, heads=("+" + found,))
    home = f"+{phones.calling_code(country)}"
    heads = (home + found[1:],) if found.startswith("0") else ("+" + found, home + found)
    return replace(sought, heads=(*heads, found), tail=found)


def _span(wanted: Filter, account: Account) -> tuple[float, float]:
    where, begins = days.zone(account.timezone), preferences.of(account.id).day_starts
    first = days.start(wanted.first, where, begins) if wanted.first else 0.0
    last = days.start(wanted.last + timedelta(days=1), where, begins) if wanted.last else Sought.ends
    return first, last
