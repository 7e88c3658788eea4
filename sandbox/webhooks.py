"""Poster's webhooks: signed, in order, repeated until accepted. One that isn't holds up the rest."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

import requests

from sandbox.account import Change
from sandbox.config import SandboxSettings
from sandbox.signing import compact_json, webhook_verify
from sandbox.world import World

ENTITIES = (
    "application",
    "client",
    "clients_group",
    "dish",
    "incoming_order",
    "product",
    "register",
    "spot",
    "transaction",
    "waiter",
)
REMEMBERED = 100
PATIENCE = 10.0
"""Seconds for one answer."""


@dataclass
class Hook:
    id: int
    at: float
    account: str
    object: str
    object_id: int
    action: str
    body: str
    next: float | None
    attempts: int = 0
    status: int | None = None
    reply: str = ""
    state: str = "waiting"


class Outbox:
    """`room` is a dictionary that outlives the process: url and entities."""

    def __init__(self, world: World, settings: SandboxSettings, room: dict[str, Any]) -> None:
        self.world, self.settings, self.room = world, settings, room
        self.log: deque[Hook] = deque(maxlen=REMEMBERED)
        self._queues: dict[str, deque[Hook]] = {name: deque() for name in world.accounts}
        self._wake = threading.Condition()
        self._closed = False
        self._count = 0
        world.listeners.append(self.take)
        self._thread = threading.Thread(target=self._run, name="sandbox-webhooks", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return str(self.room.get("url") or self.settings.webhook_url)

    @property
    def entities(self) -> list[str]:
        return list(self.room.get("entities") or ENTITIES)

    def take(self, change: Change) -> None:
        """Only connected accounts' news go out, and the news of (dis)connecting itself."""
        connected = self.world.account(change.account).connected or change.object == "application"
        if not connected or change.object not in self.entities:
            return
        with self._wake:
            self._count += 1
            hook = self._hook(change)
            self._queues[change.account].append(hook)
            self.log.appendleft(hook)
            self._wake.notify()

    def _hook(self, change: Change) -> Hook:
        now = self.world.clock()
        object_id = int(self.settings.application_id) if change.object == "application" else change.object_id
        body = signed_body(self.world, self.settings.application_secret, change, object_id, int(now))
        text = json.dumps(body, ensure_ascii=False)
        return Hook(self._count, now, change.account, change.object, object_id, change.action, text, next=now)

    def blocked(self, account: str) -> bool:
        queue = self._queues[account]
        return bool(queue) and queue[0].state == "retrying"

    def retry(self, account: str) -> None:
        with self._wake:
            for hook in list(self._queues[account])[:1]:
                hook.next = self.world.clock()
            self._wake.notify()

    def rows(self, account: str) -> list[dict[str, Any]]:
        with self._wake:
            return [asdict(hook) for hook in self.log if hook.account == account]

    def check(self) -> dict[str, Any]:
        """The button of the developer account: green when the address answers 200."""
        try:
            status = requests.get(self.url, timeout=PATIENCE, allow_redirects=False).status_code
        except requests.RequestException as error:
            return {"ok": False, "status": None, "error": type(error).__name__}
        return {"ok": status == 200, "status": status}

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join(PATIENCE + 1)

    def _run(self) -> None:
        while (hook := self._due()) is not None:
            status, reply = self._post(hook)
            with self._wake:
                self._settle(hook, status, reply)

    def _due(self) -> Hook | None:
        """Waits for a hook whose time has come; None when closing."""
        with self._wake:
            while not self._closed:
                now = self.world.clock()
                heads = [queue[0] for queue in self._queues.values() if queue]
                ready = [head for head in heads if (head.next or 0) <= now]
                if ready:
                    return min(ready, key=lambda head: head.next or 0)
                self._wake.wait(min([(head.next or now) - now for head in heads], default=None))
            return None

    def _post(self, hook: Hook) -> tuple[int | None, str]:
        headers = {"Content-Type": "application/json"}
        try:
            answer = requests.post(
                self.url, data=hook.body.encode(), headers=headers, timeout=PATIENCE, allow_redirects=False
            )
        except requests.RequestException as error:
            return None, type(error).__name__
        return answer.status_code, answer.text[:500]

    def _settle(self, hook: Hook, status: int | None, reply: str) -> None:
        hook.attempts, hook.status, hook.reply, hook.next = hook.attempts + 1, status, reply, None
        if status == 200:
            hook.state = "sent"
        elif hook.attempts <= len(self.settings.webhook_retries):
            hook.state = "retrying"
            hook.next = self.world.clock() + self.settings.webhook_retries[hook.attempts - 1]
            return
        else:
            hook.state = "given_up"
        self._queues[hook.account].popleft()


def signed_body(world: World, secret: str, change: Change, object_id: int, now: int) -> dict[str, Any]:
    account = world.account(change.account)
    body: dict[str, Any] = {
        "account": account.name,
        "account_number": account.number,
        "object": change.object,
        "object_id": object_id,
        "action": change.action,
        "time": str(now),
    }
    signed = {key: str(value) for key, value in body.items()}
    if change.data is not None:
        signed["data"] = compact_json(change.data)
        body["data"] = change.data if account.fault("webhook_data") == "object" else signed["data"]
    return body | {"verify": webhook_verify(signed, secret)}
