"""What a register may say once it is signed: every verb, with every field missing, strange or of another's."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.registers import VERBS
from server.web.registers_sheets import SHEETS
from tests.fuzz import mutants
from tests.fuzz.effort import tries
from tests.fuzz.house import House, open_house

Json = dict[str, Any]
ANSWERS = {200, 400, 403, 404, 413}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house")) as one:
        yield one


def right(house: House) -> Json:
    """Every field of every verb, as a register would fill it."""
    return {
        "number": "0671112233", "name": "Olena", "group": 4, "phone": "0671112233", "address": "Sadova 5",
        "comment": "soon", "line": "101", "call": house.calls[0], "guest": 318, "kind": "note", "text": "peanuts",
        "flag": 1, "place": {"street": "Sadova", "house": "5", "flat": "7"}, "products": [1, 12],
        "order": 1700000000001,
        "minutes": 45, "sum": "345.00", "lines": [{"product": 12, "modification_id": 3, "count": "2"}],
        "at": 1795438800, "guests": 2, "table": 85, "id": 1, "outcome": "order", "on": True, "words": "",
        "press": "", "values": {"text": "peanuts", "kind": "vip", "at": "19:30", "day": "2026-11-24"},
    }  # fmt: skip


@st.composite
def bodies(draw: st.DrawFn, whole: Json) -> Json:
    """A few of the fields as they should be, a few strange, some gone."""
    body: Json = {"protocol": 1, "employee": 5, "lang": "ua", "bundle": "test", **whole}
    for name in draw(st.lists(st.sampled_from(sorted(body)), max_size=5)):
        if draw(st.integers(0, 2)) == 0:
            body.pop(name, None)
        else:
            body[name] = draw(st.one_of(mutants.values, mutants.leaves, mutants.changed(body.get(name))))
    if draw(st.booleans()):
        body["press"] = draw(presses)
    return body


presses = st.one_of(
    st.sampled_from(["save", "typed", "add", "retry", "one:1", "claim:1", "done:1", "release:1", "call:1", "open:1"]),
    st.builds(lambda word, rest: f"{word}:{rest}", st.sampled_from(["remove", "take", "part", "table", "kind", "guests"]), mutants.texts),  # noqa: E501
    mutants.texts,
)  # fmt: skip


@pytest.mark.parametrize("verb", sorted(VERBS))
@tries(10)
@given(data=st.data())
def test_whatever_a_register_says_is_answered(house: House, verb: str, data: st.DataObject) -> None:
    body = data.draw(bodies(right(house)))
    if verb == "sheet" and data.draw(st.integers(0, 5)):
        body["name"] = data.draw(st.sampled_from(sorted(SHEETS)))
    answer = house.ask(verb, sealed(body))
    assert answer.status_code in ANSWERS
    told = json.loads(answer.data)
    assert isinstance(told.get("ok"), bool) or answer.status_code == 413
    assert told.get("ok") or isinstance(told["error"], str)


def sealed(body: Json, **more: Any) -> str:
    inner = json.dumps({"nonce": secrets.token_urlsafe(16), **body, **more})
    packed = base64.urlsafe_b64encode(inner.encode()).decode().rstrip("=")
    return json.dumps({"p": packed})


envelopes = st.one_of(
    st.binary(max_size=200),
    mutants.values.map(json.dumps).map(str.encode),
    st.one_of(mutants.deep, mutants.values.map(json.dumps)).map(
        lambda text: json.dumps({"p": base64.urlsafe_b64encode(text.encode()).decode()}).encode()
    ),
    mutants.texts.map(lambda text: json.dumps({"p": text}).encode()),
    mutants.deep.map(str.encode),
    mutants.texts.map(lambda text: f"p={text}".encode("utf-8", "surrogatepass")),
)


@tries(60)
@given(body=envelopes, kind=st.sampled_from(mutants.KINDS), signed=st.booleans())
def test_whatever_is_no_envelope_is_refused(house: House, body: bytes, kind: str, signed: bool) -> None:
    """Signed by Poster or not: nothing is in it that could be done."""
    desk = house.desk()
    headers = desk.headers(f"{desk.base}/hello", body.decode("latin-1") if not signed else "")
    if signed:
        headers["X-Poster-Signature"] = house.signed(
            f"{desk.base}/hello", body, int(headers["X-Poster-Time"])
        )
    answer = house.client.post("/pos/pechera/hello", data=body, headers=headers | {"Content-Type": kind})
    assert answer.status_code in {400, 403, 413}
    assert isinstance(json.loads(answer.data)["error"], str)
