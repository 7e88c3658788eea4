"""The guide to a new phone company is true: pasted into files, its code is clean and its company works."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.wire import ROOT

GUIDE = (ROOT / "docs" / "new-provider.md").read_text("utf-8")
BLOCKS = re.findall(r"^\*\*`(\S+)`\*\*\n\n```\w+\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
FENCES = re.findall(r"^```(?:python|json|markdown)$", GUIDE, re.MULTILINE)
NEEDED = (
    "pyproject.toml",
    "tests/__init__.py",
    "tests/replay.py",
    "tests/recorded.py",
    "tests/test_house.py",
)
CODE = [path for path, _ in BLOCKS if path.endswith(".py")]


def run(tree: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=tree, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what an adapter needs, with the guide's blocks pasted in and its company on the list."""
    tree = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "server", tree / "server", ignore=shutil.ignore_patterns("__pycache__"))
    for name in NEEDED:
        (tree / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    for name, text in BLOCKS:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text, "utf-8")
    listed = tree / "server" / "providers" / "__init__.py"
    lines = listed.read_text("utf-8").replace(
        "        Generic(),\n", "        Generic(),\n        Gudok(),\n        GudokPlus(),\n"
    )
    imports = "from server.providers.gudok import Gudok\nfrom server.providers.gudok_plus import GudokPlus\n"
    listed.write_text(
        lines.replace("from server.providers.itoolabs", imports + "from server.providers.itoolabs")
    )
    for brand in ("gudok", "gudok_plus"):
        run(tree, "tests.recorded", brand)
    return tree


def test_every_block_says_in_which_file_it_stands() -> None:
    assert len(BLOCKS) == len(FENCES) > 5


def test_the_guides_own_test_passes_in_every_word(tree: Path) -> None:
    assert " passed" in run(tree, "pytest", "-q", "-p", "no:cacheprovider", "tests/providers/test_gudok.py")


def test_the_guides_code_is_clean(tree: Path) -> None:
    run(tree, "ruff", "check", *CODE, "server/providers/__init__.py")
    run(tree, "ruff", "format", "--check", *CODE, "server/providers/__init__.py")
    run(tree, "mypy", "--no-incremental", "server/providers/__init__.py", *CODE)


def test_nothing_is_missing_in_the_house(tree: Path) -> None:
    assert " passed" in run(
        tree, "pytest", "-q", "-p", "no:cacheprovider", "tests/test_house.py", "-k", "[gudok]"
    )


def test_the_command_fills_what_the_adapter_says_and_nothing_else(tree: Path) -> None:
    for name, text in BLOCKS:
        if name.startswith("tests/recordings/"):
            typed, filled = json.loads(text), json.loads((tree / name).read_text("utf-8"))
            assert all(step["events"] and step["reply"] == {"ok": True} for step in filled["steps"])
            for step in filled["steps"]:
                del step["events"], step["reply"]
            assert filled == typed
