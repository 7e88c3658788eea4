"""Requests as bytes: heads that no browser writes. Answered or hung up on, soon; nothing breaks."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import mutants
from tests.fuzz.effort import tries
from tests.fuzz.real import Real, open_real

PATHS = [
    "/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/bundle.js",
    "/connect",
    "/connect/confirm",
    "/poster/callback?code=x&state=y",
    "/poster/webhook",
    "/manage",
    "/manage/lines",
    "/manage/calls/events",
    "/manage/recording/x",
    "/manage/download/x",
    "/manage/static/manage.css",
    "/guides/sip",
    "/pos/pechera/hello",
    "/pos/pechera/socket",
    "/hooks/binotel/x",
    "/nowhere",
]
NAMES = [
    "Host",
    "Cookie",
    "Authorization",
    "Accept",
    "Accept-Language",
    "Accept-Encoding",
    "Content-Type",
    "Content-Length",
    "Transfer-Encoding",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "Forwarded",
    "X-Real-Ip",
    "Via",
    "Range",
    "If-None-Match",
    "If-Modified-Since",
    "Origin",
    "Upgrade",
    "Connection",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Version",
    "X-Poster-Signature",
    "X-Poster-Time",
    "X-Poster-Url",
    "Expect",
    "User-Agent",
]
VALUES = [
    "[",
    "[::1",
    "a:b:c",
    "localhost:99999",
    "127.0.0.1:x",
    "Bearer",
    "Bearer ",
    "Bearer \xff\xfe",
    "Basic =",
    "Basic !!!",
    "Digest x",
    "bearer a.b.c",
    "dzvinok_connect=\xff; dzvinok_install",
    "a=b; " * 300,
    "=; =;",
    "*/*;q=x",
    "uk;q=9e999",
    "uk;q=-1, ;;;",
    "bytes=5-1",
    "bytes=-",
    "bytes=0-0,1-1,2-2",
    '"x',
    "W/",
    "Thu, 99 Foo 9999",
    "websocket",
    "Upgrade, close",
    "chunked",
    "chunked, chunked",
    "identity",
    "-1",
    "99999999999",
    "1e3",
    "0x5",
    "1, 2",
    "100-continue",
    "999.1.1.1",
    "::ffff:1.2.3.4, unknown, _x",
    'for="[::1";by=',
    "null",
    "http://[",
    "13",
    "8",
    "dGhlIHNhbXBsZSBub25jZQ==",
    "multipart/form-data",
    "application/x-www-form-urlencoded; charset=utf-99",
    "text/html; charset=\x7f",
]
latin = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40)
fields = st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(VALUES), latin))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    with open_real(tmp_path_factory.mktemp("real")) as one:
        yield one


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    method = draw(
        st.sampled_from(
            ["GET", "GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "get", "\xff", "A" * 90]
        )
    )
    path = draw(st.sampled_from(PATHS))
    path += draw(
        st.sampled_from(
            [
                "",
                "",
                "?",
                "?%",
                "?a=%00",
                "?%ff=%fe",
                "/",
                "/..",
                "/%2e%2e/%2e%2e/etc/passwd",
                "#x",
                "\xff",
                "%0a",
            ]
        )
    )
    if draw(st.integers(0, 6)) == 0:
        path = draw(
            st.sampled_from(
                [
                    "http://[",
                    "http://x" + path,
                    "//x" + path,
                    "*",
                    "",
                    "x",
                    "/" * 5000,
                    "/%",
                    "/" + "a" * 9000,
                ]
            )
        )
    head = [f"{method} {path} {draw(st.sampled_from(['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', '']))}"]
    told = draw(st.lists(fields, max_size=6))
    if draw(st.integers(0, 5)):
        head.append("Host: 127.0.0.1")
    head += [f"{name}: {value}" for name, value in told]
    body = draw(
        st.one_of(
            st.just(b""),
            st.binary(max_size=50),
            mutants.texts.map(lambda text: text.encode("utf-8", "replace")),
        )
    )
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


@tries(80)
@given(raw=requests())
def test_a_head_that_nobody_writes_is_answered_or_hung_up_on(real: Real, raw: bytes) -> None:
    assert status(real, raw) not in {500, 502, 503}


def status(real: Real, raw: bytes) -> int:
    """Of the first answer; 0 when the other side hung up. We say no more, so nobody waits for the rest of a body.

    501 is gunicorn's to an encoding of bodies that does not exist.
    """
    with socket.create_connection(("127.0.0.1", real.server.port), timeout=15) as line:
        try:
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
            told = line.recv(4096)
        except TimeoutError:
            raise
        except OSError:
            return 0
    words = told.split(b" ", 2)
    return int(words[1]) if len(words) > 2 and words[1].isdigit() else 0


def test_nothing_broke(real: Real) -> None:
    log = real.server.log.read_text("utf-8", "replace")
    assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:3000]
    assert " broke" not in log
