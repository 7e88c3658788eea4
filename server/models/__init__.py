"""What is kept. Times are Unix seconds (UTC). `poster_id` is Poster's id of a thing, unique within an account."""

from __future__ import annotations

from server.models.base import BROKEN, CONNECTED, DISCONNECTED, PARKED, Account, OfAccount, Row
from server.models.people import Did, Employee, GuestCard, LineOwner, Register, Spot, Stray
from server.models.phones import Alias, CallRow, Dial, Raw, Trunk
from server.models.upkeep import Code, Command, Hook, Nonce, Parked, Pending, Tally

__all__ = [
    "ALL",
    "BROKEN",
    "CONNECTED",
    "DISCONNECTED",
    "PARKED",
    "Account",
    "Alias",
    "CallRow",
    "Code",
    "Command",
    "Dial",
    "Did",
    "Employee",
    "GuestCard",
    "Hook",
    "LineOwner",
    "Nonce",
    "OfAccount",
    "Parked",
    "Pending",
    "Raw",
    "Register",
    "Row",
    "Spot",
    "Stray",
    "Tally",
    "Trunk",
]

ALL = (
    Account,
    Spot,
    Register,
    Employee,
    LineOwner,
    Did,
    Stray,
    GuestCard,
    Trunk,
    CallRow,
    Alias,
    Dial,
    Raw,
    Nonce,
    Pending,
    Parked,
    Code,
    Hook,
    Tally,
    Command,
)
