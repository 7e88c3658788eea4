"""The words of the sandbox's pages: the same ones in every language, and each one that a page asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests

from tests.sandbox.stand import Poster

SANDBOX = Path(__file__).parents[2] / "sandbox"
SCRIPTS = SANDBOX / "static" / "js"
LANGUAGES = ("ua", "ru", "en", "pl")


def words(language: str) -> list[str]:
    text = (SCRIPTS / "words" / f"{language}.js").read_text()
    return re.findall(r'^  "?([\w.]+)"?:', text, re.MULTILINE)


def asked() -> set[str]:
    code = "\n".join(path.read_text() for path in SCRIPTS.rglob("*.js"))
    pages = "\n".join(path.read_text() for path in (SANDBOX / "templates").glob("*.html"))
    return set(re.findall(r'\bt\(\s*"([\w.]+)"', code)) | set(re.findall(r'data-t="([\w.]+)"', pages))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words(language: str) -> None:
    assert words(language) == words("en")


def test_no_word_stands_twice() -> None:
    assert len(words("en")) == len(set(words("en")))


def test_every_word_that_a_page_asks_for_exists() -> None:
    assert asked() <= set(words("en"))


def test_the_first_visitors_browser_chooses_the_language_once(poster: Poster) -> None:
    def greeted(browser: str) -> str:
        page = requests.get(poster.url, headers={"Accept-Language": browser}, timeout=10).text
        return re.findall(r'data-lang="(\w+)"', page)[0]

    assert greeted("") == "ua"
    assert greeted("pl-PL,pl;q=0.9,en;q=0.5") == "pl"
    assert greeted("en-GB") == "pl"
