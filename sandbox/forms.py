"""PHP's bracket notation: `a[b][0]=1` <-> `{"a": {"b": {"0": "1"}}}`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")


def inflate(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Nested dictionaries; those whose keys are 0, 1, 2… become lists."""
    tree: dict[str, Any] = {}
    for key, value in pairs:
        match = KEY.match(key)
        if not match:
            tree[key] = value
            continue
        _put(tree, [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])], value)
    return {key: _lists(value) for key, value in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        below = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(below, dict):
            return
        tree = below
    tree[path[-1] or str(len(tree))] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    items = {key: _lists(item) for key, item in value.items()}
    if list(items) == [str(index) for index in range(len(items))]:
        return list(items.values())
    return items


def deflate(value: Any) -> str:
    """The urlencoded body that PHP's http_build_query would give; None and empty lists leave nothing."""
    return urlencode(list(_flat(value, "")))


def _flat(value: Any, prefix: str) -> Iterable[tuple[str, str]]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from _flat(item, f"{prefix}[{key}]" if prefix else str(key))
    elif value is not None:
        yield prefix, str(value)
