"""The cluster, whatever the other tests run on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server import db
from tests import wire
from tests.postgres.cluster import PRESENT, Cluster, programs


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    if isinstance(running := getattr(wire.database_url, "__self__", None), Cluster):
        yield running
        return
    if not programs():
        pytest.skip(PRESENT)
    made = Cluster()
    yield made
    made.remove()


@pytest.fixture
def empty(cluster: Cluster) -> str:
    """The address of a database without a single table."""
    return cluster.url(cluster.empty())


@pytest.fixture
def born(cluster: Cluster) -> Iterator[str]:
    """The address of one with all tables, open here."""
    url = cluster.url(cluster.empty("born"))
    db.open_database(url)
    yield url
    db.close_database()
