"""incomingOrders.*: tables and their bookings."""

from __future__ import annotations

from typing import Any

from sandbox import incoming
from sandbox.account import Account
from sandbox.clients import EMPTY, NO_SUCH_ID, Rejected, number
from sandbox.rows import Incoming
from sandbox.webapi.incoming import (
    BAD_VALUE,
    FORM,
    SAVE_FAILED,
    TARIFF,
    Arguments,
    arrived,
    date,
    row_of,
    rows,
)
from sandbox.webapi.shapes import moment, zone
from sandbox.world import World

NO_ACCESS, BAD_DATES = 20, 52
SHORTEST = 1800
OTHER_FORM = "%d-%m-%Y %H:%M"
SEATS = (2, 2, 4, 4, 4, 6, 2, 4, 8, 4, 2, 6, 4, 10)
"""How many sit at tables 1, 2, 3…; a second spot has as many again, with other ids."""


def get_tables(world: World, account: Account, arguments: Arguments) -> Any:
    """Of every spot, whichever was asked about."""
    _allowed(account)
    if number(arguments.get("spot_id")) not in account.spots:
        raise Rejected(EMPTY, "Field can not be empty", "spot_id")
    at, seconds = _when(world, account, arguments)
    guests = number(arguments.get("guests_count"))
    return {
        "freeTables": [
            {
                "table_id": str(table_id(spot, table)),
                "table_num": str(table),
                "table_capacity": str(seats),
                "spot_id": str(spot),
                "hall_id": str(spot),
            }
            for spot in account.spots
            for table, seats in enumerate(SEATS, 1)
            if seats >= guests and _free(account, table_id(spot, table), at, seconds)
        ]
    }


def table_id(spot: int, table: int) -> int:
    return (spot - 1) * 100 + table


def create(world: World, account: Account, arguments: Arguments) -> Any:
    _allowed(account)
    row = arrived(world, account, arguments, 2)
    at, row.seconds = _when(world, account, arguments)
    row.table, row.guests = number(arguments.get("table_id")), number(arguments.get("guests_count"), 1)
    if row.table not in {table_id(row.spot, table) for table in range(1, len(SEATS) + 1)}:
        raise Rejected(NO_SUCH_ID if row.table else EMPTY, "Wrong table", "table_id")
    if not _free(account, row.table, at, row.seconds):
        raise Rejected(SAVE_FAILED, "The table is taken", "table_id")
    row.until = _text(account, at)
    return row_of(account, incoming.keep(world, account, row))


def get_all(world: World, account: Account, arguments: Arguments) -> Any:
    _allowed(account)
    return rows(account, arguments, 2)


def get_own(world: World, account: Account, arguments: Arguments) -> Any:
    _allowed(account)
    return rows(account, arguments, 2, own=True)


def _allowed(account: Account) -> None:
    match account.fault("reservations"):
        case "700":
            raise Rejected(TARIFF, "Tariff restriction")
        case "20":
            raise Rejected(NO_ACCESS, "No access to this method")


def _when(world: World, account: Account, arguments: Arguments) -> tuple[float, int]:
    text = str(arguments.get("date_reservation") or "")
    if not text:
        raise Rejected(EMPTY, "Field can not be empty", "date_reservation")
    form = OTHER_FORM if account.fault("reservations") == "dates" else FORM
    at = date(account, text, form, BAD_DATES, "date_reservation")
    if at < world.clock() - 60:
        raise Rejected(BAD_DATES, "Wrong date range", "date_reservation")
    seconds = number(arguments.get("duration"))
    if seconds < SHORTEST:
        raise Rejected(BAD_VALUE if seconds else EMPTY, "Wrong value", "duration")
    return at, seconds


def _text(account: Account, at: float) -> str:
    return moment(int(at * 1000), zone(account))


def _free(account: Account, table: int, at: float, seconds: int) -> bool:
    def taken(row: Incoming) -> bool:
        begins = date(account, row.until, FORM, BAD_DATES, "")
        return row.table == table and begins < at + seconds and at < begins + row.seconds

    return not any(taken(row) for row in account.incoming.values() if row.kind == 2 and row.status != 7)
