"""Makes `<version>.sql.gz` by running the code of that version: `python -m tests.versions.make [version ...]`.

Each version's own server takes a restaurant's calls from real webhooks, its own command line sets lines and phones.
Run it once for a release, with that release's commit in `RELEASED`, and never change what it made.
"""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# The last commit of each release.
RELEASED = {"1.0.0": "3f845b0", "1.1.0": "e56ea14", "1.2.0": "c8f6616", "1.3.0": "189e5f3"}


def main(versions: list[str]) -> None:
    for version in versions or list(RELEASED):
        with tempfile.TemporaryDirectory() as folder:
            tree = Path(folder)
            archive = subprocess.run(
                ["git", "archive", RELEASED[version]], cwd=ROOT, check=True, capture_output=True
            )
            subprocess.run(["tar", "-x"], cwd=tree, input=archive.stdout, check=True)
            database = tree / "lived.db"
            env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
            subprocess.run(
                [sys.executable, HERE / "life.py", database, version], cwd=tree, env=env, check=True
            )
            dump(database, HERE / f"{version}.sql.gz")
        print(version, (HERE / f"{version}.sql.gz").stat().st_size, "bytes")


def dump(database: Path, target: Path) -> None:
    connection = sqlite3.connect(database)
    text = "\n".join(connection.iterdump()) + "\n"
    connection.close()
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1:])
