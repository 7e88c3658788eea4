"""Redis, and several workers: servers with one worker each, so that a test can say which of them it talks to."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import RedisError

from server.cli.common import hear, tell_server
from server.db import reading, rows
from tests import wire
from tests.waiting import until

NAMES = ("redis-server", "valkey-server")


class Store:
    """`redis-server` without a file: what it knows is gone when it stops."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self._program = next((found for name in NAMES if (found := shutil.which(name))), None)
        if self._program is None:
            pytest.skip("no redis-server here: apt install redis-server")

    def start(self) -> None:
        words = ["--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no"]
        users = ["--user", "worker0", "on", ">secret", "~*", "&*", "+@all"]
        assert self._program
        self.process = subprocess.Popen([self._program, *words, *users], stdout=subprocess.DEVNULL)
        until(self.answers, seconds=10)

    @property
    def client(self) -> Any:
        return Redis.from_url(f"unix://{self.socket}")

    def url(self, worker: int) -> str:
        """The first worker has a name of its own, by which it can be refused."""
        return f"unix://{'worker0:secret@' if worker == 0 else ''}{self.socket}"

    def answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except (RedisError, OSError):
            return False

    def let_first(self) -> None:
        self.client.execute_command("ACL", "SETUSER", "worker0", "+publish")

    def refuse_first(self) -> None:
        """From now on nobody hears what the first worker tells."""
        self.client.execute_command("ACL", "SETUSER", "worker0", "-publish")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.socket.unlink(missing_ok=True)


class Worker(wire.Server):
    """One of several on a database: its log has a name of its own."""

    def __init__(self, database: Path, log: Path, **more: str) -> None:
        self.port = wire.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.env = wire.environment(self.port, database, **more)
        self.launch()

    @property
    def pid(self) -> int:
        """The process that serves, under gunicorn's own."""
        found = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=True
        )
        return int(found.stdout.split()[0])


class Crew:
    def __init__(self, database: Path, store: Store, count: int, **more: str) -> None:
        self.workers: list[Worker] = []
        try:
            for number in range(count):
                log = database.with_name(f"worker{number}.log")
                worker = Worker(database, log, **{"HUB_URL": store.url(number), **more})
                self.workers.append(worker)
                if number == 0:  # it makes the tables
                    worker.wait(60)
            for worker in self.workers:
                worker.wait(60)
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        for worker in self.workers:
            worker.kill()


def desks(account: int) -> list[list[Any]]:
    """Who of the account listens, as whoever does the chores knows it."""
    found = (hear(tell_server("desks")) or {}).get("desks", [])
    return [desk for desk in found if desk[0] == account]


def owner(name: str) -> str:
    """Which worker has the lease now, "" while it is nobody's."""
    with reading():
        found = rows("SELECT worker FROM lease WHERE name = ? AND worker IN (SELECT id FROM worker)", name)
    return str(found[0][0]) if found else ""


def workers() -> set[str]:
    with reading():
        return {name for (name,) in rows("SELECT id FROM worker")}
