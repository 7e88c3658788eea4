"""Who sees guests' numbers in Manage, and what everybody else sees of them.

Whoever shows a number there asks here: a viewer must not find in a file, a search or a name what the page hides.
"""

from __future__ import annotations

import re
from functools import lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from server import acting, phones, preferences
from server.acting import MANAGER, OWNER, TERMINAL
from server.models import Account

# Numbers as people write them among words, nine digits at least: in one piece, or with what they put between them.
_FEWEST = 9
_IN_ONE = re.compile(r"((?:\+\d{0,3}[\s-]?)?\d{9,})")
_IN_PIECES = re.compile(r"\+?(?:\((?=\d{1,5}\)))?\d(?:[\s().\u00a0\u2010-\u2015-]{0,2}\d){8,}")


def sees_numbers(account: Account | int) -> bool:
    """The owner and the terminal do, managers if the owner lets them, viewers and the clock do not."""
    actor = acting.now()
    if actor.role == MANAGER:
        return preferences.of(account if isinstance(account, int) else account.id).manager_numbers
    return actor.role in (OWNER, TERMINAL)


def shown(number: str, account: Account | int) -> str:
    """A number (E.164) as it may be shown to who acts now; "" when there is none, or none any more."""
    if not number or phones.stands_in(number):
        return ""
    if not sees_numbers(account):
        return masked(number)
    found = account if isinstance(account, Account) else Account.at(account)
    return phones.read(number, found.country if found else "").shown or number


@lru_cache(4096)
def masked(number: str) -> str:
    """`+380…33`: the country's code and the last two digits, as on the registers; "" when there is none.

    Not by `phonenumbers`' own reading, which takes half a millisecond: files have a million of them.
    """
    found = phones.digits(number)
    if not found:
        return ""
    code = next((found[:size] for size in (1, 2, 3) if int(found[:size]) in COUNTRY_CODE_TO_REGION_CODE), "")
    return f"+{code}…{found[-2:]}" if number.startswith("+") and code else f"…{found[-2:]}"


def words(text: str, sees: bool) -> str:
    """Names and notes: companies write the number into the name, people write one into a note."""
    if sees:
        return text
    # Whole ones first, lest what stands beside them is taken for a part.
    pieces = _IN_ONE.split(text)
    pieces[1::2] = map(masked, pieces[1::2])
    pieces[::2] = [_IN_PIECES.sub(_piece, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _piece(found: re.Match[str]) -> str:
    """What ends a bracket that was opened before the number is not the number's: `(table 1) 067 111 22 33`."""
    before, bracket, rest = found[0].partition(")")
    number = rest.lstrip()
    if bracket and "(" not in before and len(phones.digits(number)) >= _FEWEST:
        return f"{before}){rest[: len(rest) - len(number)]}{masked(number)}"
    return masked(found[0])
