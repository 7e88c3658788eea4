from __future__ import annotations

import json

from sandbox.signing import compact_json, webhook_verify
from tests.sandbox.stand import SECRET, Application, Heard, Json, Poster, parsed


def of(heard: list[Heard], name: str) -> list[Json]:
    return [body for body in map(parsed, heard) if body["object"] == name]


def wait_for(application: Application, name: str, count: int = 1) -> list[Json]:
    return of(application.wait_until(lambda heard: len(of(heard, name)) >= count), name)


def signed(body: Json, data: str | None) -> str:
    texts = {key: str(body[key]) for key in ("account", "object", "object_id", "action", "time")}
    return webhook_verify(texts | ({"data": data} if data is not None else {}), SECRET)


def test_a_changed_guest_is_told_and_signed(connected: Poster, application: Application) -> None:
    connected.write("clients.updateClient", client_id=318, comment="x")
    [hook] = wait_for(application, "client")
    assert (hook["account"], hook["account_number"]) == ("pechera", "700123")
    assert (hook["object_id"], hook["action"]) == (318, "changed")
    assert "data" not in hook
    assert hook["verify"] == signed(hook, None)


def test_data_is_a_text_and_signed_verbatim(connected: Poster, application: Application) -> None:
    [hook] = wait_for(application, "application")
    assert json.loads(hook["data"])["access_token"] == connected.token
    assert hook["verify"] == signed(hook, hook["data"])


def test_data_may_be_an_object_by_the_switch(connected: Poster, application: Application) -> None:
    connected.faults(webhook_data="object")
    connected.post("/sandbox/api/application", action="disconnect")
    connected.post("/sandbox/api/application", action="connect")
    hook = wait_for(application, "application", 3)[-1]
    assert hook["action"] == "added"
    assert hook["verify"] == signed(hook, compact_json(hook["data"]))


def test_disconnecting_revokes_the_token_and_silences_the_account(
    connected: Poster, application: Application
) -> None:
    connected.post("/sandbox/api/application", action="disconnect")
    assert wait_for(application, "application", 2)[-1]["action"] == "removed"
    assert connected.api("access.getSpots")["error"]["code"] == 11
    connected.post("/sandbox/api/employees", id=3, name="Марта Інша")
    connected.post("/sandbox/api/application", action="connect")
    heard = wait_for(application, "application", 3)
    assert heard[-1]["action"] == "added"
    assert not of(application.heard, "waiter")


def test_orders_and_employees_are_told(connected: Poster, application: Application) -> None:
    connected.post("/sandbox/api/employees", id=3, name="Марта Нова")
    assert wait_for(application, "waiter")[0]["object_id"] == 3
    connected.post("/sandbox/api/orders", order={"id": 1795436402000, "userId": 3})
    [order] = wait_for(application, "transaction")
    assert json.loads(order["data"])["transactions_history"]["type_history"] == "open"


def test_a_refused_hook_is_repeated_and_holds_up_the_rest(
    connected: Poster, application: Application
) -> None:
    wait_for(application, "application")
    application.status = 500
    connected.write("clients.updateClient", client_id=318, comment="x")
    connected.write("clients.updateClient", client_id=319, comment="x")
    heard = wait_for(application, "client", 4)
    assert [hook["object_id"] for hook in heard[:4]] == [318, 318, 318, 319]
    application.wait_until(lambda heard: len(of(heard, "client")) >= 6)
    application.status = 200
    connected.write("clients.updateClient", client_id=320, comment="x")
    wait_for(application, "client", 7)


def test_the_log_shows_attempts(connected: Poster, application: Application) -> None:
    wait_for(application, "application")
    application.status = 503
    connected.write("clients.updateClient", client_id=318, comment="x")
    wait_for(application, "client", 3)
    connected.write("clients.updateClient", client_id=319, comment="x")
    wait_for(application, "client", 4)
    log = connected.get("/sandbox/api/webhooks")["log"]
    assert (log[1]["object_id"], log[1]["state"], log[1]["status"], log[1]["attempts"]) == (
        318,
        "given_up",
        503,
        3,
    )


def test_entities_that_are_not_subscribed_stay_silent(connected: Poster, application: Application) -> None:
    wait_for(application, "application")
    connected.post("/sandbox/api/webhooks/settings", entities=["waiter"])
    connected.write("clients.updateClient", client_id=318, comment="x")
    connected.post("/sandbox/api/employees", id=3, name="Марта Нова")
    wait_for(application, "waiter")
    assert not of(application.heard, "client")


def test_check_is_a_get_that_wants_200(poster: Poster, application: Application) -> None:
    assert poster.post("/sandbox/api/webhooks/check")["ok"] is True
    assert application.heard[-1].method == "GET"
    application.status = 404
    assert poster.post("/sandbox/api/webhooks/check") == {"ok": False, "status": 404}
