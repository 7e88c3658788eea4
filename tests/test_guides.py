"""The phone companies' pages, as the owner reads them."""

from __future__ import annotations

import pytest
from flask import Flask

from server.providers import PROVIDERS


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider_has_a_page_for_the_owner(app: Flask, provider: str) -> None:
    page = app.test_client().get(f"/guides/{provider}")
    assert page.status_code == 200
    assert "<h2>" in page.text
    assert "<table>" in page.text
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_a_page_of_nobody_is_not_found(app: Flask) -> None:
    assert app.test_client().get("/guides/..%2F..%2FREADME").status_code == 404
    assert app.test_client().get("/guides/nobody").status_code == 404
