"""One question to the company and what it answers: pure, `server.asking` does the rest."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from server.providers import values

T = TypeVar("T")


# What can be wrong with a trunk, as the terminal says it; Manage has its own words (trouble.<word> in its i18n).
TROUBLES = {
    "unreachable": "Nobody answers at the company's or PBX's address: check the address and the network.",
    "tls": "The certificate at the address cannot be trusted.",
    "login": "Key, secret, user or password are refused: enter them again.",
    "rights": "Logged in, but something that is needed is not allowed there.",
    "busy": "The company says that it was asked too often; it will be asked again later.",
    "odd": "The company answered something that cannot be read.",
    "refused": "The company understood and refuses.",
    "silent": "Connected, but it stopped answering.",
    "signature": "Requests come with a wrong signature: check the secret.",
    "unreadable": "Requests come that cannot be read.",
    "unfilled": "A phone sends a variable's name instead of its value.",
    "unset": "A setting that this needs is not filled in.",
    "sealed": "SECRET_KEY was changed, so the settings cannot be read.",
    "unknown_word": "An event came that this version has never heard of.",
}


class Failed(Exception):
    """The company did not do what was asked. `word` is one of `TROUBLES`; `detail` carries nothing secret."""

    def __init__(self, word: str, detail: str = "") -> None:
        super().__init__(f"{word}: {detail}" if detail else word)
        self.word = word
        self.detail = detail[:200]

    @property
    def sentence(self) -> str:
        return f"{TROUBLES[self.word]} ({self.detail})" if self.detail else TROUBLES[self.word]


@dataclass(frozen=True)
class Ask:
    """One HTTPS request to the company. `query` is appended to the address as it is."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    body: bytes = b""
    seconds: float = 10.0


@dataclass(frozen=True)
class Answer:
    """Any status; header names are lower-case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """Raises `Failed`: 401 and 403 are `login`, 429 is `busy`, anything that is no JSON is `odd`."""
        if self.status in (401, 403):
            raise Failed("login")
        if self.status == 429:
            raise Failed("busy")
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise Failed("odd", f"HTTP {self.status}") from None

    def object(self, reason: str = "message") -> dict[str, Any]:
        """The JSON object of an answer that is no error. Raises `Failed` as `json` does; an error's status is
        `refused` in the company's words where `reason` names the field that has some, else `odd`."""
        told = self.json()
        why = values.text(told.get(reason)) if isinstance(told, dict) else ""
        if self.status >= 400 and why:
            raise Failed("refused", why)
        if self.status >= 400 or not isinstance(told, dict):
            raise Failed("odd", f"HTTP {self.status}")
        return told


Talk = Generator[Ask, Answer, T]


def get(url: str, headers: Mapping[str, str] | None = None, **query: str) -> Ask:
    return Ask("GET", url, headers or {}, urlencode(query))


def post_form(url: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Ask:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return Ask("POST", url, {**kind, **(headers or {})}, body=urlencode(fields).encode())


def post_json(url: str, value: Any, headers: Mapping[str, str] | None = None) -> Ask:
    kind = {"Content-Type": "application/json"}
    return Ask("POST", url, {**kind, **(headers or {})}, body=json.dumps(value).encode())
