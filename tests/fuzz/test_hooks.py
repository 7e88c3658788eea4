"""The companies' addresses in a whole app: whatever comes is answered, and the journal can still be read."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import journal
from server.db import reading, rows, transaction
from server.models import Trunk
from server.providers import PROVIDERS
from server.providers.base import Delivery
from tests.fuzz import mutants
from tests.fuzz.effort import tries
from tests.fuzz.house import House, open_house

ANSWERS = {200, 400, 403, 404, 413}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house"), providers=tuple(PROVIDERS)) as one:
        yield one


@pytest.mark.parametrize("provider", mutants.COMPANIES)
@tries(12)
@given(data=st.data())
def test_whatever_comes_is_answered_and_kept(house: House, provider: str, data: st.DataObject) -> None:
    sent, settings = data.draw(mutants.deliveries(provider))
    with transaction():  # as its own company signs it, so that more than the signature is tried
        Trunk.update(settings=json.dumps(dict(settings))).where(
            Trunk.id == house.trunks[provider].id
        ).execute()
    assert deliver(house, provider, sent) in ANSWERS
    with reading():
        for (id_,) in rows(
            "SELECT id FROM call WHERE account_id = ? ORDER BY touched DESC LIMIT 3", house.account.id
        ):
            assert journal.get(house.account.id, id_) is not None


def deliver(house: House, provider: str, sent: Delivery) -> int:
    """As it would come over the wire: bytes in the address, one line for each header."""
    headers = {name: value for name, value in sent.headers.items() if "\n" not in value and "\r" not in value}
    path = f"/hooks/{provider}/{house.trunks[provider].token}" + (f"/{sent.path}" if sent.path else "")
    query = sent.query.encode("utf-8", "replace").decode("latin-1")
    return house.client.open(
        path, method=sent.method, data=sent.body, headers=headers, query_string=query
    ).status_code


@tries(40)
@given(data=st.data())
def test_a_register_can_be_told_whatever_came(house: House, data: st.DataObject) -> None:
    """The snapshot after it is JSON that a register can read."""
    provider = data.draw(st.sampled_from(mutants.COMPANIES))
    for sent, _ in data.draw(st.lists(mutants.deliveries(provider), max_size=3)):
        deliver(house, provider, sent)
    told = json.loads(house.parts.telling.snapshot(house.poller()))
    json.dumps(told, allow_nan=False).encode()
    assert told["type"] == "snapshot"
