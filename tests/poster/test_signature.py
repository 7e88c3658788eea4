"""Who signed a register's request: Poster, or somebody else."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from server.config import Settings
from server.poster.bodies import compact, php
from server.poster.signature import Request, SignatureRefused, Signed, account_of, check, sign

SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
NOW = 1735689600
SETTINGS = Settings("4242", SECRET, "https://phone.example.com", "a key for tests, long enough")
NOTE = {"call": "c-77", "note": "вул. Садова 5/7"}
TARGET = "/pos/acme/note"


def ask(
    target: str, signature: str, body: bytes = b"", kind: str = "application/json", **more: str
) -> Request:
    headers = {"X-Poster-Signature": signature, "X-Poster-Time": str(NOW), "X-Poster-Url": "acme", **more}
    return Request(target, body, kind, [(name, value) for name, value in headers.items() if value])


def signed(body: bytes, hashed: bytes | None = None, **more: str) -> Request:
    url = SETTINGS.public_url + TARGET
    signature = sign(url, body if hashed is None else hashed, str(NOW), SECRET)
    return ask(TARGET, signature, body, **more)


def refusal(request: Request, account: str = "acme", settings: Settings = SETTINGS, now: float = NOW) -> str:
    with pytest.raises(SignatureRefused) as why:
        check(request, account, settings, now)
    return str(why.value)


@pytest.mark.parametrize(
    ("target", "body", "signature"),
    [
        ("/poster/pos/hello?v=1&line=101", b"", "9c9be5a53452772a88983244b5c5a511"),
        ("/poster/pos/note", compact(NOTE), "fc81ddfe3b9b2158e80b9520046d2fdb"),
        ("/poster/pos/note", php(NOTE), "527d467a614f9bd666c122c77637de46"),
        ("/poster/pos/note", b'{"p":"eyJjYWxsIjoiYy03NyJ9"}', "fd4cde470cf83c20cc344910a6a15d17"),
    ],
)
def test_the_contracts_vectors_are_accepted(target: str, body: bytes, signature: str) -> None:
    assert check(ask(target, signature, body), "acme", SETTINGS, NOW) == Signed("acme")


def test_a_body_may_be_hashed_in_another_spelling_than_it_is_sent() -> None:
    spaced = json.dumps(NOTE, ensure_ascii=False, indent=1).encode()
    for hashed in (spaced, compact(NOTE), php(NOTE)):
        assert check(signed(spaced, hashed), "acme", SETTINGS, NOW)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]"])
def test_an_empty_body_may_be_hashed_as_nothing(body: bytes) -> None:
    assert check(signed(body, b""), "acme", SETTINGS, NOW)


def test_php_makes_lists_of_empty_objects_and_of_numbered_keys() -> None:
    assert (
        php({"a": {}, "b": {"0": "x", "1": "y"}, "c": {"1": "x"}}) == b'{"a":[],"b":["x","y"],"c":{"1":"x"}}'
    )


@pytest.mark.parametrize("hashed", [b'{"p":"abc","q":"5\\/7"}', b'{"p":"abc","q":"5/7"}', b"p=abc&q=5%2F7"])
def test_a_form_body_is_hashed_as_json_or_as_it_came(hashed: bytes) -> None:
    request = signed(b"p=abc&q=5%2F7", hashed, kind="application/x-www-form-urlencoded")
    assert check(request, "acme", SETTINGS, NOW)


def test_a_multipart_body_is_hashed_as_json() -> None:
    body = b'--B\r\nContent-Disposition: form-data; name="p"\r\n\r\nabc\r\n--B--\r\n'
    assert check(signed(body, b'{"p":"abc"}', kind="multipart/form-data; boundary=B"), "acme", SETTINGS, NOW)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[" * 60000, b'{"a":"\\ud800"}', b"1" * 5000])
def test_strange_bodies_are_refused_and_break_nothing(body: bytes) -> None:
    assert refusal(ask(TARGET, "0" * 32, body)) == "signature"


def test_headers_are_looked_at_before_the_time_and_the_time_before_the_signature() -> None:
    assert refusal(ask(TARGET, "", b"")) == "headers"
    assert refusal(ask(TARGET, "bad", **{"X-Poster-Time": ""})) == "headers"
    assert refusal(ask(TARGET, "bad", **{"X-Poster-Url": ""})) == "headers"
    assert refusal(ask(TARGET, "bad"), now=NOW + 301) == "stale"
    assert refusal(ask(TARGET, "bad")) == "signature"
    assert refusal(signed(b""), account="other") == "account"


def test_the_window_is_open_on_both_sides_and_is_a_setting() -> None:
    assert check(signed(b""), "acme", SETTINGS, NOW + 300)
    assert check(signed(b""), "acme", SETTINGS, NOW - 300)
    assert refusal(signed(b""), settings=replace(SETTINGS, signature_window=30), now=NOW + 31) == "stale"


@pytest.mark.parametrize("at", ["", "12345678", "123456789012", "1735689600.0", "-735689600", "١٧٣٥٦٨٩٦٠٠"])
def test_a_time_that_is_not_nine_to_eleven_digits_is_refused(at: str) -> None:
    assert refusal(ask(TARGET, "bad", **{"X-Poster-Time": at})) in ("stale", "headers")


def test_a_signature_is_of_one_address() -> None:
    other = replace(signed(b""), target="/pos/acme/note?x=1")
    assert refusal(other) == "signature"


def test_an_address_prefix_may_be_taken_away_by_a_proxy() -> None:
    settings = replace(SETTINGS, public_url="https://example.com/phone")
    at = sign("https://example.com/phone/pos/acme/x", b"", str(NOW), SECRET)
    assert check(ask("/pos/acme/x", at), "acme", settings, NOW)
    assert check(ask("/phone/pos/acme/x", at), "acme", settings, NOW)
    assert check(ask("http://example.com/phone/pos/acme/x", at), "acme", settings, NOW)


def test_headers_in_any_case_and_a_signature_in_capitals_are_accepted() -> None:
    request = signed(b"")
    shouted = [
        (name.upper(), value.upper() if "Signature" in name else value) for name, value in request.headers
    ]
    assert check(replace(request, headers=shouted), "acme", SETTINGS, NOW)


@pytest.mark.parametrize(
    "name", ["X-Poster-Url", "X-Poster-Signature", "X-Poster-Time", "X-Poster-Tablet-Id"]
)
def test_a_repeated_header_of_posters_is_refused(name: str) -> None:
    request = signed(b"", **{"X-Poster-Tablet-Id": "1"})
    again = next(value for key, value in request.headers if key == name)
    assert refusal(replace(request, headers=[*request.headers, (name.lower(), again)])) == "headers"
    joined = [(key, f"{value},{value}" if key == name else value) for key, value in request.headers]
    assert refusal(replace(request, headers=joined)) == "headers"


def test_who_asks_is_what_posters_headers_say() -> None:
    more = {"X-Poster-Tablet-Id": "3", "X-Poster-Spot-Id": "1", "X-Poster-Account-Number": "700123"}
    assert check(signed(b"", **more), "ACME", SETTINGS, NOW) == Signed("acme", 3, 1, "700123")
    assert check(signed(b"", **{"X-Poster-Tablet-Id": "bar"}), "acme", SETTINGS, NOW) == Signed("acme")


@pytest.mark.parametrize(
    "header",
    [
        "acme",
        "ACME",
        " acme ",
        "acme.joinposter.com",
        "https://acme.joinposter.com/",
        "HTTPS://Acme.JoinPoster.com",
    ],
)
def test_the_account_header_comes_in_several_forms(header: str) -> None:
    assert account_of(header, SETTINGS.poster_account_url) == "acme"


def test_the_account_may_stand_in_the_path_of_a_custom_address() -> None:
    for header in ("acme", "localhost:8090/acme", "http://localhost:8090/acme/"):
        assert account_of(header, "http://localhost:8090/{account}") == "acme"


@pytest.mark.parametrize("header", ["", ".", "https://", "-x", "а́кме", "a" * 64])
def test_what_is_no_account_name_is_nobodys(header: str) -> None:
    assert account_of(header, SETTINGS.poster_account_url) == ""


@pytest.mark.parametrize("target", ["http://[", "http://[::1/pos/acme/hello", "//", "*", ""])
def test_an_address_that_is_none_is_nobodys(target: str) -> None:
    assert refusal(ask(target, "0" * 32)) == "signature"
