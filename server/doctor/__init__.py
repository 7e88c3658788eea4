"""What works and what does not, each with its cure: for an account in Manage, for the box in the terminal."""

from __future__ import annotations

from server.db import reading
from server.doctor import account as of_account
from server.doctor import box, registers, trunks
from server.doctor.finding import BAD, GOOD, LEVELS, WARN, Finding, sorted_, worst
from server.parts import Parts

__all__ = ["BAD", "GOOD", "LEVELS", "WARN", "Finding", "findings", "worst"]


def findings(parts: Parts, account: int | None, now: float | None = None) -> list[Finding]:
    """An account's, or the box's (None); what needs a cure first. Asks nobody: see `probes`."""
    with reading():
        if account is None:
            return sorted_(box.of(parts, now))
        found = [*of_account.of(parts, account, now), *trunks.of(parts, account, now)]
        of_registers = [one.findings for one in registers.of(parts, account, now)]
        return sorted_([*found, *(finding for some in of_registers for finding in some)])
