"""One Asterisk of our own on free ports of 127.0.0.1, with four phones and a provider. Several fit side by side."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.pbx import packages
from tests.pbx.sip import Phone
from tests.wire import free_port

ETC = Path(__file__).parent / "etc"
RINGS = 3  # seconds that a phone rings at most where nothing else is said
USER, PANEL = "dzvinok", "panel"
EXTENSIONS = ("101", "102", "103", "104")


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Lab:
    def __init__(self, version: int) -> None:
        self.version = version
        self.root = packages.fetched(version)
        self.folder = Path(tempfile.mkdtemp(prefix=f"pbx{version}-"))
        self.sip, self.ami, self.busy_phone = free_udp_port(), free_port(), free_udp_port()
        self.secret = secrets.token_hex(8)
        self.provider = Phone("provider", ("127.0.0.1", self.sip), host="127.0.0.2")
        self._configure()
        self.start()
        self.phones = {line: self.phone(line) for line in EXTENSIONS}

    def phone(self, line: str) -> Phone:
        return Phone(line, ("127.0.0.1", self.sip), f"password-{line}").register()

    def start(self) -> None:
        """Up when it takes calls."""
        command = [
            *packages.program(self.root, "usr/sbin/asterisk"),
            "-C",
            str(self.folder / "etc/asterisk.conf"),
        ]
        with (self.folder / "log/out").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "-f", "-n"], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._command = command
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.cli("core waitfullybooted").returncode == 0:
                return
            time.sleep(0.05)
        raise AssertionError(f"Asterisk did not start:\n{(self.folder / 'log/out').read_text()[-3000:]}")

    def cli(self, words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self._command, "-rx", words], capture_output=True, text=True, timeout=20)

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def restart(self) -> None:
        """The phones come back as well, as they do by themselves after a while."""
        self.start()
        for phone in self.phones.values():
            phone.register()

    def stop(self) -> None:
        for phone in [*self.phones.values(), self.provider]:
            phone.close()
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=5)
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    close = stop

    def forget(self) -> None:
        """Before a call: what the phones did up to now does not count."""
        for phone in [*self.phones.values(), self.provider]:
            phone.forget()

    def panel(self) -> Panel:
        return Panel(self)

    def _configure(self) -> None:
        for name in ("etc", "log", "lib/documentation", "db", "spool", "music"):
            (self.folder / name).mkdir(parents=True)
        sound = 20000 + (os.getpid() * 997 + self.sip) % 300 * 100
        values = {
            "RUN": self.folder, "ROOT": self.root, "MODULES": next(self.root.rglob("chan_pjsip.so")).parent,
            "SIP": self.sip, "AMI": self.ami, "SECRET": self.secret, "PROVIDER": self.provider.at,
            "SOUND": sound, "SOUND_END": sound + 2000, "RINGS": RINGS, "BUSY_PHONE": self.busy_phone,
        }  # fmt: skip
        for path in ETC.iterdir():
            text = path.read_text("utf-8")
            for name, value in values.items():
                text = text.replace(f"@{name}@", str(value))
            (self.folder / "etc" / path.name).write_text(text)
        (self.folder / "music/silence.ulaw").write_bytes(b"\xff" * 80000)


class Panel:
    """A manager connection that moves calls about, as a receptionist's program does."""

    def __init__(self, lab: Lab) -> None:
        self._socket = socket.create_connection(("127.0.0.1", lab.ami))
        self._socket.settimeout(10)
        self._file = self._socket.makefile("rb")
        self._file.readline()
        self.action("Login", Username=PANEL, Secret=lab.secret, Events="off")

    def action(self, name: str, **fields: object) -> dict[str, str]:
        lines = [f"Action: {name}", *(f"{key}: {value}" for key, value in fields.items()), "", ""]
        self._socket.sendall("\r\n".join(lines).encode())
        answer = self._block()
        assert answer.get("Response") in ("Success", "Goodbye"), (name, answer)
        return answer

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def __enter__(self) -> Panel:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _block(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while line := self._file.readline().decode("utf-8", "replace").strip():
            name, _, value = line.partition(": ")
            found[name] = value
        return found
