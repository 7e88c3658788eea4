"""The vectors that Poster's documents and observed requests give."""

from __future__ import annotations

import pytest

from sandbox.signing import (
    compact_json,
    manage_verify,
    php_json,
    request_signature,
    upload_sign,
    webhook_verify,
)
from tests.sandbox.stand import SECRET

TIME = "1735689600"
NOTE = {"call": "c-77", "note": "вул. Садова 5/7"}
NOTE_URL = "https://phone.example.com/poster/pos/note"


def test_manage_verify() -> None:
    assert (
        manage_verify("4242", SECRET, "a1b2c3d4e5f60718293a4b5c6d7e8f90")
        == "ccfbda4ae99d7f3baf2310084be911a5"
    )


def test_webhook_without_data() -> None:
    body = {"account": "cafe-demo", "object": "client", "object_id": "318", "action": "changed", "time": TIME}
    assert webhook_verify(body, SECRET) == "9ca8ace649d7440db29934a07d5a4b45"


def test_webhook_with_data_signs_it_verbatim() -> None:
    body = {"account": "cafe-demo", "object": "incoming_order", "object_id": "77", "action": "changed"}
    body |= {"time": TIME, "data": '{"type":1}'}
    assert webhook_verify(body, SECRET) == "e625321658a58feae0ae8b85548944f4"


@pytest.mark.parametrize(
    ("url", "body", "signature"),
    [
        ("https://phone.example.com/poster/pos/hello?v=1&line=101", "", "9c9be5a53452772a88983244b5c5a511"),
        (NOTE_URL, compact_json(NOTE), "fc81ddfe3b9b2158e80b9520046d2fdb"),
        (NOTE_URL, php_json(NOTE), "527d467a614f9bd666c122c77637de46"),
        (NOTE_URL, '{"p":"eyJjYWxsIjoiYy03NyJ9"}', "fd4cde470cf83c20cc344910a6a15d17"),
    ],
)
def test_request_signature(url: str, body: str, signature: str) -> None:
    assert request_signature(url, body, TIME, SECRET) == signature


def test_upload_sign() -> None:
    assert upload_sign("4242", b"console.log('hi');\n", SECRET) == "d71c9f2f018d16da1f1e0411ba9581bb"


def test_php_turns_empty_objects_and_numbered_keys_into_lists() -> None:
    assert php_json({"a": {}, "b": {"0": "x", "1": "y"}}) == '{"a":[],"b":["x","y"]}'
    assert php_json({}) == ""
