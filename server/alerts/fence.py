"""Keeps the sending process out of private networks, whatever an address turns out to mean."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

SAID = "kept out of a private network"


class Fenced(OSError):
    """The address that a name stands for is not on the public internet."""


def raise_() -> None:
    """From here on this process connects to public addresses only."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> None:
        look(address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        look(address)
        return connect_ex(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = guarded_ex  # type: ignore[method-assign, assignment]


def look(address: Any) -> None:
    """Raises Fenced for an address in which the name was looked up already; sockets of files are none of ours."""
    if not isinstance(address, tuple):
        raise Fenced(SAID)
    try:
        found = ipaddress.ip_address(str(address[0]).partition("%")[0])
    except ValueError:
        raise Fenced(SAID) from None
    mapped = getattr(found, "ipv4_mapped", None)
    if not (mapped or found).is_global:
        raise Fenced(SAID)
