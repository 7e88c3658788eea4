"""The body of a request from outside, measured before anybody reads it."""

from __future__ import annotations

from flask import abort, request

LARGEST = 64 * 1024


def measured(most: int = LARGEST) -> bytes:
    """The body, or 413. One byte more is read than is taken: a body in chunks names no length, and is cut silently."""
    request.max_content_length = most + 1
    body = request.get_data(cache=False)
    if len(body) > most:
        abort(413)
    return body
