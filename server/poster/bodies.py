"""The spellings of one body: what came, and what its signer may have hashed instead."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qsl


def parse(body: bytes, content_type: str = "") -> Any:
    """The value in a body: JSON whatever the header says, else form fields as texts, else None."""
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return form(body, content_type) or None


def form(body: bytes, content_type: str) -> dict[str, str]:
    if content_type.lower().startswith("multipart/form-data"):
        return _parts(body, content_type)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return {}
    return dict(parse_qsl(text, keep_blank_values=True)) if "=" in text else {}


def _parts(body: bytes, content_type: str) -> dict[str, str]:
    head = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    message = message_from_bytes(head + body, policy=policy.HTTP)
    fields = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            fields[name] = content.decode("utf-8", "replace")
    return fields


def compact(value: Any) -> bytes:
    """What JavaScript's JSON.stringify gives."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def php(value: Any) -> bytes:
    """What PHP's json_encode gives for what json_decode made of it: ASCII, `\\/`, empty objects as lists."""
    text = json.dumps(_php(value), ensure_ascii=True, separators=(",", ":"))
    return text.replace("/", "\\/").encode()


def _php(value: Any) -> Any:
    if isinstance(value, list):
        return [_php(item) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) == [str(index) for index in range(len(value))]:
        return [_php(item) for item in value.values()]
    return {key: _php(item) for key, item in value.items()}


def spellings(body: bytes, content_type: str = "") -> list[bytes]:
    """Every text that may have been hashed for this body, in the order in which they are likely."""
    value = parse(body, content_type)
    if value is None:
        return [body]
    found = [body]
    try:
        found += [compact(value), php(value)]
    except (ValueError, RecursionError):
        return found
    return [*found, b""] if value in ({}, []) else found
