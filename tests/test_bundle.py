"""The register's program: how it is served, and what must never go to every customer."""

from __future__ import annotations

import os

import pytest
from flask import Flask

from server import bundle
from server.config import Settings


def test_the_served_bundle_carries_this_boxs_address_and_an_etag(app: Flask, settings: Settings) -> None:
    client = app.test_client()
    first = client.get("/bundle.js", headers={"Origin": "https://platform.joinposter.com"})
    assert settings.public_url in first.text
    assert bundle.PLACEHOLDER not in first.text
    assert first.headers["Access-Control-Allow-Origin"] in ("*", "https://platform.joinposter.com")
    again = client.get("/bundle.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_register_on_a_public_page_may_ask_a_box_in_the_private_network(app: Flask) -> None:
    asked = {
        "Origin": "https://platform.joinposter.com",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Private-Network": "true",
    }
    answer = app.test_client().options("/bundle.js", headers=asked)
    assert answer.status_code in (200, 204)
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"


def test_the_bundle_as_built_may_go_up(settings: Settings) -> None:
    bundle.check(bundle.stamped(settings.public_url), settings)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda body, settings: body + os.urandom(26 * 1024).hex().encode(), "25 KB"),
        (lambda body, settings: body.replace(settings.public_url.encode(), b"https://other"), "address"),
        (lambda body, settings: body + settings.application_secret.encode(), "secret"),
        (lambda body, settings: body + settings.secret_key.encode(), "secret"),
        (lambda body, settings: body + b"\nexport default 1", "plain script"),
        (lambda body, settings: b"", "address"),
    ],
)
def test_what_must_not_go_to_every_customer_is_refused_with_its_reason(
    settings: Settings, spoil, why: str
) -> None:
    with pytest.raises(bundle.Unsafe, match=why):
        bundle.check(spoil(bundle.stamped(settings.public_url), settings), settings)
