"""Keeps what people changed in a JSON file; the seeded rest is made anew at each start."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox.account import Account
from sandbox.rows import Client, Employee, Incoming, Order, OrderLine
from sandbox.world import Code, Token, World

PAUSE = 0.2
"""Seconds between a change and its writing: a burst of changes is one write."""


class Store:
    """`extra` rooms (phone settings, hook address…) are plain dictionaries that live in `rooms`."""

    def __init__(self, world: World, path: Path | None) -> None:
        self.world, self.path = world, path
        self.rooms: dict[str, dict[str, Any]] = {}
        self._dirty = threading.Event()
        self._stopped = threading.Event()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None
        if path is not None:
            self._load(path)
            self._thread = threading.Thread(target=self._run, name="sandbox-store", daemon=True)
            self._thread.start()
        world.on_dirty = self._dirty.set

    def room(self, name: str) -> dict[str, Any]:
        return self.rooms.setdefault(name, {})

    def close(self) -> None:
        self._stopped.set()
        self._dirty.set()
        if self._thread:
            self._thread.join(5)
        self.save()

    def _run(self) -> None:
        while self._dirty.wait() and not self._stopped.wait(PAUSE):
            self._dirty.clear()
            self.save()

    def save(self) -> None:
        if self.path is None:
            return
        with self.world.lock:
            text = json.dumps(self._dump(), ensure_ascii=False)
        with self._writing:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self.path.with_suffix(".new")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(self.path)

    def _dump(self) -> dict[str, Any]:
        return {
            "codes": [asdict(code) for code in self.world.codes.values()],
            "tokens": [asdict(token) for token in self.world.tokens.values()],
            "accounts": {account.name: _changed_rows(account) for account in self.world.accounts.values()},
            "rooms": self.rooms,
        }

    def _load(self, path: Path) -> None:
        if not path.exists():
            return
        saved = json.loads(path.read_text(encoding="utf-8"))
        self.world.codes = {row["value"]: Code(**row) for row in saved["codes"]}
        self.world.tokens = {row["value"]: Token(**row) for row in saved["tokens"]}
        self.rooms = saved["rooms"]
        for name, rows in saved["accounts"].items():
            if name in self.world.accounts:
                _lay_over(self.world.accounts[name], rows)


def _changed_rows(account: Account) -> dict[str, Any]:
    return {
        "connected": account.connected,
        "bundle": account.bundle,
        "switches": account.switches,
        "extras": account.extras,
        "clients": [asdict(row) for row in account.clients.values() if row.touched],
        "orders": [asdict(row) for row in account.orders.values() if row.touched],
        "incoming": [asdict(row) for row in account.incoming.values() if row.touched],
        "employees": [asdict(row) for row in account.employees.values() if row.touched],
    }


def _lay_over(account: Account, rows: dict[str, Any]) -> None:
    account.connected, account.bundle = rows["connected"], rows["bundle"]
    account.switches, account.extras = rows["switches"], rows["extras"]
    for row in rows["clients"]:
        account.clients[row["id"]] = Client(**row | {"at_registers": True, "rev": account.rev})
    for row in rows["orders"]:
        lines = [OrderLine(**line) for line in row["lines"]]
        account.orders[row["id"]] = Order(**row | {"lines": lines, "rev": account.rev})
    for row in rows.get("incoming", ()):
        account.incoming[row["id"]] = Incoming(
            **row | {"lines": [OrderLine(**line) for line in row["lines"]]}
        )
    for row in rows["employees"]:
        account.employees[row["id"]] = Employee(**row)
