"""What only the long form does, because it takes longer than it is worth in every run."""

from __future__ import annotations

import os

import pytest

LONG = "TORTURE" in os.environ
only_long = pytest.mark.skipif(not LONG, reason="takes its time: `make torture` does it")
