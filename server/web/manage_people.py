"""People's data: how long it is kept, and what is known of one person; see also `manage_people_person`."""

from __future__ import annotations

from collections.abc import Mapping

from server import aside, persons, retention
from server.acting import OWNER
from server.background import detach
from server.db import reading
from server.models import Account, Trunk
from server.parts import Parts
from server.unfit import Unfit
from server.web.manage_asking import id_in
from server.web.manage_choices import choices, saver
from server.web.manage_facts import Json, moment
from server.web.manage_people_person import PERSON_FORMS, dated, person, receipt, receipt_row
from server.web.manage_phone import title_of
from server.web.manage_room import Form, Room, Said, Typed, forms_for
from server.web.manage_words import Say

KEPT = ("keep_calls", "keep_raw", "keep_audit")
DAY = 86400.0
GUESTS = "SELECT count(*) FROM guest WHERE account_id = ?"
SENT = "SELECT trunk_id, count(*), min(at) FROM raw WHERE account_id = ? GROUP BY trunk_id"


def people(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    """`people`, `people/<sealed number>` or `people/receipt/<id>`."""
    what, _, id_ = query["of"].partition("/")
    lost = ""
    if what:
        try:
            return receipt(account, say, id_) if what == "receipt" else person(parts, account, say, what)
        except Unfit as why:
            lost = say(f"unfit.{why.word}", **why.values)
    told = retention.states(account.id)
    return "people", {
        "lost": lost,
        "preferences": choices(KEPT, account, say),
        "kinds": [_kind(one, account, say) for one in told],
        "guests": figure(aside.rows(GUESTS, account.id)[0][0], say),
        "swept": _last(told, account, say),
        "sent": _sent(parts, account, say),
        "receipts": [receipt_row(one, account, say) for one in persons.receipts(account.id)],
    }


def figure(number: int, say: Say) -> str:
    """With the language's mark between thousands, at which no line may break."""
    return f"{number:,}".replace(",", "," if say("lang") == "en" else "\u00a0")


def _kind(one: retention.State, account: Account, say: Say) -> Json:
    name = one.kind.name
    oldest = say("people.since", at=dated(one.oldest, account).split()[0]) if one.oldest else ""
    return {
        "name": say(f"kept.{name}"),
        "hint": say(f"kept.{name}_hint"),
        "kept": say("people.days" if name == "raw" else "people.months", count=_span(one)),
        "count": figure(one.count, say),
        "oldest": oldest,
        "went": figure(one.went, say) if one.swept_at else "",
    }


def _span(one: retention.State) -> int:
    return round(one.kept / (DAY if one.kind.name == "raw" else retention.MONTH))


def _last(told: list[retention.State], account: Account, say: Say) -> str:
    if not all(one.swept_at for one in told):
        return say("people.swept_never")
    return say("people.swept", at=moment(min(one.swept_at or 0.0 for one in told), account))


def _sent(parts: Parts, account: Account, say: Say) -> list[Json]:
    """Of each phone system, how many of its messages are kept and since when."""
    parts.diary.write_down()
    with reading():
        names = {one.id: one.provider for one in Trunk.select().where(Trunk.account == account)}
    return [
        {
            "id": trunk,
            "name": title_of(parts, names[trunk], say),
            "text": say("people.sent", count=figure(count, say), at=moment(since, account)),
        }
        for trunk, count, since in aside.rows(SENT, account.id)
        if trunk in names
    ]


def sweep(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """What the clock does every day, now."""
    detach(parts.retention.sweep, account.id)
    return Said("kept", say("people.sweeping"))


def raw(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    trunk = parts.trunks.one(account, id_in(typed, "id", "trunk_unknown"))
    address = parts.downloads.offer(account.id, "raw", {"trunk": trunk.id})
    return Said(typed.get("part", ""), say("people.file_ready"), file=address)


FORMS: dict[str, Form] = {"people": saver(KEPT), "people/sweep": sweep, "people/raw": raw, **PERSON_FORMS}

ROOM = Room("people", people, OWNER, forms_for(OWNER, FORMS))
