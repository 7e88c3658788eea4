"""Settings of the sandbox, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SECRET = "sandbox-secret-not-for-production"


@dataclass(frozen=True)
class SandboxSettings:
    """`manage_url` is what the developer account would hold: a code is glued to its end.

    `webhook_retries` and `call_retries` are seconds between attempts: both companies wait minutes
    and hours, a person at the panel doesn't. `pace` stretches or shrinks the pauses of stories. `crowd`: so many more
    registers at Pechera.
    """

    host: str = "127.0.0.1"
    port: int = 8090
    application_id: str = "4242"
    application_secret: str = SECRET
    server: str = "http://127.0.0.1:8080"
    redirect_uri: str = "http://127.0.0.1:8080/poster/callback"
    manage_url: str = "http://127.0.0.1:8080/manage?code="
    webhook_url: str = "http://127.0.0.1:8080/poster/webhook"
    bundle_url: str = "http://127.0.0.1:8080/bundle.js"
    state: Path | None = None
    webhook_retries: tuple[float, ...] = (1, 2, 4, 8, 15, 30, 60, 60, 120, 120, 300, 300, 600, 600, 900)
    call_retries: tuple[float, ...] = (5, 10, 20, 40, 80, 160)
    pace: float = 1.0
    crowd: int = 0


class SettingsError(Exception):
    """A setting that cannot be used; the text says which and why."""


def from_environment(environment: Mapping[str, str] = os.environ) -> SandboxSettings:
    host, port = _bind(environment.get("SANDBOX_BIND", "127.0.0.1:8090"))
    server = environment.get("SANDBOX_SERVER_URL", "http://127.0.0.1:8080").rstrip("/")
    return SandboxSettings(
        host=host,
        port=port,
        application_id=environment.get("SANDBOX_APPLICATION_ID", "4242"),
        application_secret=environment.get("SANDBOX_APPLICATION_SECRET", SECRET),
        server=server,
        redirect_uri=environment.get("SANDBOX_REDIRECT_URI", f"{server}/poster/callback"),
        manage_url=environment.get("SANDBOX_MANAGE_URL", f"{server}/manage?code="),
        webhook_url=environment.get("SANDBOX_WEBHOOK_URL", f"{server}/poster/webhook"),
        bundle_url=environment.get("SANDBOX_BUNDLE_URL", f"{server}/bundle.js"),
        state=Path(environment.get("SANDBOX_STATE", "data/sandbox/world.json")),
        crowd=int(environment.get("SANDBOX_CROWD", "0")),
    )


def _bind(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise SettingsError(f"SANDBOX_BIND is {text!r}: write host:port, for example 127.0.0.1:8090.")
    return host, int(port)
