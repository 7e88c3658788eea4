"""What the papers say of settings, files and pages is so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.config import READERS, REQUIRED, Settings, load
from tests.wire import ROOT

PAPERS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+?) \| .+\|$", re.MULTILINE)
EXAMPLE = re.compile(r"^#?([A-Z_]+)=(.*)$", re.MULTILINE)
IN_WORDS = {"any": frozenset(), "none": (), "empty": ""}


@pytest.fixture(scope="module")
def defaults() -> Settings:
    words = {"PUBLIC_URL": "https://phone.example.com", "SECRET_KEY": "a key for tests, long enough"}
    return load(words | {"POSTER_APPLICATION_ID": "1", "POSTER_APPLICATION_SECRET": "1"}, ROOT / "no.env")


def same(name: str, text: str, defaults: Settings) -> bool:
    """Whether a default as it is written is the default that is used."""
    field, read = READERS[name]
    return bool((IN_WORDS[text] if text in IN_WORDS else read(text)) == getattr(defaults, field))


def test_the_readme_has_every_setting_with_its_default(defaults: Settings) -> None:
    told = {name: text.strip("`") for name, text in ROW.findall((ROOT / "README.md").read_text("utf-8"))}
    assert told.keys() == READERS.keys()
    assert {name for name, text in told.items() if text == "required"} == set(REQUIRED)
    optional = {name: text for name, text in told.items() if text != "required"}
    assert [name for name, text in optional.items() if not same(name, text, defaults)] == []


def test_the_example_has_every_setting_with_its_default(defaults: Settings) -> None:
    told = dict(EXAMPLE.findall((ROOT / ".env.example").read_text("utf-8")))
    assert told.keys() == READERS.keys()
    shown_only = {
        *REQUIRED,
        "POSTER_ACCOUNTS",
        "EXTRA_ORIGINS",
        "COMPANIES_URL",
        "BACKUP_DIR",
        "BACKUP_KEY",
        "SECRET_KEY_OLD",
    }
    assert [name for name in told.keys() - shown_only if not same(name, told[name], defaults)] == []


def links(paper: Path) -> Iterator[Path]:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", paper.read_text("utf-8")):
        if "://" not in target:
            yield (paper.parent / target).resolve()


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(paper: Path) -> None:
    assert [str(path) for path in links(paper) if not path.exists()] == []


def test_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs").rglob("*.png")}
    assert [name for name, size in sizes.items() if size > 150_000] == []
    assert sum(path.stat().st_size for path in (ROOT / "docs" / "screens").rglob("*.png")) < 6_000_000


def test_files_that_the_papers_name_exist() -> None:
    named = {
        name
        for paper in PAPERS
        for name in re.findall(
            r"`((?:server|tests|docs|deploy|sandbox)/[\w./-]*\w)", paper.read_text("utf-8")
        )
    }
    invented = {name for name in named if "gudok" in name}  # the company of docs/new-provider.md
    assert sorted(name for name in named - invented if not (ROOT / name).exists()) == []
