"""Asking a company over HTTPS: drives the talks of `server.providers.abilities`.

No cookies, no redirects, no proxies out of the environment; only https, and plain http inside the house (desk
phones). What an address or an answer says reaches no log: both carry keys.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from server.providers.abilities import Answer, Ask, Failed, Talk

T = TypeVar("T")
MOST_ASKS = 40
LARGEST = 16 * 1024 * 1024
CHUNK = 64 * 1024


class InPrivate(OSError):
    """A company's name stands for an address that is nobody's on the internet."""


class Public(HTTPSConnection):
    """Looks at whom it reached before it says a word: what a name means may change between two questions."""

    def _new_conn(self) -> socket.socket:
        wire: socket.socket = super()._new_conn()
        if not ipaddress.ip_address(wire.getpeername()[0].partition("%")[0]).is_global:
            wire.close()
            raise InPrivate(self.host)
        return wire


class PublicPool(HTTPSConnectionPool):
    ConnectionCls = Public


class Outside(HTTPAdapter):
    """https to the internet only: an owner's setting, or a redirect, may name any host."""

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": HTTPConnectionPool, "https": PublicPool}


class Asking:
    """`companies_url` stands before every host in the sandbox; "" asks the companies themselves."""

    def __init__(self, companies_url: str = "") -> None:
        self._companies_url = companies_url
        self._session = requests.Session()
        self._session.trust_env = False
        if not companies_url:
            self._session.mount("https://", Outside())
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def ask(self, talk: Talk[T]) -> T:
        """What the talk learned. Raises `Failed`, whatever went wrong on the way."""
        try:
            ask = next(talk)
            for _ in range(MOST_ASKS):
                try:
                    answer = self._answer(ask)
                except Failed as why:
                    ask = talk.throw(why)
                else:
                    ask = talk.send(answer)
        except StopIteration as done:
            learned: T = done.value
            return learned
        talk.close()
        raise Failed("odd", "it never comes to an end")

    @contextmanager
    def open(self, ask: Ask) -> Iterator[requests.Response]:
        """The answer while it still comes, for what is too large to wait for."""
        try:
            with self._session.request(
                ask.method,
                self._address(ask),
                headers=dict(ask.headers),
                data=ask.body or None,
                timeout=ask.seconds,
                allow_redirects=False,
                stream=True,
            ) as response:
                yield response
        except requests.exceptions.SSLError:
            raise Failed("tls") from None
        except InPrivate:
            raise Failed("unreachable", "a private address") from None
        except (requests.RequestException, ValueError) as why:
            raise Failed("unreachable", type(why).__name__) from None

    def _answer(self, ask: Ask) -> Answer:
        until = time.monotonic() + ask.seconds
        with self.open(ask) as response:
            body = bytearray()
            for chunk in response.iter_content(CHUNK):
                body += chunk
                if len(body) > LARGEST:
                    raise Failed("odd", "the answer is too long")
                if time.monotonic() > until:
                    raise Failed("unreachable", "too slow")
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, bytes(body), headers)

    def _address(self, ask: Ask) -> str:
        whole = f"{ask.url}{'&' if '?' in ask.url else '?'}{ask.query}" if ask.query else ask.url
        parts = urlsplit(whole)
        if parts.scheme != "https" and not (parts.scheme == "http" and at_home(parts.hostname or "")):
            raise Failed("odd", "only https addresses are asked")
        return through(self._companies_url, whole) if parts.scheme == "https" else whole


def through(companies_url: str, url: str) -> str:
    """`https://api.example.com/x` -> `<companies_url>/api.example.com/x`; wss becomes ws if the sandbox has no TLS."""
    if not companies_url:
        return url
    scheme, rest = url.split("://", 1)
    base = "ws" + companies_url.removeprefix("http") if scheme in ("ws", "wss") else companies_url
    return f"{base}/{rest}"


def at_home(host: str) -> bool:
    """An address inside the restaurant's own network: nobody on the way to it."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private and not (
        address.is_link_local or address.is_unspecified or address.is_multicast or address.is_loopback
    )
