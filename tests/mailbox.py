"""Where alerts arrive in tests: a web server that takes Apprise's JSON, a mail server, and ones that behave badly."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.wire import free_port

Json = dict[str, Any]


class Box:
    """What arrived, in its order, and when each was asked for."""

    def __init__(self) -> None:
        self.got: list[Json] = []
        self.paths: list[str] = []
        self.answer = 200
        self.reply: Json = {}
        self.location = ""
        box = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                box.paths.append(self.path)
                if box.answer == 200:
                    box.got.append(json.loads(body))
                self._say()

            def do_GET(self) -> None:
                box.paths.append(self.path)
                self._say()

            def _say(self) -> None:
                told = json.dumps(box.reply).encode()
                self.send_response(box.answer)
                if box.location:
                    self.send_header("Location", box.location)
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *words: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"json://{self.host}/"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def texts(self) -> list[str]:
        return [one["message"] for one in self.got]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Mail:
    """A mail server of its own."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.refuses = False
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        self.url = f"mailto://127.0.0.1:{self.port}?from=phone@example.com"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses:
            return "550 no such reader"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.got.append(message)
        return "250 taken"

    def close(self) -> None:
        self._controller.stop()


@contextmanager
def hanging() -> Iterator[str]:
    """Somebody takes the call and says nothing: the address."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(20)
        yield f"127.0.0.1:{mute.getsockname()[1]}"


@pytest.fixture
def box() -> Iterator[Box]:
    box = Box()
    yield box
    box.close()


@pytest.fixture
def mail() -> Iterator[Mail]:
    mail = Mail()
    yield mail
    mail.close()
