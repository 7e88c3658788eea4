"""UniTalk: "Standard JSON" with the lines that ring in `to`, REST by a key."""

from __future__ import annotations

from typing import Any

from sandbox.companies.base import Asked, Company, Desk, Ends, Key, Keys, PhoneCall, Push, Said, Scene
from sandbox.companies.sound import said as sound
from sandbox.companies.wire import e164, hexed, local, moment

NEW, REDIRECT, ANSWER, END = "CALL_NEW", "CALL_REDIRECT", "CALL_ANSWER", "CALL_END"
MEDIA = "api.unitalk.cloud:8443"
CAUSES = {"ANSWER": 16, "NOANSWER": 19, "BUSY": 17}


def live_id(call: PhoneCall) -> int:
    """Random, the same through one call."""
    return int(hexed("unitalk", call.id)[:6], 16)


def saved_id(call: PhoneCall) -> int:
    return int(call.id[-8:])


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    if not call.incoming:
        return [_told(NEW, call, _parties(call, [e164(call.external)]))]
    return [_told(NEW, call, _parties(call, [])), _told(REDIRECT, call, _parties(call, list(call.rings)))]


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    to = [call.line] if call.incoming else [e164(call.external)]
    return [_told(ANSWER, call, _parties(call, to) | {"state": "ANSWER"})]


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    """No word for it: it is sent to one more operator."""
    again = _told(REDIRECT, call, _parties(call, [call.line]))
    return [again, *answered(call, scene)] if call.incoming else []


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    return [_told(END, call, record(call))]


def _told(event: str, call: PhoneCall, fields: dict[str, Any]) -> Push:
    return Push(event, {"event": event, "call": fields}, "json")


def _parties(call: PhoneCall, to: list[str]) -> dict[str, Any]:
    return {
        "id": live_id(call),
        "from": e164(call.external) if call.incoming else call.line,
        "to": to,
        "outerNumber": e164(call.did),
        "direction": {"in": "IN", "out": "OUT"}.get(call.kind, "INNER"),
        "date": local(call.started),
        "state": None,
    }


def record(call: PhoneCall) -> dict[str, Any]:
    to = ([call.line] if call.line else []) if call.incoming else [e164(call.external)]
    return _parties(call, to) | {
        "dbid": saved_id(call),
        "lastGroupName": "Kasa" if len(call.rings) > 1 else None,
        "secondsFullTime": call.waited() + call.seconds(),
        "secondsTalk": call.seconds(),
        "state": call.disposition,
        "source": "REGULAR",
        "link": f"https://{MEDIA}/tracking/rec/{saved_id(call)}" if call.answered else None,
        "cause": CAUSES.get(str(call.disposition), 41),
    }


# REST: everything is POST


def admits(asked: Asked, keys: Keys) -> bool:
    key = asked.headers.get("authorization", "").removeprefix("Bearer ")
    return asked.path.startswith("tracking/rec/") or key == keys["key"]


def rest(asked: Asked, desk: Desk) -> Said | None:
    words, path = asked.either(), asked.path.removeprefix("api/").strip("/")
    if path.startswith("tracking/rec/"):
        return sound(desk.call(path.removeprefix("tracking/rec/"), lambda call: str(saved_id(call))))
    if path == "phones/directCall":
        desk.dial(str(words.get("sip", "")), str(words.get("number", "")))
        return Said({"status": "Success"})
    if path == "history/get":
        return Said(_history(words, desk))
    if path == "users/list":
        users = [_user(place, line, desk) for place, line in enumerate(desk.extensions, 1)]
        return Said({"count": len(users), "users": users})
    return None


def _user(place: int, line: str, desk: Desk) -> dict[str, Any]:
    return {
        "id": place,
        "name": desk.people.get(line, ""),
        "login": f"line{line}",
        "sip": line,
        "innerNumber": line,
    }


def _history(words: dict[str, Any], desk: Desk) -> dict[str, Any]:
    wanted = words.get("filter") if isinstance(words.get("filter"), dict) else {}
    start, end = (moment(str(words.get(name) or "")) for name in ("dateFrom", "dateTo"))
    rows = [record(call) for call in desk.since(start, end or float("inf"))]
    way = str((wanted or {}).get("direction") or "")
    rows = [row for row in rows if not way or row["direction"] == way]
    limit, offset = int(words.get("limit") or 100), int(words.get("offset") or 0)
    return {"count": len(rows), "calls": rows[offset : offset + limit]}


COMPANY = Company(
    "unitalk",
    "UniTalk",
    sends=(NEW, REDIRECT, ANSWER, END),
    ends=Ends(("NOANSWER", "BUSY", "CHANUNAVAIL", "FAIL"), ("ANSWER",), "BUSY"),
    began=began,
    answered=answered,
    moved=moved,
    ended=ended,
    keys=(Key("key", "unitalk-key-{account}"),),
    hosts=("api.unitalk.cloud", MEDIA),
    admits=admits,
    refusal=Said({"status": "Error", "message": "Unauthorized"}, 401),
    answer=rest,
)
