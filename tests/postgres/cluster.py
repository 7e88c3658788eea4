"""A PostgreSQL of the tests' own: made in a folder that goes with it, on a Unix socket, never a running service.

Each test has a database of its own, copied from one in which the migrations have run.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from server.db import close_database, open_database

OWNER = "dzvinok"
PRESENT = "PostgreSQL's own programs are missing: apt install postgresql"
# Nothing here outlives the tests, so nothing waits for the disk.
CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=on", "max_connections=200", "max_wal_size=2GB",
            "autovacuum=off", "listen_addresses=", "shared_buffers=64MB")  # fmt: skip


def programs() -> Path | None:
    """Where `postgres` stands; Debian keeps it beside the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    here = shutil.which("postgres")
    return found[-1].parent if found else Path(here).parent if here else None


class Cluster:
    def __init__(self) -> None:
        where = programs()
        if not where:
            raise RuntimeError(PRESENT)
        self._programs = where
        self.folder = Path(tempfile.mkdtemp(prefix="dz-pg-"))
        self._made: dict[Path, str] = {}
        self._as: dict[str, str | int] = _somebody(self.folder)
        self._count = 0
        self._run(
            "initdb", "-D", "data", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8", "-U", OWNER
        )
        self.start()
        self._ask("CREATE DATABASE born")
        open_database(self.url("born"))
        close_database()

    def url(self, name: str) -> str:
        return f"postgresql://{OWNER}@/{name}?host={quote(str(self.folder))}"

    def database(self, path: Path) -> str:
        """The database that stands for this file, empty but for its tables."""
        if path not in self._made:
            self._forget({other for other in self._made if other.parent != path.parent})
            self._made[path] = self.empty("born")
        return self.url(self._made[path])

    def empty(self, template: str = "template0") -> str:
        self._count += 1
        name = f"test_{self._count}"
        self._ask(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def start(self) -> None:
        settings = [word for setting in CARELESS for word in ("-c", setting)]
        command = [self._programs / "postgres", "-D", "data", "-k", self.folder, *settings]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, **self._as)  # type: ignore[call-overload]
        self._run("pg_isready", "-h", str(self.folder), "-q", "-t", "10", until=100)

    def stop(self) -> None:
        """Those who are connected are thrown out."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)

    def remove(self) -> None:
        self.stop()  # in order: after a SIGQUIT somebody might still be writing
        shutil.rmtree(self.folder, ignore_errors=True)

    def _forget(self, paths: set[Path]) -> None:
        for path in paths:
            self._ask(f"DROP DATABASE {self._made.pop(path)} WITH (FORCE)")

    def _ask(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement))  # type: ignore[arg-type]

    def _run(self, program: str, *words: str, until: int = 1) -> None:
        for _ in range(until):
            done = subprocess.run(
                [self._programs / program, *words],
                cwd=self.folder,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
                **self._as,
            )  # type: ignore[call-overload]
            if done.returncode == 0:
                return
            self.process_says()
        raise RuntimeError(f"{program}: {done.stderr or (self.folder / 'log').read_text()}")

    def process_says(self) -> None:
        process = getattr(self, "process", None)
        if process is not None:
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                return
            raise RuntimeError((self.folder / "log").read_text())


def _somebody(folder: Path) -> dict[str, str | int]:
    """PostgreSQL refuses to be root: then it is the user that its package made, or nobody."""
    folder.chmod(0o755)
    if os.getuid() != 0:
        return {}
    names = {one.pw_name for one in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, name)
    return {"user": name}
