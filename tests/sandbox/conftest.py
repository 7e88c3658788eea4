"""A running sandbox, and a stand-in for our own server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.sandbox.stand import Application, Poster, end, running, serve, settings_for


@pytest.fixture
def application() -> Iterator[Application]:
    app, ours = Flask("application"), Application()
    for rule in ("/", "/<path:path>"):
        app.add_url_rule(rule, view_func=ours.take, methods=["GET", "POST", "PUT"], endpoint=f"take{rule}")
    server, thread = serve(app)
    ours.url = f"http://127.0.0.1:{server.port}"
    yield ours
    end(server, thread)


@pytest.fixture
def poster(application: Application, tmp_path: Path) -> Iterator[Poster]:
    settings = settings_for(application.url, tmp_path / "world.json")
    yield from running(settings)


@pytest.fixture
def connected(poster: Poster) -> Poster:
    """Pechera connected, and its `application added` hook out of the way."""
    poster.connect()
    return poster
