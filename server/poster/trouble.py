"""What may go wrong between Poster and us. No message ever carries a token."""

from __future__ import annotations

import re

NO_TOKEN, BAD_TOKEN, EXPIRED, ARCHIVED = 10, 11, 12, 503
NO_ACCESS, EMPTY_FIELD, TARIFF = 20, 34, 700

# The token serves nothing any more, whatever we ask with it.
FATAL = frozenset({NO_TOKEN, BAD_TOKEN, EXPIRED, ARCHIVED})

_TOKEN = re.compile(r"\d+:[0-9a-fA-F]{8,}")


class Trouble(Exception):
    """Poster did not do what we asked."""


class PosterError(Trouble):
    """Poster said no, in so many words: nothing was done. `code` is 0 where it gave none."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        self.message = _TOKEN.sub("…", message)[:300]
        super().__init__(f"Poster error {code}")


class PosterDown(Trouble):
    """No answer, or one that cannot be read: whatever we asked for may have been done or not."""


class Unasked(PosterDown):
    """There was no time left to ask."""


class Silent(PosterDown):
    """Nothing came in the time that there was."""


class Limited(PosterDown):
    """Poster asked us to slow down, again and again."""


class NotConnected(Trouble):
    """We hold no token of this account, or cannot read the one that we hold."""
