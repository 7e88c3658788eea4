"""Dzvinok: who calls the restaurant, on its Poster register, before anyone picks up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from server.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The app: the only place where all parts meet.

    The imports stand inside because gunicorn reads `server.config` before gevent makes sockets cooperative.
    """
    import os

    from server import cli, config, logs, rotation, soundness
    from server.assembly import assemble
    from server.clock import Clock
    from server.web import (
        bundle,
        connect,
        downloads,
        errors,
        guides,
        health,
        limiting,
        manage,
        poster_hooks,
        proxies,
        registers,
        sockets,
        sounds,
        webhooks,
    )

    settings = settings or config.load(os.environ)
    logs.install(settings.log_format)
    soundness.opened(settings.database_url)
    settings = rotation.with_kept_key(settings)
    parts = assemble(settings)
    app = errors.House(__name__, static_folder=None)
    app.config["SOCK_SERVER_OPTIONS"] = sockets.OPTIONS
    app.wsgi_app = proxies.behind(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign, assignment]
    app.extensions |= {"dzvinok": parts, "dzvinok.clock": (clock := Clock(parts))}
    app.register_blueprint(health.door(parts, clock))
    seen, unseen = (connect, guides, manage, downloads, sounds), (bundle, poster_hooks, registers)
    for door in (*seen, *unseen, sockets, webhooks):
        app.register_blueprint(door.door(parts))
    errors.install(app)
    limiting.install(app, parts)
    cli.install(app, parts)
    return app
