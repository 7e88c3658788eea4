"""One HTTP exchange with Poster, and reading what came back."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from server import measures
from server.poster.rows import to_int
from server.poster.trouble import Limited, PosterDown, PosterError, Silent, Unasked

SPAN = 10.0

# At DEBUG it logs every address, and ours carry tokens.
logging.getLogger("urllib3").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Reply:
    """`body` is the parsed JSON, or None when it was not JSON."""

    status: int
    body: Any
    rest: float = 0.0


class Wire:
    """Keeps connections open between requests; no cookies, no redirects, no retries."""

    def __init__(self) -> None:
        self._session = requests.Session()
        # Seconds that the other end's clock is before ours, by its last answer; it tells whole seconds.
        self.skew: float | None = None
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(pool_connections=16, pool_maxsize=64))

    def send(self, method: str, url: str, until: float, **content: Any) -> Reply:
        """Sends it and waits until `until` (monotonic). Raises PosterDown when nothing came."""
        left = until - time.monotonic()
        if left <= 0:
            raise Unasked("no time left to ask")
        with measures.asking(url.rpartition("/")[2]) as ended:
            try:
                answer = self._session.request(method, url, timeout=left, allow_redirects=False, **content)
            except requests.Timeout:
                ended("silent")
                raise Silent("Poster did not answer in time") from None
            except (requests.RequestException, ValueError) as why:
                ended("unreached")
                # Only its class: the text has the address, and the address has the token.
                raise Unreached(type(why).__name__) from None
            ended(f"{answer.status_code // 100}xx")
        self.skew = _skew(answer.headers, self.skew)
        return Reply(answer.status_code, parse(answer.content), _rest(answer.headers))


class Unreached(PosterDown):
    """The connection broke or was never made."""


def _skew(headers: Mapping[str, str], otherwise: float | None) -> float | None:
    try:
        return parsedate_to_datetime(headers.get("Date", "")).timestamp() + 0.5 - time.time()
    except (ValueError, OverflowError):
        return otherwise


def _rest(headers: Mapping[str, str]) -> float:
    value = headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else 0.0


def parse(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def value_of(reply: Reply) -> Any:
    """What a Web API method returned. Raises PosterError (it said no) or PosterDown (nobody knows).

    Errors come with HTTP 200; a good `response` has been seen with another status.
    """
    body = reply.body
    if isinstance(body, dict) and "response" in body and not body.get("error"):
        return body["response"]
    if reply.status == 429:
        raise Limited("HTTP 429")
    if reply.status >= 500 or 300 <= reply.status < 400:
        raise PosterDown(f"HTTP {reply.status}")
    if body is None:
        raise PosterDown("the answer is not JSON")
    refusal = error_of(body)
    if refusal:
        measures.POSTER_NO.labels(refusal.code).inc()
        raise refusal
    if reply.status >= 400:
        raise PosterDown(f"HTTP {reply.status}")
    return body


def error_of(body: Any) -> PosterError | None:
    """The error in any of the shapes that Poster uses for one; None when there is none."""
    if not isinstance(body, dict):
        return None
    error = body.get("error")
    if isinstance(error, dict) and error:
        return PosterError(to_int(error.get("code")), _words(error.get("message")))
    if body.get("error_type") or body.get("error_message"):
        return PosterError(to_int(body.get("code")), _words(body.get("error_message") or body["error_type"]))
    if error and error != "0":
        return PosterError(to_int(error), _words(body.get("message")) or _words(error))
    return None


def _words(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
