"""create_sandbox(): where all parts of the stand-in meet."""

from __future__ import annotations

import json
import time
from typing import Any

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from sandbox import api_door, backoffice, companies_door, oauth_door, pages, phone_door, register_door, upload
from sandbox.config import SandboxSettings
from sandbox.faults import FaultError
from sandbox.parts import BadRequest, Sandbox
from sandbox.phone_company import PhoneCompany
from sandbox.phone_office import Office
from sandbox.phone_setup import PhoneError, Setup
from sandbox.phone_sockets import Sockets
from sandbox.seed import build, crowd
from sandbox.store import Store
from sandbox.webhooks import Outbox
from sandbox.world import Unknown, World


def create_sandbox(settings: SandboxSettings | None = None) -> Flask:
    """What it keeps is `app.extensions["sandbox"]`, whose `close()` stops its threads."""
    settings = settings or SandboxSettings()
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = 8 * 1024 * 1024
    parts = _parts(settings)
    app.extensions["sandbox"] = parts
    for door in (api_door, oauth_door, register_door, phone_door, companies_door, backoffice, upload, pages):
        app.register_blueprint(door.door)
    app.add_url_rule("/healthz", view_func=lambda: {"ok": True}, endpoint="healthz")
    _handle_errors(app)
    return app


def _parts(settings: SandboxSettings) -> Sandbox:
    world = World(build(time.time()))
    crowd.gather(world.account("pechera"), settings.crowd)
    store = Store(world, settings.state)
    outbox = Outbox(world, settings, store.room("webhooks"))
    sockets = Sockets()
    phones = {
        account.name: _phone(settings, world, store, sockets, account.name)
        for account in world.accounts.values()
    }
    return Sandbox(settings, world, store, outbox, phones, sockets)


def _phone(
    settings: SandboxSettings, world: World, store: Store, sockets: Sockets, name: str
) -> PhoneCompany:
    account = world.account(name)
    office = Office(account)
    setup = Setup(store.room(f"phone:{name}"), name, account.number, office.did(), world.dirty)
    return PhoneCompany(
        setup,
        office,
        lambda company, text: sockets.send(name, company, text),
        settings.call_retries,
        settings.pace,
    )


def _handle_errors(app: Flask) -> None:
    @app.errorhandler(BadRequest)
    @app.errorhandler(FaultError)
    @app.errorhandler(PhoneError)
    def bad(error: Exception) -> tuple[Response, int]:
        return jsonify({"error": str(error)}), 400

    @app.errorhandler(Unknown)
    def unknown(error: Unknown) -> tuple[Response, int]:
        return jsonify({"error": str(error)}), 404

    @app.errorhandler(HTTPException)
    def other(error: HTTPException) -> Any:
        body = json.dumps({"error": error.description}, ensure_ascii=False)
        return Response(body, error.code or 500, content_type="application/json")
