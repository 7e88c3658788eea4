"""Each company's own way in: what to click in its cabinet, what to copy from there, what to paste there.

`manage_ui/steps/<provider>.json` is data for the drawings on the page of the first steps:

    {"also": ["…"],              other names that people search it by
     "fields": ["dial"],         settings that are shown at once although they may stay empty
     "steps": [{"where": ["Settings", "API"],    the menu as the company's pages have it; [] where we do not know it
                "do": {"ua": …, "ru": …, "en": …, "pl": …},
                "field": "Callback URL",         what is marked in the drawing
                "get": "api_key",                our setting that what stands there goes into, or
                "paste": "address",              what goes there: address, letter (the step's own text), all, or the
                                                 title of a `Paste`, or what several titles begin with
                "but": ["XML"],                  of these not those
                "window": "Yealink",             what the drawn window is called, if not the company
                "shows": "name.company.com",     an example of what stands there
                "when": "after",                 though nothing is pasted
                "if": {"way": "hear"}}]}         settings that it is for: a word, "!another", set (true) or not (false)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from server.config import ROOT
from server.models import Trunk
from server.parts import Parts
from server.providers.abilities import Paste
from server.web.manage_facts import Json
from server.web.manage_health import settings_of
from server.web.manage_phone import pastes_of, title_of
from server.web.manage_words import Say, setting_label

STEPS = ROOT / "manage_ui" / "steps"
ALL, ADDRESS, LETTER = "all", "address", "letter"


@lru_cache
def load(provider: str) -> dict[str, Any]:
    """{} for a provider of another version."""
    path = STEPS / f"{provider}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def before(parts: Parts, provider: str, say: Say) -> list[Json]:
    """What is done at the company before we know anything: its keys are fetched."""
    company = title_of(parts, provider, say)
    return [_step(one, company, provider, (), say) for one in _steps(provider) if not _later(one)]


def after(parts: Parts, trunk: Trunk, say: Say) -> list[Json]:
    """What is done there once the connection has its address."""
    company, pastes = title_of(parts, trunk.provider, say), pastes_of(parts, trunk)
    address = Paste(say("phone.address"), parts.trunks.hook_url(trunk))
    chosen = {field.name: field.choices[0] for field in parts.trunks.fields(trunk.provider) if field.choices}
    settings = chosen | (settings_of(parts, trunk) or {})
    return [
        _step(one, company, trunk.provider, _copies(one, address, pastes, say), say)
        for one in _steps(trunk.provider)
        if _later(one)
        and all(_is(settings.get(name, ""), wanted) for name, wanted in one.get("if", {}).items())
    ]


def _steps(provider: str) -> list[Json]:
    found: list[Json] = load(provider).get("steps", [])
    return found


def _later(step: Json) -> bool:
    return "paste" in step or step.get("when") == "after"


def _is(value: str, wanted: str | bool) -> bool:
    if isinstance(wanted, bool):
        return bool(value) == wanted
    return value != wanted[1:] if wanted.startswith("!") else value == wanted


def _copies(step: Json, address: Paste, pastes: Sequence[Paste], say: Say) -> list[Paste]:
    told = step.get("paste", [])
    wanted = [told] if isinstance(told, str) else told
    if wanted == [ADDRESS]:
        return [address]
    if wanted == [LETTER]:
        title = step.get("title") or say("start.letter")
        return [Paste(title, step["letter"].format(address=address.text))]
    left_out = step.get("but", ())
    return [
        one for one in pastes if one.title not in left_out and any(_meant(one.title, name) for name in wanted)
    ]


def _meant(title: str, wanted: str) -> bool:
    return wanted in (ALL, title) or title.startswith(f"{wanted}: ")


def _step(step: Json, company: str, provider: str, copies: Sequence[Paste], say: Say) -> Json:
    field, gets = step.get("field", ""), step.get("get", "")
    path = " → ".join([step.get("window", company), *step["where"]])
    named = [one for one in copies if one.title == field]
    word = "copy" if gets else "paste" if copies and field else "field" if field else "menu"
    return {
        "do": step["do"].get(say("lang")) or step["do"]["en"],
        "company": step.get("window", company),
        "where": step["where"],
        "field": field,
        "into": setting_label(say, provider, gets) if gets else "",
        "shows": step.get("shows", ""),
        "value": next((one.text for one in [*named, *copies]), "") if field else "",
        "copies": [{"title": one.title, "text": one.text} for one in copies],
        "drawn": bool(step["where"] or field),
        "alt": say(f"start.alt_{word}", path=path, field=field),
    }
