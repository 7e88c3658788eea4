"""FreePBX's caller-name lookup: one question when a call comes in, and the answer is on every phone."""

from __future__ import annotations

from sandbox.companies.base import Company, Ends, PhoneCall, Push, Scene

LONGEST = 60


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    """It knows nothing of the rest of the call."""
    if not call.incoming:
        return []
    fields = {"number": call.external or "anonymous", "id": f"{int(call.started)}.{call.id[-4:]}"}
    return [Push("lookup", fields, "query", method="GET", heard=_name)]


def _name(reply: str) -> dict[str, str]:
    return {"name": reply.strip()[:LONGEST]} if reply.strip() else {}


def silent(call: PhoneCall, scene: Scene) -> list[Push]:
    return []


COMPANY = Company(
    "freepbx",
    "FreePBX caller name",
    sends=("lookup",),
    ends=Ends(("NOANSWER", "BUSY"), ("ANSWER",), "BUSY"),
    began=began,
    answered=silent,
    ended=silent,
)
