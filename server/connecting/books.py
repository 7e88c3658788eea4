"""Writing down connects, parked installs and disconnects, inside the caller's transaction."""

from __future__ import annotations

import time
from collections.abc import Callable

from server import acting, audit, leaving
from server.acting import POSTER, Actor
from server.models import BROKEN, CONNECTED, DISCONNECTED, PARKED, Account, Code, Directory, Parked
from server.poster.oauth import Grant


def by_number(number: str) -> Account | None:
    row: Account | None = Account.get_or_none(Account.number == number)
    return row


def by_name(name: str) -> Account | None:
    row: Account | None = Account.get_or_none(Account.name == name)
    return row


def enrol(name: str, number: str, state: str) -> Account:
    """The account with this number, made if there is none. The name is Poster's word: whoever had it before
    was renamed there, and is called after its number here until the mirror learns the new name."""
    other = by_name(name)
    if other is not None and other.number != number:
        Account.update(name=f"{name}~{other.number}").where(Account.id == other.id).execute()
    row = by_number(number)
    if row is None:
        created: Account = Account.create(name=name, number=number, state=state)
        return created
    if row.name != name:
        Account.update(name=name).where(Account.id == row.id).execute()
    return row


def attach(name: str, grant: Grant, sealed: str) -> Account:
    """Connects with a token that was just proved; whatever waited for a button is answered by it."""
    row = enrol(name, grant.number, CONNECTED)
    told = {"title": grant.company, "owner": grant.owner, "country": grant.country}
    facts = {key: value for key, value in told.items() if value}
    settle(row.id, sealed, **facts)
    Parked.update(used_at=time.time(), token="").where(
        Parked.number == grant.number, Parked.used_at.is_null()
    ).execute()
    return fresh(row.id)


def settle(account: int, sealed: str, **facts: object) -> None:
    """The token is the one that we use from now on; whatever was to be erased stays."""
    before = fresh(account)
    if before.state != CONNECTED or not before.token:
        with acting.as_(Actor(POSTER)):
            audit.note(account, "connected")
    Account.update(
        state=CONNECTED,
        problem="",
        token=sealed,
        next_token="",
        connected_at=time.time(),
        erase_at=None,
        **facts,
    ).where(Account.id == account).execute()


def fresh(account: int) -> Account:
    row: Account = Account.get_by_id(account)
    return row


def park(name: str, grant: Grant, sealed: str, browser: str, just_told: Callable[[int], bool]) -> Parked:
    """Keeps the grant for its button. An account that somebody connected stays so; any other waits from now on."""
    row = by_number(grant.number)
    if row is None and by_name(name) is None:
        enrol(name, grant.number, PARKED)
    elif row is not None and (row.state == DISCONNECTED or just_told(row.id)):
        Account.update(state=PARKED, token="", next_token="").where(Account.id == row.id).execute()
    parked: Parked = Parked.create(
        browser=browser,
        name=name,
        number=grant.number,
        title=grant.company,
        owner=grant.owner,
        country=grant.country,
        token=sealed,
        created_at=time.time(),
    )
    return parked


def remember(key: str, kind: str, account: Account | None, parked: Parked | None) -> None:
    Code.delete().where(Code.hash == key).execute()
    Code.create(hash=key, kind=kind, account=account, parked=parked, at=time.time())


def offer(account: Account, sealed: str) -> None:
    """A token that must be proved before it replaces the one in use; the newest offer wins."""
    Account.update(next_token=sealed).where(Account.id == account.id).execute()


def refresh_parked(number: str, sealed: str) -> None:
    Parked.update(token=sealed).where(Parked.number == number, Parked.used_at.is_null()).execute()


def wipe(account: Account) -> None:
    """Forgets the tokens and whom Poster knows; lines and the journal stay for the day when it comes back, until
    they are erased too."""
    if account.state != DISCONNECTED:
        with acting.as_(Actor(POSTER)):
            audit.note(account.id, "disconnected")
    Account.update(state=DISCONNECTED, problem="", token="", next_token="").where(
        Account.id == account.id
    ).execute()
    leaving.begin(account.id)
    Directory.delete().where(Directory.account == account).execute()
    Parked.update(used_at=time.time(), token="").where(Parked.number == account.number).execute()


def rings(account: Account | None) -> bool:
    return account is not None and account.state in (CONNECTED, BROKEN)
