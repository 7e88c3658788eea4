"""What became of one line of a call. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from server.providers.channels import Channel

# What Asterisk says of a leg that nobody answered. `CANCEL` depends on what became of the others.
STATUSES = {
    "NOANSWER": "missed", "CANCEL": "missed", "ABORT": "missed", "TIMEDOUT": "missed", "CONTINUE": "missed",
    "GOTO": "missed", "BUSY": "busy", "CONGESTION": "failed", "CHANUNAVAIL": "failed", "INVALIDARGS": "failed",
    "DONTCALL": "declined", "TORTURE": "declined",
}  # fmt: skip
DECLINED = "21"  # Q.850, of a leg that Asterisk itself says nothing better of
UNCLEAR = ("NOANSWER", "CONGESTION", "BUSY")
TOLD_AT_ONCE = ("NOANSWER", "BUSY", "CONGESTION", "CHANUNAVAIL")
WORST = ("failed", "busy", "declined", "missed")  # of several legs the last of these that one of them had


@dataclass(slots=True)
class Leg:
    """A line in this call: when it rang and what Asterisk said of it in the end."""

    began: float | None = None
    stopped: float | None = None
    status: str = ""
    cause: str = ""
    told: str = ""


def became(leg: Leg | Channel) -> str:
    """Of one that did not answer."""
    if leg.cause == DECLINED and leg.status in UNCLEAR:
        return "declined"
    return STATUSES.get(leg.status, "missed")
