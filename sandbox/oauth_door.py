"""Consent page and both token addresses."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox import oauth
from sandbox.account import Account
from sandbox.api_door import remember
from sandbox.clients import Rejected
from sandbox.page_words import APPLICATION, accesses, common
from sandbox.parts import sandbox
from sandbox.world import Unknown

door = Blueprint("oauth", __name__)


@door.get("/api/auth")
@door.get("/<string:host>/api/auth")
def consent(host: str = "") -> tuple[str, int] | str:
    """Asks the owner. Without an account in the address, the owner first says which restaurant is theirs."""
    account = sandbox().world.account(host or request.args.get("account"))
    error = _fault_of(request.args)
    page = render_template(
        "consent.html",
        **common(account),
        application={"id": sandbox().settings.application_id, "name": APPLICATION},
        accesses=accesses(),
        redirect_uri=request.args.get("redirect_uri", ""),
        state=request.args.get("state", ""),
        chosen=host,
        owner={"name": account.owner["name"], "email": account.owner["email"]},
        error=error,
    )
    return (page, 400) if error else page


def _fault_of(fields: Mapping[str, str]) -> str:
    """Why Poster would not go on, or nothing."""
    settings = sandbox().settings
    ids = {fields.get("application_id"), fields.get("client_id")} - {None}
    if ids != {settings.application_id}:
        return "There is no application with this application_id."
    if fields.get("redirect_uri") != settings.redirect_uri:
        return (
            f"redirect_uri must be exactly {settings.redirect_uri}, as it is saved in the developer account."
        )
    if fields.get("response_type", "code") != "code":
        return "response_type must be code."
    return ""


@door.post("/api/auth/decide")
def decide() -> AnyResponse | tuple[str, int]:
    if error := _fault_of(request.form):
        return error, 400
    account = sandbox().world.account(request.form.get("account"))
    if request.form.get("decision") != "approve":
        return redirect(f"{sandbox().settings.redirect_uri}?{urlencode({'account': account.name})}")
    return redirect(landing(account, request.form.get("state", "")))


def landing(account: Account, state: str = "") -> str:
    """The application's redirect address with a fresh code."""
    target = sandbox().settings.redirect_uri
    query = {"code": sandbox().world.mint_code(account.name, "oauth", target), "account": account.name}
    if state and account.fault("state_echo") == "yes":
        query["state"] = state
    return f"{target}?{urlencode(query)}"


@door.post("/api/v2/auth/access_token")
@door.post("/<string:host>/api/v2/auth/access_token")
def access_token(host: str = "") -> Response:
    started = time.monotonic()
    reply = _exchanged(host, _posted(), "oauth")
    remember("auth/access_token", str(reply.get("access_token", "")), 200, started)
    return jsonify(reply)


@door.post("/api/v2/auth/manage")
def manage() -> Response:
    started = time.monotonic()
    reply = _exchanged("", _posted(), "manage")
    remember("auth/manage", str(reply.get("access_token", "")), 200, started)
    return jsonify(reply)


def _posted() -> dict[str, str]:
    """Form fields of either encoding; JSON is not read, and multipart may be insisted on."""
    fields = dict(request.form.items())
    multipart = (request.mimetype or "") == "multipart/form-data"
    code = sandbox().world.codes.get(fields.get("code", ""))
    strict = code and sandbox().world.account(code.account).fault("exchange_encoding") == "multipart"
    return {} if strict and not multipart else fields


def _exchanged(host: str, fields: dict[str, str], kind: str) -> dict[str, Any]:
    settings, world = sandbox().settings, sandbox().world
    try:
        code = world.codes.get(fields.get("code", ""))
        forced = str(world.account(code.account).fault("exchange_error")) if code else "none"
        if forced != "none":
            return oauth.refusal(
                forced, oauth.WRONG_APPLICATION, "Requested code's application doesn't exist"
            )
        if kind == "manage":
            return oauth.manage_exchange(world, settings, fields)
        return oauth.exchange(world, settings, host, fields)
    except Unknown as error:
        return oauth.refusal("c", 11, str(error))
    except Rejected as error:
        shape = "a" if error.field else "b"
        return oauth.refusal(shape, error.code, error.message, error.field)
