"""How hard is tried: a fixed, small number of examples in CI, many and other ones in `make fuzz`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

EASY = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
TRIES = "FUZZ_EXAMPLES"

settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    suppress_health_check=EASY,
    phases=[Phase.explicit, Phase.generate],
)
settings.register_profile(
    "long",
    database=None,
    deadline=None,
    max_examples=int(os.environ.get(TRIES) or 1000),
    suppress_health_check=EASY,
    print_blob=True,
    report_multiple_bugs=False,
)
settings.load_profile("long" if os.environ.get(TRIES) else "ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is large on purpose may be shown large when it fails."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore:Generating overly large repr"))
