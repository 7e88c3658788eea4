"""The body of a request from outside, measured before anybody reads it."""

from __future__ import annotations

from flask import abort, request
from gevent import Timeout

LARGEST = 64 * 1024
WITHIN = 10.0  # seconds: whoever sends 64 KB byte by byte may not hold us for an hour


def measured(most: int = LARGEST) -> bytes:
    """The body, or 413 or 408. One byte more is read than is taken: a body in chunks names no length, and is cut
    silently."""
    request.max_content_length = most + 1
    within = Timeout(WITHIN)
    try:
        with within:
            body = request.get_data(cache=False)
    except Timeout as late:
        if late is not within:
            raise
        abort(408)
    if len(body) > most:
        abort(413)
    return body
