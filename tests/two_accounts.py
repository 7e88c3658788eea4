"""Two restaurants on one box, and a mark in every text of the first one: whatever is answered to the second is searched
for it, byte by byte, and what the first one has must stay as it was."""

from __future__ import annotations

import io
import json
import re
import shutil
import time
import zipfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from server import directory, persons
from server.calls import IN, CallEvent
from server.db import close_database, database, reading, rows, transaction
from server.locks import hashed
from server.models import Account, Callback, CallOrder, Flag, Member, Parked, Preference, Spot, Trunk
from server.parts import Parts
from server.web.pagetoken import PageTokens, Pass
from tests import household
from tests.conftest import add_trunk, finish_background_work, make_restaurant
from tests.wire import Register

MARK = "Zhb7"
NUMBER, SECOND = "+380679998877", "+380509998877"
PUBLIC = "https://phone.example.com"

# Texts that people, Poster or a company wrote: each gets a mark.
MARKED = {
    "title",
    "owner",
    "text",
    "by_name",
    "who",
    "before",
    "after",
    "comment",
    "note",
    "street",
    "house",
    "flat",
    "entrance",
    "floor",
    "claimed_by",
    "closed_by",
    "gone_by",
    "group_name",
    "version",
    "trouble_detail",
    "word",
    "way",
}
NAMED = {"call", "employee", "guest", "member", "menu_item", "register", "spot", "street"}
"""Tables whose `name` somebody wrote."""
ADDRESSED = {"guest", "guest_order", "online_order"}
"""Tables whose `address` is a place; an alert's is sealed."""
BUILT = {
    "name",
    "address",
    "number",
    "country",
    "currency",
    "lang",
    "timezone",
    "state",
    "token",
    "next_token",
    "kind",
    "thing",
    "facts",
    "how",
    "value",
    "call_id",
    "key",
    "direction",
    "caller",
    "did",
    "outcome",
    "line",
    "answered_by",
    "legs",
    "rang",
    "gave_up",
    "via",
    "recording",
    "hash",
    "role",
    "extras_line",
    "by",
    "folded",
    "loyalty",
    "discount",
    "place",
    "status",
    "birthday",
    "problem",
    "verdict",
    "closed_how",
    "employee",
    "items",
    "login",
    "code",
    "body",
    "digest",
    "mark",
    "at",
    "calls",
    "what",
    "provider",
    "settings",
    "secrets",
    "last_from",
    "last_did",
    "trouble",
    "id",
    "stage",
    "cursor",
    "closed_call",
    "worker",
    "sealed",
}
"""Words that the program chose, numbers, sealed texts and JSON: looked for by what stands in them."""
FILLED: dict[str, dict[str, Any]] = {
    "cover": {"spot": 1, "register": 1},
    "did": {"number": "+380447776655", "spot": 1},
    "directory": {"stage": "", "cursor": ""},
    "open_order": {"spot": 1},
    "spot_hours": {"spot": 1, "weekday": 1, "opens": 600, "closes": 1200},
    "menu_item": {"kind": "dish", "body": "{}"},
    "never_pop": {"number": "+380631110011", "kind": "courier"},
    "stray": {"kind": "line", "value": "799"},
    "receipt": {"body": '{"numbers": 1, "guests": 1, "counts": {"guest": 1}}'},
    "call_fact": {"call_id": "$call"},
    "recount": {"call_id": "$call"},
    "covered": {"call_id": "$call"},
    "figure": {"by": "x", "key": "x"},
    "preference": {"name": "brand +380447776655", "value": "Zhb7 brand"},
}
"""What a row needs to make sense, of tables that nothing else fills."""


@dataclass
class Two:
    """`mine` is the one that is attacked."""

    app: Flask
    parts: Parts
    folder: Path
    mine: Account = field(init=False)
    other: Account = field(init=False)
    things: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client: FlaskClient = self.app.test_client(use_cookies=False)
        self.mine, self.other = make_restaurant("pechera", "700123"), make_restaurant("kaffka", "700124")
        self.things = settle(self.mine, self.parts)
        settle_other(self.other, self.parts)
        fill(self.mine, self.things)
        mark(self.mine)
        self.keep()

    def keep(self) -> None:
        finish_background_work()
        with reading():
            database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            self.was = dump(self.mine)
        close_database()
        shutil.copy(self.file, self.folder / "kept.db")

    def restore(self) -> None:
        finish_background_work()
        if self.untouched():
            return
        close_database()
        for ending in ("-wal", "-shm"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)
        shutil.copy(self.folder / "kept.db", self.file)

    @property
    def file(self) -> Path:
        return Path(str(database.database))

    def untouched(self) -> bool:
        """Nobody has written anything, to whomever it belongs."""
        log = Path(f"{self.file}-wal")
        return not log.exists() or log.stat().st_size == 0

    def changed(self) -> list[str]:
        """Tables of mine that are not as they were."""
        finish_background_work()
        if self.untouched():
            return []
        with reading():
            now = dump(self.mine)
        return [table for table in now if now[table] != self.was.get(table)]

    def sign(self, account: Account, verb: str, **more: Any) -> bytes:
        """What the register 1 of an account is answered."""
        desk = Register(PUBLIC, account.name, 1, 1, 5)
        url, body = f"{desk.base}/{verb}", desk.body(**more)
        answer = self.client.post(f"/pos/{account.name}/{verb}", data=body, headers=desk.headers(url, body))
        return answer.data

    def page(self, account: Account, path: str, typed: dict[str, Any] | None = None, **query: str) -> bytes:
        """What whoever sits at an account's Manage page is answered: an owner, if it has codes."""
        with reading():
            member = Member.get_or_none(Member.account == account)
        token = PageTokens(self.parts.settings.secret_key).issue(
            Pass(account=account.id, member=member.id if member else 0)
        )
        headers = {"Authorization": f"Bearer {token}"}
        query = {"lang": "en", **query}
        if typed is None:
            return self.client.get(path, headers=headers, query_string=query).data
        return self.client.post(path, headers=headers, query_string=query, data=typed).data


def settle(account: Account, parts: Parts) -> dict[str, Any]:
    """Everything that household knows, with a number of its own, and what the doors may be asked for."""
    with transaction():
        trunk = parts_trunk(account, parts, "Zhb7-company-secret")
    calls = household.settle(account, trunk)
    _other_numbers(account)
    now = time.time()
    parts.intake.take(account.id, trunk.id, [CallEvent("live", "ring", now, IN, "+380671230000", line="101")])
    with transaction():
        member = Member.create(account=account, name="Owner", role="owner", code=hashed("lavender-7"), at=0.0)
        parked = Parked.create(browser="x", name="pechera", number="700123", token="x", created_at=now)
        CallOrder.update(closed_at=None, due=now + 600).where(CallOrder.account == account).execute()
    with reading():
        waits = Callback.get(Callback.account == account, Callback.closed_at.is_null())
        flag = Flag.get(Flag.account == account)
        live = rows('SELECT id FROM "call" WHERE account_id = ? AND state = ?', account.id, "ringing")[0][0]
        target = rows("SELECT id FROM alert_target WHERE account_id = ?", account.id)[0][0]
        raw = rows("SELECT id FROM raw WHERE account_id = ?", account.id)[0][0]
    return {
        "trunk": trunk.id,
        "token": trunk.token,
        "call": calls[1],
        "live": live,
        "callback": waits.id,
        "flag": flag.id,
        "member": member.id,
        "target": target,
        "guest": household.CLIENT,
        "parked": parked.id,
        "raw": raw,
    }


def settle_other(account: Account, parts: Parts) -> None:
    """Somebody who has nothing but the right to ask; Poster gives both the same ids."""
    with transaction():
        add_trunk(account)
        for table in (Spot,):
            table.update(name="Own").where(table.account == account).execute()


def parts_trunk(account: Account, parts: Parts, secret: str) -> Trunk:
    trunk = add_trunk(account)
    Trunk.update(secrets=parts.vault.seal_dict({"key": secret, "secret": secret})).where(
        Trunk.id == trunk.id
    ).execute()
    row: Trunk = Trunk.get_by_id(trunk.id)
    return row


def _other_numbers(account: Account) -> None:
    swaps = (
        (household.NUMBER[1:], NUMBER[1:]),
        (household.SECOND[1:], SECOND[1:]),
        ("0671112233", "0679998877"),
    )
    with transaction():
        for table, column in texts():
            for old, new in swaps:
                database.execute_sql(
                    f'UPDATE "{table}" SET "{column}" = replace("{column}", ?, ?) WHERE account_id = ?',
                    (old, new, account.id),
                )


def texts() -> list[tuple[str, str]]:
    """Every column that holds text, of every table whose rows belong to an account."""
    found = []
    for table in household.tables():
        columns = [
            (row[1], row[2].upper())
            for row in database.execute_sql(f'PRAGMA table_info("{table}")').fetchall()
        ]
        if "account_id" in dict(columns):
            found += [(table, name) for name, kind in columns if "CHAR" in kind or "TEXT" in kind]
    return found


def is_marked(table: str, column: str) -> bool:
    if column == "name":
        return table in NAMED
    if column == "address":
        return table in ADDRESSED
    return column in MARKED and (table, column) != ("street_word", "word")


def fill(account: Account, things: dict[str, Any]) -> None:
    """One row at least in every table."""
    with transaction():
        for table in household.tables():
            columns = database.execute_sql(f'PRAGMA table_info("{table}")').fetchall()
            names = [column[1] for column in columns]
            if "account_id" not in names:
                continue
            if rows(f'SELECT 1 FROM "{table}" WHERE account_id = ? LIMIT 1', account.id):
                continue
            given = {
                name: things.get(str(value).strip("$"), value)
                for name, value in FILLED.get(table, {}).items()
            }
            now = time.time()
            needed = [
                (
                    name,
                    given.get(
                        name,
                        account.id
                        if name == "account_id"
                        else "x"
                        if "CHAR" in kind or "TEXT" in kind
                        else now
                        if kind == "REAL"
                        else 1,
                    ),
                )
                for _, name, kind, must, default, key in columns
                if name in given
                or name == "account_id"
                or (default is None and (must or key) and name != "id")
            ]
            marks = ", ".join("?" * len(needed))
            said = ", ".join(f'"{name}"' for name, _ in needed)
            database.execute_sql(
                f'INSERT INTO "{table}" ({said}) VALUES ({marks})', [value for _, value in needed]
            )


def mark(account: Account) -> None:
    with transaction():
        for table, column in texts():
            if is_marked(table, column):
                database.execute_sql(
                    f"""UPDATE "{table}" SET "{column}" = ? || rowid WHERE account_id = ?""",
                    (f"{MARK} {table} {column} ", account.id),
                )
        Account.update(title=f"{MARK} title", owner=f"{MARK} owner").where(Account.id == account.id).execute()
    with transaction():
        Preference.update(value=f"{MARK} brand").where(
            Preference.account == account, Preference.name.startswith("brand")
        ).execute()


def dump(account: Account) -> dict[str, list[tuple[Any, ...]]]:
    owned = {
        table: rows(f'SELECT * FROM "{table}" WHERE "{own}" = ? ORDER BY 1, 2', account.id)
        for table, own in owners()
    }
    return {**owned, "parked": rows("SELECT * FROM parked WHERE number = ?", account.number)}


@cache
def owners() -> list[tuple[str, str]]:
    """Every table whose rows belong to an account, and the column that says so."""
    told = []
    for table in household.tables():
        names = [row[1] for row in rows(f'PRAGMA table_info("{table}")')]
        own = "account_id" if "account_id" in names else "id" if table == "account" else ""
        told += [(table, own)] if own else []
    return told


def found(answer: bytes, also: tuple[str, ...] = ()) -> list[str]:
    """What of mine stands in an answer; an .xlsx is opened."""
    if answer[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer)) as book:
            answer = b"".join(book.read(name) for name in book.namelist())
    said = answer + json.dumps(answer.decode("utf-8", "replace"), ensure_ascii=False).encode()
    return [word for word in (MARK, SECOND[1:], *also) if re.search(re.escape(word).encode(), said, re.I)]


__all__ = ["MARK", "NUMBER", "SECOND", "Two", "directory", "found", "persons"]
