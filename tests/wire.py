"""A register and a phone company as programs: what the tests and the bench drive the server with."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from websocket import WebSocket, create_connection

ROOT = Path(__file__).resolve().parent.parent
APPLICATION_ID = "4242"
APPLICATION_SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"

Json = dict[str, Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def on_sqlite(path: Path) -> str:
    return f"sqlite:///{path}"


# Another one with `pytest --database=postgres`: the database that stands for the file.
database_url: Callable[[Path], str] = on_sqlite


def environment(
    port: int, database: Path, poster_url: str = "http://127.0.0.1:9", **more: str
) -> dict[str, str]:
    """The settings of a server for tests; nothing listens on the default Poster address."""
    return {
        "POSTER_APPLICATION_ID": APPLICATION_ID,
        "POSTER_APPLICATION_SECRET": APPLICATION_SECRET,
        "POSTER_URL": poster_url,
        "POSTER_ACCOUNT_URL": poster_url + "/{account}",
        "POSTER_PLATFORM_URL": poster_url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "a key for tests, long enough",
        "DATABASE_URL": database_url(database),
        "BIND": f"127.0.0.1:{port}",
        "PATH": "/usr/bin:/bin",
        **more,
    }


class Server:
    """A real server: gunicorn with its gevent worker in a process of its own."""

    def __init__(self, database: Path, port: int | None = None, **more: str) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = database.with_suffix(".log")
        self.env = environment(self.port, database, **more)
        self.start()

    def start(self) -> None:
        self.launch()
        self.wait()

    def launch(self) -> None:
        command = [str(Path(sys.executable).with_name("gunicorn")), "wsgi:app"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)

    def wait(self, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if requests.get(f"{self.url}/healthz", timeout=1).ok:
                    return
            except requests.RequestException:
                time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """As a power cut would: nothing is said to anybody. The worker goes too."""
        subprocess.run(["pkill", "-9", "-P", str(self.process.pid)], check=False)
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=15)

    def cli(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("flask")), "--app", "wsgi", *words]
        return subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=60)


def signature(url: str, body: str, at: int) -> str:
    return hashlib.md5(f"{url}{body}{at}{APPLICATION_SECRET}".encode()).hexdigest()


def envelope(**inner: Any) -> str:
    packed = base64.urlsafe_b64encode(json.dumps(inner).encode()).decode().rstrip("=")
    return json.dumps({"p": packed}, separators=(",", ":"))


class Register:
    """A register of an account, as Poster's proxy and the bundle present it to the server."""

    def __init__(self, server_url: str, account: str, register: int, spot: int, employee: int | None) -> None:
        self.base = f"{server_url}/pos/{account}"
        self.account, self.register, self.spot, self.employee = account, register, spot, employee
        self.socket: WebSocket | None = None

    def headers(self, url: str, body: str, at: int | None = None) -> dict[str, str]:
        at = int(time.time()) if at is None else at
        return {
            "Content-Type": "application/json",
            "X-Poster-Signature": signature(url, body, at),
            "X-Poster-Time": str(at),
            "X-Poster-Url": self.account,
            "X-Poster-Spot-Id": str(self.spot),
            "X-Poster-Tablet-Id": str(self.register),
        }

    def body(self, **more: Any) -> str:
        facts = {"nonce": secrets.token_urlsafe(16), "protocol": 1, "bundle": "test", "employee": self.employee,
                 "lang": "ua"}  # fmt: skip
        return envelope(**{**facts, **more})

    def ask(self, verb: str, **more: Any) -> requests.Response:
        url, body = f"{self.base}/{verb}", self.body(**more)
        return requests.post(url, data=body, headers=self.headers(url, body), timeout=20)

    def connect(self) -> Json:
        """Opens the socket; returns the snapshot that is always the first frame."""
        self.close()
        reply = self.ask("hello").json()
        self.socket = create_connection(reply["socket"], timeout=10)
        self.say({"type": "hello", "ticket": reply["ticket"], "protocol": 1, "bundle": "test",
                  "employee": self.employee, "lang": "ua"})  # fmt: skip
        return self.hear()

    def say(self, message: Json) -> None:
        assert self.socket
        self.socket.send(json.dumps(message))

    def hear(self, timeout: float = 10) -> Json:
        assert self.socket
        self.socket.settimeout(timeout)
        while (message := json.loads(self.socket.recv()))["type"] == "ping":
            self.say({"type": "pong"})
        return dict(message)

    def hear_until(self, kind: str, timeout: float = 10) -> Json:
        """The next frame of this kind; frames of other kinds before it are passed over."""
        while (message := self.hear(timeout))["type"] != kind:
            pass
        return message

    def login(self, employee: int | None) -> Json:
        self.employee = employee
        self.say({"type": "employee", "employee": employee})
        return self.hear_until("snapshot")

    def heard_before_sentinel(self) -> list[Json]:
        """Every frame up to the answer to a question asked now: proves silence without waiting for it."""
        self.say({"type": "employee", "employee": self.employee})
        heard: list[Json] = []
        while (message := self.hear())["type"] != "snapshot":
            heard.append(message)
        return heard

    def close(self) -> None:
        if self.socket:
            self.socket.close()
            self.socket.shutdown()  # close() leaves the socket open when the server was first
            self.socket = None


class Binotel:
    """The phone company's bodies, in the form that it posts them."""

    def __init__(self, hook: str) -> None:
        self.hook = hook

    def post(self, **fields: str | int) -> requests.Response:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return requests.post(self.hook, data=urlencode(fields), headers=headers, timeout=20)

    def ring(self, call: str, caller: str = "0671112233", did: str = "0441234567") -> requests.Response:
        return self.post(didNumber=did, did=did, srcNumber=caller, externalNumber=caller, generalCallID=call,
                         callType=0, companyID=12345, requestType="receivedTheCall",
                         method="receivedTheCall")  # fmt: skip

    def answer(self, call: str, line: str, caller: str = "0671112233") -> requests.Response:
        return self.post(externalNumber=caller, internalNumber=line, generalCallID=call, callType=0,
                         companyID=12345, requestType="answeredTheCall")  # fmt: skip

    def hangup(self, call: str, disposition: str = "ANSWER", seconds: int = 5) -> requests.Response:
        return self.post(generalCallID=call, billsec=seconds, disposition=disposition, requestType="hangupTheCall",
                         method="hangupTheCall")  # fmt: skip

    def transfer(self, call: str, line: str) -> requests.Response:
        return self.post(
            internalNumber=line, generalCallID=call, companyID=12345, requestType="transferredTheCall"
        )
