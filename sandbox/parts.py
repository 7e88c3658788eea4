"""What the doors share: one sandbox, reached through the running Flask application."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app, request

from sandbox.account import Account
from sandbox.clients import number
from sandbox.config import SandboxSettings
from sandbox.phone_company import PhoneCompany
from sandbox.phone_sockets import Sockets
from sandbox.rows import Tablet
from sandbox.store import Store
from sandbox.webhooks import Outbox
from sandbox.world import Unknown, World

REMEMBERED = 200


class BadRequest(ValueError):
    """What the caller of the sandbox's own API did wrong, as a sentence."""


@dataclass
class Sandbox:
    settings: SandboxSettings
    world: World
    store: Store
    outbox: Outbox
    phones: dict[str, PhoneCompany]
    sockets: Sockets
    watchdog: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    requests: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    stopping: threading.Event = field(default_factory=threading.Event)

    def close(self) -> None:
        self.stopping.set()
        self.outbox.close()
        for phone in self.phones.values():
            phone.close()
        self.sockets.close()
        self.store.close()


def sandbox() -> Sandbox:
    return cast(Sandbox, current_app.extensions["sandbox"])


def body() -> dict[str, Any]:
    """The JSON object of the request."""
    data = request.get_json(force=True, silent=True)
    if not isinstance(data, dict):
        raise BadRequest("Send a JSON object.")
    return data


def account_of(arguments: Any) -> Account:
    return sandbox().world.account(str(arguments.get("account") or ""))


def tablet_of(account: Account, arguments: Any) -> Tablet:
    """The register that is named, or the account's first one."""
    if arguments.get("tablet") in (None, ""):
        return next(iter(account.tablets.values()))
    wanted = number(arguments["tablet"])
    if wanted not in account.tablets:
        raise Unknown(f"{account.name} has no register {str(arguments['tablet'])[:20]!r}.")
    return account.tablets[wanted]


def origins() -> tuple[str, str]:
    """(pages, platform): the same port under two names, so that the browser sees two origins."""
    port = request.host.rpartition(":")[2] if ":" in request.host else "80"
    return f"http://localhost:{port}", f"http://127.0.0.1:{port}"
