"""From the card to an order."""

from __future__ import annotations

from tests.browser.scenes.table import answered, cast, known, nobody, scene
from tests.browser.showing import Showing


@scene
def order_is_open(register: Showing) -> None:
    """The cashier has another order on the screen and looks at the card."""
    order = {"order": {"id": 1795436500000, "clientId": 0, "products": []}}
    register.script["answers"]["orders.getActive"] = order
    register.start()
    answered(register)
    known(register)


@scene
def order_opens(register: Showing) -> None:
    register.script["answers"]["orders.create"] = "hang"
    register.start()
    answered(register)
    known(register)
    register.tap("newOrder")


@scene
def order_failed(register: Showing) -> None:
    register.script["answers"]["orders.create"] = {"success": False}
    register.start()
    answered(register)
    known(register)
    register.tap("newOrder")


@scene
def guest_not_saved(register: Showing) -> None:
    register.script["answers"]["clients.create"] = "fail"
    register.script["door"]["create"] = {"ok": False, "error": "refused"}
    register.start()
    answered(register)
    nobody(register)
    register.fills("name", cast(register).others[0])
    register.tap("createOnly")


@scene
def name_is_missing(register: Showing) -> None:
    register.start()
    answered(register)
    nobody(register)
    register.tap("createOnly")
