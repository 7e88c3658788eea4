"""What a guest ordered: the last order with its dishes, and where the last delivery went."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Any

from server.guests import cards
from server.poster.client import Poster
from server.poster.rows import dicts, to_int, to_text
from server.poster.trouble import Trouble

NAMES_LIVE = 3600.0

Json = dict[str, Any]


class History:
    """Reads orders; remembers the menu's names for an hour, or until Poster says that a product changed."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster
        self._menus: dict[int, tuple[float, dict[tuple[int, int], str]]] = {}
        self._lock = threading.Lock()

    def add_to(self, guest: Json, account: int, until: float) -> Json:
        """The guest with their last order and address. Raises Trouble."""
        orders = self._orders(account, guest["id"], until)
        newest = cards.last_closed(orders, time.time())
        last_order = cards.order(newest, self._items(account, newest, until)) if newest else None
        return {
            **guest,
            "last_order": last_order,
            "last_address": cards.last_address(orders) or guest["address"],
        }

    def forget_names(self, account: int) -> None:
        with self._lock:
            self._menus.pop(account, None)

    def _orders(self, account: int, client_id: int, until: float) -> list[Json]:
        since = datetime.fromtimestamp(time.time() - cards.YEAR, UTC)
        answer = self._poster.get(
            account,
            "dash.getTransactions",
            until,
            urgent=True,
            type="clients",
            id=client_id,
            dateFrom=since.strftime("%Y%m%d"),
            status=0,
            include_products=True,
            include_delivery=True,
        )
        return cards.orders_of(answer, client_id)

    def _items(self, account: int, order: Json, until: float) -> list[Json]:
        """The dishes by name: from their own method, else from the menu, else none (the sum is known)."""
        ids = {"transaction_id": to_int(order.get("transaction_id"))}
        try:
            found = cards.named_items(
                self._poster.get(account, "dash.getTransactionProducts", until, urgent=True, **ids)
            )
            return found or cards.items(order, self._names(account, until))
        except Trouble:
            return cards.items(order, self._names(account, until))

    def _names(self, account: int, until: float) -> cards.Names:
        menu = self._menu(account, until)

        def names(product: int, modification: int) -> tuple[str, str]:
            variant = menu.get((product, modification), "") if modification else ""
            return menu.get((product, 0), ""), variant

        return names

    def _menu(self, account: int, until: float) -> dict[tuple[int, int], str]:
        with self._lock:
            at, menu = self._menus.get(account, (0.0, {}))
        if menu and time.monotonic() - at < NAMES_LIVE:
            return menu
        try:
            menu = _menu_of(self._poster.get(account, "menu.getProducts", until, urgent=True))
        except Trouble:
            return menu
        with self._lock:
            self._menus[account] = (time.monotonic(), menu)
        return menu


def _menu_of(answer: object) -> dict[tuple[int, int], str]:
    """(product, 0) -> its name, (product, variant) -> the variant's name."""
    names = {}
    for row in dicts(answer):
        product = to_int(row.get("product_id"))
        names[product, 0] = to_text(row.get("product_name"), 200)
        for variant in dicts(row.get("modifications")):
            names[product, to_int(variant.get("modificator_id"))] = to_text(
                variant.get("modificator_name"), 200
            )
    return names
