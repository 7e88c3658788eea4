"""The list of scenes, and what they are made of: calls and guests as docs/messages.md has them, in each language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.cast import CASTS, Cast
from tests.browser.showing import NOW, Json, Showing, golden

Scene = Callable[[Showing], None]

TOLD: dict[str, Scene] = {}

CALL = "k3V9aQx2"
DAY = 86400


def scene(one: Scene) -> Scene:
    TOLD[one.__name__.replace("_", "-")] = one
    return one


def cast(register: Showing) -> Cast:
    return CASTS[register.lang]


def call(**change: Any) -> Json:
    made: Json = golden("call_ringing")["call"] | change
    return made


def rings(register: Showing, **change: Any) -> None:
    register.says({"type": "call", "call": call(**change)})


def answered(register: Showing, seconds: float = 64, version: int = 3, **change: Any) -> None:
    """By this register's employee, so many seconds ago."""
    by = {"line": "101", "employee": 5, "name": cast(register).employee}
    state = {"state": "answered", "answered": NOW + 1 - seconds, "answered_by": by, "version": version}
    rings(register, **(state | change))


def place(text: str, days: int = 3, **parts: str) -> Json:
    """An address; what stands at the door, and how one gets there."""
    empty = dict.fromkeys(("street", "house", "flat", "entrance", "floor", "code", "note", "way"), "")
    return {"text": text, "door": text, "at": NOW - days * DAY} | empty | parts


def places(actors: Cast, way: str = "") -> list[Json]:
    home = {
        "street": actors.street,
        "house": "5/7",
        "flat": "12",
        "entrance": "2",
        "floor": "3",
        "code": "12",
    }
    return [
        place(f"{actors.street} 5/7, {actors.flat}", 5, way=way, **home),
        place(f"{actors.streets[0]} 24", 40, street=actors.streets[0], house="24"),
        place(f"{actors.streets[1]} 103, 4", 300, street=actors.streets[1], house="103", flat="4"),
    ]


def item(actors: Cast, dish: int, count: str = "1", price: str = "172.50") -> Json:
    size = actors.size if dish == 0 else ""
    return {
        "product": 12 + dish, "modification_id": 3 if size else 0, "name": actors.dishes[dish],
        "modification": size, "count": count, "price": price,
    }  # fmt: skip


def past(actors: Cast, days: int, number: int, *items: Json, **change: Any) -> Json:
    """An order of so many days ago."""
    total = sum(float(one["price"]) * float(one["count"]) for one in items)
    at = NOW - days * DAY
    return {
        "id": number, "order": int(at) * 1000, "at": at, "closed": at + 3600, "open": False, "sum": f"{total:.2f}",
        "delivery": days % 2 == 1, "address": f"{actors.street} 5/7, {actors.flat}" if days % 2 else "",
        "by": actors.colleague, "spot": 1, "items": list(items),
    } | change  # fmt: skip


def orders(actors: Cast) -> list[Json]:
    pizza, salad, kvass = (
        item(actors, 0, "2"),
        item(actors, 1, "1", "168.00"),
        item(actors, 2, "2", "55.00"),
    )
    return [
        past(actors, 5, 50012, pizza, salad, kvass),
        past(actors, 12, 49870, pizza),
        past(actors, 33, 49011, salad, kvass),
        past(actors, 61, 48200, pizza, kvass),
        past(actors, 90, 47004, salad),
    ]


def person(actors: Cast, **change: Any) -> Json:
    """A guest of whom everything is known."""
    base: Json = golden("guest_complete")["guest"]["guests"][0]
    history = orders(actors)
    last = history[0]
    address = f"{actors.street} 5/7, {actors.flat}"
    return base | {
        "name": actors.guest, "group": actors.group, "comment": actors.note, "address": address,
        "last_address": address, "orders": history, "addresses": places(actors, actors.way), "numbers": [],
        "last_order": {"at": last["at"], "sum": last["sum"], "delivery": True, "items": last["items"]},
        "flags": [], "hints": [], "open": [],
        "figures": {"since": int(NOW - 700 * DAY), "orders": 12, "total": "4140.00", "average": "345.00",
                    "paid": "12000.00", "from": int(NOW - 365 * DAY)},
        "usual": [item(actors, dish) | {"times": 9 - 3 * dish} for dish in range(3)],
    } | change  # fmt: skip


def flag(actors: Cast, kind: str, text: str, **change: Any) -> Json:
    return {"id": 7, "kind": kind, "text": text, "by": actors.colleague, "at": NOW - 20 * DAY} | change


def known(register: Showing, *people: Json, version: int = 3, **change: Any) -> None:
    """The guest message: who has the number. Without people it is the one of whom everything is known."""
    whole: Json = golden("guest_complete")["guest"]
    guests = list(people) or [person(cast(register))]
    told = (
        whole
        | {"guests": guests, "at": NOW - 40, "behind": False, "again": None, "version": version}
        | change
    )
    register.says({"type": "guest", "call": CALL, "guest": told})


def nobody(register: Showing, **change: Any) -> None:
    guest = (
        golden("guest_unknown")["guest"] | {"version": 3, "at": NOW, "behind": False, "again": None} | change
    )
    register.says({"type": "guest", "call": CALL, "guest": guest})


def row(number: int, **change: Any) -> Json:
    """One of the last callers."""
    base: Json = golden("recent")["row"]
    digits = f"67111{2200 + number}"
    return base | {
        "call": f"row{number}", "from": f"+380{digits}", "shown": f"0{digits[:2]} {digits[2:5]} {digits[5:]}",
        "at": NOW - 600 * number,
    } | change  # fmt: skip


def waiting(actors: Cast, number: int, **change: Any) -> Json:
    """Somebody who called in vain."""
    digits = f"50222{3340 + number}"
    return {
        "id": number, "call": f"lost{number}", "from": f"+380{digits}", "masked": f"+380…{digits[-2:]}",
        "shown": f"0{digits[:2]} {digits[2:5]} {digits[5:]}", "name": actors.others[number % 3], "guest": 300 + number,
        "flags": [], "open": False, "paid": "1200.00", "calls": 1, "line": "101", "claimed": None, "late": False,
        "first": NOW - 240 * number, "at": NOW - 240 * number,
    } | change  # fmt: skip
