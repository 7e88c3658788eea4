"""A running sandbox, and a stand-in for our own server that writes down what it is sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from flask import Flask, Response, request
from werkzeug.serving import BaseWSGIServer

from sandbox import create_sandbox
from sandbox.config import SandboxSettings
from sandbox.parts import Sandbox
from sandbox.serve import listen

SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
Json = dict[str, Any]


@dataclass(frozen=True)
class Heard:
    method: str
    url: str
    headers: dict[str, str]
    body: str


@dataclass
class Application:
    """Answers every request with `reply`, remembers it, and lets a test wait for it."""

    url: str = ""
    status: int = 200
    reply: Callable[[Heard], str] = lambda heard: '{"status":"success"}'
    heard: list[Heard] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def take(self, path: str = "") -> Response:
        url = self.url + request.environ["REQUEST_URI"]
        heard = Heard(request.method, url, dict(request.headers), request.get_data(as_text=True))
        with self.arrived:
            self.heard.append(heard)
            self.arrived.notify_all()
        return Response(self.reply(heard), self.status, content_type="application/json")

    def wait_for(self, count: int, seconds: float = 10) -> list[Heard]:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.heard) >= count, seconds), self.heard
            return list(self.heard)

    def wait_until(self, true: Callable[[list[Heard]], bool], seconds: float = 10) -> list[Heard]:
        with self.arrived:
            assert self.arrived.wait_for(lambda: true(self.heard), seconds), self.heard
            return list(self.heard)


def serve(app: Flask) -> tuple[BaseWSGIServer, threading.Thread]:
    server = listen(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    return server, thread


def end(server: BaseWSGIServer, thread: threading.Thread) -> None:
    server.shutdown()
    thread.join(5)
    server.server_close()


@dataclass
class Poster:
    """The sandbox as a client sees it."""

    port: int
    settings: SandboxSettings
    parts: Sandbox
    token: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **query: Any) -> Json:
        reply = requests.get(f"{self.url}{path}", params=query, timeout=10)
        return dict(reply.json())

    def post(self, path: str, **body: Any) -> Json:
        return dict(requests.post(f"{self.url}{path}", json=body, timeout=20).json())

    def faults(self, **switches: Any) -> Json:
        return self.post("/sandbox/api/faults", **switches)

    def api(self, method: str, **query: Any) -> Any:
        """`response` of a Web API read, or the whole refusal."""
        reply = self.get(f"/api/{method}", token=self.token, **query)
        return reply.get("response", reply)

    def write(self, method: str, **body: Any) -> Any:
        reply = requests.post(
            f"{self.url}/api/{method}", params={"token": self.token}, json=body, timeout=10
        ).json()
        return reply.get("response", reply)

    def code(self, account: str = "pechera", **more: str) -> Json:
        """Approves on the consent page; the query with which the browser comes back."""
        form = {"application_id": "4242", "redirect_uri": self.settings.redirect_uri, "account": account}
        form |= {"decision": "approve", **more}
        reply = requests.post(f"{self.url}/api/auth/decide", data=form, allow_redirects=False, timeout=10)
        assert reply.headers["Location"].startswith(self.settings.redirect_uri)
        return query_of(reply.headers["Location"])

    def exchange(self, code: str, account: str = "pechera", **more: str) -> Json:
        fields = {"application_id": "4242", "application_secret": SECRET, "grant_type": "authorization_code"}
        fields |= {"redirect_uri": self.settings.redirect_uri, "code": code, **more}
        parts = {name: (None, value) for name, value in fields.items()}
        return dict(
            requests.post(f"{self.url}/{account}/api/v2/auth/access_token", files=parts, timeout=10).json()
        )

    def connect(self, account: str = "pechera") -> str:
        self.token = str(self.exchange(self.code(account)["code"], account)["access_token"])
        return self.token


def query_of(address: str) -> Json:
    return dict(parse_qsl(urlsplit(address).query))


def settings_for(url: str, state: Path | None) -> SandboxSettings:
    return SandboxSettings(
        application_secret=SECRET,
        server=url,
        redirect_uri=f"{url}/poster/callback",
        manage_url=f"{url}/manage?code=",
        webhook_url=f"{url}/poster/webhook",
        bundle_url=f"{url}/bundle.js",
        state=state,
        webhook_retries=(0.05, 0.05),
        call_retries=(0.05, 0.05),
        pace=0.02,
    )


def running(settings: SandboxSettings) -> Iterator[Poster]:
    app = create_sandbox(settings)
    server, thread = serve(app)
    parts: Sandbox = app.extensions["sandbox"]
    yield Poster(server.port, settings, parts)
    end(server, thread)
    parts.close()


def parsed(heard: Heard) -> Json:
    return dict(json.loads(heard.body))
