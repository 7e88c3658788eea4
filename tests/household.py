"""A guest of whom everything is known that can be known, and the whole database as it can be compared."""

from __future__ import annotations

import json
import time
from typing import Any

from server import journal, owed, phones, places
from server.calls import IN, OUT, Call
from server.db import database, transaction
from server.models import (
    Account,
    Alert,
    AlertPost,
    AlertTarget,
    Audit,
    Callback,
    CallNote,
    CallOrder,
    Command,
    Dial,
    Flag,
    GuestNumber,
    GuestOrder,
    NeverPop,
    OnlineAsk,
    OnlineOrder,
    Raw,
    Reveal,
    Sighting,
    Todo,
    Trunk,
)
from tests import guestbook

NUMBER, SECOND = "+380671112233", "+380501234567"
NAME, CLIENT = "Kovalenko Olena", 318
SECRETS = ("671112233", "501234567", "067*****33", "Kovalenko", "Sadova", "peanuts", "came late",
           "067 111 2233", "+380…33", "Olena,")  # fmt: skip


def call(
    account: Account, trunk: Trunk | None, key: str, number: str = NUMBER, ago: float = 86400.0, **facts: Any
) -> str:
    """An ended call of the number; returns its id."""
    started = time.time() - ago
    whole = {"direction": IN, "state": "ended", "outcome": "missed", "did": "+380441234567", "line": "101",
             "ended": started + 30, **facts}  # fmt: skip
    id_ = f"{account.id}-{phones.digits(key)[-4:]}{key[:1]}"
    one = Call(id_, account.id, trunk.id if trunk else None, key, caller=number, started=started,
               touched=started + 30, version=1, **whole)  # fmt: skip
    with transaction():
        journal.save(one, phones.read(number, "UA"))
        if trunk:
            journal.know_as(one, f"alias {key}")
    return one.id


def settle(account: Account, trunk: Trunk) -> list[str]:
    """Calls: one in vain, answered the next day with an order, called from the second number, called by us."""
    now = time.time()
    calls = [
        call(account, trunk, f"{NUMBER}-1", ago=100 * 86400, name=NAME),
        call(account, trunk, "b", ago=99.5 * 86400, outcome="answered", answered=now - 99.5 * 86400 + 9,
             answered_by="101", recording="https://company/rec/671112233"),
        call(account, trunk, "c", SECOND, ago=3 * 86400),
        call(account, trunk, "d", ago=2 * 86400, direction=OUT, outcome="answered", answered=now - 2 * 86400 + 5),
        call(account, trunk, "e", ago=3600),
    ]  # fmt: skip
    guestbook.add(account, CLIENT, NAME, NUMBER, comment="Allergic to peanuts")
    with transaction():
        GuestNumber.create(account=account, number=SECOND, client_id=CLIENT, ours=True, at=now)
        places.learn(account.id, CLIENT, "Sadova 5", "flat 7", "", now)
        GuestOrder.create(account=account, transaction_id=77, client_id=CLIENT, started=int(now * 1000), sum=34500,
                          status="closed", address="Sadova 5", read_at=now)  # fmt: skip
        OnlineOrder.create(
            account=account, incoming_id=9, client_id=0, number=SECOND, address="Sadova", read_at=now
        )
        OnlineAsk.create(account=account, digest="d", mark="#abc", state="made", call_id=calls[1], at=now)
        Flag.create(account=account, client_id=CLIENT, kind="note", text="peanuts", at=now)
        CallNote.create(account=account, call_id=calls[1], outcome="complaint", text="came late", at=now)
        CallOrder.create(account=account, call_id=calls[1], order_id=1700000000001, transaction_id=77,
                         client_id=CLIENT, sum=34500, at=now, closed_at=now)  # fmt: skip
        Callback.create(account=account, number=NUMBER, call_id=calls[0], first_at=now, at=now, closed_at=now,
                        closed_how="done")  # fmt: skip
        Callback.create(account=account, number=NUMBER, call_id=calls[4], first_at=now - 3600, at=now - 3600)
        Dial.create(account=account, trunk_id=trunk.id, line="101", number=NUMBER, at=now, call_id=calls[3])
        Reveal.create(account=account, call_id=calls[1], at=now)
        Sighting.create(account=account, call_id=calls[1], register=1, verdict="shown", at=now)
        Todo.create(account=account, kind="client", thing=CLIENT, at=now)
        owed.later(account.id, owed.CLIENT, CLIENT)
        Raw.create(account=account, trunk_id=trunk.id, at=now, way="POST", text="from=067*****33")
        Trunk.update(last_from="+380…33").where(Trunk.id == trunk.id).execute()
        Audit.create(account=account, at=now, what="never", thing=NUMBER)
        waits = Callback.get(Callback.account == account, Callback.closed_at.is_null())
        Alert.create(account_id=account.id, kind="missed", thing=str(waits.id), since=now)
        target = AlertTarget.create(
            account_id=account.id, kind="mail", title="Owner", address="sealed", at=now
        )
        for text in (f"{NAME} waits", "Olena, +380…33", "067 111 2233 waits"):
            AlertPost.create(
                account_id=account.id, target_id=target.id, kind="missed", text=text, at=now, next_at=now
            )
        Command.create(
            kind="ring", body=json.dumps({"account": account.id, "from": NUMBER}), at=now, answer="{}"
        )
    return calls


def hush(account: Account, number: str) -> None:
    with transaction():
        NeverPop.create(account=account, number=number, kind="courier", at=time.time())


def tables() -> list[str]:
    return sorted(name for name in database.get_tables() if not name.startswith("sqlite_"))


def dump(account: Account | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, or those of one account."""
    told = {}
    for table in tables():
        cursor = database.execute_sql(f"SELECT * FROM {table} ORDER BY 1, 2")
        names = [column[0] for column in cursor.description]
        found = cursor.fetchall()
        if account is not None:
            own = (
                names.index("account_id")
                if "account_id" in names
                else names.index("id")
                if table == "account"
                else -1
            )
            found = [row for row in found if own >= 0 and row[own] == account.id]
        told[table] = found
    return told
