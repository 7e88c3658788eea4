"""The step of the phone: which company, its own fields and steps, and whether the first call came."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from server.db import reading, rows
from server.models import Account, Trunk
from server.parts import Parts
from server.providers.abilities import Prepares
from server.providers.base import CLOUD, LAN, OUT, Provider
from server.web import manage_start_guide as guide
from server.web.manage_facts import Json, country_of
from server.web.manage_health import settings_of, state_of
from server.web.manage_names import words
from server.web.manage_phone import fields_of, hears, title_of
from server.web.manage_words import Say

# Those that most restaurants of a country have and that want the least of their owner.
EASIEST = {
    "UA": ("binotel", "phonet", "zadarma"),
    "KZ": ("sipuni", "itoolabs", "sip"),
    "PL": ("zadarma", "sip", "phone"),
    "RU": ("mango", "uis", "novofon"),
}
ELSEWHERE = ("zadarma", "asterisk", "sip")
LAST = "generic"
ANY_CALL = "SELECT 1 FROM call WHERE trunk_id = ? AND +account_id = ? LIMIT 1"  # by the index of trunks


def called(trunk: Trunk) -> bool:
    """Whether a call ever came from it: a company that is asked for calls is in touch long before."""
    if not trunk.last_at or trunk.last_from or trunk.last_did:
        return bool(trunk.last_at)
    with reading():
        return bool(rows(ANY_CALL, trunk.id, trunk.account_id))


def first_call(parts: Parts, account: Account, trunk: Trunk, say: Say) -> Json:
    """A trunk's state as on the page of the phone, but heard is only one from which a call came."""
    its = state_of(parts, account, trunk, say)
    if its["state"] != "heard" or called(trunk):
        return its
    return {**its, "state": "connected", "text": say("trunk_connected")}


def phone_step(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> Json:
    trunks = parts.trunks.of(account)
    adding = parts.trunks.providers.get(query.get("add", ""))
    waits = next((one for one in trunks if adding and one.provider == adding.name and not called(one)), None)
    trunk = waits or (None if adding or query.get("choose") else _chosen(trunks, query.get("trunk", "")))
    return {
        "trunk": _trunk(parts, account, trunk, say) if trunk else None,
        "adding": _adding(parts, adding, say) if adding and not waits else None,
        "wrong": bool(query.get("wrong")),
        "choosing": not trunk and not adding,
        "sought": query.get("q", "")[:60],
        "begun": bool(trunks),
        **_offers(parts, account, query.get("q", ""), say),
    }


def _chosen(trunks: list[Trunk], wanted: str) -> Trunk | None:
    """The one that was asked for, else one that still waits, else the newest."""
    asked = [one for one in trunks if str(one.id) == wanted]
    waiting = [one for one in trunks if not called(one) and not one.paused]
    return next(iter([*asked, *reversed(waiting), *reversed(trunks)]), None)


def _offers(parts: Parts, account: Account, sought: str, say: Say) -> Json:
    easiest = EASIEST.get(country_of(parts, account), ELSEWHERE)
    hidden = _hidden(parts)
    every = [_offer(one, hidden, say) for one in parts.trunks.providers.values()]
    every.sort(key=lambda one: (one["name"] == LAST, one["title"].casefold()))
    found = [one for one in every if _fits(one, sought)]
    first = [one for name in easiest for one in found if one["name"] == name]
    return {"easiest": first, "others": [one for one in found if one not in first]}


def _offer(one: Provider, hidden: bool, say: Say) -> Json:
    """How calls reach us matters to the owner only where nobody outside can reach us."""
    title = say(f"provider.{one.name}") if _is_said(one.name, say) else one.title
    near = next(reach for reach in (OUT, LAN, CLOUD) if reach in one.reach)
    also = guide.load(one.name).get("also", [])
    return {
        "name": one.name,
        "title": title,
        "reach": say(f"start.reach_{near}"),
        "also": " ".join([title, *also]),
    }


def _is_said(name: str, say: Say) -> bool:
    try:
        return bool(say(f"provider.{name}"))
    except KeyError:
        return False


def _fits(offer: Json, sought: str) -> bool:
    """Whether each word that was typed begins one of its names, in whichever alphabet."""
    named = words(offer["also"]) | set(offer["also"].casefold().split())
    typed = words(sought) or set(sought.casefold().split())
    return all(any(one.startswith(part) for one in named) for part in typed)


def _adding(parts: Parts, one: Provider, say: Say) -> Json:
    at_once = set(guide.load(one.name).get("fields", ()))
    fields = fields_of(parts, one.name, {}, say)
    now = [field for field in fields if field["required"] or field["name"] in at_once]
    return {
        "name": one.name,
        "title": title_of(parts, one.name, say),
        "tried": one.tried,
        "before": guide.before(parts, one.name, say),
        "fields": now,
        "more": [field for field in fields if field not in now],
        "unreachable": _unreachable(parts, one, say),
    }


def _trunk(parts: Parts, account: Account, trunk: Trunk, say: Say) -> Json:
    adapter, settings = parts.trunks.providers.get(trunk.provider), settings_of(parts, trunk)
    waits = not called(trunk)
    return {
        "id": trunk.id,
        "part": f"trunk-{trunk.id}",
        "provider": trunk.provider,
        "title": title_of(parts, trunk.provider, say),
        "waits": waits,
        "before": guide.before(parts, trunk.provider, say),
        "after": guide.after(parts, trunk, say) if settings is not None and adapter else [],
        "fields": [] if settings is None else fields_of(parts, trunk.provider, settings, say),
        "prepares": isinstance(adapter, Prepares) and settings is not None,
        "ours_to_mend": bool(guide.load(trunk.provider).get("without")),
        "hears": hears(parts, trunk.provider),
        "unreachable": _unreachable(parts, adapter, say) if adapter and waits and not trunk.state else "",
        **first_call(parts, account, trunk, say),
    }


def _unreachable(parts: Parts, one: Provider, say: Say) -> str:
    """A company that calls us has to find us; some have another way in, which their steps then name."""
    if not _hidden(parts):
        return ""
    without = guide.load(one.name).get("without", {})
    if without:
        return str(without[say("lang")])
    only_calls = CLOUD in one.reach and not {OUT, LAN} & one.reach
    return say("start.unreachable", address=parts.settings.public_url) if only_calls else ""


def _hidden(parts: Parts) -> bool:
    """Whether our address is one that nobody outside the house can open."""
    url = urlsplit(parts.settings.public_url)
    return url.scheme != "https" or _at_home(url.hostname or "")


def _at_home(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".lan", ".local"))
