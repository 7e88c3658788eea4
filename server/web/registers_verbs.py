"""The verbs of the registers' door that every register needs: who am I, who has this number, ring them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from server import messages, words
from server.db import database
from server.hub import Poller
from server.parts import Parts
from server.poster.trouble import Trouble
from server.providers.abilities import Failed
from server.tickets import LIFE
from server.unfit import Unfit
from server.web.registers_ask import Ask, Json, Verb


def hello(parts: Parts, ask: Ask) -> Json:
    version = messages.clean(ask.text("bundle"))
    desk = Poller(ask.account.id, ask.register, ask.spot, ask.employee, version=version)
    parts.hub.asked(desk)
    parts.crew.bus.hear(ask.account.id)
    ticket = parts.tickets.issue(ask.account.id, ask.register, ask.spot)
    socket = f"{parts.settings.socket_url}/pos/{ask.account.name}/socket"
    message = json.loads(parts.telling.snapshot(desk))
    answer = {"ok": True, "ticket": ticket, "expires_in": int(LIFE), "socket": socket, "message": message}
    pack = words.pack(ask.text("lang"), ask.text("words")) if "words" in ask.body else None
    return {**answer, "pack": pack} if pack else answer


def find(parts: Parts, ask: Ask) -> Json:
    number = ask.text("number")
    database.close()
    return {
        "ok": True,
        "guest": {**parts.guests.find(ask.account.id, number), "version": int(time.time() * 1000)},
    }


def groups(parts: Parts, ask: Ask) -> Json:
    database.close()
    try:
        return {"ok": True, "groups": parts.guests.groups(ask.account.id)}
    except Trouble:
        return {"ok": False, "error": "unavailable"}


def create(parts: Parts, ask: Ask) -> Json:
    group = ask.body.get("group")
    texts = [ask.text(name) for name in ("name", "phone", "address", "comment")]
    if type(group) is not int or not texts[0]:
        return {"ok": False, "error": "refused"}
    database.close()
    created: Json = parts.guests.create(ask.account.id, texts[0], group, *texts[1:])
    return created


def dial(parts: Parts, ask: Ask) -> Json:
    """Rings a line of the employee who asks (the first, if none is named), then the guest."""
    person = parts.telling.showing.person("employee", ask.account.id, ask.employee)
    lines = person.lines if person else ()
    line = ask.text("line") or next(iter(lines), "")
    database.close()
    if not line or line not in lines:
        return {"ok": False, "error": "line"}
    return _asked(lambda: parts.calling.dial(ask.account, line, ask.text("number")))


def hangup(parts: Parts, ask: Ask) -> Json:
    database.close()
    return _asked(lambda: parts.calling.hang_up(ask.account, ask.text("call")))


def _asked(work: Callable[[], object]) -> Json:
    try:
        work()
    except (Unfit, Failed) as why:
        return {"ok": False, "error": why.word}
    return {"ok": True}


VERBS: dict[str, Verb] = {
    "hello": hello, "find": find, "groups": groups, "create": create, "dial": dial, "hangup": hangup,
}  # fmt: skip
