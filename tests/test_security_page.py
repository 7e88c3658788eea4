"""The papers of security say what is so: the tests they name exist, the limits hold, no requirement is left out."""

from __future__ import annotations

import re

import pytest

from server.limits import ALL, Limit
from tests.wire import ROOT

PAGE, TABLE = (ROOT / "docs" / name for name in ("security.md", "asvs.md"))
VERDICTS = {"yes", "no", "keeper", "n/a"}
ROW = re.compile(r"^\| ([0-9][0-9.,– ]*) \| (\S+) \| (.*) \|$", re.M)

# OWASP ASVS 4.0.3, level 2: how many requirements each section numbers, and those that are not of this level.
SECTIONS = {
    "1.1": 7, "1.2": 4, "1.4": 5, "1.5": 4, "1.6": 4, "1.7": 2, "1.8": 2, "1.9": 2, "1.10": 1, "1.11": 2, "1.12": 2,
    "1.14": 6, "2.1": 12, "2.2": 3, "2.3": 3, "2.4": 5, "2.5": 7, "2.6": 3, "2.7": 6, "2.8": 7, "2.9": 3, "2.10": 4,
    "3.1": 1, "3.2": 4, "3.3": 4, "3.4": 5, "3.5": 3, "3.7": 1, "4.1": 5, "4.2": 2, "4.3": 3, "5.1": 5, "5.2": 8,
    "5.3": 10, "5.4": 3, "5.5": 4, "6.1": 3, "6.2": 6, "6.3": 2, "6.4": 2, "7.1": 4, "7.2": 2, "7.3": 4, "7.4": 3,
    "8.1": 4, "8.2": 3, "8.3": 8, "9.1": 3, "9.2": 4, "10.2": 2, "10.3": 3, "11.1": 8, "12.1": 3, "12.2": 1, "12.3": 6,
    "12.4": 2, "12.5": 2, "12.6": 1, "13.1": 5, "13.2": 6, "13.3": 2, "13.4": 2, "14.1": 4, "14.2": 6, "14.3": 3,
    "14.4": 7, "14.5": 4,
}  # fmt: skip
NOT_OF_LEVEL_TWO = {"1.4.2", "1.4.3", "1.12.1", "4.1.4", "7.3.2", "13.1.2", "13.2.4", "14.3.1"}


def wanted() -> set[str]:
    every = {f"{section}.{number}" for section, most in SECTIONS.items() for number in range(1, most + 1)}
    return every - NOT_OF_LEVEL_TWO


def ids(cell: str) -> list[str]:
    """`2.8.1–7, 2.9.1` -> each of them."""
    found = []
    for part in cell.split(","):
        first, _, last = part.strip().partition("–")
        section, number = first.rsplit(".", 1)
        found += [f"{section}.{one}" for one in range(int(number), int(last or number) + 1)]
    return found


def rows() -> list[tuple[str, str, str]]:
    return ROW.findall(TABLE.read_text("utf-8"))


def facts() -> set[str]:
    text = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return set(re.findall(r"^def (test_\w+)", text, re.M))


@pytest.mark.parametrize("page", [PAGE, TABLE], ids=lambda path: path.name)
def test_every_test_that_is_named_as_evidence_exists(page: object) -> None:
    named = set(re.findall(r"`(test_\w+)`", page.read_text("utf-8")))  # type: ignore[attr-defined]
    assert len(named) > 15
    assert named - facts() == set()


def test_every_requirement_has_one_verdict() -> None:
    told = [one for cell, _, _ in rows() for one in ids(cell)]
    assert len(wanted()) == 259
    assert sorted(told) == sorted(set(told))
    assert wanted() - set(told) == set()
    assert set(told) - wanted() == set()


def test_what_is_met_has_its_evidence_and_what_is_not_its_reason() -> None:
    assert {verdict for _, verdict, _ in rows()} == VERDICTS
    for cell, verdict, why in rows():
        assert len(why) > 5, cell
        if verdict == "yes":
            assert re.search(r"`|\]\(", why), f"{cell}: by what can it be seen?"


@pytest.mark.parametrize("limit", ALL, ids=lambda limit: limit.name)
def test_the_page_has_every_limit_as_it_holds(limit: Limit) -> None:
    found = re.search(rf"^\| `{limit.name}` \| .+ \| (\d+) \| ([\d.]+) \|$", PAGE.read_text("utf-8"), re.M)
    assert found, limit.name
    assert (int(found[1]), float(found[2])) == (limit.burst, limit.rate)
