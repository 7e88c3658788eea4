"""What is true of a call, as the phones know it, and where our journal says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.phones import read

LINES = frozenset({"101", "102", "103", "104"})
MOBILE = "mobile"  # answered outside: by nobody of ours
Json = dict[str, Any]


@dataclass(frozen=True)
class Truth:
    """One call with the outside. `rang` are our lines that rang, `line` is who talked last.

    `loose` are the words that our journal may leave untold in this call: nobody can know them. Of an `outcome`
    with a bar in it ("failed|declined") either is true.
    """

    direction: str
    caller: str
    did: str
    outcome: str
    rang: frozenset[str] = frozenset()
    answered_by: str = ""
    line: str = ""
    loose: frozenset[str] = frozenset()

    def but(self, *loose: str) -> Truth:
        return Truth(**{**vars(self), "loose": self.loose | {*loose}})


def differences(calls: list[Json], truths: list[Truth]) -> list[str]:
    """One line each; calls and truths stand in the order in which the calls began."""
    if len(calls) != len(truths):
        told = [f"{call['direction']} {call['number'] or call['caller']} {call['state']}" for call in calls]
        return [f"{len(calls)} calls instead of {len(truths)}: {told}"]
    return [line for call, truth in zip(calls, truths, strict=True) for line in _difference(call, truth)]


def _difference(call: Json, truth: Truth) -> list[str]:
    said, wanted = _said(call, truth), _wanted(truth)
    if said["outcome"] in truth.outcome.split("|"):
        wanted["outcome"] = said["outcome"]
    return [
        f"{name}: {said[name]!r} instead of {value!r}"
        for name, value in wanted.items()
        if said[name] != value and not (name in truth.loose and _claims_nothing(said[name], value))
    ]


def _claims_nothing(said: Any, true: Any) -> bool:
    return set(said) <= set(true) if isinstance(true, list) else said in ("", "unknown")


def _said(call: Json, truth: Truth) -> Json:
    by = call["answered_by"]
    rang = sorted(LINES & call["rang"].keys())
    unheard = sorted(truth.rang - call["legs"].keys())
    return {**call, "answered_by": by if by in LINES or not by else MOBILE, "rang": rang, "unheard": unheard}


def _wanted(truth: Truth) -> Json:
    number = read(truth.caller, "UA").e164 if truth.caller else ""
    facts = {"state": "ended", "direction": truth.direction, "number": number, "outcome": truth.outcome,
             "did": read(truth.did, "UA").e164 if truth.did else "", "rang": sorted(truth.rang), "unheard": [],
             "answered_by": truth.answered_by}  # fmt: skip
    return facts | ({"line": truth.line} if truth.line else {})
