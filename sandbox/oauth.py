"""The two exchanges of a code for a token, and their three shapes of refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.account import Account
from sandbox.clients import Rejected
from sandbox.config import SandboxSettings
from sandbox.signing import manage_verify
from sandbox.webapi.application import owner_info, tariff
from sandbox.world import Code, World

EMPTY, BAD_CODE, BAD_VERIFY, WRONG_APPLICATION = 34, 10, 142, 143

REDIRECT_FIELDS = ("application_id", "application_secret", "grant_type", "redirect_uri", "code")
MANAGE_FIELDS = ("application_id", "application_secret", "code", "verify")


def exchange(world: World, settings: SandboxSettings, host: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """After the consent page. `host` is the account whose address was called, or empty."""
    _filled(fields, REDIRECT_FIELDS)
    _application(settings, fields)
    if fields["grant_type"] != "authorization_code":
        raise Rejected(BAD_CODE, "Unsupported grant type")
    with world.lock:
        code = world.live_code(fields["code"], "oauth")
        if code is None:
            raise Rejected(BAD_CODE, "Code is invalid or was already used")
        if host and host != code.account:
            raise Rejected(WRONG_APPLICATION, "Requested code's application doesn't exist", "code")
        if fields["redirect_uri"] != code.redirect_uri:
            raise Rejected(BAD_CODE, "redirect_uri differs from the one of the authorization request")
        return _spend(world, code)


def manage_exchange(world: World, settings: SandboxSettings, fields: Mapping[str, str]) -> dict[str, Any]:
    """For the code that is glued to the address of the Manage page."""
    _filled(fields, MANAGE_FIELDS)
    _application(settings, fields)
    if fields["verify"] != manage_verify(
        settings.application_id, settings.application_secret, fields["code"]
    ):
        raise Rejected(BAD_VERIFY, "Wrong verify", "verify")
    with world.lock:
        code = world.live_code(fields["code"], "manage")
        if code is None:
            raise Rejected(WRONG_APPLICATION, "Requested code's application doesn't exist", "code")
        return _spend(world, code)


def _filled(fields: Mapping[str, str], names: tuple[str, ...]) -> None:
    for name in names:
        if not fields.get(name):
            raise Rejected(EMPTY, "Field can not be empty", name)


def _application(settings: SandboxSettings, fields: Mapping[str, str]) -> None:
    if fields["application_id"] != settings.application_id:
        raise Rejected(WRONG_APPLICATION, "Requested code's application doesn't exist", "application_id")
    if fields["application_secret"] != settings.application_secret:
        raise Rejected(BAD_CODE, "Application secret is wrong")


def _spend(world: World, code: Code) -> dict[str, Any]:
    account, fresh = world.account(code.account), not code.token
    connected = account.connected
    token = world.spend_code(code)
    if fresh and not connected:
        announce(account, token)
    return token_reply(account, token)


def announce(account: Account, token: str) -> None:
    """Poster tells an app of its own installation, token and all."""
    account.changed("application", 0, "added", {"user_id": account.owner["id"], "access_token": token})


def token_reply(account: Account, token: str) -> dict[str, Any]:
    owner = account.owner
    return {
        "access_token": token,
        "account_number": account.number,
        "user": {"id": owner["id"], "name": owner["name"], "email": owner["email"], "role_id": 3},
        "ownerInfo": owner_info(account),
        "tariff": tariff(),
    }


def refusal(shape: str, code: int, message: str, field: str = "") -> dict[str, Any]:
    """One refusal in one of Poster's three spellings."""
    if shape == "a":
        return {"error": code, "message": message, "field": field or "code"}
    if shape == "b":
        return {"code": code, "error_type": "OAuthException", "error_message": message}
    return {"error": {"code": code, "message": message}}
