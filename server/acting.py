"""Who acts now: set at a door, read wherever a change is noted or something is shown to some and not to others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

VIEWER, MANAGER, OWNER = "viewer", "manager", "owner"
ROLES = (VIEWER, MANAGER, OWNER)  # each may do what those before it may
NOBODY = "nobody"  # opened the page and has not said who they are
TERMINAL, REGISTER, POSTER, CLOCK = "terminal", "register", "poster", "clock"


@dataclass(frozen=True)
class Actor:
    """`name` may be "": in an account without members whoever opens Manage is its owner.

    `login` is the one that a member's page belongs to, see `server.logins`.
    """

    role: str
    name: str = ""
    member: int = 0
    login: str = field(default="", repr=False)

    def may(self, role: str) -> bool:
        """Whether they may do what this role may."""
        return self.role in ROLES and ROLES.index(self.role) >= ROLES.index(role)


_now: ContextVar[Actor] = ContextVar("actor")
_ITSELF = Actor(CLOCK)


def now() -> Actor:
    return _now.get(_ITSELF)


@contextmanager
def named(name: str) -> Iterator[Actor]:
    """Whoever acts at a register is one of those who work there; elsewhere it is known who acts."""
    actor = now()
    with as_(replace(actor, name=name) if actor.role == REGISTER else actor) as one:
        yield one


@contextmanager
def as_(actor: Actor) -> Iterator[Actor]:
    before = _now.set(actor)
    try:
        yield actor
    finally:
        _now.reset(before)
