"""The sandbox's register page in a real browser: an application meets what a register would give it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Frame, Page

from sandbox import create_sandbox
from sandbox.config import SandboxSettings
from sandbox.serve import listen
from sandbox.upload import keep

BUNDLE = """
(function () {
  window.heard = [];
  window.found = { bare: typeof Poster, property: typeof window.Poster };
  document.getElementById("app-container").innerHTML = "<div style='height:3000px'>tall</div>";
  function start() {
    ["userLogin", "afterPopupClosed", "notificationClick", "orderOpen"].forEach(function (name) {
      Poster.on(name, function (data) { window.heard.push([name, data]); });
    });
    Poster.on("userLogout", function (data, next) { if (!window.stubborn) next(); });
    Poster.interface.showApplicationIconAt({ functions: "Trial" });
  }
  var wait = setInterval(function () {
    if (typeof Poster !== "undefined") { clearInterval(wait); start(); }
  }, 20);
})();
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A sandbox whose first account is connected and runs the small bundle above."""
    settings = SandboxSettings(state=tmp_path / "world.json")
    app = create_sandbox(settings)
    server = listen(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    keep(settings, BUNDLE.encode())
    parts = app.extensions["sandbox"]
    with parts.world.lock:
        parts.world.account("pechera").connected = True
    url = f"http://localhost:{server.port}"
    tell(url, "bundle", use="uploaded")
    yield url
    server.shutdown()
    thread.join()
    server.server_close()
    parts.close()


def tell(address: str, verb: str, **body: Any) -> None:
    url = f"{address.replace('localhost', '127.0.0.1')}/sandbox/api/{verb}"
    requests.post(url, json={"account": "pechera", **body}, timeout=5).raise_for_status()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 460, "height": 640})
    opened.set_default_timeout(10_000)
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    opened.close()
    assert not problems


def open_register(page: Page, address: str) -> Frame:
    """The container's frame, with the bundle running in it."""
    page.goto(f"{address}/register?account=pechera&tablet=1")
    return running(page)


def running(page: Page) -> Frame:
    page.wait_for_function("window.sandbox && window.sandbox.state().appState === 'running'")
    frame = next(frame for frame in page.frames if "/platform/container" in frame.url)
    until(frame, "typeof Poster !== 'undefined'")
    return frame


def until(frame: Frame, expression: str) -> None:
    """A hidden frame is never painted, so waiting by animation frames would wait for good."""
    frame.wait_for_function(expression, polling=50)


def test_poster_is_a_name_in_scope_and_no_property_of_window(page: Page, address: str) -> None:
    frame = open_register(page, address)
    assert frame.evaluate("found") == {"bare": "object", "property": "undefined"}
    assert frame.evaluate("location.hostname") == "127.0.0.1"


def test_poster_may_stand_on_window(page: Page, address: str) -> None:
    tell(address, "faults", poster_global="window")
    assert open_register(page, address).evaluate("found") == {"bare": "object", "property": "object"}


def test_poster_may_appear_after_the_bundle_ran(page: Page, address: str) -> None:
    tell(address, "faults", poster_global=300)
    assert open_register(page, address).evaluate("found") == {"bare": "undefined", "property": "undefined"}


def test_nobody_is_active_before_the_pin(page: Page, address: str) -> None:
    frame = open_register(page, address)
    assert frame.evaluate("Poster.users.getActiveUser()") is False
    page.evaluate("sandbox.login(sandbox.state().employees[0].pin)")
    until(frame, "heard.some(([name, data]) => name === 'userLogin' && data.user.id)")
    user = frame.evaluate("Poster.users.getActiveUser()")
    assert isinstance(user["id"], int)
    assert isinstance(user["posPass"], str)


def test_popup_cuts_what_does_not_fit(page: Page, address: str) -> None:
    frame = open_register(page, address)
    frame.evaluate("Poster.interface.popup({ width: 400, height: 300, title: 'Trial' })")
    assert page.evaluate("sandbox.popupOpen()")
    box = page.locator("[data-test=container]").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (400, 300)
    page.mouse.move(box["x"] + 50, box["y"] + 100)
    assert (
        page.evaluate("getComputedStyle(document.querySelector('[data-test=popup-clip]')).overflow")
        == "hidden"
    )
    assert frame.evaluate("innerWidth - document.documentElement.clientWidth") == 0


def test_application_outlives_its_popup(page: Page, address: str) -> None:
    frame = open_register(page, address)
    frame.evaluate("window.kept = 'yes'; Poster.interface.popup({ width: 300, height: 300 })")
    page.click("[data-test=popup-close]")
    until(frame, "heard.some(([name]) => name === 'afterPopupClosed')")
    assert frame.evaluate("kept") == "yes"
    assert not page.locator("[data-test=popup]").is_visible()


def test_logout_that_is_not_let_through_reloads_the_application(page: Page, address: str) -> None:
    frame = open_register(page, address)
    frame.evaluate("window.stubborn = true")
    page.evaluate("sandbox.login(sandbox.state().employees[0].pin)")
    page.evaluate("sandbox.logout()")
    assert page.evaluate("sandbox.state().user") is None
    assert page.evaluate("sandbox.watchdogs()") == ["userLogout"]
    assert running(page).evaluate("window.stubborn") is None


def test_new_order_takes_the_screen_and_numbers_must_be_numbers(page: Page, address: str) -> None:
    frame = open_register(page, address)
    assert frame.evaluate("Poster.orders.create()") == {"success": False}
    page.evaluate("sandbox.login(sandbox.state().employees[0].pin)")
    made = frame.evaluate("Poster.orders.create()")
    order, guest = made["order"]["id"], first_guest(frame)
    assert page.evaluate("sandbox.state().screen") == "order"
    assert frame.evaluate("([o, c]) => Poster.orders.setOrderClient(String(o), c)", [order, guest]) == {
        "success": False
    }
    assert frame.evaluate("([o, c]) => Poster.orders.setOrderClient(o, c)", [order, guest]) == {
        "success": True
    }
    assert frame.evaluate("Poster.orders.getActive().then((found) => found.order.clientId)") == guest


def first_guest(frame: Frame) -> int:
    found = frame.evaluate("Poster.clients.find({ searchVal: '067' })")
    visible = [client for client in found["foundClients"] if not client["hidden"]]
    return int(visible[0]["id"])


def test_no_active_order_away_from_the_order_screens(page: Page, address: str) -> None:
    frame = open_register(page, address)
    page.evaluate("sandbox.login(sandbox.state().employees[0].pin)")
    assert frame.evaluate("Poster.orders.getActive()") == {}


def test_guest_made_here_is_wrapped_or_raw(page: Page, address: str) -> None:
    frame = open_register(page, address)
    make = "(phone) => Poster.clients.create({client: {client_name: 'A', client_groups_id_client: 1, phone}})"
    assert frame.evaluate(make, "+380509990011")["client"]["id"]
    tell(address, "faults", create_client="raw")
    page.evaluate("sandbox.sync()")
    assert frame.evaluate(make, "+380509990022")["id"]


def test_sockets_are_cut_and_come_back_while_the_page_lives(page: Page, address: str) -> None:
    frame = open_register(page, address)
    with socket.create_server(("127.0.0.1", 0)) as door:
        dial = f"(path) => {{ new WebSocket('ws://127.0.0.1:{door.getsockname()[1]}' + path); }}"
        for path, state in (("/one", "open"), ("/two", "blocked"), ("/three", "open")):
            tell(address, "faults", sockets=state)
            page.evaluate("sandbox.sync()")
            frame.evaluate(dial, path)
        assert [asked_path(door), asked_path(door)] == ["/one", "/three"]


def asked_path(door: socket.socket) -> str:
    caller, _ = door.accept()
    with caller:
        return caller.recv(200).split()[1].decode()


def test_event_payloads_may_be_empty(page: Page, address: str) -> None:
    tell(address, "faults", event_payload="empty")
    frame = open_register(page, address)
    page.evaluate("sandbox.login(sandbox.state().employees[0].pin)")
    until(frame, "heard.some(([name, data]) => name === 'userLogin' && data === undefined)")


def test_old_register_has_no_popup(page: Page, address: str) -> None:
    tell(address, "faults", popup="missing")
    assert open_register(page, address).evaluate("typeof Poster.interface.popup") == "undefined"


def test_notification_can_be_clicked(page: Page, address: str) -> None:
    frame = open_register(page, address)
    made = frame.evaluate(
        "Poster.interface.showNotification({ title: '<b>Ring</b>', message: 'from +380…33' })"
    )
    page.click(f"[data-test=toast-{made['id']}]")
    until(frame, f"heard.some(([name, data]) => name === 'notificationClick' && data.id === {made['id']})")


def sync(page: Page, address: str, verb: str = "faults", **body: Any) -> None:
    tell(address, verb, **body)
    page.evaluate("sandbox.sync()")


ADD = """async ([order, id, modification]) => {
  try {
    const { order: after } = await Poster.orders.addProduct(order, { id, modification });
    return Object.values(after.products).map((line) => [line.id, line.modification ?? null, line.count, line.price]);
  } catch (error) { return error.message; }
}"""
NOT_ADDED = "No such order or product"


def order_of(page: Page, frame: Frame) -> int:
    page.evaluate("sandbox.login(sandbox.state().employees[0].pin)")
    return int(frame.evaluate("Poster.orders.create()")["order"]["id"])


def test_a_variant_is_a_number_and_modifiers_are_a_text(page: Page, address: str) -> None:
    frame = open_register(page, address)
    order, mozzarella = order_of(page, frame), '[{"m":511,"a":1}]'
    assert frame.evaluate(ADD, [order, 601, "6011"]) == NOT_ADDED
    assert frame.evaluate(ADD, [order, 601, None]) == NOT_ADDED
    assert frame.evaluate(ADD, [order, 604, '[{"m":522,"a":1}]']) == NOT_ADDED
    assert frame.evaluate(ADD, [order, 604, "[{"]) == NOT_ADDED
    frame.evaluate(ADD, [order, 601, 6011])
    frame.evaluate(ADD, [order, 601, 6011])
    lines = frame.evaluate(ADD, [order, 604, mozzarella])
    assert lines == [[601, 6011, 2, 185], [604, mozzarella, 1, 304]]
    names = frame.evaluate("Poster.products.getFullName([{id: 601, modification: 6011}, {id: 604}])")
    assert [(one["name"], one["modGroupName"]) for one in names] == [
        ("Маргарита", "30 см"), ("Гуцульська з бринзою і грибами", ""),
    ]  # fmt: skip
    change = (
        "([order, count]) => Poster.orders.changeProductCount(order, { id: 601, modification: 6011, count })"
    )
    frame.evaluate(change, [order, 5])
    after = frame.evaluate(change, [order, 0])["order"]
    assert [line["id"] for line in after["products"].values()] == [604]


def test_what_is_hidden_or_gone_cannot_be_added(page: Page, address: str) -> None:
    frame = open_register(page, address)
    order = order_of(page, frame)
    assert frame.evaluate(ADD, [order, 607, 6071]) == NOT_ADDED
    assert frame.evaluate(ADD, [order, 706, None]) == NOT_ADDED
    told = frame.evaluate("Poster.products.get([607, 706, 401, 999])")
    assert [(one["id"], one["hidden"], one["deleted"]) for one in told] == [
        (607, 1, 0),
        (706, 0, 1),
        (401, 0, 0),
    ]
    sync(page, address, "dish", id=401, hidden=True)
    assert frame.evaluate(ADD, [order, 401, None]) == NOT_ADDED


def test_the_second_dish_may_fail_and_goes_in_when_tried_again(page: Page, address: str) -> None:
    frame = open_register(page, address)
    order = order_of(page, frame)
    sync(page, address, add_product="fail_2")
    assert len(frame.evaluate(ADD, [order, 401, None])) == 1
    assert frame.evaluate(ADD, [order, 402, None]) == "The product was not added"
    assert len(frame.evaluate(ADD, [order, 402, None])) == 2


def test_old_register_cannot_look_up_a_dish(page: Page, address: str) -> None:
    tell(address, "faults", products_get="missing")
    frame = open_register(page, address)
    assert frame.evaluate("[typeof Poster.products.get, typeof Poster.products.getFullName]") == [
        "undefined", "function",
    ]  # fmt: skip


def test_what_is_written_on_an_order_stays_with_it(page: Page, address: str) -> None:
    frame = open_register(page, address)
    order = order_of(page, frame)
    write = "(order) => [Poster.orders.setOrderComment(order, 'by 19:30'), Poster.orders.setPrintText(order, 'x'),"
    write += " Poster.orders.setExtras(order, 'call', 'k3V9'), Poster.orders.setExtras(order, 'call', 5)]"
    told = frame.evaluate(f"(order) => Promise.all(({write})(order))", order)
    assert [one["success"] for one in told] == [True, True, True, False]
    active = frame.evaluate("Poster.orders.getActive()")["order"]
    assert (active["comment"], active["extras"]) == ("by 19:30", {"call": "k3V9"})
    page.evaluate("sandbox.leaveOrder()")
    assert "by 19:30" in page.inner_text(f"[data-test=order-{order}]")


def test_an_online_order_is_accepted_at_the_register(page: Page, address: str) -> None:
    frame = open_register(page, address)
    frame.evaluate("Poster.on('incomingOrderAccepted', (data) => heard.push(['accepted', data]))")
    page.evaluate("sandbox.login(sandbox.state().employees[0].pin)")
    waiting = page.locator("[data-test=incoming-74]")
    assert "вул. Велика Васильківська, 100" in waiting.inner_text()
    assert "Без дзвінка" in waiting.inner_text()
    page.click("[data-test=accept-74]")
    until(frame, "heard.some(([name, data]) => name === 'accepted' && data.order.incomingOrderId === 74)")
    waiting.wait_for(state="detached")
    assert "Доставка" in page.inner_text(".order-card:has-text('Савчук')")
