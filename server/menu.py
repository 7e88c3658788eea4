"""What the kitchen offers: the menu as Poster has it, mirrored, so that an order can be repeated at once."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from server.background import detach
from server.db import reading, rows, transaction, write
from server.poster.client import Poster
from server.poster.rows import as_list, dicts, money, to_decimal, to_int, to_text
from server.poster.trouble import Trouble

log = logging.getLogger("dzvinok.menu")

BUDGET, LIVE = 20.0, 6.0
FRESH_FOR = 6 * 3600.0
TRY_AGAIN, TRY_FIRST = 600.0, 30.0  # seconds; sooner while nothing is known

# `body` of a row: {"prices": {"<spot>": kopecks}, "away": [spots where it is not sold], "modifiers": bool,
#                   "variants": [{"id", "name", "prices", "away"}]}
SAVE = """INSERT INTO menu_item (account_id, product_id, name, kind, hidden, gone, body, read_at)
    VALUES (?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (account_id, product_id) DO UPDATE SET name = excluded.name,
    kind = excluded.kind, hidden = excluded.hidden, gone = 0, body = excluded.body, read_at = excluded.read_at"""
GONE = "UPDATE menu_item SET gone = 1 WHERE account_id = ? AND gone = 0 AND read_at < ?"
ONE = "SELECT name, body FROM menu_item WHERE account_id = ? AND product_id = ?"
SOME = """SELECT product_id, name, hidden, gone, body FROM menu_item
    WHERE account_id = ? AND product_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"""
READ_AT = "SELECT max(read_at) FROM menu_item WHERE account_id = ?"

Json = dict[str, Any]
Names = Callable[[int, int], tuple[str, str]]


class Menu:
    """`changed(account)` hears of every menu that was read anew."""

    def __init__(self, poster: Poster, changed: Callable[[int], object] = lambda account: None) -> None:
        self._poster = poster
        self._changed = changed
        self._lock = threading.Lock()
        self._busy: dict[int, threading.Lock] = {}
        self._waiting: set[int] = set()
        self._tried: dict[int, float] = {}

    def soon(self, account: int) -> None:
        """Reads it in the background. However often it is asked, one reading at most waits for its turn."""
        with self._lock:
            if account in self._waiting:
                return
            self._waiting.add(account)
        detach(self.refresh, account)

    def tend(self, account: int) -> None:
        """Poster's webhooks keep it fresh; this is for those that never came."""
        now, at = time.monotonic(), read_at(account)
        pause = TRY_AGAIN if at else TRY_FIRST
        if time.time() - at > FRESH_FOR and now - self._tried.get(account, -pause) >= pause:
            self._tried[account] = now
            self.soon(account)

    def refresh(self, account: int) -> bool:
        """Whether the menu came; what did not come stays as it was."""
        with self._lock:
            busy = self._busy.setdefault(account, threading.Lock())
        with busy:
            with self._lock:
                self._waiting.discard(account)
            try:
                self._read(account, time.monotonic() + BUDGET)
            except Trouble as why:
                log.warning("account %s: the menu was not read: %s", account, why)
                return False
        return True

    def products(self, account: int, ids: Iterable[int], spot: int | None) -> list[Json]:
        """As `products` below; Poster is asked only while nothing is known. Raises Trouble."""
        with reading():
            known = read_at(account) > 0
        if not known:
            self._read(account, time.monotonic() + LIVE, urgent=True)
        with reading():
            return products(account, ids, spot)

    def _read(self, account: int, until: float, urgent: bool = False) -> None:
        answer = dicts(self._poster.get(account, "menu.getProducts", until, urgent=urgent))
        with transaction(account):
            keep(account, answer)
        self._changed(account)


def keep(account: int, rows: Iterable[Mapping[str, Any]]) -> None:
    """All rows of menu.getProducts, inside the caller's transaction. What is not among them is gone; an answer
    that names nothing at all says nothing: every restaurant sells something."""
    now, found = time.time(), False
    for row in rows:
        product, name = to_int(row.get("product_id")), to_text(row.get("product_name"), 200)
        if product <= 0:
            continue
        found, kind = True, "dish" if to_int(row.get("type")) == 2 else "product"
        hidden = to_int(row.get("hidden")) != 0
        body = json.dumps(_body(row), ensure_ascii=False, separators=(",", ":"))
        write(SAVE, account, product, name, kind, hidden, body, now)
    if found:
        write(GONE, account, now)


def read_at(account: int) -> float:
    """When the menu was last read, 0 when never."""
    return float(rows(READ_AT, account)[0][0] or 0)


def _body(row: Mapping[str, Any]) -> Json:
    variants = [
        {"id": variant, "name": to_text(one.get("modificator_name"), 200), **_sold(one)}
        for one in dicts(row.get("modifications"))
        if (variant := to_int(one.get("modificator_id"))) > 0
    ]
    return {**_sold(row), "variants": variants, "modifiers": bool(as_list(row.get("group_modifications")))}


def _sold(row: Mapping[str, Any]) -> Json:
    """Where it is sold and for how much. `price` may be missing, or one sum for all the spots."""
    price, spots = row.get("price"), dicts(row.get("spots"))
    told = dict(price) if isinstance(price, dict) else {"0": price}
    told |= {str(to_int(one.get("spot_id"))): one["price"] for one in spots if _said(one.get("price"))}
    prices = {spot: _kopecks(one) for spot, one in told.items() if spot.isdigit() and _said(one)}
    away = [to_int(one.get("spot_id")) for one in spots if one.get("visible") in (0, "0", False)]
    return {"prices": prices, "away": away}


def _said(price: object) -> bool:
    return isinstance(price, int | float) or (isinstance(price, str) and price.strip() != "")


def _kopecks(value: object) -> int:
    return int(to_decimal(value).to_integral_value())


def names(account: int) -> Names:
    """Who asks needs a connection; each dish is read once in the life of what this returns."""
    known: dict[int, tuple[str, dict[int, str]]] = {}

    def named(product: int, modification: int) -> tuple[str, str]:
        if product not in known:
            known[product] = _names_of(account, product)
        name, variants = known[product]
        return name, variants.get(modification, "") if modification else ""

    return named


def _names_of(account: int, product: int) -> tuple[str, dict[int, str]]:
    found = rows(ONE, account, product)
    if not found:
        return "", {}
    return found[0][0], {one["id"]: one["name"] for one in json.loads(found[0][1]).get("variants", ())}


def products(account: int, ids: Iterable[int], spot: int | None) -> list[Json]:
    """The wire's products, one for each id in its order; of one that Poster does not name `deleted` is true."""
    wanted = list(dict.fromkeys(ids))
    known = {row[0]: row[1:] for row in rows(SOME, account, json.dumps(wanted))}
    return [_product(one, known.get(one, ("", 0, 1, "{}")), spot or 0) for one in wanted]


def _product(id: int, row: tuple[Any, ...], spot: int) -> Json:
    name, hidden, gone, body = row[0], bool(row[1]), bool(row[2]), json.loads(row[3])
    variants = [
        {"id": one["id"], "name": one["name"], "price": _price(one, spot)}
        for one in body.get("variants", ())
        if spot not in one["away"]
    ]
    price = variants[0]["price"] if variants else _price(body, spot)
    return {
        "id": id, "name": name, "price": price, "hidden": hidden or spot in body.get("away", ()), "deleted": gone,
        "variants": variants, "modifiers": body.get("modifiers", False),
    }  # fmt: skip


def _price(body: Json, spot: int) -> str | None:
    """In this spot, else the one price for all, else the only one that is known; None where nobody says."""
    prices = body.get("prices") or {}
    only = set(prices.values())
    found = prices.get(str(spot), prices.get("0", only.pop() if len(only) == 1 else None))
    return None if found is None else money(found)
