"""How a trunk is, in the owner's words: what is known, what is wrong and what to do about it."""

from __future__ import annotations

from server import phones
from server.models import Account, Trunk
from server.parts import Parts
from server.vault import Unreadable as Sealed
from server.web.manage_facts import Json, country_of, moment
from server.web.manage_words import Say, setting_label

LATE = 3.0  # seconds after which a ring is worth a word
# Calls go on: the owner should know, but no alarm is due.
MILD = ("busy", "unknown_word", "unfilled")


def trunk_states(parts: Parts, account: Account, say: Say) -> dict[str, Json]:
    """Each trunk's state for the page that stays open: {id: {"state", "text", "trouble", "more"}}."""
    return {str(one.id): state_of(parts, account, one, say) for one in parts.trunks.of(account)}


def state_of(parts: Parts, account: Account, trunk: Trunk, say: Say) -> Json:
    state, text = _main(parts, account, trunk, say)
    word, detail = trouble_of(parts, trunk)
    told = trouble(say, trunk.provider, word, detail) if word else ""
    if told and trunk.trouble_at:
        told = f"{told} {say('trunk_since', at=moment(trunk.trouble_at, account))}"
    if told and word not in MILD and state != "paused":
        state = "problem"
    more = "" if state == "paused" else " ".join(_more(account, trunk, say))
    return {"state": state, "text": text, "trouble": told, "more": more}


def settings_of(parts: Parts, trunk: Trunk) -> dict[str, str] | None:
    """None when they were sealed with another key."""
    try:
        return parts.trunks.settings_of(trunk)
    except Sealed:
        return None


def trouble_of(parts: Parts, trunk: Trunk) -> tuple[str, str]:
    """What is wrong with it now; a paused one may be as it is."""
    if trunk.paused:
        return "", ""
    sealed = settings_of(parts, trunk) is None
    return ("sealed", "") if sealed else (trunk.trouble, trunk.trouble_detail)


def trouble(say: Say, provider: str, word: str, detail: str = "") -> str:
    """The sentence for a word of `abilities.TROUBLES`. A setting is called by its label."""
    shown = setting_label(say, provider, detail) if word == "unset" and detail else detail
    shown = "".join(char for char in shown if char.isprintable())
    return say(f"trouble.{word}", detail=f" ({shown})" if shown else "")


def _main(parts: Parts, account: Account, trunk: Trunk, say: Say) -> tuple[str, str]:
    if trunk.provider not in parts.trunks.providers:
        return "problem", say("trunk_foreign")
    if trunk.paused:
        return "paused", say("trunk_paused")
    if trunk.state == "connecting":
        return "connecting", say("trunk_connecting_again" if trunk.last_at else "trunk_connecting")
    if trunk.last_at is None:
        return ("connected", say("trunk_connected")) if trunk.state else ("waiting", say("trunk_waiting"))
    return "heard", _heard(parts, account, trunk, say)


def _heard(parts: Parts, account: Account, trunk: Trunk, say: Say) -> str:
    at = moment(trunk.last_at or trunk.created_at, account)
    if not trunk.last_did and not trunk.last_from:
        return say("trunk_event", at=at)
    shown = phones.read(trunk.last_did, country_of(parts, account)).shown
    did = shown or trunk.last_did or say("trunk_some_number")
    return say(
        "trunk_call" if trunk.last_from else "trunk_call_withheld", caller=trunk.last_from, did=did, at=at
    )


def _more(account: Account, trunk: Trunk, say: Say) -> list[str]:
    told = []
    if trunk.state == "connected" and trunk.state_at:
        told.append(say("trunk_connected_since", at=moment(trunk.state_at, account)))
    if trunk.state == "connecting" and trunk.last_at:
        told.append(say("trunk_last", at=moment(trunk.last_at, account)))
    if trunk.reconnects:
        told.append(say("trunk_reconnects", count=trunk.reconnects))
    if trunk.delay and trunk.delay > LATE:
        told.append(say("trunk_late", seconds=round(trunk.delay)))
    if trunk.filled_at:
        told.append(say("trunk_filled", at=moment(trunk.filled_at, account)))
    return told
