"""A live Asterisk of each version, once for all tests; our product is connected to both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.browser.conftest import context as context
from tests.browser.conftest import new_page as new_page
from tests.browser.conftest import poster as poster
from tests.browser.conftest import server as server
from tests.browser.conftest import stage as stage
from tests.browser.conftest import till as till
from tests.pbx.lab import Lab
from tests.pbx.packages import SUITES, Missing
from tests.pbx.product import Product

VERSIONS = tuple(sorted(SUITES))


@pytest.fixture(scope="session")
def labs() -> Iterator[list[Lab]]:
    if os.environ.get("PBX") == "no":
        pytest.skip("no live Asterisk wanted: PBX=no")
    with ThreadPoolExecutor() as threads:
        starting = [threads.submit(Lab, version) for version in VERSIONS]
    started = [one.result() for one in starting if not one.exception()]
    wrong = next((one.exception() for one in starting if one.exception()), None)
    try:
        if isinstance(wrong, Missing):
            pytest.skip(f"no live Asterisk: {wrong}")
        if wrong:
            raise wrong
        yield started
    finally:
        for lab in started:
            lab.stop()


@pytest.fixture(scope="module")
def product(labs: list[Lab], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    product = Product(Path(tmp_path_factory.mktemp("product")), labs)
    yield product
    product.close()
