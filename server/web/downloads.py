"""The door of files: `/manage/download/<word>`, an address that Manage gave out a moment ago and that works once.

The word stands for the account and for who asked; whoever was removed meanwhile, or may do less now, gets nothing.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request

from server import acting, members
from server.db import database
from server.downloads import File, Offer
from server.models import Account
from server.parts import Parts
from server.unfit import Unfit
from server.web import downloads_calls, downloads_people

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}
AGAIN = 20  # seconds after which a busy server may be asked once more
Maker = Callable[[Parts, Account, Mapping[str, Any]], File]


def ready(parts: Parts, account: Account, facts: Mapping[str, Any]) -> File:
    """A small file that was made when it was offered."""
    return File(facts["name"], facts["type"], iter([facts["content"].encode()]))


# What was offered (`parts.downloads.offer(account, kind, facts)`) -> who makes it: one line each.
KINDS: dict[str, Maker] = {
    "calls": downloads_calls.calls,
    "person": downloads_people.person,
    "raw": downloads_people.raw,
    "ready": ready,
}


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("downloads", __name__)

    @blueprint.get("/manage/download/<word>")
    def download(word: str) -> Response:
        if request.method == "HEAD":  # whoever only looks (a guard, a preview) must not use the address up
            return Response(status=405, headers={"Allow": "GET"})
        offer = parts.downloads.take(word)
        account = Account.at(offer.account) if offer else None
        if offer is None or account is None or not account.rings or not _still_may(offer):
            return Response("This address works once, within a minute.", 404, mimetype="text/plain")
        try:
            with acting.as_(offer.actor):
                file = KINDS[offer.kind](parts, account, offer.facts)
        except Unfit as why:
            return _refused(parts, word, offer, why)
        database.close()
        return _streamed(file)

    return blueprint


def _refused(parts: Parts, word: str, offer: Offer, why: Unfit) -> Response:
    """Whoever comes while others' files are made may come again: the address stays good."""
    if why.word != "export_busy":
        return Response(str(why), 404, mimetype="text/plain")
    parts.downloads.give_back(word, offer)
    return Response(str(why), 429, headers={"Retry-After": str(AGAIN)}, mimetype="text/plain")


def _still_may(offer: Offer) -> bool:
    was = offer.actor
    return members.actor(offer.account, was.member, was.login).role == was.role


def _streamed(file: File) -> Response:
    caller = request.environ.get("gunicorn.socket")
    if caller is not None:
        file.watch(lambda: _gone(caller))
    response = Response(file.chunks, content_type=file.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers.update(HEADERS)
    response.call_on_close(file.close)
    return response


def _gone(caller: socket.socket) -> bool:
    """Whether the browser (or the proxy for it) has hung up; what it may have sent stays where it is."""
    try:
        there = select.select([caller], [], [], 0)[0]
        return bool(there) and caller.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True
