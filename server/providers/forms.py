"""What stands in a request: PHP's bracket form, JSON, JSON inside a field, multipart; always one nested dict.

`callDetails[historyData][0][waitsec]=13` -> `{"callDetails": {"historyData": {"0": {"waitsec": "13"}}}}`.
Lists in bracket form stay dicts with keys "0", "1"…; `rows()` reads both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from server.providers.base import Delivery, Unreadable

MOST_FIELDS = 2000
DEEPEST = 8
_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_BOUNDARY = re.compile(r'boundary="?([^";]{1,70})"?', re.IGNORECASE)
_PART_NAME = re.compile(r'\bname="([^"]*)"', re.IGNORECASE)

Fields = dict[str, Any]


def body(delivery: Delivery) -> Fields:
    """The fields of the body; {} when there is none. Raises `Unreadable`."""
    raw = delivery.body.decode("utf-8-sig", "replace").strip("\0 \t\r\n")
    kind = delivery.headers.get("content-type", "").casefold()
    if not raw:
        return {}
    if kind.startswith("multipart/form-data"):
        return inflate(_parts(raw, delivery.headers["content-type"]))
    if raw[0] in '{["' or "json" in kind:
        return _object(raw)
    return _unwrapped(query(raw))


def query(text: str) -> Fields:
    """The fields of a query string or of a urlencoded body."""
    try:
        return inflate(parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS))
    except ValueError:
        raise Unreadable(
            f"There are more than {MOST_FIELDS} fields in this request; send one event at a time."
        ) from None


def inflate(pairs: Iterable[tuple[str, str]]) -> Fields:
    tree: Fields = {}
    for key, value in pairs:
        match = _KEY.match(key)
        path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])] if match else [key]
        if len(path) <= DEEPEST:
            _put(tree, path, value)
    return tree


def nested(value: Any) -> Fields:
    """A part of the fields that should be an object: it may have come as JSON text. {} when it is neither."""
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        value = _json(value)
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Fields]:
    """A part of the fields that should be a list of objects; PHP's list is a dict by index."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        value = _json(value)
    items = list(value.values()) if isinstance(value, dict) else value
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _put(tree: Fields, path: list[str], value: str) -> None:
    for step in path[:-1]:
        below = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(below, dict):
            return
        tree = below
    tree[path[-1] or str(len(tree))] = value


def _unwrapped(fields: Fields) -> Fields:
    """A form with a single field that holds a JSON object is that object."""
    if len(fields) == 1:
        ((name, value),) = fields.items()
        whole = value or name
        if isinstance(whole, str) and nested(whole):
            return {**fields, **nested(whole)}
    return fields


def _parts(raw: str, content_type: str) -> list[tuple[str, str]]:
    boundary = _BOUNDARY.search(content_type)
    if not boundary:
        raise Unreadable(
            "The body is multipart, but its Content-Type names no boundary; send a plain form or JSON."
        )
    found = []
    for part in ("\n" + raw).split("\n--" + boundary[1])[1:]:
        head, blank, value = part.replace("\r\n", "\n").partition("\n\n")
        name = _PART_NAME.search(head)
        if name and blank:
            found.append((name[1], value.rstrip("\n")))
    return found[:MOST_FIELDS]


def _object(raw: str) -> Fields:
    found = _json(raw)
    if found is None:
        raise Unreadable("The body looks like JSON, but it is broken; send one complete JSON object.")
    if not isinstance(found, dict):
        raise Unreadable(
            "The body is JSON, but not an object; send one event as {…}, not a list or a bare value."
        )
    return found


def _json(raw: str) -> Any:
    """What the JSON says; None when it is broken, or so deep or long that nobody means it."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
