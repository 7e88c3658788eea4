"""Many registers that come back by themselves: `python -m tests.torture.crowd <url> <account> <first> <count>`.

For each line on its stdin it says how many are connected, how many came since the line "anew", and when (monotonic) the
first and the last of them did. It speaks its protocols by hand, because its own time is measured too.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import random  # noqa: E402
import secrets  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections import Counter  # noqa: E402
from urllib.parse import urlsplit  # noqa: E402

import gevent  # noqa: E402
from gevent.fileobject import FileObject  # noqa: E402

from tests.wire import envelope, signature  # noqa: E402

LENGTHS = {126: 2, 127: 8}
HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
POST = "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {size}\r\n{headers}\r\n{body}"


class Crowd:
    def __init__(self, url: str, account: str) -> None:
        self.url, self.account, self.place = url, account, urlsplit(url).netloc
        host, _, port = self.place.partition(":")
        self.address = (host, int(port))
        self.connected: set[int] = set()
        self.came = 0
        self.first = self.last = 0.0
        self.wrong: list[str] = []
        self.lost: Counter[str] = Counter()

    def live(self, number: int) -> None:
        while True:
            try:
                self._stay(number)
            except (OSError, ValueError, KeyError, EOFError) as why:
                self.lost[f"{type(why).__name__} {why}"[:60]] += 1
                self.connected.discard(number)
            gevent.sleep(random.uniform(0.05, 0.5))

    def _stay(self, number: int) -> None:
        with socket.create_connection(self.address, timeout=30) as sock:
            ticket = self._hello(number)
            self._upgrade(sock, ticket, number)
            reader = sock.makefile("rb")
            snapshot = json.loads(_frame(reader))
            if snapshot["type"] != "snapshot" or snapshot["register"]["id"] != number:
                self.wrong.append(str(snapshot)[:200])
            self.connected.add(number)
            self.last = time.monotonic()
            self.first = self.last if not self.came else self.first
            self.came += 1
            sock.settimeout(None)
            while True:
                if _frame(reader).startswith(b'{"type":"ping"'):
                    _send(sock, '{"type":"pong"}')

    def _hello(self, number: int) -> str:
        path, at = f"/pos/{self.account}/hello", int(time.time())
        facts = {
            "nonce": secrets.token_urlsafe(16),
            "protocol": 1,
            "bundle": "crowd",
            "employee": number,
            "lang": "ua",
        }
        body = envelope(**facts)
        headers = {
            "Content-Type": "application/json",
            "X-Poster-Signature": signature(self.url + path, body, at),
            "X-Poster-Time": str(at),
            "X-Poster-Url": self.account,
            "X-Poster-Spot-Id": "1",
            "X-Poster-Tablet-Id": str(number),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with socket.create_connection(self.address, timeout=30) as sock:
            sock.sendall(
                POST.format(path=path, host=self.place, size=len(body), headers=lines, body=body).encode()
            )
            answer = b"".join(iter(lambda: sock.recv(65536), b""))
        return str(json.loads(answer.partition(b"\r\n\r\n")[2])["ticket"])

    def _upgrade(self, sock: socket.socket, ticket: str, number: int) -> None:
        path = f"/pos/{self.account}/socket"
        sock.sendall(HANDSHAKE.format(path=path, host=self.place).encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += sock.recv(1) or _gone()
        if b" 101 " not in head.partition(b"\r\n")[0]:
            raise OSError(head[:40])
        _send(sock, json.dumps({"type": "hello", "ticket": ticket, "protocol": 1, "bundle": "crowd",
                                "employee": number, "lang": "ua"}))  # fmt: skip


def _gone() -> bytes:
    raise EOFError


def _frame(reader: object) -> bytes:
    head = reader.read(2)  # type: ignore[attr-defined]
    if len(head) < 2 or head[0] & 0x0F == 8:
        raise EOFError(str(int.from_bytes(reader.read(2), "big")) if len(head) == 2 else "gone")  # type: ignore[attr-defined]
    size = head[1] & 0x7F
    if size in LENGTHS:
        size = int.from_bytes(reader.read(LENGTHS[size]), "big")  # type: ignore[attr-defined]
    return bytes(reader.read(size))  # type: ignore[attr-defined]


def _send(sock: socket.socket, text: str) -> None:
    """Masked with zeros: allowed, and costs nothing."""
    data = text.encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
    sock.sendall(b"\x81" + size + b"\0\0\0\0" + data)


def main(url: str, account: str, first: int, count: int) -> None:
    crowd = Crowd(url, account)
    for number in range(first, first + count):
        gevent.spawn(crowd.live, number)
    lines = FileObject(0, "rb", close=False)
    while line := lines.readline():
        said = {name: getattr(crowd, name) for name in ("came", "first", "last", "wrong", "lost")}
        said["connected"] = len(crowd.connected)
        print(json.dumps(said), flush=True)
        if line.strip() == b"anew":
            crowd.came = 0
            crowd.lost.clear()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
