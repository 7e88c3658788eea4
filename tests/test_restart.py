"""The box starts anew while phones ring: the listening socket stays, as systemd keeps it, and no ring is refused."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.db import close_database, open_database, rows
from tests import wire
from tests.conftest import add_trunk, hook_of, make_restaurant
from tests.waiting import until

# What systemd does with deploy/dzvinok.socket: the socket is number 3, and the program is told that it is meant.
HANDED = 'exec 3<&"$1"; shift; LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"'


class Activated(wire.Server):
    """A server whose listening socket belongs to somebody else."""

    def __init__(self, database: Path, listening: socket.socket) -> None:
        self.listening = listening
        super().__init__(database, listening.getsockname()[1], BIND="127.0.0.1:1")

    def start(self) -> None:
        number = self.listening.fileno()
        gunicorn = str(Path(sys.executable).with_name("gunicorn"))
        command = ["bash", "-c", HANDED, "bash", str(number), gunicorn, "wsgi:app"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=wire.ROOT, env=self.env, stdout=log, stderr=log, pass_fds=(number,)
            )
        self.wait()


@pytest.fixture
def activated(tmp_path: Path) -> Iterator[Activated]:
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listening:
        server = Activated(tmp_path / "dzvinok.db", listening)
        open_database(server.env["DATABASE_URL"])
        yield server
        server.kill()
        close_database()


def test_every_ring_of_a_restart_is_acknowledged_at_once_or_after_a_wait_and_is_there(
    activated: Activated,
) -> None:
    """Four companies ring without a pause and never twice for the same call; the server is exchanged."""
    account = make_restaurant()
    hooks = [hook_of(activated, add_trunk(account)) for _ in range(4)]
    stop, taken, refused = threading.Event(), [], []

    def ring_on(company: int) -> None:
        number = 0
        while not stop.is_set():
            key, number = f"{company}-{number}", number + 1
            try:
                answer = wire.Binotel(hooks[company]).ring(key)
                (taken if answer.ok else refused).append((key, answer.status_code))
            except OSError as wrong:
                refused.append((key, repr(wrong)))

    ringing = [threading.Thread(target=ring_on, args=(company,)) for company in range(4)]
    for thread in ringing:
        thread.start()
    try:
        until(lambda: len(taken) > 20)
        activated.stop()
        activated.start()
        before = len(taken)
        until(lambda: len(taken) > before + 20)
    finally:
        stop.set()
        for thread in ringing:
            thread.join()
    assert refused == []
    assert {key for (key,) in rows("SELECT key FROM call")} == {key for key, _ in taken}


def test_a_ring_during_the_restart_is_on_the_register_that_comes_back(activated: Activated) -> None:
    """The company waits for its answer, the register for its socket: both get theirs from the next process."""
    hook = hook_of(activated, add_trunk(make_restaurant()))
    till = wire.Register(activated.url, "pechera", 1, 1, 5)
    till.connect()
    activated.stop()
    answers = []
    late = threading.Thread(target=lambda: answers.append(wire.Binotel(hook).ring("meanwhile")))
    late.start()
    activated.start()
    late.join()
    assert answers[0].ok
    assert [call["call"]["from"] for call in till.connect()["calls"]] == ["+380671112233"]
    till.close()


def test_registers_are_sent_on_at_once_when_the_server_stops(activated: Activated) -> None:
    """An open socket would hold the old process for all of `graceful_timeout`, and with it every ring."""
    make_restaurant()
    till = wire.Register(activated.url, "pechera", 1, 1, 5)
    till.connect()
    assert till.socket is not None
    activated.process.terminate()
    opcode, data = till.socket.recv_data()
    assert (opcode, int.from_bytes(data[:2], "big")) == (8, 1012)
    assert activated.process.wait(timeout=15) == 0
    till.close()
    assert "graceful timeout" not in activated.log.read_text()
