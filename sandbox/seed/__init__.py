"""The seeded world: the same restaurant every time, its dates counted back from today."""

from __future__ import annotations

from sandbox.account import Account
from sandbox.seed.kaffka import kaffka
from sandbox.seed.pechera import pechera

BUILDERS = {"pechera": pechera, "kaffka": kaffka}


def build(now: float) -> list[Account]:
    """`now`: Unix seconds."""
    return [make(now) for make in BUILDERS.values()]


def build_one(name: str, now: float) -> Account:
    return BUILDERS[name](now)
