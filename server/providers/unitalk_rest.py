"""What we ask of UniTalk: calls to place, employees, the history, the sound of a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.calls import END, CallEvent
from server.providers import forms, values
from server.providers.abilities import Answer, Ask, Extension, Failed, Talk, post_form, post_json
from server.providers.base import Settings
from server.providers.unitalk_calls import HOST, OURS, read, saved

LISTS = ("users", "items", "data", "list", "result")  # where the list of employees may stand
LINES = ("line", "innerNumber", "number", "sip")
PAGE, PAGES = 500, 10
CLOCK = "%Y-%m-%d %H:%M:%S"
AHEAD = 60.0  # seconds that UniTalk's clock may be ahead of ours


class Rest:
    """Whatever needs the API key."""

    recording_hosts = frozenset({HOST})

    def originate(self, settings: Settings, line: str, number: str, mark: str) -> Talk[str]:
        wish = {"sip": line, "number": number.removeprefix("+"), "meta": OURS + mark}
        yield from _asked(post_form(_at("phones/directCall"), wish, _key(settings)))
        return ""

    def extensions(self, settings: Settings) -> Talk[list[Extension]]:
        said = yield from _asked(post_json(_at("users/list"), {}, _key(settings)))
        named = ((values.line(values.first(row, *LINES)), _name(row)) for row in _listed(said))
        return [Extension(line, name) for line, name in named if line]

    def history(self, settings: Settings, since: float, now: float) -> Talk[list[CallEvent]]:
        rows: list[forms.Fields] = []
        span = {"dateFrom": _clock(since), "dateTo": _clock(now), "limit": PAGE}
        for page in range(PAGES):
            asked = post_json(_at("history/get"), {**span, "offset": page * PAGE}, _key(settings))
            found = forms.rows((yield from _asked(asked)).get("calls"))
            rows += found
            if len(found) < PAGE:
                break
        return [event for row in rows if (event := _past(row, now))]

    def recording(self, settings: Settings, key: str, reference: str) -> Talk[Ask]:
        """The link came with the call; whether it is one of UniTalk's is looked at before it is opened."""
        if not reference:
            raise Failed("odd", "no link of a recording came with this call")
        yield from ()
        return Ask("GET", reference)


def _key(settings: Settings) -> Mapping[str, str]:
    key = settings.get("key", "")
    if not key:
        raise Failed("unset", "key")
    return {"Authorization": key}


def _at(path: str) -> str:
    return f"https://{HOST}/api/{path}"


def _asked(ask: Ask) -> Talk[dict[str, Any]]:
    """Refusals are told in words, often with a status that looks well. A list may come bare."""
    answer: Answer = yield ask
    said = answer.json()
    if isinstance(said, dict) and values.text(said.get("status")).casefold() == "error":
        why = values.text(said.get("message"))
        raise Failed("login") if "authorization" in why.casefold() else Failed("refused", why)
    return {"list": said} if isinstance(said, list) and answer.status < 400 else answer.object()


def _listed(said: Mapping[str, Any]) -> list[forms.Fields]:
    """The rows, wherever the answer keeps them."""
    return next((rows for name in LISTS if (rows := forms.rows(said.get(name)))), [])


def _name(row: Mapping[str, Any]) -> str:
    whole = values.text(values.first(dict(row), "name", "fullName"))
    return whole or " ".join(filter(None, (values.text(row.get(part)) for part in ("firstName", "lastName"))))


# The history


def _past(row: Mapping[str, Any], now: float) -> CallEvent | None:
    """A row may know the call by both its ids or, as it is saved, by one of them. Without a time it is none."""
    live, alias = values.key(row.get("id")), saved(row.get("dbid"))
    both = live and alias and alias != saved(live)
    key = live if both else alias or saved(live)
    began = _moment(row.get("date"), now)
    if not key or began is None:
        return None
    ended = began + (values.span(row.get("secondsFullTime")) or 0)
    (event,) = read(END, {**row, "id": key}, now)
    talk = values.span(row.get("secondsTalk")) if event.outcome == "answered" else None
    return replace(
        event,
        at=min(now, ended),
        started=began,
        answered=ended - talk if talk is not None else None,
        ended=ended,
        alias=alias if both else "",
        late=True,
    )


def _moment(value: Any, now: float) -> float | None:
    """UniTalk's clock is Kyiv's. A call of the future is a sign that this one is not."""
    try:
        told = datetime.strptime(values.text(value), CLOCK).replace(tzinfo=_zone()).timestamp()
    except (ValueError, OverflowError):
        return None
    return values.moment(told, now) if told <= now + AHEAD else None


def _clock(moment: float) -> str:
    return datetime.fromtimestamp(moment, _zone()).strftime(CLOCK)


def _zone() -> tzinfo:
    try:
        return ZoneInfo("Europe/Kyiv")
    except (ZoneInfoNotFoundError, OSError):
        return timezone(timedelta(hours=2))
