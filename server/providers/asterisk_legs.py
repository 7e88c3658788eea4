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
CAUSES = {"17": "busy", "21": "declined"}  # Q.850: a phone that declines is NOANSWER by its status
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
    return CAUSES.get(leg.cause) or STATUSES.get(leg.status, "missed")
