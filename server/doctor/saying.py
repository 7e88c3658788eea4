"""Findings in words, and as a report that may be shown to strangers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from server.doctor.finding import GOOD, Finding
from server.doctor.registers import Register
from server.messages import clean
from server.speech import Say

SHORT = 6  # digits: a line or an id, never a phone number
# Nothing of the box but words: it may serve others, too.
TELLING = ("seconds", "days", "count", "trouble", "problem", "section", "version", "provider", "p50", "p95")


def sentence(say: Say, one: Finding, when: Callable[[float], str]) -> str:
    """`when` says a moment (Unix seconds) as its reader's clock shows it."""
    return say(f"doctor.{one.kind}", **_facts(say, one, when)).strip()


def cure(say: Say, one: Finding, when: Callable[[float], str]) -> str:
    """ "" for what is well."""
    return "" if one.level == GOOD else say(f"cure.{one.kind}", **_facts(say, one, when)).strip()


def _facts(say: Say, one: Finding, when: Callable[[float], str]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        name: clean(value) if isinstance(value, str) else value for name, value in one.facts.items()
    }
    for name in [name for name in facts if name.endswith("_at") and facts[name]]:
        facts[name] = when(facts[name])
    if one.kind == "trunk_trouble":
        facts["problem"] = say(
            f"trouble.{facts['trouble']}", detail=f" ({facts['detail']})" if facts["detail"] else ""
        )
    if "provider" in facts:
        facts["name"] = _company(say, facts["provider"], facts["name"])
    if one.kind == "token":
        facts["problem"] = say(f"broken.{facts['problem']}")
    if "section" in facts:
        facts["use"] = say(f"access.{facts['section']}")
    return facts


def _company(say: Say, provider: str, title: str) -> str:
    """A company's own name is the same in every language; what is none has a word."""
    try:
        return say(f"provider.{provider}")
    except KeyError:
        return title


def report(
    version: str, found: Iterable[Finding], registers: Iterable[Register], unseen: Iterable[str]
) -> str:
    """For whoever helps: kinds, ids and figures; no name, no number, no address."""
    lines = [f"Dzvinok {version}"]
    for one in found:
        about = [one.thing] if one.thing.isdigit() and len(one.thing) <= SHORT else []
        told = [name for name in TELLING if name in one.facts and one.kind != "hooks_refused"]
        about += [f"{name}={clean(str(one.facts[name]))}" for name in told]
        lines.append(" ".join([one.level.upper(), one.kind, *about]))
    for place in registers:
        speed = (
            f"p50={place.speed.p50} p95={place.speed.p95} n={place.speed.calls}"
            if place.speed
            else "unmeasured"
        )
        way = "polls" if place.polls else "socket" if place.state == "on" else "-"
        lines.append(
            f"register {place.id} {place.state} {way} people={len(place.who)} {place.version or '?'} {speed}"
        )
    return "\n".join([*lines, *(f"not shown: {one}" for one in unseen)])
