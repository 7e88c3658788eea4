"""The pool of connections."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from server.db import reading, rows

CROWD = 60


def test_sixty_may_read_at_the_same_time(sqlite: None, database: None) -> None:
    together = threading.Barrier(CROWD, timeout=20)

    def look(_: int) -> int:
        with reading():
            together.wait()
            return int(rows("SELECT 1")[0][0])

    with ThreadPoolExecutor(CROWD) as pool:
        assert list(pool.map(look, range(CROWD))) == [1] * CROWD
