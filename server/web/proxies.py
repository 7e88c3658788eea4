"""Whose request it is when a proxy stands in front: only a proxy that the box's keeper named is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]


def behind(app: Wsgi, trusted: frozenset[str]) -> Wsgi:
    """`REMOTE_ADDR` is the last address of `X-Forwarded-For` that no trusted proxy is: what stands before it was
    written by whoever asked."""

    def asked(environ: Environ, answer: Any) -> Iterable[bytes]:
        if environ.get("REMOTE_ADDR") in trusted:
            told = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
            hops = [hop for one in reversed(told) if (hop := _bare(one))]
            environ["REMOTE_ADDR"] = next((hop for hop in hops if hop not in trusted), environ["REMOTE_ADDR"])
        return app(environ, answer)

    return asked


def _bare(hop: str) -> str:
    """`1.2.3.4:5678` and `[2001:db8::1]:5678` without the port."""
    hop = hop.strip()
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop
