"""The page of the trunks: how each is, what may be done with it, and what else could be connected."""

from __future__ import annotations

from collections.abc import Mapping

from server.models import Account, Employee, Raw, Trunk
from server.parts import Parts
from server.providers.abilities import Paste, Prepares, Suggests
from server.providers.base import CLOUD, LAN, OUT, Field, Provider
from server.web.manage_facts import Json, moment, present
from server.web.manage_health import settings_of, state_of
from server.web.manage_words import Say, choice, company, in_words, label

GROUPS = (OUT, LAN, CLOUD)  # a provider stands in the first that it offers: the easiest for the owner
LAST = "generic"  # for whoever found nothing above it
SWITCH = 2  # choices of a setting that turns something on or off
SENT_SHOWN = 20
SENT_LENGTH = 1500
VERDICTS = ("taken", "refused", "unreadable", "nothing done", "calls")


def phone(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    adding = parts.trunks.providers.get(query.get("add", ""))
    return "phone", {
        "trunks": [_trunk(parts, account, one, say) for one in parts.trunks.of(account)],
        "groups": _groups(parts, say),
        "adding": _choice(adding, say) if adding else None,
        "fields": fields_of(parts, adding.name, {}, say) if adding else [],
        "removing": query.get("remove", ""),
        "employees": [{"id": one.poster_id, "name": one.name} for one in present(Employee, account)],
    }


def pastes_of(parts: Parts, trunk: Trunk) -> list[Paste]:
    known = trunk.provider in parts.trunks.providers and settings_of(parts, trunk) is not None
    return parts.companies.pastes(trunk) if known else []


def title_of(parts: Parts, provider: str, say: Say) -> str:
    known = parts.trunks.providers.get(provider)
    return company(say, provider, known.title if known else provider)


def about(parts: Parts, trunk: Trunk, say: Say) -> str:
    """What tells two trunks of one provider apart: its first setting that is neither a secret nor a switch."""
    settings = settings_of(parts, trunk) or {}
    for field in parts.trunks.fields(trunk.provider):
        value = settings.get(field.name, "") or (field.choices[0] if field.choices else "")
        if value and not field.secret and len(field.choices) != SWITCH:
            return choice(say, field, value) if field.choices else value
    return ""


def hears(parts: Parts, provider: str) -> bool:
    """Whether anybody may call our address for it."""
    known = parts.trunks.providers.get(provider)
    return bool(known and known.methods)


def fields_of(parts: Parts, provider: str, settings: Mapping[str, str], say: Say) -> list[Json]:
    """The provider's own fields. Of a secret only whether it is set leaves this function."""
    return [_field(field, settings.get(field.name, ""), say) for field in parts.trunks.fields(provider)]


def _field(field: Field, stored: str, say: Say) -> Json:
    return {
        "name": field.name,
        "label": label(say, field),
        "hint": in_words(say, field.hint),
        "secret": field.secret,
        "required": field.required,
        "set": bool(stored),
        "value": "" if field.secret else stored or (field.choices[0] if field.choices else ""),
        "choices": {word: choice(say, field, word) for word in field.choices},
    }


def _groups(parts: Parts, say: Say) -> list[Json]:
    found: dict[str, list[Json]] = {reach: [] for reach in GROUPS}
    for one in parts.trunks.providers.values():
        found[next(reach for reach in GROUPS if reach in one.reach)].append(_choice(one, say))
    return [
        {
            "reach": reach,
            "choices": sorted(choices, key=lambda one: (one["name"] == LAST, one["title"].casefold())),
        }
        for reach, choices in found.items()
        if choices
    ]


def _choice(one: Provider, say: Say) -> Json:
    return {"name": one.name, "title": company(say, one.name, one.title), "tried": one.tried}


def _trunk(parts: Parts, account: Account, trunk: Trunk, say: Say) -> Json:
    adapter, settings = parts.trunks.providers.get(trunk.provider), settings_of(parts, trunk)
    hears_us = hears(parts, trunk.provider)
    return {
        "id": trunk.id,
        "provider": trunk.provider,
        "title": title_of(parts, trunk.provider, say),
        "about": about(parts, trunk, say),
        "known": adapter is not None,
        "paused": trunk.paused,
        "new": trunk.last_at is None,
        "url": parts.trunks.hook_url(trunk) if hears_us else "",
        "connects": bool(trunk.state),
        "at_home": bool(adapter and hears_us and LAN in adapter.reach),
        "pastes": pastes_of(parts, trunk),
        "suggests": isinstance(adapter, Suggests) and settings is not None,
        "prepares": isinstance(adapter, Prepares) and settings is not None,
        "fields": [] if settings is None else fields_of(parts, trunk.provider, settings, say),
        "sent": _sent(parts, account, trunk, say),
        **state_of(parts, account, trunk, say),
    }


def _sent(parts: Parts, account: Account, trunk: Trunk, say: Say) -> list[Json]:
    newest = list(reversed(parts.diary.of(trunk.id)))[:SENT_SHOWN]
    return [
        {
            "at": moment(one.at, account, seconds=True),
            "what": " · ".join(part for part in (one.way, one.word) if part),
            "verdict": _verdict(one, say),
            "text": one.text[:SENT_LENGTH] + ("…" if len(one.text) > SENT_LENGTH else ""),
        }
        for one in newest
    ]


def _verdict(one: Raw, say: Say) -> str:
    """Ours in words; the reason behind the colon is an engineer's sentence and stays as it is."""
    for word in VERDICTS:
        if one.verdict.startswith(word):
            return say(f"sent.{word.replace(' ', '_')}") + one.verdict[len(word) :].replace("=", ": ")
    return str(one.verdict)
