from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from sandbox.config import SettingsError, from_environment
from sandbox.launch import ROOT, plan
from sandbox.processes import LaunchError, must_be_free, start, stop, wait_until_up


def test_the_server_is_pointed_at_the_sandbox_whatever_the_box_says(tmp_path: Path) -> None:
    state = tmp_path / "world.json"
    words = {
        "PUBLIC_URL": "https://real.example",
        "POSTER_URL": "https://joinposter.com",
        "BIND": "127.0.0.1:8190",
    }
    here = plan(words | {"SANDBOX_BIND": "127.0.0.1:8191", "SANDBOX_STATE": str(state)})
    assert here.environment["PUBLIC_URL"] == "http://127.0.0.1:8190"
    assert here.environment["POSTER_URL"] == "http://localhost:8191"
    assert here.environment["POSTER_ACCOUNT_URL"] == "http://localhost:8191/{account}"
    assert here.environment["POSTER_PLATFORM_URL"] == "http://127.0.0.1:8191"
    assert here.environment["COMPANIES_URL"] == "http://127.0.0.1:8191/companies"
    assert here.environment["DATABASE_URL"] == f"sqlite:///{tmp_path / 'dzvinok.db'}"
    assert here.sandbox.redirect_uri == "http://127.0.0.1:8190/poster/callback"


def test_the_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    words = {"SANDBOX_STATE": str(tmp_path / "world.json")}
    assert plan(words).environment["SECRET_KEY"] == plan(words).environment["SECRET_KEY"]
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("bind", ["8090", "localhost:", "127.0.0.1:99999"])
def test_a_bad_bind_is_refused_in_words(bind: str) -> None:
    with pytest.raises(SettingsError, match="SANDBOX_BIND"):
        from_environment({"SANDBOX_BIND": bind})


def test_a_busy_port_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LaunchError, match=f"Port {port} is busy") as refused:
            must_be_free("127.0.0.1", port, "BIND")
        assert "\n" not in str(refused.value)


def test_a_process_that_dies_at_once_shows_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no database')"]
    child = start("server", command, {}, tmp_path / "server.log")
    with pytest.raises(LaunchError, match="no database"):
        wait_until_up(child, "http://127.0.0.1:9")


def test_a_process_that_does_not_want_to_stop_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.processes.FAREWELL", 0.3)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    child = start("server", [sys.executable, "-c", deaf], {}, tmp_path / "server.log")
    while "up" not in child.last_words():
        assert child.process.poll() is None
    stop([child])
    assert child.process.returncode == -9


def free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        return one.getsockname()[1], two.getsockname()[1]


class Launched:
    """`make run` in a folder of its own."""

    def __init__(self, state: Path, sandbox: int, server: int) -> None:
        words = {
            "SANDBOX_BIND": f"127.0.0.1:{sandbox}",
            "BIND": f"127.0.0.1:{server}",
            "SANDBOX_STATE": str(state),
        }
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.launch"],
            env=os.environ | words,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.seconds = 0.0

    def said(self) -> str:
        """Everything up to the invitation to press Ctrl-C."""
        assert self.process.stdout
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        self.seconds = time.monotonic() - self.began
        return "".join(lines)

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=15)
        assert "Stopped." in rest
        return self.process.returncode


def test_one_command_gives_a_connected_restaurant_and_the_second_time_it_is_quick(tmp_path: Path) -> None:
    sandbox, server = free_ports()
    first = Launched(tmp_path / "world.json", sandbox, server)
    said = first.said()
    assert f"http://localhost:{sandbox}/register" in said
    panel = requests.get(f"http://localhost:{sandbox}/sandbox/api/phone", timeout=10).json()
    assert panel["settings"]["hook"].startswith(f"http://127.0.0.1:{server}/hooks/binotel/")
    assert [row["name"] for row in panel["lines"]][:2] == ["Марта Гнатюк", "Богдан Лисенко"]
    assert first.end(signal.SIGINT) == 0

    second = Launched(tmp_path / "world.json", sandbox, server)
    assert "Connecting" not in second.said()
    assert second.seconds < 5 or os.getloadavg()[0] > 2
    again = requests.get(f"http://localhost:{sandbox}/sandbox/api/phone", timeout=10).json()
    assert again["settings"] == panel["settings"]
    assert second.end(signal.SIGTERM) == 0
    for port in (sandbox, server):
        must_be_free("127.0.0.1", port, "BIND")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_nothing_outlives_a_launcher_that_is_killed(tmp_path: Path) -> None:
    sandbox, server = free_ports()
    launched = Launched(tmp_path / "world.json", sandbox, server)
    launched.said()
    launched.process.kill()
    launched.process.communicate(timeout=15)
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and (busy(sandbox) or busy(server)):
        time.sleep(0.05)
    assert not busy(sandbox)
    assert not busy(server)


def busy(port: int) -> bool:
    try:
        must_be_free("127.0.0.1", port, "BIND")
    except LaunchError:
        return True
    return False
