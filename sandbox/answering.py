"""One call of the Web API: token, misbehaviour, method, envelope."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.account import Account
from sandbox.clients import Rejected
from sandbox.webapi import METHODS
from sandbox.world import World

NO_TOKEN, BAD_TOKEN, EXPIRED, UNKNOWN_METHOD, TARIFF = 10, 11, 12, 30, 700

HANGS = 40.0
"""Seconds: longer than anybody waits."""

MAINTENANCE = (
    "<!doctype html><title>Poster</title><h1>Poster is being updated</h1><p>We will be back soon.</p>"
)


@dataclass(frozen=True)
class Reply:
    status: int
    text: str
    type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def answer(
    world: World,
    method: str,
    verb: str,
    token: str,
    arguments: dict[str, Any],
    sleep: Callable[[float], object] = time.sleep,
) -> Reply:
    """Refusals come with HTTP 200, as Poster's do."""
    known = world.tokens.get(token)
    if known is not None:
        trouble = misbehave(world.account(known.account), sleep)
        if trouble:
            return trouble
    try:
        account = _account(world, token)
        done = _reply({"response": _call(world, account, method, verb, arguments)})
        return _kept_quiet(account, method, sleep) or done
    except Rejected as refusal:
        error = {"code": refusal.code, "message": refusal.message}
        return _reply({"error": error | ({"field": refusal.field} if refusal.field else {})})


def _account(world: World, token: str) -> Account:
    if not token:
        raise Rejected(NO_TOKEN, "Access token is missing")
    account = world.token_account(token)
    if account is None or account.fault("token") == "revoked":
        raise Rejected(BAD_TOKEN, "Bad access token")
    if account.fault("token") == "expired":
        raise Rejected(EXPIRED, "Access token has expired")
    return account


def _call(world: World, account: Account, name: str, verb: str, arguments: dict[str, Any]) -> Any:
    method = METHODS.get(name)
    if method is None or method.verb != verb:
        raise Rejected(UNKNOWN_METHOD, "Unknown method")
    with world.lock:
        return method.answer(world, account, arguments)


def _kept_quiet(account: Account, method: str, sleep: Callable[[float], object]) -> Reply | None:
    """It was done, and nobody hears of it."""
    how = account.fault("online_write")
    if not method.startswith("incomingOrders.create") or how not in ("done_502", "done_hang"):
        return None
    if how == "done_hang":
        sleep(HANGS)
    return Reply(502, "Bad Gateway", "text/plain")


def misbehave(account: Account, sleep: Callable[[float], object] = time.sleep) -> Reply | None:
    """What the account's switches do to every call; None when all is well."""
    if delay := account.milliseconds("api_latency_ms"):
        sleep(delay / 1000)
    match account.fault("api"):
        case "down":
            return Reply(502, "Bad Gateway", "text/plain")
        case "html":
            return Reply(200, MAINTENANCE, "text/html")
        case "700":
            return _reply({"error": {"code": TARIFF, "message": "Tariff restriction"}})
        case "limit429":
            return Reply(429, "Too Many Requests", "text/plain", {"Retry-After": "1"})
    return None


def _reply(value: dict[str, Any]) -> Reply:
    return Reply(200, json.dumps(value, ensure_ascii=False))
