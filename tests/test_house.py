"""The plan of the house: who may import whom, and what stands beside what."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from server.config import READERS
from server.providers import PROVIDERS
from server.web.manage_words import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
SERVER = ROOT / "server"

PURE = {
    "crossing",
    "config",
    "readers",
    "calls",
    "facts",
    "legs",
    "steps",
    "phones",
    "messages",
    "routing",
    "unfit",
    "days",
    "acting",
    "dialect",
    "likeness",
}
TOOLS = {
    *("providers", "poster", "db", "models", "migrations", "journal"),
    *("limits", "hub", "vault", "tickets", "bundle", "background", "diary", "dials", "asking", "wires"),
    *("postgres", "words", "preferences", "speech", "audit", "aside", "together", "owed", "steady", "once"),
    *("rooms", "bus", "leases"),
    *("measures", "trail", "logs", "backups"),
}
WORK = {
    *("accounts", "connecting", "mirror", "guests", "noticing", "lines", "oversights", "trunks"),
    *("telling", "everywhere", "crew", "intake", "clock", "parts", "assembly", "gauges", "readiness"),
    *("health", "connection", "connections", "backfill", "calling", "companies", "recordings"),
    *(
        "directory",
        "flags",
        "places",
        "kin",
        "menu",
        "orders",
        "booking",
        "incoming",
        "online",
        "again",
        "callbacks",
        "popping",
        "handing",
        "notes",
        "showing",
        "talking",
        "cards",
        "members",
        "logins",
        "refusals",
        "locks",
        "figures",
        "reports",
        "callbook",
        "downloads",
        "exporting",
        "sightings",
        "soundness",
        "presence",
        "doctor",
        "probing",
        "alerts",
        "hours",
        "covering",
        "retention",
        "persons",
        "leaving",
        "moving",
        "rotation",
        "parting",
    ),
}
DOORS = {"web", "cli"}
FLOORS = [PURE, TOOLS, WORK, DOORS]


def rooms() -> list[str]:
    return sorted(
        {path.stem if path.suffix else path.name for path in SERVER.iterdir()} - {"__init__", "__pycache__"}
    )


def files(room: str) -> list[Path]:
    folder = SERVER / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def imports(path: Path) -> set[str]:
    """Full names of the server's modules that a file imports, type-checking imports too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "server":
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("server.")}
    return found


def floor(room: str) -> int:
    return next((number for number, floor in enumerate(FLOORS) if room in floor), -1)


@pytest.mark.parametrize("room", rooms())
def test_every_room_has_a_floor(room: str) -> None:
    assert floor(room) >= 0, f"say on which floor server/{room} stands"


@pytest.mark.parametrize("room", rooms())
def test_imports_only_go_down(room: str) -> None:
    for path in files(room):
        for name in imports(path):
            other = name.split(".")[1]
            assert floor(other) <= floor(room), f"{path.relative_to(ROOT)} imports {name}"


def test_doors_do_not_import_doors() -> None:
    for path in files("web"):
        others = {name for name in imports(path) if name.startswith("server.web.")} - allowed_within_web(path)
        assert not others, f"{path.name} imports {others}"


def allowed_within_web(path: Path) -> set[str]:
    """Pieces that are no door themselves: their names say whose they are (`manage_…` for `manage`), or are for all."""
    own = path.stem.split("_")[0]
    pieces = (f"server.web.{own}", "server.web.page", "server.web.sizes", "server.web.limiting")
    return {name for name in imports(path) if name.startswith(pieces)}


@pytest.mark.parametrize("room", sorted(PURE))
def test_the_ground_floor_knows_no_tool(room: str) -> None:
    text = "".join(path.read_text("utf-8") for path in files(room))
    assert not re.search(r"^(?:import|from) (flask|peewee|requests|threading|time|socket)\b", text, re.M)


def test_adapters_know_neither_flask_nor_the_database_nor_the_clock() -> None:
    for path in files("providers"):
        assert not re.search(
            r"^(?:import|from) (flask|peewee|requests|threading|time)\b", path.read_text("utf-8"), re.M
        )
        assert not {name for name in imports(path) if name.startswith(("server.db", "server.models"))}


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_a_provider_is_one_file_one_test_recordings_a_page_and_its_first_steps(name: str) -> None:
    assert (SERVER / "providers" / f"{name}.py").exists()
    assert (ROOT / "tests" / "providers" / f"test_{name}.py").exists()
    assert list((ROOT / "tests" / "recordings" / name).glob("*.json"))
    assert (ROOT / "docs" / "providers" / f"{name}.md").exists()
    assert (ROOT / "manage_ui" / "steps" / f"{name}.json").exists()


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_a_provider_explains_its_settings_in_every_language(name: str) -> None:
    for field in PROVIDERS[name].fields:
        for words in (field.label, field.hint, field.must):
            assert set(words) in (set(), set(LANGUAGES)), field.name
        assert field.label, field.name
        assert field.must or field.check == str.strip or field.choices, field.name


@pytest.mark.parametrize("setting", sorted(READERS))
def test_every_setting_is_explained(setting: str) -> None:
    assert f"`{setting}`" in (ROOT / "README.md").read_text("utf-8")
    assert setting in (ROOT / ".env.example").read_text("utf-8")


@pytest.mark.parametrize("path", sorted(SERVER.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 260, "which noun is hiding in it?"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= 45, node.name


def test_the_environment_is_read_in_one_place() -> None:
    """create_app and gunicorn hand `os.environ` to `config.load`; nobody else looks into it."""
    readers = [path.name for path in SERVER.rglob("*.py") if "os.environ" in path.read_text("utf-8")]
    assert readers == ["__init__.py"]
