"""`make run`: the sandbox and the server, side by side, connected to each other."""

from __future__ import annotations

import os
import secrets
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox import first_steps
from sandbox.config import SandboxSettings, SettingsError, from_environment
from sandbox.processes import Child, LaunchError, check, must_be_free, start, stop, wait_until_up

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data" / "sandbox"


class Interrupted(Exception):
    """Ctrl-C, or a polite kill."""


@dataclass(frozen=True)
class Plan:
    """Where both of them live."""

    sandbox: SandboxSettings
    pages: str
    server: str
    host: str
    port: int
    environment: dict[str, str]


def plan(environment: Mapping[str, str]) -> Plan:
    """The real environment's other words stay; those that would lead to the real Poster are replaced."""
    host, _, port = environment.get("BIND", "127.0.0.1:8080").rpartition(":")
    if not port.isdigit():
        raise SettingsError(f"BIND is {environment['BIND']!r}: write host:port, for example 127.0.0.1:8080.")
    server = f"http://127.0.0.1:{port}"
    words = {**environment, "SANDBOX_SERVER_URL": server, "BIND": f"{host}:{port}"}
    words["SANDBOX_STATE"] = environment.get("SANDBOX_STATE", str(DATA / "world.json"))
    settings = from_environment(words)
    pages = f"http://localhost:{settings.port}"
    return Plan(settings, pages, server, host, int(port), words | _for_server(settings, pages, server))


def _for_server(settings: SandboxSettings, pages: str, server: str) -> dict[str, str]:
    """What a self-hoster writes into `.env`, but pointing here."""
    data = settings.state.parent if settings.state else DATA
    return {
        "POSTER_APPLICATION_ID": settings.application_id,
        "POSTER_APPLICATION_SECRET": settings.application_secret,
        "POSTER_URL": pages,
        "POSTER_ACCOUNT_URL": f"{pages}/{{account}}",
        "POSTER_PLATFORM_URL": f"http://127.0.0.1:{settings.port}",
        "POSTER_ACCOUNTS": "pechera,kaffka",
        "PUBLIC_URL": server,
        "COMPANIES_URL": f"http://127.0.0.1:{settings.port}/companies",
        "SECRET_KEY": _secret_key(data / "secret.key"),
        "DATABASE_URL": f"sqlite:///{data.resolve() / 'dzvinok.db'}",
    }


def _secret_key(path: Path) -> str:
    """Made once: tokens in the database are sealed with it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()


def launch(here: Plan) -> None:
    """Runs until interrupted; raises LaunchError when it can't, or can't any longer."""
    must_be_free(here.sandbox.host, here.sandbox.port, "SANDBOX_BIND")
    must_be_free(here.host, here.port, "BIND")
    children: list[Child] = []
    try:
        children += _started(here)
        wait_until_up(children[0], here.pages)
        wait_until_up(children[1], here.server)
        if first_steps.needed(here.pages):
            print("Connecting the restaurant, giving the waiters their lines…", flush=True)
            first_steps.take(here.pages, here.server, here.environment)
        print(_welcome(here), flush=True)
        _watch(children)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        stop(children)


def _started(here: Plan) -> list[Child]:
    data = here.sandbox.state.parent if here.sandbox.state else DATA
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    poster = start("sandbox", [sys.executable, "-m", "sandbox"], here.environment, data / "sandbox.log")
    try:
        return [poster, start("server", [gunicorn, "wsgi:app"], here.environment, data / "server.log")]
    except OSError as error:
        stop([poster])
        raise LaunchError(f"{gunicorn} can't be started: {error.strerror}. Run make setup.") from None


def _watch(children: list[Child]) -> None:
    pause = threading.Event()
    while not pause.wait(0.5):
        for child in children:
            check(child)


def _welcome(here: Plan) -> str:
    return f"""
  Dzvinok is running, with a make-believe Poster and phone company around it.

  Sandbox home   {here.pages}/
  A register     {here.pages}/register?account=pechera&tablet=1   (PIN 3333 or 4444)
  Manage         {here.pages}/manage/applications/dzvinok?account=pechera

  Ctrl-C stops everything."""


def main() -> int:
    os.chdir(ROOT)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        launch(plan(os.environ))
    except Interrupted:
        print("\nStopped.")
        return 0
    except (LaunchError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _interrupt(number: int, frame: object) -> None:
    raise Interrupted


if __name__ == "__main__":
    sys.exit(main())
