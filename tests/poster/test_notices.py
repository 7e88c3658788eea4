"""Poster's webhooks: which are Poster's, what each changes, and that the answer is always 200."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.db import reading, transaction
from server.models import Account, Hook, Tally, Todo
from server.parts import Parts
from server.poster.webhooks import HookRefused, read
from tests.poster.company import NAME, NUMBER, Company
from tests.poster.test_connecting import eventually

SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def hook(entity: str, identity: Any = 318, action: str = "changed", **more: Any) -> bytes:
    body = {"account": NAME, "account_number": NUMBER, "object": entity, "object_id": identity, "action": action,
            "time": str(int(time.time())), **more}  # fmt: skip
    parts = [str(body[name]) for name in ("account", "object", "object_id", "action")]
    data = body.get("data")
    if data is not None:
        parts.append(data if isinstance(data, str) else json.dumps(data, separators=(",", ":")))
    body["verify"] = hashlib.md5(";".join([*parts, body["time"], SECRET]).encode()).hexdigest()
    return json.dumps(body).encode()


def test_the_contracts_vectors_are_accepted() -> None:
    plain = {"account": "cafe-demo", "object": "client", "object_id": 318, "action": "changed",
             "time": "1735689600", "verify": "9ca8ace649d7440db29934a07d5a4b45"}  # fmt: skip
    assert read(json.dumps(plain).encode(), SECRET).id == 318
    data = {**plain, "account_number": "700123", "object": "incoming_order", "object_id": 77,
            "data": '{"type":1}', "verify": "e625321658a58feae0ae8b85548944f4"}  # fmt: skip
    notice = read(json.dumps(data).encode(), SECRET)
    assert (notice.entity, notice.data, notice.content()) == ("incoming_order", '{"type":1}', {"type": 1})


def test_data_that_is_null_is_not_in_the_signature() -> None:
    assert read(hook("client", data=None), SECRET).data == ""


def test_data_is_hashed_as_it_came_even_where_its_json_is_untidy() -> None:
    assert read(hook("client", data='{ "a" : "\\u0456\\/" }'), SECRET).content() == {"a": "і/"}


def test_data_that_came_as_an_object_is_accepted_in_the_spelling_that_was_signed() -> None:
    assert read(hook("client", data={"type": 1}), SECRET).content() == {"type": 1}


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "empty"),
        (b"  ", "empty"),
        (b"{", "unreadable"),
        (b"[]", "unreadable"),
        (b"{}", "unreadable"),
        (b"\xff", "unreadable"),
        (hook("client").replace(b'"changed"', b'"removed"'), "signature"),
        (hook("client").replace(b'"verify"', b'"check"'), "signature"),
    ],
)
def test_what_is_not_posters_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(HookRefused, match=why):
        read(raw, SECRET)


def test_one_notice_has_one_digest_and_another_has_another() -> None:
    fixed = {"time": "1735689600"}
    assert read(hook("client", **fixed), SECRET).digest == read(hook("client", **fixed), SECRET).digest
    assert read(hook("client", 319, **fixed), SECRET).digest != read(hook("client", **fixed), SECRET).digest


@pytest.fixture
def web(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"x" * 300_000, hook("client"), hook("nobody", 1)])
def test_the_answer_is_200_whatever_comes(web: FlaskClient, body: bytes) -> None:
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        answer = web.post("/poster/webhook", data=body, content_type=kind)
        assert (answer.status_code, answer.json) == (200, {"status": "accept"})


def test_the_check_of_the_developer_account_is_200(web: FlaskClient) -> None:
    assert web.get("/poster/webhook").status_code == 200
    assert web.head("/poster/webhook").status_code == 200


def test_what_is_refused_is_counted_and_logged_by_its_reason_alone(
    web: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        web.post("/poster/webhook", data=hook("client").replace(b'"changed"', b'"hostile"'))
    with reading():
        assert Tally.get_by_id("poster webhook: signature").count == 2
    assert "hostile" not in caplog.text


def test_the_same_notice_counts_once(parts: Parts, account: Account, company: Company) -> None:
    raw = hook("waiter", 5)
    assert [parts.noticing.take(raw) for _ in range(3)] == ["taken", "repeated", "repeated"]
    with reading():
        assert Hook.select().count() == 1
    eventually(lambda: company.count("access.getEmployees") == 1)


def to_do() -> set[tuple[str, int, int]]:
    with reading():
        return {(row.kind, row.thing, row.times) for row in Todo.select()}


@pytest.mark.parametrize(
    ("entity", "kind", "thing"),
    [
        ("client", "client", 402),
        ("client_payed_sum", "client", 402),
        ("client_ewallet", "client", 402),
        ("transaction", "order", 402),
        ("incoming_order", "online", 0),
        ("clients_group", "pass", 0),
    ],
)
def test_what_changed_is_written_down_and_nobody_is_asked_meanwhile(
    parts: Parts, account: Account, company: Company, entity: str, kind: str, thing: int
) -> None:
    assert parts.noticing.take(hook(entity, 402)) == "taken"
    assert to_do() == {(kind, thing, 1)}
    assert company.asked == []


def test_a_bill_that_is_typed_is_one_thing_to_do(parts: Parts, account: Account) -> None:
    for moment in range(3):
        history = {"type_history": "additem", "time": moment, "value": 1}
        parts.noticing.take(hook("transaction", 7, data=json.dumps({"transactions_history": history})))
    assert to_do() == {("order", 7, 3)}


def test_a_changed_dish_has_the_menu_read_again(parts: Parts, account: Account, company: Company) -> None:
    parts.noticing.take(hook("dish", 12))
    eventually(lambda: company.count("menu.getProducts") == 1)


def test_hooks_of_an_account_that_is_not_connected_do_nothing(parts: Parts, account: Account) -> None:
    with transaction():
        Account.update(state="parked").execute()
    assert parts.noticing.take(hook("client")) == "unknown account"
    assert to_do() == set()
