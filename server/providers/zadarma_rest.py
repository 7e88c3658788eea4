"""What we ask of Zadarma: its REST interface, and the signature that both directions share."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from server.calls import END, IN, INTERNAL, OUT, OUTCOMES, CallEvent
from server.phones import SHORTEST
from server.providers import forms, values
from server.providers.abilities import Ask, Extension, Failed, Talk
from server.providers.base import Settings

DISPOSITIONS = {
    "answered": "answered",
    "busy": "busy",
    "cancel": "missed", "no answer": "missed",
    "failed": "failed", "call failed": "failed", "no money": "failed", "unallocated number": "failed",
    "no limit": "failed", "no day limit": "failed", "line limit": "failed", "no money, no limit": "failed",
}  # fmt: skip
DIRECTIONS = {"in_": IN, "out_": OUT}  # how pbx_call_id begins
NOTIFICATIONS = ("start", "internal", "answer", "end", "out_start", "out_end")
FORM = "application/x-www-form-urlencoded"

LOCAL = "%Y-%m-%d %H:%M:%S"
QUARTER = 900  # zones differ from UTC by whole quarters of an hour
LONGEST_HISTORY = 30 * 86400.0
PAGE, PAGES = 1000, 2  # three questions a minute are allowed
SHORTEST_LINE = 3  # fewer digits are a scenario of the voice menu
COLLEAGUE = 4  # digits that a colleague's number has at most


def signature(secret: str, text: str) -> str:
    """Base64 of the hexadecimal text, not of the bytes that it stands for."""
    hexadecimal = hmac.new(secret.encode(), text.encode("utf-8", "replace"), hashlib.sha1).hexdigest()
    return base64.b64encode(hexadecimal.encode()).decode()


def encoded(fields: Mapping[str, str]) -> str:
    """As PHP writes a query: sorted, a space is a plus, and a tilde is no letter."""
    return urlencode(sorted(fields.items())).replace("~", "%7E")


def authorization(key: str, secret: str, path: str, query: str) -> str:
    digest = hashlib.md5(query.encode(), usedforsecurity=False).hexdigest()
    return f"{key}:{signature(secret, path + query + digest)}"


def extension(value: Any) -> str:
    """A destination is an extension, a scenario or anybody's number; only the first is a line of ours."""
    line = values.line(value)
    return line if line.isdigit() and SHORTEST_LINE <= len(line) < SHORTEST else ""


def between(direction: str, caller: str | None) -> str:
    """A call of one extension to another is no guest's, whichever way it looks."""
    return INTERNAL if caller and caller.isdigit() and len(caller) <= COLLEAGUE else direction


class Cabinet:
    """The abilities; `host` is what the brands of this company differ in."""

    host = "api.zadarma.com"

    @property
    def recording_hosts(self) -> frozenset[str]:
        return frozenset({self.host})

    def prepare(self, settings: Settings, hook_url: str) -> Talk[None]:
        """None of the six is sure to be on by itself."""
        yield from self._ask(settings, "POST", "/v1/pbx/callinfo/url/", {"url": hook_url})
        switches = {f"notify_{name}": "true" for name in NOTIFICATIONS}
        yield from self._ask(settings, "POST", "/v1/pbx/callinfo/notifications/", switches)

    def extensions(self, settings: Settings) -> Talk[list[Extension]]:
        said = yield from self._ask(settings, "GET", "/v1/pbx/internal/", {})
        numbers = said.get("numbers")
        if not isinstance(numbers, list):
            raise Failed("odd", "no numbers")
        return [Extension(line) for line in map(values.line, numbers) if line]

    def originate(self, settings: Settings, line: str, number: str, mark: str) -> Talk[str]:
        """Nobody tells the call's id; it is known by the line and the number."""
        wish = {"from": line, "to": number.removeprefix("+")}
        yield from self._ask(settings, "GET", "/v1/request/callback/", wish)
        return ""

    def recording(self, settings: Settings, key: str, reference: str) -> Talk[Ask]:
        which = {"call_id": reference} if reference else {"pbx_call_id": key}
        said = yield from self._ask(settings, "GET", "/v1/pbx/record/request/", which)
        links = said.get("links")
        link = said.get("link") or (links[0] if isinstance(links, list) and links else "")
        if not isinstance(link, str) or not link.startswith("https://"):
            raise Failed("odd", "no link")
        return Ask("GET", link)

    def history(self, settings: Settings, since: float, now: float) -> Talk[list[CallEvent]]:
        """Its times are the account's own, so the account is asked first how far it is from UTC."""
        ahead = _ahead((yield from self._ask(settings, "GET", "/v1/info/timezone/", {})))
        span = {
            "start": _local(max(since, now - LONGEST_HISTORY) + ahead),
            "end": _local(now + ahead),
            "version": "2",
        }
        rows: list[forms.Fields] = []
        for page in range(PAGES):
            asked = {**span, "skip": str(page * PAGE), "limit": str(PAGE)}
            said = yield from self._ask(settings, "GET", "/v1/statistics/pbx/", asked)
            found = forms.rows(said.get("stats"))
            rows += found
            if len(found) < PAGE:
                break
        return _calls(rows, ahead, now)

    def _ask(
        self, settings: Settings, method: str, path: str, fields: Mapping[str, str]
    ) -> Talk[dict[str, Any]]:
        query = encoded({**fields, "format": "json"})
        signed = authorization(settings.get("key", ""), settings.get("secret", ""), path, query)
        headers, url = {"Authorization": signed}, f"https://{self.host}{path}"
        if method == "POST":
            answer = yield Ask(method, url, {**headers, "Content-Type": FORM}, body=query.encode())
        else:
            answer = yield Ask(method, url, headers, query)
        said = answer.object()
        if said.get("status") != "success":
            raise Failed("refused", values.text(said.get("message")) or f"HTTP {answer.status}")
        return said


def _ahead(said: Mapping[str, Any]) -> float:
    """Seconds by which the account's clock on the wall is ahead of UTC."""
    wall, unix = _wall(said.get("datetime")), values.text(said.get("unixtime"), 16)
    if wall is None or not (unix.isascii() and unix.isdigit()):
        raise Failed("odd", "timezone")
    return round((wall - int(unix)) / QUARTER) * float(QUARTER)


def _wall(value: Any) -> float | None:
    """A time without a zone, as if it were UTC."""
    try:
        return datetime.strptime(values.text(value), LOCAL).replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return None


def _local(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime(LOCAL)


def _calls(rows: list[forms.Fields], ahead: float, now: float) -> list[CallEvent]:
    """One end for each call, however many rows its legs have."""
    legs: dict[str, list[tuple[float, forms.Fields]]] = {}
    for row in rows:
        key, wall = values.key(row.get("pbx_call_id")), _wall(row.get("callstart"))
        began = None if wall is None else values.moment(wall - ahead, now)
        if key and began is not None:
            legs.setdefault(key, []).append((began, row))
    return [_call(key, sorted(told, key=lambda one: one[0]), now) for key, told in legs.items()]


def _call(key: str, told: list[tuple[float, forms.Fields]], now: float) -> CallEvent:
    rows = [row for _, row in told]
    direction = next((way for begin, way in DIRECTIONS.items() if key.startswith(begin)), "")
    who, where = ("destination", "sip") if direction == OUT else ("clid", "destination")
    outcomes = [outcome(row) for row in rows]
    best = max(outcomes, key=OUTCOMES.index)
    lines = {extension(row.get(where)) for row, its in zip(rows, outcomes, strict=True) if its == best} - {""}
    over = [began + (values.span(row.get("seconds")) or 0) for began, row in told]
    sound = (values.text(row.get("call_id")) for row in rows if recorded(row))
    caller = values.number(rows[0].get(who)) if direction else None
    return CallEvent(
        key,
        END,
        min(now, max(over)),
        direction=between(direction, caller),
        caller=caller,
        line=lines.pop() if len(lines) == 1 else "",
        outcome=best,
        started=told[0][0],
        recording=next(sound, ""),
        late=True,
    )


def outcome(fields: Mapping[str, Any]) -> str:
    return DISPOSITIONS.get(values.text(fields.get("disposition")).casefold(), "unknown")


def recorded(fields: Mapping[str, Any]) -> bool:
    return (
        values.text(fields.get("is_recorded")).casefold() in ("1", "true")
        or fields.get("is_recorded") is True
    )
