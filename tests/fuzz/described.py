"""docs/openapi.yaml as the fuzz reads it: what stands in a register's envelope is a body like any other."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import schemathesis
import yaml

Json = dict[str, Any]
PAPER = Path(__file__).parents[2] / "docs" / "openapi.yaml"
VERBS = ("get", "post", "put", "delete", "patch", "options")


@cache
def paper() -> Json:
    read: Json = yaml.safe_load(PAPER.read_text("utf-8"))
    return read


def operations() -> list[tuple[str, str]]:
    """Every method and path of it."""
    return [
        (method.upper(), path)
        for path, item in paper()["paths"].items()
        for method in item
        if method in VERBS
    ]


@cache
def schema() -> Any:
    """With the envelopes opened, and without the headers that only Poster's signature may say."""
    opened = yaml.safe_load(PAPER.read_text("utf-8"))
    for path, item in opened["paths"].items():
        if path.startswith("/pos/") and "post" in item:
            content = item["post"]["requestBody"]["content"]["application/json"]
            content["schema"] = content["schema"]["properties"]["p"]["contentSchema"]
            item["post"]["parameters"] = [
                one for one in item["post"]["parameters"] if one["$ref"].endswith("/account")
            ]
    return schemathesis.openapi.from_dict(opened)


@cache
def found() -> dict[tuple[str, str], Any]:
    """The same as schemathesis sees them."""
    told = (one.ok() for one in schema().get_all_operations())
    return {(one.method.upper(), one.path): one for one in told}
