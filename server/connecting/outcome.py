"""What came of a code that Poster gave to a browser."""

from __future__ import annotations

from dataclasses import dataclass

from server.models import Account, Parked

# Words for `problem`; each has a sentence in four languages at the doors that show it.
DECLINED = "declined"  # the browser came back without a code
NAME = "name"  # the account in the address is no account's name
NOT_ALLOWED = "not_allowed"  # POSTER_ACCOUNTS does not list it
STATE = "state"  # the return belongs to another browser's connect
REFUSED = "refused"  # Poster refused the code; `told` has its words
UNAVAILABLE = "unavailable"  # Poster did not answer, or not so that it could be read
BROWSER, GONE = "browser", "gone"  # the button: belongs to another browser; is too old or was overtaken


@dataclass(frozen=True)
class Outcome:
    """Exactly one of `account` (connected), `parked` (waits for its button) and `problem` is set.

    `browser` is the secret that makes the button work, given once to the browser that brought the code.
    `told` is what Poster itself said, hostile text.
    """

    account: Account | None = None
    parked: Parked | None = None
    browser: str = ""
    problem: str = ""
    told: str = ""
