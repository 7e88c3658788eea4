"""A day in a restaurant with some version of Dzvinok; run inside that version's own tree, see `make.py`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from server.db import close_database, open_database, reading, transaction, write
from server.models import Account
from server.vault import Vault
from tests import wire
from tests.conftest import add_trunk, hook_of, make_restaurant

KEY = "a key for tests, long enough"


def main(database: Path, version: str) -> None:
    server = wire.Server(database)
    open_database(server.env["DATABASE_URL"])
    try:
        account = settle(server)
        calls(wire.Binotel(hook_of(server, add_trunk(account))))
        if version >= "1.2.0":
            card(account.id)
        if version >= "1.3.0":
            owner(account.id)
    finally:
        server.stop()
        close_database()


def settle(server: wire.Server) -> Account:
    account = make_restaurant()
    with transaction():
        Account.update(token=Vault(KEY).seal("pechera:token of the restaurant")).execute()
    for words in (
        ("trunks", "add", "--account", "pechera", "--provider", "zadarma", "--set", "key=0123456789abcd",
         "--set", "secret=0123456789abcdef"),
        ("lines", "set", "--account", "pechera", "--employee", "7", "--line", "103,104"),
        ("lines", "did", "--account", "pechera", "--did", "+380441234567", "--spot", "2"),
    ):  # fmt: skip
        said = server.cli(*words)
        print(" ".join(words[:2]), said.returncode, said.stderr.strip()[-200:])
    return account


def calls(company: wire.Binotel) -> None:
    """Thirty that are over (some answered, some passed on, some missed), and one that rings when the day ends."""
    for call in range(30):
        caller = f"06711122{call:02}"
        assert company.ring(f"call-{call}", caller).ok
        if call % 3:
            assert company.answer(f"call-{call}", "101", caller).ok
        if call % 5 == 1:
            assert company.transfer(f"call-{call}", "102").ok
        ended = ("ANSWER", 40) if call % 3 else ("CANCEL", 0)
        assert company.hangup(f"call-{call}", *ended).ok
    assert company.ring("ringing", "0679998877").ok


def card(account: int) -> None:
    from server import flags, notes, popping, preferences
    from server.db import rows
    from server.models import Guest, GuestNumber

    with reading():
        answered = rows("SELECT id FROM call WHERE key = 'call-4'")[0][0]
    with transaction():
        Guest.create(account=account, client_id=11, name="Marta", read_at=time.time())
        GuestNumber.create(account=account, client_id=11, number="+380671112204", at=time.time())
    preferences.choose(account, vip_from="500000")
    flags.put_up(account, 11, "allergy", "nuts", (5, "Olena"))
    notes.keep(account, answered, "order", "two borsch", (5, "Olena"))
    popping.hush(account, "+380671112299", "courier", (5, "Olena"))


def owner(account: int) -> None:
    from server import covering, hours, members

    members.add(account, "Iryna", "owner", "4815162342")
    hours.set_week(account, 1, dict.fromkeys(range(7), (600, 1320)))
    covering.choose(account, 1, {3})
    with transaction():
        write("INSERT INTO alert_target (account_id, kind, title, address, alerts, digest, at, problem) "
              "VALUES (?, 'other', 'ours', ?, 1, 0, ?, '')", account, Vault(KEY).seal("ntfy://ours"),
              time.time())  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
