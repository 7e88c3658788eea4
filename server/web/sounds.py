"""The door of recordings: `/manage/recording/<call>`, opened by a Manage page's token, streamed through us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from flask import Blueprint, Response, jsonify, request

from server import members
from server.acting import MANAGER
from server.db import database
from server.models import Account
from server.parts import Parts
from server.providers.abilities import Failed
from server.recordings import Sound
from server.unfit import Unfit
from server.web.pagetoken import PageTokens


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("sounds", __name__)
    tokens = PageTokens(parts.settings.secret_key)

    @blueprint.get("/manage/recording/<call>")
    def recording(call: str) -> Response | tuple[Response, int]:
        given = request.authorization
        opens = tokens.read(given.token) if given and given.type == "bearer" and given.token else None
        account = Account.at(opens.account) if opens and opens.account else None
        if opens is None or account is None or not account.rings:
            return jsonify(error="expired"), 401
        if not members.actor(account.id, opens.member, opens.login).may(MANAGER):
            return jsonify(error="forbidden"), 403
        stack = ExitStack()
        try:
            sound = stack.enter_context(parts.recordings.open(account, call))
        except Unfit as why:
            return jsonify(error=str(why)), 404
        except Failed as why:
            return jsonify(error=why.sentence), 502
        database.close()
        return _streamed(sound, stack)

    return blueprint


def _streamed(sound: Sound, stack: ExitStack) -> Response:
    def chunks() -> Iterator[bytes]:
        with stack:
            yield from sound.chunks

    response = Response(chunks(), content_type=sound.content_type)
    if sound.length is not None:
        response.content_length = sound.length
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response.call_on_close(stack.close)
    return response
