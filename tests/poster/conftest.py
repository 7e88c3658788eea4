"""The server's parts over a real database, and Poster's wire stood in for on a real socket."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from server.config import Settings, load
from server.db import transaction
from server.models import CONNECTED, Account
from server.parts import Parts
from tests import wire
from tests.poster.company import NAME, NUMBER, TOKEN, Company


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own pace is tested once; everywhere else waiting for it would only be slow."""
    monkeypatch.setattr("server.poster.pace.SPAN", 0.01)


@pytest.fixture
def settings(tmp_path: Path, company: Company) -> Settings:
    environ = wire.environment(
        8080, tmp_path / "dzvinok.db", company.url, PUBLIC_URL="https://phone.example.com"
    )
    return load(environ, tmp_path / "no.env")


@pytest.fixture
def account(parts: Parts) -> Account:
    """Connected an hour ago and read already."""
    with transaction():
        row: Account = Account.create(
            name=NAME,
            number=NUMBER,
            state=CONNECTED,
            country="UA",
            token=parts.vault.seal(TOKEN),
            mirrored_at=1.0,
        )
    return row


def only(settings: Settings, *names: str) -> Settings:
    return replace(settings, accounts=frozenset(names))
