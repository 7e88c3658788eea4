"""The words of the Manage pages in four languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache

from server.config import ROOT
from server.providers import PROVIDERS
from server.providers.base import Field, Words
from server.unfit import Unfit

FOLDER = ROOT / "manage_ui" / "i18n"
LANGUAGES = {"ua": "Українська", "ru": "Русский", "en": "English", "pl": "Polski"}
TONGUES = {"ua": "uk", "ru": "ru", "en": "en", "pl": "pl"}  # Poster names Ukrainian by the country

Say = Callable[..., str]


def language(*wishes: str | None) -> str:
    """The first wish that was made, if it is a language that we speak; else English."""
    wish = next((wish for wish in wishes if wish), "").strip().casefold()
    return wish if wish in LANGUAGES else "en"


@lru_cache
def load(lang: str) -> dict[str, str]:
    words: dict[str, str] = json.loads((FOLDER / f"{lang}.json").read_text("utf-8"))
    return words


def speaker(lang: str) -> Say:
    words = load(lang)

    def say(key: str, **values: object) -> str:
        return words[key].format_map(values)

    return say


def unfit(say: Say, wrong: Unfit) -> str:
    """The sentence for a mistake. A setting is called by its label, not by its name in the database."""
    values = dict(wrong.values)
    if wrong.word.startswith("setting_"):
        field = _field(values["provider"], values["value"])
        values["value"], values["must"] = label(say, field), _must(say, field)
    if wrong.word == "preference":
        values["value"] = say(f"pref.{values['value']}")
    return say(f"unfit.{wrong.word}", **values)


def _field(provider: str, name: str) -> Field:
    fields = PROVIDERS[provider].fields if provider in PROVIDERS else ()
    return next((field for field in fields if field.name == name), Field(name))


def company(say: Say, name: str, title: str) -> str:
    """What a provider is called: a company's own name is the same in every language."""
    return _said(say, f"provider.{name}", title)


def label(say: Say, field: Field) -> str:
    """What a provider's setting is called; a name that nobody has translated yet is still readable."""
    return in_words(say, field.label) or field.name.replace("_", " ").capitalize()


def setting_label(say: Say, provider: str, name: str) -> str:
    return label(say, _field(provider, name))


def choice(say: Say, field: Field, word: str) -> str:
    """What one of a setting's choices is called; a word that nobody has translated stays, with a capital."""
    told = in_words(say, field.choice_words.get(word, {}))
    return told or _said(say, f"choice.{word}", word[:1].upper() + word[1:])


def _must(say: Say, field: Field) -> str:
    """What the setting must be; of a list, one of its words."""
    return in_words(say, field.must) or ", ".join(choice(say, field, word) for word in field.choices)


def in_words(say: Say, words: Words) -> str:
    """A provider's own text in the page's language, else in English."""
    return words.get(say("lang")) or words.get("en", "")


def _said(say: Say, key: str, otherwise: str) -> str:
    try:
        return say(key)
    except KeyError:
        return otherwise
