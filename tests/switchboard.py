"""A phone company's WebSocket and REST on a real socket; the test says its part of each conversation."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed, Server
from werkzeug.serving import make_server

PATIENCE = 10.0


class Line:
    """One connection that came in."""

    def __init__(self, socket: Server) -> None:
        self._socket = socket
        self.over = threading.Event()

    def say(self, frame: Any) -> None:
        self._socket.send(frame if isinstance(frame, str) else json.dumps(frame))

    def hear(self) -> str:
        heard = self._socket.receive(timeout=PATIENCE)
        assert heard is not None, "nothing was said"
        return heard if isinstance(heard, str) else heard.decode()

    def hang_up(self) -> None:
        """In this order: once it is over, whoever holds the line lets go of the socket."""
        self._socket.close()
        self.over.set()

    def was_hung_up(self) -> bool:
        """Waits for the other side to go."""
        try:
            self._socket.receive(timeout=PATIENCE)
        except ConnectionClosed:
            return True
        finally:
            self.over.set()
        return False


class Switchboard:
    """`url` is what `COMPANIES_URL` gets. `answer` makes the JSON of every REST request from (path, body)."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.answer: Callable[[str, Any], Any] = lambda path, body: {"status": "success"}
        self._lines: queue.Queue[Line] = queue.Queue()
        app = Flask("switchboard")
        sock = Sock(app)

        def line(socket: Server) -> None:
            one = Line(socket)
            self._lines.put(one)
            one.over.wait(60)

        for place in ("/ws.binotel.com:9002", "/sipuni.com:8083/"):
            sock.route(place, endpoint=place)(line)

        @app.route("/<path:path>", methods=["GET", "POST"])
        def rest(path: str) -> Any:
            body = request.get_json(silent=True) or request.form.to_dict() or request.args.to_dict()
            self.asked.append((path, body))
            return self.answer(path, body)

        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def next_line(self) -> Line:
        return self._lines.get(timeout=PATIENCE)

    def nobody_connects(self) -> bool:
        return self._lines.empty()

    def close(self) -> None:
        while not self._lines.empty():
            self._lines.get().over.set()
        self._server.shutdown()
        self._server.server_close()
