"""The dashboard, the alerts and the page about them speak of metrics that there are."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask

from server import measures
from server.gauges import Gauges
from server.hub import Hub
from server.parts import Parts
from tests.conftest import Restaurant, add_trunk
from tests.wire import ROOT

BOARD = json.loads((ROOT / "deploy" / "grafana.json").read_text("utf-8"))
PAGE = (ROOT / "docs" / "watching.md").read_text("utf-8")
NAME = re.compile(r"\b(?:dzvinok|process)_[a-z_]+\b")
OF_A_HISTOGRAM = re.compile(r"_(?:bucket|count|sum)$")


@pytest.fixture
def there(parts: Parts, restaurant: Restaurant) -> set[str]:
    """Every metric's name, as an expression writes it."""
    add_trunk(restaurant())
    families = [*measures.REGISTRY.collect(), *Gauges(Hub()).collect()]
    return {f"{one.name}_total" if one.type == "counter" else one.name for one in families}


def named(text: str) -> set[str]:
    return {OF_A_HISTOGRAM.sub("", found) for found in NAME.findall(text)}


def expressions(board: Any) -> list[str]:
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def test_every_expression_of_the_dashboard_names_a_metric_that_there_is(app: Flask, there: set[str]) -> None:
    assert not named(" ".join(expressions(BOARD))) - there


def test_every_metric_of_ours_stands_on_the_dashboard(app: Flask, there: set[str]) -> None:
    ours = {name for name in there if name.startswith("dzvinok_")}
    assert not ours - named(" ".join(expressions(BOARD)))


def test_the_dashboard_is_one_that_grafana_takes(app: Flask) -> None:
    ids = [panel["id"] for panel in BOARD["panels"]]
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in BOARD["panels"]]
    assert len(set(ids)) == len(ids)
    assert len(set(places)) == len(places)
    assert {one["name"] for one in BOARD["templating"]["list"]} == {"datasource", "instance"}
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in BOARD["panels"])


def test_every_alert_of_the_page_names_a_metric_that_there_is(app: Flask, there: set[str]) -> None:
    rules = re.findall(r"expr: (.+)", PAGE)
    assert len(rules) > 5
    assert not named(" ".join(rules)) - there


def test_the_page_explains_every_metric(app: Flask, there: set[str]) -> None:
    told = PAGE.replace("`, `_", "`, `dzvinok_trunk_")
    assert not {name for name in there if name.startswith("dzvinok_") and name not in told}
