"""The sandbox's own web server: threads, no access log (addresses carry tokens)."""

from __future__ import annotations

import socket
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: what matters is in the panels."""


def listen(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """Bound and ready for `serve_forever`; OSError when the port is busy. Port 0 picks a free one."""
    with socket.create_server((host, port), backlog=128) as bound:
        options: dict[str, Any] = {"threaded": True, "request_handler": QuietHandler, "fd": bound.fileno()}
        return make_server(host, bound.getsockname()[1], app, **options)
