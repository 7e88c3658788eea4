"""What we ask of Phonet: a session by the API key, the calls of now and of before, calls to place and to end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from server.calls import ANSWERED, END, IN, INTERNAL, MOVED, OUT, OUTCOMES, CallEvent
from server.providers import forms, values
from server.providers.abilities import Answer, Ask, Extension, Failed, Talk, get, post_json
from server.providers.base import Settings

DISPOSITIONS = {"0": "answered", "1": "missed", "2": "failed", "3": "failed", "4": "busy"}
DIRECTIONS = {"1": INTERNAL, "2": OUT, "4": IN}
PAUSES = ("32", "64")  # an employee goes for a break and comes back
PERSON = ("", "1")  # of a leg; the others are a group or a menu

LISTS = ("rest/calls/company.api", "rest/calls/missed.api")
PAGE, PAGES = 50, 15
SHORTEST = 7  # digits of a number of ours, in whatever else stands around it
_SESSION = re.compile(r"\bJSESSIONID=([\w.!~*-]{1,200})")


class Rest:
    """The abilities that need a session. It is kept until Phonet does not know it any more."""

    recording_hosts = frozenset({".phonet.com.ua"})

    def __init__(self) -> None:
        self._sessions: dict[tuple[str, str], str] = {}

    def extensions(self, settings: Settings) -> Talk[list[Extension]]:
        rows = forms.rows((yield from self._listed(settings, "rest/users")))
        found = [Extension(values.line(row.get("ext")), values.text(row.get("displayName"))) for row in rows]
        return [one for one in found if one.line]

    def originate(self, settings: Settings, line: str, number: str, mark: str) -> Talk[str]:
        wish = {"legExt": line, "otherLegNum": number}
        answer = yield from self._asked(settings, post_json(_at(settings, "rest/user/makeCall"), wish))
        return values.key(answer.object().get("uuid"))

    def hang_up(self, settings: Settings, key: str) -> Talk[None]:
        path = f"rest/calls/active/{quote(key, safe='')}/hangup"
        answer = yield from self._asked(settings, get(_at(settings, path)))
        if answer.status not in (200, 204):
            raise Failed("refused", f"HTTP {answer.status}")

    def recording(self, settings: Settings, key: str, reference: str) -> Talk[Ask]:
        """A fresh session: nobody looks at the answer before it is played."""
        cookie = yield from self._session(settings)
        path = f"rest/public/calls/{quote(reference or key, safe='')}/audio"
        return get(_at(settings, path), {"Cookie": cookie})

    def history(self, settings: Settings, since: float, now: float) -> Talk[list[CallEvent]]:
        rows: dict[str, forms.Fields] = {}
        span = {"timeFrom": str(int(since * 1000)), "timeTo": str(int(now * 1000)), "limit": str(PAGE)}
        for path in LISTS:
            for page in range(PAGES):
                found = forms.rows((yield from self._listed(settings, path, **span, offset=str(page * PAGE))))
                rows |= {values.key(row.get("uuid")): row for row in found}
                if len(found) < PAGE:
                    break
        return _calls([row for uuid, row in rows.items() if uuid], now)

    def _listed(self, settings: Settings, path: str, **query: str) -> Talk[list[Any]]:
        answer = yield from self._asked(settings, get(_at(settings, path), None, **query))
        said = answer.json()
        if not isinstance(said, list):
            raise Failed("odd", _reason(said, answer))
        return said

    def _asked(self, settings: Settings, ask: Ask) -> Talk[Answer]:
        """Once more with a new session when the old one is not known there any more."""
        cookie = self._sessions.get(_account(settings))
        if cookie:
            answer = yield _with(ask, cookie)
            if answer.status not in (401, 403):
                return answer
        cookie = yield from self._session(settings)
        answer = yield _with(ask, cookie)
        if answer.status in (401, 403):
            raise Failed("rights", ask.url.partition("/rest/")[2][:40])
        return answer

    def _session(self, settings: Settings) -> Talk[str]:
        domain, key = _account(settings)
        self._sessions.pop((domain, key), None)
        answer = yield post_json(_at(settings, "rest/security/authorize"), {"domain": domain, "apiKey": key})
        if answer.status in (400, 401, 403):
            raise Failed("login")
        found = _SESSION.search(answer.headers.get("set-cookie", ""))
        if answer.status == 429 or not found:
            raise Failed("busy" if answer.status == 429 else "odd", f"no session, HTTP {answer.status}")
        self._sessions[domain, key] = f"JSESSIONID={found[1]}"
        return self._sessions[domain, key]


def _account(settings: Settings) -> tuple[str, str]:
    return settings.get("domain", ""), settings.get("key", "")


def _at(settings: Settings, path: str) -> str:
    return f"https://{settings.get('domain', '')}/{path}"


def _with(ask: Ask, cookie: str) -> Ask:
    return Ask(ask.method, ask.url, {**ask.headers, "Cookie": cookie}, ask.query, ask.body)


def _reason(said: Any, answer: Answer) -> str:
    told = values.text(said.get("message")) if isinstance(said, dict) else ""
    return told or f"HTTP {answer.status}"


# What both the events and the history say in the same words.


def ids(fields: Mapping[str, Any]) -> tuple[str, str]:
    """The call's id and, of a leg below it, the leg's own."""
    uuid, parent = values.key(fields.get("uuid")), values.key(fields.get("parentUuid"))
    return (parent, uuid) if parent and uuid else (uuid, "")


def employee(value: Any) -> str:
    """The extension of a leg, when that is a person's."""
    leg = value if isinstance(value, dict) else {}
    return values.line(leg.get("ext")) if values.text(leg.get("type")) in PERSON else ""


def named(*told: Any) -> str:
    """The first that is a name and not once more the number."""
    return next((text for text in map(values.text, told) if any(char.isalpha() for char in text)), "")


def own_number(value: Any) -> str:
    """`o=380442249895;` as well as `+380442249895`."""
    found = re.search(rf"\+?\d{{{SHORTEST},}}", values.text(value), re.ASCII)
    return found[0] if found else ""


def _calls(rows: list[forms.Fields], now: float) -> list[CallEvent]:
    """One end for each call, however many legs of it are listed."""
    calls: dict[str, list[forms.Fields]] = {}
    for row in rows:
        if values.text(row.get("lgDirection")) not in PAUSES and values.moment_ms(row.get("endAt"), now):
            calls.setdefault(ids(row)[0], []).append(row)
    return [_call(key, sorted(legs, key=lambda leg: _began(leg, now)), now) for key, legs in calls.items()]


def _began(row: forms.Fields, now: float) -> float:
    ended = values.moment_ms(row.get("endAt"), now) or now
    return values.moment_ms(row.get("dialAt"), now) or ended - (values.span(row.get("duration")) or 0)


def _call(key: str, legs: list[forms.Fields], now: float) -> CallEvent:
    first = legs[0]
    talked = [leg for leg in legs if _outcome(leg) == "answered"]
    ended = max(values.moment_ms(leg.get("endAt"), now) or now for leg in legs)
    picked_up = [(values.moment_ms(leg.get("endAt"), now) or now) - seconds for leg in talked
                 if (seconds := values.span(leg.get("billSecs"))) is not None]  # fmt: skip
    lines = _talkers(talked) if talked else [line for leg in legs if (line := employee(leg.get("leg")))]
    best = max((_outcome(leg) for leg in legs), key=OUTCOMES.index)
    return CallEvent(
        key,
        END,
        min(now, ended),
        direction=DIRECTIONS.get(values.text(first.get("lgDirection")), ""),
        caller=values.number(first.get("otherLegNum")) or employee(first.get("leg2")),
        did=own_number(first.get("trunk")),
        line=lines[0] if len(lines) == 1 else "",
        name=named(first.get("otherLegName")),
        outcome=best,
        started=_began(first, now),
        answered=min(picked_up, default=None),
        ended=ended,
        legs=_became(lines, bool(talked), best) if len(lines) > 1 else (),
        alias=next((leg_id for leg in [*talked, *legs] if (leg_id := ids(leg)[1])), ""),
        recording=next(
            (values.key(leg.get("uuid")) for leg in legs if values.text(leg.get("audioRecUrl"))), ""
        ),
        late=True,
    )


def _outcome(leg: forms.Fields) -> str:
    return DISPOSITIONS.get(values.text(leg.get("disposition")), "unknown")


def _talkers(talked: list[forms.Fields]) -> list[str]:
    """Who had the call one after another: `transferHistory` is "003 > 001"."""
    told = [values.line(part.strip()) for leg in talked for part in _handed_on(leg)]
    found = [line for line in told if line] or [employee(leg.get("leg")) for leg in talked]
    return list(dict.fromkeys(line for line in found if line))


def _handed_on(leg: forms.Fields) -> list[str]:
    return values.text(leg.get("transferHistory")).split(">")[:20]


def _became(lines: list[str], talked: bool, best: str) -> tuple[tuple[str, str], ...]:
    """Of those who talked the last one has the call."""
    if not talked:
        return tuple((line, best) for line in lines)
    return (*((line, MOVED) for line in lines[:-1]), (lines[-1], ANSWERED))
