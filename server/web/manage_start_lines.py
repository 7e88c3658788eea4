"""The step of the lines: every line that is known from anywhere, with whoever it seems to be; saved all at once."""

from __future__ import annotations

from collections.abc import Mapping

from server import phones
from server.background import start
from server.db import reading
from server.lines import DID, EMPLOYEE, LINE, REGISTER, of, parse
from server.models import Account, Employee, LineOwner, Register, Spot, Stray, Trunk
from server.parts import Parts
from server.providers.abilities import Extension, Failed, Suggests
from server.unfit import Unfit
from server.vault import Unreadable as Sealed
from server.web.manage_facts import Json, country_of, is_line, present
from server.web.manage_health import trouble
from server.web.manage_names import whose
from server.web.manage_phone import title_of
from server.web.manage_room import Said, Typed
from server.web.manage_words import Say

PATIENCE = 4.0  # seconds that the page waits for a company's own list
COPY_PATIENCE = 2.0
MOST = 60
BLANK = 2

Owner = tuple[str, int]
Move = tuple[str, Owner | None, Owner | None]  # a line, whose it was, whose it is from now on


def lines_step(parts: Parts, account: Account, say: Say) -> Json:
    listed, troubles = _asked(parts, account, say)
    known = _known(account, listed, say)
    staff = {one.poster_id: one.name for one in present(Employee, account)}
    rows = [_row(parts, account, line, its, staff) for line, its in list(known.items())[:MOST]]
    return {
        "rows": rows,
        "blank": range(len(rows), len(rows) + BLANK),
        "troubles": troubles,
        "suggested": any(row["chosen"] and not row["had"] for row in rows),
        "people": _options(EMPLOYEE, present(Employee, account)),
        "registers": _options(REGISTER, present(Register, account)),
        **_numbers(parts, account),
    }


def save(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """All or, where one cannot be used, none."""
    moves = [move for number in range(MOST + BLANK) for move in _moves(account, typed, number)]
    dids = [
        (typed[f"did.{n}"], _spot(account, typed[f"spot.{n}"])) for n in range(MOST) if typed.get(f"spot.{n}")
    ]
    for number, _ in dids:
        parts.lines.outside(account, number)
    given = _after(account, moves)
    for (kind, owner), lines in given.items():
        put = parts.lines.set_employee if kind == EMPLOYEE else parts.lines.set_register
        put(account, owner, lines)
    for number, spot in dids:
        parts.lines.set_did(account, number, spot)
    _copy(parts, account, [owner for kind, owner in given if kind == EMPLOYEE])
    if not moves and not dids:
        return _unchanged(account, say)
    return Said("start", say("start.lines_saved", count=len(moves) + len(dids)), there="start/ring")


def _unchanged(account: Account, say: Say) -> Said:
    with reading():
        given = LineOwner.select().where(LineOwner.account == account).exists()
    if given:
        return Said("start", say("start.lines_unchanged"), there="start/ring")
    return Said("lines", say("start.lines_nobody"), good=False, mistake=True)


def _asked(parts: Parts, account: Account, say: Say) -> tuple[list[tuple[Extension, str]], list[str]]:
    """What the companies list, each with the company's name; what went wrong, in words."""
    listed: list[tuple[Extension, str]] = []
    troubles = []
    for trunk in parts.trunks.of(account):
        title = title_of(parts, trunk.provider, say)
        try:
            listed += [(one, title) for one in _extensions(parts, trunk)]
        except Failed as why:
            if why.word != "unset":  # without keys nothing can be asked, and that is how it was set up
                troubles.append(f"{title}: {trouble(say, trunk.provider, why.word, why.detail)}")
        except (TimeoutError, Sealed):
            troubles.append(f"{title}: {say('takes_longer')}")
    return listed, troubles


def _extensions(parts: Parts, trunk: Trunk) -> list[Extension]:
    if trunk.paused or not isinstance(parts.trunks.providers.get(trunk.provider), Suggests):
        return []
    return start(parts.companies.extensions, trunk).result(PATIENCE)


def _known(account: Account, listed: list[tuple[Extension, str]], say: Say) -> dict[str, Json]:
    """line -> where it is known from, what it is called there, who is kept for it in Poster."""
    found: dict[str, Json] = {}
    for one, title in listed:
        told = say("start.from_company", company=title, name=one.name or one.line)
        found.setdefault(one.line, {"name": one.name, "told": told, "kept": 0})
    with reading():
        strays = Stray.select().where(Stray.account == account, Stray.kind == LINE, Stray.value != "")
        for stray in strays.order_by(Stray.last_at.desc()):
            told = say("start.from_calls", count=stray.count)
            found.setdefault(stray.value, {"name": "", "told": told, "kept": 0})
        for owned in LineOwner.select().where(LineOwner.account == account).order_by(LineOwner.id):
            found.setdefault(owned.line, {"name": "", "told": "", "kept": 0})
    for person in present(Employee, account):
        for line in filter(None, person.extras_line.split(",")):
            found.setdefault(line, {"name": "", "told": say("start.from_poster"), "kept": person.poster_id})
    return {line: its for line, its in found.items() if is_line(line)}


def _row(parts: Parts, account: Account, line: str, its: Json, staff: Mapping[int, str]) -> Json:
    owners = parts.lines.owners(account, line)
    had = f"{owners[0].kind}-{owners[0].id}" if len(owners) == 1 else ""
    guess = its["kept"] if its["kept"] in staff else whose(its["name"], staff)
    return {
        "line": line,
        "told": its["told"],
        "had": had,
        "shared": ", ".join(one.name for one in owners) if len(owners) > 1 else "",
        "chosen": had or (f"{EMPLOYEE}-{guess}" if guess else ""),
    }


def _options(kind: str, those: list[Employee] | list[Register]) -> list[Json]:
    return [{"value": f"{kind}-{one.poster_id}", "name": one.name} for one in those]


def _numbers(parts: Parts, account: Account) -> Json:
    """Outside numbers that calls came to; with one spot there is nothing to say of them."""
    spots = {spot.poster_id: spot.name for spot in present(Spot, account)}
    if len(spots) < 2:
        return {"spots": {}, "dids": []}
    country = country_of(parts, account)
    with reading():
        strays = list(Stray.select().where(Stray.account == account, Stray.kind == DID, Stray.value != ""))
    dids = [
        {"number": one.value, "shown": phones.read(one.value, country).shown or one.value} for one in strays
    ]
    return {"spots": spots, "dids": dids[:MOST]}


def _moves(account: Account, typed: Typed, number: int) -> list[Move]:
    """Of one row of the form: nothing where nothing changes."""
    line = typed.get(f"line.{number}", "").strip()
    owner, had = typed.get(f"owner.{number}", ""), typed.get(f"had.{number}", "")
    if not line or owner == had:
        if line and f"had.{number}" not in typed:
            raise Unfit("line_nobodys", value=line)
        return []
    before, now = _owner(account, had), _owner(account, owner)
    return [(one, before, now) for one in parse(line)]


def _owner(account: Account, text: str) -> Owner | None:
    """employee-5, as the page has it; of this account."""
    kind, _, told = text.partition("-")
    if not text:
        return None
    model = {EMPLOYEE: Employee, REGISTER: Register}.get(kind)
    owner = int(told) if told.isascii() and told.isdigit() and len(told) < 15 else 0
    if model is None or owner not in {one.poster_id for one in present(model, account)}:
        raise Unfit("register_unknown" if kind == REGISTER else "employee_unknown")
    return kind, owner


def _spot(account: Account, text: str) -> int:
    if text not in {str(one.poster_id) for one in present(Spot, account)}:
        raise Unfit("spot_unknown")
    return int(text)


def _after(account: Account, moves: list[Move]) -> dict[Owner, list[str]]:
    """Everybody's lines whose lines change, as they are afterwards."""
    given: dict[Owner, list[str]] = {}
    for line, had, now in moves:
        for one in filter(None, (had, now)):
            given.setdefault(one, of(account.id, *one))
        if had:
            given[had] = [other for other in given[had] if other != line]
        if now and line not in given[now]:
            given[now] = [*given[now], line]
    for lines in given.values():
        parse(lines)
    return given


def _copy(parts: Parts, account: Account, employees: list[int]) -> None:
    """Poster's copies; those that take longer go on behind the page, and what Poster refused is tried again."""

    def write() -> None:
        for one in employees:
            parts.lines.write_extras(account.id, one)

    try:
        start(write).result(COPY_PATIENCE)
    except TimeoutError:
        return
