"""The four places where Poster signs with MD5, and the PHP spelling of JSON that one of them may use."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def md5(text: str | bytes) -> str:
    data = text.encode() if isinstance(text, str) else text
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def manage_verify(application_id: str, secret: str, code: str) -> str:
    return md5(f"{application_id}:{secret}:{code}")


def webhook_verify(body: dict[str, str], secret: str) -> str:
    """`data`, when it is there, is signed exactly as it is sent."""
    parts = [body["account"], body["object"], body["object_id"], body["action"]]
    if body.get("data") is not None:
        parts.append(body["data"])
    return md5(";".join([*parts, body["time"], secret]))


def request_signature(url: str, body: str, time: str, secret: str) -> str:
    return md5(url + body + time + secret)


def upload_sign(application_id: str, file: bytes, secret: str) -> str:
    return md5(f"{application_id}:{md5(file)}:{secret}")


def compact_json(value: Any) -> str:
    """What JavaScript's JSON.stringify gives."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def php_json(value: Any) -> str:
    """What PHP's json_encode gives after json_decode into arrays: empty objects become lists."""
    if value in ({}, []):
        return ""
    return json.dumps(_php(value), ensure_ascii=True, separators=(",", ":")).replace("/", "\\/")


def _php(value: Any) -> Any:
    if isinstance(value, list):
        return [_php(item) for item in value]
    if not isinstance(value, dict):
        return value
    if not value:
        return []
    if list(value) == [str(index) for index in range(len(value))]:
        return [_php(item) for item in value.values()]
    return {key: _php(item) for key, item in value.items()}
