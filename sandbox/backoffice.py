"""The sandbox's own levers: switches, webhooks, connecting, employees, what was asked of us."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from sandbox import faults, oauth, upload
from sandbox.account import Account
from sandbox.clients import number
from sandbox.parts import BadRequest, account_of, body, origins, sandbox, tablet_of
from sandbox.people import ROLES
from sandbox.pos_shapes import employee_row
from sandbox.rows import Employee
from sandbox.seed import build_one
from sandbox.webhooks import ENTITIES
from sandbox.world import Unknown

door = Blueprint("backoffice", __name__, url_prefix="/sandbox/api")


@door.get("/faults")
def show_faults() -> dict[str, Any]:
    return _faults(account_of(request.args))


def _faults(account: Account) -> dict[str, Any]:
    kinds = faults.kinds()
    return {
        "account": account.name,
        "faults": account.faults(),
        "choices": kinds.choices,
        "defaults": kinds.defaults | {"lang": account.lang},
    }


@door.post("/faults")
def set_faults() -> dict[str, Any]:
    asked = body()
    account = account_of(asked)
    fresh = {
        name: faults.check(name, value) for name, value in asked.items() if name not in ("account", "reset")
    }
    with sandbox().world.lock:
        lang = str(fresh.pop("lang", account.lang if asked.get("reset") else account.fault("lang")))
        if asked.get("reset"):
            account.switches = {"lang": account.fault("lang")}
        account.switches.update(fresh)
        account.speak(lang)
        account.next_rev()
        sandbox().world.dirty()
    return _faults(account)


@door.get("/webhooks")
def show_webhooks() -> dict[str, Any]:
    account, outbox = account_of(request.args), sandbox().outbox
    rows, blocked = outbox.rows(account.name), outbox.blocked(account.name)
    return {"url": outbox.url, "entities": outbox.entities, "all": ENTITIES, "blocked": blocked, "log": rows}


@door.post("/webhooks/settings")
def set_webhooks() -> dict[str, Any]:
    asked, outbox = body(), sandbox().outbox
    url, entities = asked.get("url", outbox.url), asked.get("entities", outbox.entities)
    if not str(url).startswith(("http://", "https://")):
        raise BadRequest("The webhook address begins with http:// or https://.")
    if not isinstance(entities, list) or set(entities) - set(ENTITIES):
        raise BadRequest(f"Entities are {', '.join(ENTITIES)}.")
    outbox.room.update(url=str(url), entities=entities)
    sandbox().world.dirty()
    return {"url": outbox.url, "entities": outbox.entities}


@door.post("/webhooks/check")
def check_webhook() -> dict[str, Any]:
    return sandbox().outbox.check()


@door.post("/webhooks/retry")
def retry_webhook() -> dict[str, Any]:
    sandbox().outbox.retry(account_of(body()).name)
    return {"ok": True}


@door.post("/application")
def application() -> dict[str, Any]:
    """Connects or disconnects the application for the account, as the owner would in Poster."""
    asked, world = body(), sandbox().world
    account, action = account_of(asked), asked.get("action")
    if action not in ("connect", "disconnect"):
        raise BadRequest("action is connect or disconnect.")
    with world.lock:
        account.connected = action == "connect"
        account.next_rev()
        if account.connected:
            oauth.announce(account, world.mint_token(account.name))
        else:
            world.revoke_tokens(account.name)
            account.changed("application", 0, "removed")
    return {"connected": account.connected}


@door.post("/employees")
def keep_employee() -> dict[str, Any]:
    asked = body()
    account = account_of(asked)
    with sandbox().world.lock:
        old = account.employees.get(number(asked.get("id")))
        if asked.get("id") and old is None:
            raise Unknown(f"There is no employee {str(asked['id'])[:20]!r}.")
        employee = old or Employee(max(account.employees) + 1, "", "", "waiter")
        name, pin = str(asked.get("name", employee.name)).strip(), str(asked.get("pin", employee.pin))
        role = str(asked.get("role", employee.role))
        _allowed(account, employee, name, pin, role)
        employee.name, employee.pin, employee.role = name, pin, role
        account.keep_employee(employee, "changed" if old else "added")
    return {"employee": employee_row(account, employee)}


def _allowed(account: Account, employee: Employee, name: str, pin: str, role: str) -> None:
    if not name:
        raise BadRequest("An employee needs a name.")
    if not (pin.isdigit() and len(pin) == 4):
        raise BadRequest("A PIN is four digits.")
    if any(row.pin == pin and row.id != employee.id for row in account.live_employees()):
        raise BadRequest("Somebody has this PIN already.")
    if role not in ROLES:
        raise BadRequest(f"role is one of {', '.join(ROLES)}.")


@door.post("/employees/remove")
def remove_employee() -> dict[str, Any]:
    asked = body()
    account = account_of(asked)
    with sandbox().world.lock:
        employee = account.employees.get(number(asked.get("id")))
        if employee is None or employee.deleted:
            raise Unknown(f"There is no employee {str(asked.get('id'))[:20]!r}.")
        employee.deleted = True
        account.keep_employee(employee, "removed")
    return {"ok": True}


@door.post("/bundle")
def use_bundle() -> dict[str, Any]:
    asked = body()
    account = account_of(asked)
    if asked.get("use") not in ("dev", "uploaded"):
        raise BadRequest("use is dev or uploaded.")
    upload.use(sandbox().settings, account, asked["use"])
    sandbox().world.dirty()
    url = upload.bundle_url(sandbox().settings, account, origins()[1])
    return {"bundle": url, "bundleSource": account.bundle}


@door.post("/watchdog")
def bite() -> dict[str, Any]:
    """A handler didn't call `next` in time: the container was loaded anew."""
    asked = body()
    account = account_of(asked)
    row = {"at": sandbox().world.clock(), "account": account.name, "tablet": tablet_of(account, asked).id}
    sandbox().watchdog.appendleft(row | {"event": str(asked.get("event") or "")[:60]})
    return {"ok": True}


@door.get("/watchdog")
def bites() -> dict[str, Any]:
    name = account_of(request.args).name
    return {"entries": [row for row in list(sandbox().watchdog) if row["account"] == name]}


@door.get("/requests")
def requests() -> dict[str, Any]:
    """What the application asked of the Web API, newest first; never with a token."""
    wanted = request.args.get("account")
    return {"requests": [row for row in list(sandbox().requests) if not wanted or row["account"] == wanted]}


@door.post("/reset")
def reset() -> dict[str, Any]:
    """The account as it was seeded; its connection stays unless `tokens` says otherwise."""
    asked, world = body(), sandbox().world
    with world.lock:
        for name in [account_of(asked).name] if asked.get("account") else list(world.accounts):
            fresh, old = build_one(name, world.clock()), world.accounts[name]
            if asked.get("tokens"):
                world.revoke_tokens(name)
            else:
                fresh.connected, fresh.extras, fresh.bundle = old.connected, old.extras, old.bundle
            world.replace_account(fresh)
    return {"ok": True}
