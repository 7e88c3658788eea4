"""incomingOrders.*"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.account import Account
from sandbox.clients import number
from sandbox.rows import Incoming
from sandbox.webapi.shapes import moment, zone
from sandbox.world import World


def get_incoming_orders(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    rows = [_row(account, row) for row in account.incoming.values()]
    if arguments.get("status") not in (None, ""):
        rows = [row for row in rows if row["status"] == number(arguments["status"])]
    since, until = str(arguments.get("date_from") or ""), str(arguments.get("date_to") or "9999")
    return [row for row in rows if since <= row["created_at"] <= until]


def _row(account: Account, row: Incoming) -> dict[str, Any]:
    client = account.clients.get(row.client)
    when = moment(row.created, zone(account))
    return {
        "incoming_order_id": row.id,
        "type": 1,
        "spot_id": row.spot,
        "status": row.status,
        "client_id": row.client or None,
        "client_address_id": 0,
        "table_id": None,
        "comment": row.comment or None,
        "created_at": when,
        "updated_at": when,
        "transaction_id": row.transaction and str(row.transaction),
        "service_mode": 3 if row.address else 1,
        "first_name": client.firstname if client else None,
        "last_name": client.lastname if client else None,
        "phone": row.phone,
        "email": None,
        "address": row.address,
        "products": [
            {
                "io_product_id": row.id * 10 + index,
                "product_id": line.product,
                "modificator_id": line.variant or None,
                "incoming_order_id": row.id,
                "count": f"{line.count:g}",
                "created_at": when,
            }
            for index, line in enumerate(row.lines)
        ],
    }
