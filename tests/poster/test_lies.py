"""A Poster that lies: other types, nothing, pages of HTML, half of a row. Nothing breaks but the answer itself."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest

from server.db import reading, rows, transaction
from server.models import Account, Employee, Register, Spot
from server.parts import Parts
from server.poster.trouble import Trouble
from tests.poster.company import Company, Raw

DEEP = "[" * 5000 + "]" * 5000
LIES: dict[str, Any] = {
    "nothing": Raw(b""),
    "a page": Raw(b"<html><body>502 Bad Gateway</body></html>"),
    "a page that is broken": Raw(b"\xff\xfe<\x00h", status=502),
    "null": Raw(b"null"),
    "a number": Raw(b"7"),
    "a list": Raw([]),
    "depth": Raw(DEEP.encode()),
    "a response of null": Raw({"response": None}),
    "a response of text": Raw({"response": "no data"}),
    "a response of false": Raw({"response": False}),
    "rows of anything": Raw(
        {"response": [None, 7, "x", [], {}, {"user_id": [], "client_id": {}, "spot_id": "x"}]}
    ),
    "rows by number": Raw({"response": {"0": {"client_id": None, "phone": 5}, "1": "x"}}),
    "an error without a code": Raw({"error": {"code": "x", "message": None}}),
    "an error of text": Raw({"error": "everything"}),
    "an error beside a response": Raw({"response": [], "error": {"code": 42}}),
    "names that are too long": Raw(
        {"response": {"company_name": "x" * 100_000, "currency": [], "COMPANY_ID": {}}}
    ),
    "numbers that are too large": Raw(
        {"response": [{"client_id": 10**40, "user_id": 1e300, "product_id": -(10**30)}]}
    ),
}


@pytest.fixture
def people(account: Account) -> None:
    with transaction():
        Spot.create(account=account, poster_id=1, name="Podil")
        Register.create(account=account, poster_id=1, name="Bar", spot=1)
        Employee.create(account=account, poster_id=5, name="Olena")


def known() -> list[Any]:
    with reading():
        tables = ("spot", "register", "employee")
        return [rows(f"SELECT poster_id, name, gone FROM {table} WHERE poster_id < 9") for table in tables]


def reads(parts: Parts, account: Account) -> dict[str, Callable[[], object]]:
    """Everything that asks Poster by itself or for a phone that rings."""
    return {
        "mirror": lambda: parts.mirror.refresh(account.id),
        "menu": lambda: parts.menu.refresh(account.id),
        "groups": lambda: parts.guests.groups(account.id),
        "find": lambda: parts.guests.find(account.id, "0671112233"),
        "who": lambda: parts.guests.known_within(account.id, "0671112233", "UA", 1.0),
        "probes": lambda: parts.probes.ask_now(account.id),
        "directory": lambda: parts.directory._fill(account.id),
        "extras": lambda: parts.lines.write_extras(account.id, 5),
    }


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.usefixtures("people")
def test_a_lie_changes_nothing_and_breaks_nothing(
    parts: Parts, account: Account, company: Company, lie: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = known()
    company.answers["*"] = LIES[lie]
    for name, read in reads(parts, account).items():
        begun = time.monotonic()
        with contextlib.suppress(Trouble):
            read()
        assert time.monotonic() - begun < 15, name
    assert known() == before
    broken = [one.getMessage() for one in caplog.records if one.exc_info or one.levelno >= logging.ERROR]
    assert broken == []
