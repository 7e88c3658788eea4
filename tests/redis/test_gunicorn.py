"""How many workers gunicorn may start."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from server.db import close_database, open_database
from tests import wire
from tests.conftest import add_trunk, hook_of, make_restaurant
from tests.redis.crew import Store
from tests.waiting import until


@pytest.mark.parametrize(("count", "said"), [("2", "need HUB_URL"), ("0", "must be 1 or more")])
def test_workers_that_could_not_hear_each_other_are_refused(tmp_path: Path, count: str, said: str) -> None:
    env = wire.environment(wire.free_port(), tmp_path / "dzvinok.db", WEB_CONCURRENCY=count)
    command = [str(Path(sys.executable).with_name("gunicorn")), "wsgi:app"]
    ended = subprocess.run(command, cwd=wire.ROOT, env=env, capture_output=True, text=True, timeout=30)
    assert ended.returncode != 0
    assert said in ended.stderr


def test_two_workers_behind_one_address(store: Store, tmp_path: Path) -> None:
    """Whoever of the two gets the hello, the socket or the webhook."""
    server = wire.Server(tmp_path / "dzvinok.db", HUB_URL=store.url(1), WEB_CONCURRENCY="2")
    open_database(server.env["DATABASE_URL"])
    try:
        place = make_restaurant()
        binotel = wire.Binotel(hook_of(server, add_trunk(place)))
        until(lambda: told(server), lambda found: found["workers"] == 2)
        registers = [wire.Register(server.url, place.name, number, 1, 5) for number in range(1, 5)]
        for one in registers:
            one.connect()
        for number in range(4):
            binotel.ring(f"c{number}", caller=f"067111220{number}")
            assert {one.hear_until("call")["call"]["shown"][-2:] for one in registers} == {f"0{number}"}
        # Whichever of the two is asked, it tells what both have counted.
        assert {counted(server) for _ in range(6)} == {("4.0", "4.0")}
        for one in registers:
            one.close()
    finally:
        server.kill()
        close_database()


def told(server: wire.Server) -> wire.Json:
    return dict(requests.get(f"{server.url}/readyz", timeout=5).json())


def counted(server: wire.Server) -> tuple[str, str]:
    """Rings, and registers with sockets."""
    text = requests.get(f"{server.url}/metrics", timeout=5).text
    (rings,) = re.findall(r"^dzvinok_rings_total (.+)$", text, re.M)
    (registers,) = re.findall(r'^dzvinok_registers\{by="socket"\} (.+)$', text, re.M)
    return rings, registers
