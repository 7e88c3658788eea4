"""Waiting for what another process or thread does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(look: Callable[[], T], good: Callable[[T], object] = bool, seconds: float = 20.0) -> T:
    """Looks again and again until it is `good`; the first look that was. Fails with the last one."""
    deadline = time.monotonic() + seconds
    while not good(found := look()):
        assert time.monotonic() < deadline, f"it never came; last seen: {found!r}"
        time.sleep(0.02)
    return found
