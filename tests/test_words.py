"""The words that come with the greeting: each is said somewhere, in every language."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from server import words
from tests.wire import ROOT

SOURCES = [
    *(ROOT / "pos_bundle" / "src").rglob("*.ts*"),
    *(ROOT / "server" / "web").glob("registers_sheet*.py"),
]
BUILT = ("about_", "flag_", "kind_", "st_")  # with the value of something behind: `flag_vip`


def pack(lang: str, has: str = "") -> dict[str, Any] | None:
    return words.pack(lang, has)


def test_no_word_is_carried_that_nobody_says() -> None:
    said = "".join(path.read_text("utf-8") for path in SOURCES)
    carried = json.loads((words.FOLDER / "en.json").read_text("utf-8"))
    assert [one for one in carried if not one.startswith(BUILT) and not re.search(rf"\b{one}\b", said)] == []


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_register_that_has_the_words_is_not_sent_them_again(lang: str) -> None:
    fresh = pack(lang)
    assert fresh
    assert fresh["version"].startswith(f"{lang}-")
    assert ".card" in fresh["look"] or ".box" in fresh["look"]
    assert pack(lang, fresh["version"]) is None
    assert pack(lang, f"{lang}-00000000") == fresh


def test_a_language_that_we_don_t_speak_reads_english() -> None:
    english = pack("en")
    assert pack("es") == english
