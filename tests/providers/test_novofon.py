"""Novofon speaks as Zadarma does; whatever both share is tested in test_zadarma.py, with its recordings too."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.providers.abilities import Dials, Prepares, Records, Remembers, Suggests
from server.providers.base import Refused
from server.providers.novofon import Novofon
from server.providers.zadarma import Zadarma
from tests import replay
from tests.replay import answer

NOVOFON = Novofon()
SETTINGS = {"key": "demo-key", "secret": "demo-secret"}
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "novofon.md").read_text("utf-8")


def test_its_name_and_its_address_are_its_own() -> None:
    assert (NOVOFON.name, NOVOFON.title) == ("novofon", "Novofon")
    (ask,), _ = replay.asked(NOVOFON.extensions(SETTINGS), answer({"status": "success", "numbers": []}))
    assert ask.url == "https://api.novofon.com/v1/pbx/internal/"
    assert NOVOFON.recording_hosts.isdisjoint(Zadarma().recording_hosts)


def test_it_can_whatever_zadarma_can() -> None:
    for ability in (Dials, Prepares, Records, Remembers, Suggests):
        assert isinstance(NOVOFON, ability)
        assert isinstance(Zadarma(), ability)


@pytest.mark.parametrize("name", replay.names("novofon"))
def test_a_recording_is_refused_with_another_secret(name: str) -> None:
    recording = replay.load("novofon", name)
    for one in recording["steps"]:
        NOVOFON.verify(replay.delivery(one), recording["settings"])
        with pytest.raises(Refused, match=r"^signature$"):
            NOVOFON.verify(replay.delivery(one), {**SETTINGS, "secret": "another"})


def test_the_page_leads_to_the_words() -> None:
    assert "zadarma.md" in PAGE
    assert "api.novofon.com" in PAGE
