"""From the card to an order."""

from __future__ import annotations

from tests.browser.scenes.table import answered, cast, item, known, nobody, person, rings, scene
from tests.browser.showing import NOW, Json, Showing, golden

LOAD = {"open": 7, "minutes": 45}
OTHER = {"id": 1795436400000, "clientId": 0, "comment": "", "total": 182, "extras": {}, "products": []}


def _talks(register: Showing, **guest: object) -> None:
    """With the card open: over an order it is opened by its notification."""
    register.start(load=LOAD)
    answered(register)
    known(register, person(cast(register), **guest))
    order = register.script["order"]
    if order and (order["clientId"] or order["products"]):
        register.fires("notificationClick", {"id": 1})
        register.passes(0.1)


@scene
def order_is_open(register: Showing) -> None:
    """The cashier has another order on the screen and looks at the card."""
    register.script["order"] = OTHER
    _talks(register)


@scene
def order_opens(register: Showing) -> None:
    register.poster("orders.create", "hang")
    _talks(register)
    register.tap("newOrder")


@scene
def order_failed(register: Showing) -> None:
    register.poster("orders.create", {"success": False})
    _talks(register)
    register.tap("newOrder")


@scene
def guest_not_attached(register: Showing) -> None:
    """The register does not know the guest, and never came to."""
    register.poster("orders.setOrderClient", {"success": False})
    _talks(register)
    register.tap("newOrder")
    register.passes(30)


@scene
def another_guest_in_order(register: Showing) -> None:
    register.script["order"] = OTHER | {"clientId": 77}
    _talks(register)
    register.tap("addToOrder")


@scene
def unfinished_order(register: Showing) -> None:
    """A new order was opened while another lay on the screen."""
    register.script["order"] = OTHER | {"products": [{"id": 12, "count": 1}]}
    _talks(register)
    register.tap("newOrder")
    register.passes(1)
    rings(register, id="second01", **{"from": "+380502223344"}, shown="050 222 3344")
    guest = golden("guest_complete")["guest"] | {"version": 9, "number": "+380502223344", "at": NOW - 40}
    register.says(
        {"type": "guest", "call": "second01", "guest": guest | {"guests": [person(cast(register))]}}
    )
    register.fires("notificationClick", {"id": 1})
    register.passes(0.1)


@scene
def promise_said(register: Showing) -> None:
    _talks(register)
    register.taps(register.app.locator(".promise .chip").nth(1))


@scene
def open_order_elsewhere(register: Showing) -> None:
    """Poster can't be told to show an order: its place is said."""
    going = {"kind": "order", "id": 50031, "order": 1795435000000, "at": NOW - 1500, "sum": "455.00",
             "address": f"{cast(register).street} 5/7", "spot": 1, "status": "open"}  # fmt: skip
    _talks(register, open=[going])
    register.tap("addToIt")


@scene
def guest_not_saved(register: Showing) -> None:
    register.poster("clients.create", "fail")
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


def _product(actors_dish: str, number: int, price: str | None, **change: object) -> Json:
    plain = {"id": number, "name": actors_dish, "price": price, "hidden": False, "deleted": False}
    return plain | {"variants": [], "modifiers": False} | change


def _menu(register: Showing) -> None:
    """Prices went up; the salad is hidden, kvass is there."""
    names = cast(register).dishes
    size = {"id": 3, "name": cast(register).size, "price": "189.00"}
    own = [
        {"id": 12, "price": 0, "hidden": 0},
        {"id": 13, "price": 168, "hidden": 1},
        {"id": 14, "price": 55, "hidden": 0},
    ]
    register.script["products"] = {str(one["id"]): one for one in own}
    told = [_product(names[0], 12, None, variants=[size]), _product(names[1], 13, "168.00", hidden=True),
            _product(names[2], 14, "55.00")]  # fmt: skip
    register.script["door"]["menu"] = {"ok": True, "products": told}


@scene
def repeat_preview(register: Showing) -> None:
    """What still exists, what it costs now, what is missing."""
    _menu(register)
    _talks(register)
    register.tap("repeat")
    register.passes(0.5)


@scene
def repeat_of_a_gone_size(register: Showing) -> None:
    _menu(register)
    register.script["door"]["menu"]["products"][0]["variants"] = [
        {"id": 9, "name": "50 cm", "price": "260.00"}
    ]
    _talks(register)
    register.tap("repeat")
    register.passes(0.5)


@scene
def repeat_unchecked(register: Showing) -> None:
    """Neither the register nor the server can say what the menu has today."""
    register.poster("products.get", "fail")
    _talks(register)
    register.tap("repeat")
    register.passes(0.5)


@scene
def repeat_half_failed(register: Showing) -> None:
    """The second dish was not taken: said, and can be continued."""
    _menu(register)
    register.script |= {"unsold": [14]}
    _talks(register)
    register.tap("repeat")
    register.passes(0.5)
    register.tap("newOrder")
    register.passes(1)


@scene
def older_orders(register: Showing) -> None:
    _talks(register)
    register.tap("allOrders")
    register.taps(register.app.locator("main button.row").nth(1))


@scene
def older_orders_long_dish(register: Showing) -> None:
    actors = cast(register)
    dish = item(actors, 0) | {"name": actors.long, "modification": actors.long}
    history = person(actors)["orders"]
    _talks(register, orders=[history[0] | {"items": [dish]}, *history[1:]])
    register.tap("allOrders")


@scene
def same_person(register: Showing) -> None:
    """The name that is typed is known under another number."""
    actors = cast(register)
    found = [{"id": 318, "name": actors.guest, "address": f"{actors.street} 5/7", "why": "both"}]
    register.script["door"]["same"] = {"ok": True, "guests": found}
    register.start()
    answered(register)
    nobody(register)
    register.fills("name", actors.guest)
    register.passes(2)
