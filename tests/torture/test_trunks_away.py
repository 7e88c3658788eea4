"""A company's line is down for a while: what was called meanwhile is in the journal once, late, and rang nowhere.

The same of a PBX that is cut off or restarted in mid-call is played with live Asterisks: `tests/pbx/scenes.py`,
`pbx_dies_while_they_talk`, `pbx_dies_while_it_rings`, `pbx_is_restarted_while_they_talk`.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

from server.db import close_database, open_database, reading, rows
from tests import wire
from tests.conftest import make_restaurant
from tests.switchboard import Switchboard
from tests.test_connections import KEYS, REST, add, admitted, start
from tests.torture.killing import kill_worker
from tests.torture.long import LONG
from tests.waiting import until

MISSED = 60


def record(call: str, caller: str, at: int) -> dict[str, Any]:
    return {"generalCallID": call, "companyID": 1, "callType": "0", "externalNumber": caller, "startTime": at,
            "waitsec": 4, "billsec": 0, "disposition": "NOANSWER", "pbxNumberData": {"number": "0441234567"},
            "historyData": []}  # fmt: skip


def test_what_was_called_while_the_line_was_down_is_journaled_once_even_if_we_are_killed_over_it(
    tmp_path: Path,
) -> None:
    board, now = Switchboard(), int(time.time())
    told = {f"9{n}": record(f"9{n}", f"067111{n:04d}", now - 900 + n) for n in range(MISSED)}
    board.answer = lambda path, body: {
        "status": "success", "callDetails": told if "incoming" in path else {},
    }  # fmt: skip
    server = wire.Server(tmp_path / "dzvinok.db", COMPANIES_URL=board.url)
    open_database(server.env["DATABASE_URL"])
    account = make_restaurant()
    register = wire.Register(server.url, account.name, register=1, spot=1, employee=5)
    chance = random.Random(1802)
    try:
        add(server, account, **KEYS, **REST)
        for _ in range(6 if LONG else 2):  # each time it learns again what it may have learned in part
            admitted(board)
            time.sleep(chance.uniform(0, 0.2))
            kill_worker(server)
        line = admitted(board)
        until(_journaled, lambda found: len(found) == MISSED)
        snapshot = register.connect()
        assert snapshot["calls"] == []
        assert len(snapshot["missed"]) == MISSED, "they wait to be called back"
        line.say(start("live"))
        calls = [register.hear_until("call")["call"]["from"]]
        assert calls == ["+380671112233"], "only the call of this moment comes up"
        assert Counter(_journaled().values()) == {("ended", "missed", 1): MISSED}
    finally:
        register.close()
        server.kill()
        close_database()
        board.close()


def _journaled() -> dict[str, tuple[Any, ...]]:
    with reading():
        found = rows("SELECT key, state, outcome, late FROM call WHERE key <> 'live'")
    keys = [key for key, *_ in found]
    assert len(keys) == len({*keys}), "a call is there twice"
    return {key: tuple(rest) for key, *rest in found}
