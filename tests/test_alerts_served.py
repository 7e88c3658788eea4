"""Alerts of a real server: its own clock opens, stores and sends them, also when it was killed in between."""

from __future__ import annotations

import re
import time
from pathlib import Path

from server import preferences
from server.alerts.watching import Alerts
from server.config import load
from server.db import close_database, open_database, rows
from server.models import Account
from server.vault import Vault
from tests.alerting import MIN, call_in_vain, nothing
from tests.conftest import make_restaurant
from tests.mailbox import Box
from tests.waiting import until
from tests.wire import Server, environment, free_port

# How a number of the two guests begins, in whatever spelling; a port or a process does not begin with a nought.
NUMBER = re.compile(r"(?<![\d.])(\+?38)?[ (]*0(67|50)|671112233|501234567")


def without_times(log: str) -> str:
    """Without `03:58:03,067`, which begins like a number once in a while."""
    return re.sub(r"\b\d\d:\d\d:\d\d,\d{3}\b", "", log)


def restaurant(box: Box, env: dict[str, str]) -> tuple[Alerts, Account]:
    """With a target, and no quiet hours."""
    account = make_restaurant()
    preferences.choose(account.id, quiet_from="0", quiet_to="0", digest_at="24")
    settings = load(env, Path("no.env"))
    alerts = Alerts(settings, Vault(settings.secret_key))
    alerts.targets.add_other(account.id, box.url)
    return alerts, account


def test_what_was_opened_before_a_power_cut_is_sent_after_it_and_once(tmp_path: Path, box: Box) -> None:
    port = free_port()
    env = environment(port, tmp_path / "dzvinok.db", ALERT_SCHEMAS="json")
    open_database(env["DATABASE_URL"])
    alerts, account = restaurant(box, env)
    call_in_vain(account, time.time() - 40 * MIN)
    assert alerts.look(account, nothing, time.time()) == 1
    assert box.got == []
    server = Server(tmp_path / "dzvinok.db", port, ALERT_SCHEMAS="json")  # its own clock finds what waits
    try:
        until(lambda: box.got)
        until(lambda: rows("SELECT how FROM alert_post") == [("sent",)])
        server.kill()
        call_in_vain(account, time.time() - 35 * MIN, "+380501234567")
        server.start()
        until(lambda: len(rows("SELECT 1 FROM alert")) == 2, seconds=30)
        assert len(box.got) == 1, "the second guest waits for ten minutes"
        said = without_times(server.log.read_text())
        assert not NUMBER.search(said), "neither whole nor veiled"
        assert box.host not in said
        assert box.texts()[0] not in said
    finally:
        server.kill()
        close_database()
