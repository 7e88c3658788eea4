"""Binotel's REST 4.0: key and secret in the JSON body."""

from __future__ import annotations

from typing import Any

from sandbox.companies.base import Asked, Desk, Keys, PhoneCall, Said
from sandbox.companies.binotel_bodies import details
from sandbox.companies.sound import said as sound


def admits(asked: Asked, keys: Keys) -> bool:
    return (asked.data.get("key"), asked.data.get("secret")) == (keys["api_key"], keys["api_secret"])


def rest(asked: Asked, desk: Desk) -> Said | None:
    """`/api/4.0/<area>/<method>.json`."""
    if asked.path.startswith("records/"):
        return sound(desk.call(asked.path.removeprefix("records/").partition(".")[0]))
    method = asked.path.removeprefix("api/4.0/").removesuffix(".json")
    run = METHODS.get(method)
    return _ok(**run(asked.data, desk)) if run else error(103, f"There is no method {method[:40]}")


def _ok(**more: Any) -> Said:
    return Said({"status": "success"} | more)


def error(code: int, message: str) -> Said:
    return Said({"status": "error", "code": code, "message": message})


def _rows(desk: Desk, calls: list[PhoneCall]) -> dict[str, Any]:
    return {"callDetails": {call.id: details(call, desk) for call in calls}}


def _dial(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    call = desk.dial(str(data.get("internalNumber", "")), str(data.get("externalNumber", "")))
    return {"generalCallID": call.id}


def _hang_up(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    desk.hang_up(str(data.get("generalCallID", "")))
    return {}


def _record(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    return {"url": f"https://api.binotel.com/records/{data.get('generalCallID', '')}.wav"}


def _calls(incoming: bool) -> Any:
    def since(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
        start = float(data.get("timestamp") or data.get("startTime") or 0)
        stop = float(data.get("stopTime") or "inf")
        return _rows(desk, [call for call in desk.since(start, stop) if call.incoming == incoming])

    return since


def _named(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    wanted = data.get("generalCallID") or []
    named = {str(one) for one in (wanted if isinstance(wanted, list) else [wanted])}
    return _rows(desk, [call for call in desk.calls if call.id in named])


def _of_numbers(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    numbers = {str(one) for one in data.get("externalNumbers") or []}
    return _rows(desk, [call for call in desk.over if call.external in numbers])


def _lost(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    return _rows(desk, [call for call in desk.over if call.incoming and not call.answered])


def _employees(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    def row(place: int, line: str) -> dict[str, Any]:
        endpoint = {
            "id": str(place),
            "internalNumber": line,
            "login": f"sip{line}",
            "status": {"status": "online"},
        }
        return {
            "employeeID": str(place),
            "email": f"line{line}@example.com",
            "name": desk.people.get(line, ""),
            "mobileNumber": "",
            "presenceState": "active",
            "role": "employee",
            "department": "",
            "endpointData": endpoint | {"password": "a-sip-password"},
        }

    rows = [row(place, line) for place, line in enumerate(desk.extensions, 1)]
    return {"listOfEmployees": {one["employeeID"]: one for one in rows}}


METHODS: dict[str, Any] = {
    "calls/internal-number-to-external-number": _dial,
    "calls/hangup-call": _hang_up,
    "stats/call-record": _record,
    "stats/all-incoming-calls-since": _calls(True),
    "stats/all-outgoing-calls-since": _calls(False),
    "stats/incoming-calls-for-period": _calls(True),
    "stats/outgoing-calls-for-period": _calls(False),
    "stats/online-calls": lambda data, desk: _rows(desk, desk.live),
    "stats/call-details": _named,
    "stats/history-by-external-number": _of_numbers,
    "stats/list-of-lost-calls-for-today": _lost,
    "settings/list-of-employees": _employees,
}
