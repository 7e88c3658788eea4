"""All that knows Apprise; only the sending process imports it.

What went wrong is told in words of our own: Apprise's sentences may carry addresses, and those are secrets.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import apprise
import requests
from apprise.result import AppriseResultStatus

from server.alerts import fence

Json = dict[str, Any]

logging.getLogger("apprise").setLevel(logging.DEBUG)  # else it keeps to itself how a connection broke

TELEGRAM = "https://api.telegram.org"
# What became of a message; "" is sent. All are tried again: people mend things.
DENIED, ADDRESS, BUSY, DOWN, UNREACHABLE, HANGS, UNCONFIRMED, REFUSED, UNUSABLE = (
    "denied", "address", "busy", "down", "unreachable", "hangs", "unconfirmed", "refused", "unusable",
)  # fmt: skip

_STATUS = re.compile(r"error=\s?(\d{3})\b")
# Apprise's own word for what broke a connection. Other lines of that level hold the message, which is not to be read.
_BROKE, _QUIET = "Socket Exception:", ("DEBUG", "INFO")
_TAKEN = re.compile(r"read timed out|without response", re.IGNORECASE)


def _asset() -> apprise.AppriseAsset:
    """No files of this box, no redirects to elsewhere.

    Its own time limit is off: for that it shares six threads or so among all, and a few that hang take them away.
    """
    asset = apprise.AppriseAsset(
        app_id="Dzvinok", app_desc="Dzvinok", service_timeout=0, allow_templates=False
    )
    asset.http_redirects = False
    return asset


def check(address: str) -> Json:
    """Whether Apprise can use the address, and what the service is called. Nothing is sent."""
    found = apprise.Apprise.instantiate(address, asset=_asset())
    if found is None:
        return {"problem": UNUSABLE}
    return {"problem": "", "service": str(found.service_name), "schemas": sorted(found.schemas())}  # type: ignore[no-untyped-call]


def send_all(messages: list[Json], seconds: float, say: Callable[[Json], None]) -> None:
    """Each message in a thread of its own, so that one that hangs delays no other."""
    lock, open_ = threading.Lock(), {one["id"] for one in messages}

    def tell(id_: int, problem: str) -> None:
        with lock:
            if id_ in open_:
                open_.discard(id_)
                say({"id": id_, "problem": problem})

    def work(one: Json) -> None:
        tell(one["id"], send(one["address"], one["title"], one["text"]))

    threads = [threading.Thread(target=work, args=(one,), daemon=True) for one in messages]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    for id_ in list(open_):
        tell(id_, HANGS)


def send(address: str, title: str, text: str) -> str:
    """Sent as text: what a guest is called must not become a link or a bold word."""
    carrier = apprise.Apprise(asset=_asset(), log_level=logging.DEBUG)
    try:
        if not carrier.add(address):
            return UNUSABLE
        result = carrier.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT)
    except Exception:  # noqa: BLE001 - a hundred plugins; the message is tried again
        return REFUSED
    if result.status == AppriseResultStatus.SUCCESS:
        return ""
    entries = list(result.logs())
    if any(one.message.startswith(_BROKE) and _TAKEN.search(one.message) for one in entries):
        return UNCONFIRMED
    return named([one.message for one in entries if one.level not in _QUIET])


def named(said: list[str]) -> str:
    """What Apprise's log means."""
    text = "\n".join(said)
    status = _STATUS.search(text)
    if status:
        return of_status(int(status[1]))
    if re.search(r"connection error|socket exception", text, re.IGNORECASE):
        return UNREACHABLE
    return REFUSED


def of_status(status: int) -> str:
    if status in (401, 403):
        return DENIED
    if status == 429:
        return BUSY
    if status >= 500:
        return DOWN
    return ADDRESS if status in (400, 404, 410) else REFUSED


def chats(bot: str, base: str = TELEGRAM) -> Json:
    """Who wrote to a Telegram bot lately: so nobody has to find out the number of a chat."""
    try:
        answer = requests.get(f"{base}/bot{bot}/getUpdates", timeout=10, allow_redirects=False)
        updates = answer.json()["result"] if answer.ok else []
    except fence.Fenced:
        return {"problem": UNREACHABLE}
    except (requests.RequestException, ValueError, KeyError):
        return {"problem": UNREACHABLE}
    if not answer.ok:
        return {"problem": DENIED if answer.status_code in (401, 404) else of_status(answer.status_code)}
    return {"problem": "", "chats": _chats(updates)}


def _chats(updates: list[Json]) -> list[Json]:
    """The newest first, each once."""
    found: dict[str, str] = {}
    for update in reversed(updates):
        told = update.get("message") or update.get("my_chat_member") or update.get("channel_post") or {}
        chat = told.get("chat", {})
        if "id" in chat:
            name = chat.get("title") or " ".join(
                filter(None, (chat.get("first_name"), chat.get("last_name")))
            )
            found.setdefault(str(chat["id"]), str(name))
    return [{"id": id_, "name": name} for id_, name in found.items()]
