"""How hard is tried: few examples and always the same in CI, many and other ones in `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

TRIES = "FUZZ_TIMES"
TIMES = int(os.environ.get(TRIES) or 0)
EASY = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]

settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=EASY,
    phases=[Phase.explicit, Phase.generate],
)
settings.register_profile(
    "long",
    database=None,
    deadline=None,
    suppress_health_check=EASY,
    print_blob=True,
    report_multiple_bugs=False,
)


def tries(few: int) -> settings:
    """So many examples in CI; `FUZZ_TIMES` as many when that is set."""
    return settings(settings.get_profile("long" if TIMES else "ci"), max_examples=few * max(TIMES, 1))
