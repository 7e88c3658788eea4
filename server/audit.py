"""Who changed what: one row for each change, written in the change's own transaction."""

from __future__ import annotations

import time

from server import acting
from server.db import write

ADD = "INSERT INTO audit (account_id, at, who, role, what, thing, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
LONGEST = 500


def note(account: int, what: str, thing: str = "", before: object = "", after: object = "") -> None:
    """`what` is a word that Manage has a sentence for (`audit.<what>`). Never a secret, never a guest's full number.

    What did not change is not worth a row.
    """
    was, is_ = str(before), str(after)
    if was == is_ and was:
        return
    actor = acting.now()
    texts = [text[:LONGEST] for text in (actor.name, actor.role, what, thing, was, is_)]
    write(ADD, account, time.time(), *texts)
