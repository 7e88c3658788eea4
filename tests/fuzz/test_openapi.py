"""docs/openapi.yaml is complete, and the server does as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.providers import PROVIDERS
from server.web.manage_rooms import FORMS, ROOMS
from server.web.manage_unlock import LOCK, UNLOCK
from server.web.registers import VERBS
from tests.fuzz import described
from tests.fuzz.effort import tries
from tests.fuzz.real import Real, open_real

IMPLIED = {"HEAD", "OPTIONS"}
PATIENCE = 10.0  # seconds; more is a hang


def test_every_route_is_described_and_every_description_is_a_route(app: Flask) -> None:
    ours = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - (IMPLIED if rule.endpoint != "bundle.preflight" else {"HEAD"})
    }
    wires = app.url_map.bind("phone.example.com")
    told = set()
    for method, path in described.operations():
        url = re.sub(r"\{(\w+)\}", r"\1", path)
        rule, _ = wires.match(url, method, return_rule=True, websocket=path.endswith("/socket"))
        told.add((method, rule.rule))
    assert told == ours


def test_every_verb_form_and_page_is_described() -> None:
    told = set(described.operations())
    assert {path for _, path in told if path.startswith("/pos/")} == {
        f"/pos/{{account}}/{verb}" for verb in {*VERBS, "socket"}
    }
    forms = {path.removeprefix("/manage/") for method, path in told if method == "POST" and "manage" in path}
    assert forms == {*FORMS, UNLOCK, LOCK, "confirm"}
    pages = {path.removeprefix("/manage/") for method, path in told if method == "GET" and "manage" in path}
    assert {*ROOMS} <= pages
    enums = described.paper()["paths"]["/manage/{room}/events"]["get"]["parameters"][0]["schema"]["enum"]
    assert enums == [room.name for room in ROOMS.values() if room.events]
    for path in ("/guides/{provider}", "/hooks/{provider}/{token}"):
        item = described.paper()["paths"][path]
        names = (item.get("parameters") or item["get"]["parameters"])[0]["schema"]["enum"]
        assert names == list(PROVIDERS)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    with open_real(tmp_path_factory.mktemp("real")) as one:
        yield one


@pytest.mark.parametrize(("method", "path"), described.operations(), ids=lambda one: str(one))
@tries(2)
@given(data=st.data())
def test_the_server_does_as_it_says(real: Real, method: str, path: str, data: st.DataObject) -> None:
    """Right and wrong data, with the right credentials, with none and with broken ones: as described, and soon."""
    operation = described.found()[method, path]
    mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
    case = data.draw(operation.as_strategy(generation_mode=mode))
    who = data.draw(st.sampled_from(["right", "right", "none", "broken"]))
    answer = real.send(case, who, PATIENCE)
    case.validate_response(
        answer, checks=[status_code_conformance, content_type_conformance, response_schema_conformance]
    )
    if who != "right" and real.needs_credentials(method, path):
        assert answer.status_code in {400, 401, 403, 404, 405, 413}


def test_it_is_still_there(real: Real) -> None:
    """After all that: alive, nothing broke, and nobody has been let in."""
    assert requests.get(f"{real.server.url}/healthz", timeout=PATIENCE).json()["ok"] is True
    assert "Traceback" not in real.server.log.read_text("utf-8", "replace")
