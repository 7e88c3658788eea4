"""The journal of calls as the owner reads it: searched, page by page, and each call's whole story."""

from __future__ import annotations

from dataclasses import dataclass

from server.callbook import filters, masks, reading
from server.callbook.filters import Filter
from server.callbook.rows import Row, rows
from server.callbook.seeking import NEWEST, OLDEST, Mark
from server.models import Account

SIZE = 50

__all__ = ["SIZE", "Filter", "Mark", "Page", "Row", "latest", "page"]


@dataclass(frozen=True)
class Page:
    """The newest first. `next` and `previous` lead to older and newer ones; `live` are calls that go on.

    `reached`: there may be more, but so far back (Unix seconds) nothing fits; `next` goes on from there.
    """

    rows: list[Row]
    next: Mark | None
    previous: Mark | None
    live: list[Row]
    reached: float | None = None


def page(
    account: Account, wanted: Filter, mark: Mark | None = None, newer: bool = False, country: str = "",
    size: int = SIZE,
) -> Page:  # fmt: skip
    """Raises Unfit, see `filters.meant`. Older calls than `mark`, or newer ones."""
    sees = masks.sees_numbers(account)
    sought = filters.meant(wanted, account, sees, country or account.country)
    first = mark is None
    read = reading.read(
        account.id, sought, mark or (OLDEST if newer else NEWEST), size, newer, first and not wanted
    )
    found = read.found
    if newer and mark and not found.more:
        return page(account, wanted, country=country, size=size)  # so few: that is the first page
    going = {call.id for call in read.live}
    calls = [call for call in read.calls if call.id not in going]
    marks = [*reversed(found.marks)] if newer else found.marks
    calls = [*reversed(calls)] if newer else calls
    older = (marks[-1] if marks else None) if found.more or newer else None
    return Page(
        rows(read, calls, account),
        older if newer else found.reached or older,
        marks[0] if marks and not first else None,
        rows(read, read.live, account),
        found.reached[0] if found.reached and not newer else None,
    )


def latest(account: int) -> str:
    """Changes whenever the first page of all calls does."""
    return reading.stamp(account, SIZE)
