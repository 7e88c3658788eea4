"""What registers may say at the signed door, besides who they are."""

from __future__ import annotations

import pytest
import requests

from server.models import Account
from tests.conftest import Restaurant
from tests.wire import Register, Server


@pytest.fixture
def account(served: Server, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def olena(served: Server, account: Account) -> Register:
    return Register(served.url, "pechera", register=1, spot=1, employee=5)


@pytest.mark.parametrize("group", [True, "4", 4.0, None, [4]])
def test_a_group_is_a_whole_number(olena: Register, group: object) -> None:
    answer = olena.ask("create", name="Taras", group=group, phone="+380671112233")
    assert answer.json() == {"ok": False, "error": "refused"}


def test_a_body_in_chunks_is_measured_too(served: Server, olena: Register) -> None:
    """It names no length, and what is over the limit would be cut off without a word."""
    url = f"{served.url}/pos/pechera/hello"
    chunks = iter([b"x" * 1024] * 70)
    assert requests.post(url, data=chunks, headers=olena.headers(url, ""), timeout=20).status_code == 413


@pytest.mark.parametrize("protocol", [None, [], {}, "1", 1.0, True, 2])
def test_a_protocol_that_nobody_speaks_is_told_so(olena: Register, protocol: object) -> None:
    answer = olena.ask("hello", protocol=protocol)
    assert (answer.status_code, answer.json()) == (200, {"ok": False, "error": "protocol"})
