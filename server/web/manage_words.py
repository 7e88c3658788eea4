"""The words of the Manage pages in four languages."""

from __future__ import annotations

from server.providers import PROVIDERS
from server.providers.base import Field, Words
from server.speech import LANGUAGES, TONGUES, Say, language, load, speaker
from server.unfit import Unfit

__all__ = ["LANGUAGES", "TONGUES", "Say", "choice", "company", "in_words", "label", "language", "load",
           "setting_label", "speaker", "unfit"]  # fmt: skip


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
