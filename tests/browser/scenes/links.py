"""What becomes of the connection."""

from __future__ import annotations

from tests.browser.scenes.table import known, rings, scene
from tests.browser.showing import Showing


def _menu(register: Showing) -> None:
    register.fires("applicationIconClicked", {"place": "functions"})


@scene
def offline(register: Showing) -> None:
    register.script |= {"socket": False}
    register.script["door"]["hello"] = "hang"
    register.start()
    register.passes(20)
    _menu(register)


@scene
def polling(register: Showing) -> None:
    """No socket can be had here: questions every few seconds."""
    register.script |= {"socket": False}
    register.start()
    register.passes(20)
    _menu(register)


@scene
def server_gone(register: Showing) -> None:
    """In the middle of a call."""
    register.start()
    rings(register)
    known(register)
    register.answers(hello="hang")
    register.drops(1006)
    register.passes(20)


@scene
def not_connected(register: Showing) -> None:
    register.start()
    register.answers(hello={"ok": False, "error": "not_connected"})
    register.drops(4403)
    register.passes(20)
    _menu(register)


@scene
def old_protocol(register: Showing) -> None:
    register.start()
    register.answers(hello={"ok": False, "error": "protocol"})
    register.drops(4426)
    register.passes(20)
    _menu(register)


@scene
def refused_register(register: Showing) -> None:
    register.script |= {"socket": False}
    register.script["door"]["hello"] = {"ok": False, "error": "signature"}
    register.start()
    register.passes(20)
    _menu(register)


@scene
def nobody_logged_in(register: Showing) -> None:
    register.script["answers"]["users.getActiveUser"] = False
    register.start(employee=None)
    _menu(register)
