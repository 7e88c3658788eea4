"""Poster's Web API, the methods that a telephony app uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.account import Account
from sandbox.webapi import access, application, bookings, dash, guests, incoming, menu
from sandbox.world import World

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Method:
    verb: str
    answer: Callable[[World, Account, Arguments], Any]


def _get(answer: Callable[[World, Account, Arguments], Any]) -> Method:
    return Method("GET", answer)


def _post(answer: Callable[[World, Account, Arguments], Any]) -> Method:
    return Method("POST", answer)


METHODS = {
    "access.getEmployees": _get(access.get_employees),
    "access.getSpots": _get(access.get_spots),
    "access.getTablets": _get(access.get_tablets),
    "spots.getSpots": _get(access.spots_get_spots),
    "application.setEntityExtras": _post(application.set_entity_extras),
    "application.getInfo": _get(application.get_info),
    "settings.getAllSettings": _get(application.get_all_settings),
    "clients.getGroups": _get(guests.get_groups),
    "clients.getClients": _get(guests.get_clients),
    "clients.getClient": _get(guests.get_client),
    "clients.createClient": _post(guests.create_client),
    "clients.updateClient": _post(guests.update_client),
    "clients.removeClient": _post(guests.remove_client),
    "dash.getTransactions": _get(dash.get_transactions),
    "dash.getTransaction": _get(dash.get_transaction),
    "dash.getTransactionProducts": _get(dash.get_transaction_products),
    "menu.getProducts": _get(menu.get_products),
    "menu.getProduct": _get(menu.get_product),
    "incomingOrders.getIncomingOrders": _get(incoming.get_incoming_orders),
    "incomingOrders.getIncomingOrder": _get(incoming.get_incoming_order),
    "incomingOrders.getOwnIncomingOrders": _get(incoming.get_own_incoming_orders),
    "incomingOrders.getOwnIncomingOrder": _get(incoming.get_incoming_order),
    "incomingOrders.createIncomingOrder": _post(incoming.create_incoming_order),
    "incomingOrders.getTablesForReservation": _get(bookings.get_tables),
    "incomingOrders.createReservation": _post(bookings.create),
    "incomingOrders.getReservations": _get(bookings.get_all),
    "incomingOrders.getOwnReservations": _get(bookings.get_own),
}
"""Method -> how it is asked and who answers. An answerer raises `Rejected` for Poster's own refusals."""
