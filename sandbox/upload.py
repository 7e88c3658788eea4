"""The platform's bundle: uploaded with a sign, then loaded by every register at its next start."""

from __future__ import annotations

import hmac
import os
import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.account import Account
from sandbox.config import SandboxSettings
from sandbox.parts import sandbox
from sandbox.signing import md5, upload_sign
from sandbox.world import Unknown

door = Blueprint("upload", __name__)
FOLDER = "bundles"


def folder(settings: SandboxSettings) -> Path:
    if settings.state:
        return settings.state.parent / FOLDER
    return Path(tempfile.gettempdir()) / f"dzvinok-sandbox-{os.getpid()}"


def bundle_url(settings: SandboxSettings, account: Account, platform: str) -> str:
    """The uploaded bundle when the account uses one, else the development address."""
    if account.bundle == "dev":
        return settings.bundle_url
    return f"{platform}/platform/bundles/{account.bundle}.js"


@door.post("/api/application.uploadPOSPlatformBundle")
def upload() -> Response:
    """Live for all customers at once, as in life."""
    settings, world = sandbox().settings, sandbox().world
    match world.account(None).fault("upload"):
        case "error":
            return jsonify({"error": {"code": 44, "message": "Save failed"}})
        case "html":
            return Response("<h1>502 Bad Gateway</h1>", 502, content_type="text/html")
    sent = request.files.get("bundle")
    file = sent.read() if sent else b""
    expected = upload_sign(settings.application_id, file, settings.application_secret)
    if not file or request.form.get("application_id") != settings.application_id:
        return jsonify({"error": {"code": 34, "message": "Field can not be empty"}})
    if not hmac.compare_digest(expected, request.form.get("sign", "")):
        return jsonify({"error": {"code": 142, "message": "Wrong sign"}})
    name = keep(settings, file)
    with world.lock:
        for account in world.accounts.values():
            account.bundle = name
            account.next_rev()
        world.dirty()
    return jsonify({"response": True})


def keep(settings: SandboxSettings, file: bytes) -> str:
    name = md5(file)
    folder(settings).mkdir(parents=True, exist_ok=True)
    (folder(settings) / f"{name}.js").write_bytes(file)
    (folder(settings) / "latest").write_text(name)
    return name


def latest(settings: SandboxSettings) -> str:
    try:
        return (folder(settings) / "latest").read_text()
    except FileNotFoundError:
        raise Unknown("No bundle was uploaded yet.") from None


@door.get("/platform/bundles/<string:name>.js")
def uploaded(name: str) -> Response:
    path = folder(sandbox().settings) / f"{name}.js"
    if not name.isalnum() or not path.exists():
        raise Unknown("There is no such bundle.")
    return Response(path.read_bytes(), content_type="text/javascript; charset=utf-8")


def use(settings: SandboxSettings, account: Account, which: Any) -> None:
    """`dev` or `uploaded`."""
    account.bundle = "dev" if which == "dev" else latest(settings)
    account.next_rev()
