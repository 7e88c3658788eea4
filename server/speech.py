"""The words that owners read, in four languages: Manage's pages, alerts, the doctor in the terminal.

One file for what is said everywhere (`manage_ui/i18n/en.json`) and one for each room (`manage_ui/i18n/calls.en.json`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache

from server.config import ROOT

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
    """Every word of the language. A word stands in one file only: tests see to it."""
    words: dict[str, str] = {}
    for path in [FOLDER / f"{lang}.json", *sorted(FOLDER.glob(f"*.{lang}.json"))]:
        words |= json.loads(path.read_text("utf-8"))
    return words


def speaker(lang: str) -> Say:
    words = load(lang)

    def say(key: str, **values: object) -> str:
        return words[key].format_map(values)

    return say
