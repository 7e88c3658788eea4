"""The words that people read, taken from where the product has them, so that a test taps what a person would tap."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from tests.wire import ROOT

LANGUAGES = ("ua", "ru", "en", "pl")
CARDS = ROOT / "pos_bundle" / "src" / "i18n"
PACK = ROOT / "pos_bundle" / "words"
MANAGE = ROOT / "manage_ui" / "i18n"
CONNECT = ROOT / "server" / "web" / "templates" / "connect" / "words"
ENTRY = re.compile(r"""^\s*(\w+):\s*(["'`])(.*?)\2,$""", re.MULTILINE)


@cache
def _cards(lang: str) -> dict[str, str]:
    core = {key: text for key, _, text in ENTRY.findall((CARDS / f"{lang}.ts").read_text("utf-8"))}
    return core | _pages(PACK, lang)


@cache
def _manage(lang: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in [MANAGE / f"{lang}.json", *MANAGE.glob(f"*.{lang}.json")]:
        found |= json.loads(path.read_text("utf-8"))
    return found


@cache
def _pages(folder: Path, lang: str) -> dict[str, str]:
    return dict(json.loads((folder / f"{lang}.json").read_text("utf-8")))


def say(word: str, what: str = "", lang: str = "ua") -> str:
    """On a card."""
    return _cards(lang)[word].replace("{0}", what)


def manage(word: str, lang: str = "ua", **values: object) -> str:
    return _manage(lang)[word].format_map(values)


def connect(word: str, lang: str = "ua") -> str:
    return _pages(CONNECT, lang)[word]
