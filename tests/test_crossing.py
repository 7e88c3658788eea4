"""Calls and routes come to another worker as they left; what stands on the wire stays readable for other versions."""

from __future__ import annotations

import json
from types import MappingProxyType

from server.calls import Call
from server.crossing import call_in, call_out, route_in, route_out
from server.routing import Route

CALL = Call(
    id="7X1cpuNByADD", account=3, trunk=8, key="c1", direction="in", caller="+380671112233", did="+380441234567",
    name="Оля", state="answered", line="101", answered_by="101",
    legs=MappingProxyType({"101": "answered", "102": "ended"}), started=1.5, answered=4.25, touched=4.25,
    rang=MappingProxyType({"101": (1.5, 4.25)}), gave_up=MappingProxyType({"102": 3.0}), dial=4, held=True, version=7,
)  # fmt: skip
ROUTE = Route({"101": frozenset({("employee", 5), ("register", 2)})}, 1, frozenset({3}), covering=True)

# As version 1.4.0 says it: workers of that version are there while a later one is put in place.
SAID = (
    '{"id": "7X1cpuNByADD", "account": 3, "trunk": 8, "key": "c1", "direction": "in", "caller": "+380671112233", '
    '"did": "+380441234567", "name": "Оля", "state": "answered", "line": "101", "answered_by": "101", '
    '"legs": {"101": "answered", "102": "ended"}, "started": 1.5, "answered": 4.25, "touched": 4.25, '
    '"rang": {"101": [1.5, 4.25]}, "gave_up": {"102": 3.0}, "dial": 4, "held": true, "version": 7}'
)
ROUTED = (
    '{"owners": {"101": [["employee", 5], ["register", 2]]}, "did_spot": 1, "cover": [3], "covering": true}'
)


def test_a_call_is_said_as_ever() -> None:
    assert json.loads(json.dumps(call_out(CALL))) == json.loads(SAID)
    assert json.loads(json.dumps(route_out(ROUTE))) == json.loads(ROUTED)


def test_a_call_arrives_as_it_left() -> None:
    assert call_in(json.loads(SAID)) == CALL
    assert route_in(json.loads(ROUTED)) == ROUTE


def test_a_withheld_number_is_another_than_one_that_nobody_told() -> None:
    for caller in (None, ""):
        call = Call("a", 1, None, "k", caller=caller)
        assert call_in(json.loads(json.dumps(call_out(call)))) == call


def test_what_a_newer_worker_says_besides_is_passed_over() -> None:
    assert call_in(json.loads(SAID) | {"mood": "good"}) == CALL
    assert route_in(json.loads(ROUTED) | {"mood": "good"}) == ROUTE


def test_what_an_older_worker_does_not_say_is_as_nobody_told_it() -> None:
    told = {name: value for name, value in json.loads(SAID).items() if name != "held"}
    assert call_in(told).held is False
    assert route_in({"owners": {}}) == Route({})
