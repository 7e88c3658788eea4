"""What an owner does once: connects the restaurant, adds the phone company, gives the waiters their lines.

All of it through public doors: the browser's way for connecting, the command line for the rest.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from sandbox.processes import LaunchError

ACCOUNT = "pechera"
LINES = {3: "101", 4: "102", 5: "103", 6: "104"}
"""Employee -> line."""

PATIENCE = 20


def needed(sandbox: str) -> bool:
    """Nothing to do when the account is connected and the phone company's address is still known there."""
    panel = _json(requests.get(f"{sandbox}/sandbox/api/phone?account={ACCOUNT}", timeout=PATIENCE))
    changes = requests.get(
        f"{sandbox}/sandbox/api/changes?account={ACCOUNT}&since=9999999999", timeout=PATIENCE
    )
    hook = str(panel["hooks"]["binotel"])
    if not hook or not _json(changes)["connected"]:
        return True
    return requests.get(hook, timeout=PATIENCE).status_code != 200


def take(sandbox: str, server: str, environment: Mapping[str, str]) -> None:
    connect(sandbox, server)
    hook = (
        _cli(
            environment,
            "trunks",
            "add",
            "--account",
            ACCOUNT,
            "--provider",
            "binotel",
            *_keys(sandbox, environment),
        )
        .splitlines()[-1]
        .strip()
    )
    reply = requests.post(
        f"{sandbox}/sandbox/api/phone/settings",
        json={"account": ACCOUNT, "company": "binotel", "hook": hook},
        timeout=PATIENCE,
    )
    dids = {spot["spot"]: spot["number"] for spot in _json(reply)["dids"]}
    commands = [["lines", "set", "--employee", str(who), "--line", line] for who, line in LINES.items()]
    commands += [["lines", "did", "--did", number, "--spot", str(spot)] for spot, number in dids.items()]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda words: _cli(environment, *words, "--account", ACCOUNT), commands))


def _keys(sandbox: str, environment: Mapping[str, str]) -> list[str]:
    """So that calls can be placed and recordings heard; only of a server that asks the sandbox and nobody else."""
    if not environment.get("COMPANIES_URL"):
        return []
    panel = _json(requests.get(f"{sandbox}/sandbox/api/phone?account={ACCOUNT}", timeout=PATIENCE))
    known = panel["company"]["keys"]
    return [word for name in ("api_key", "api_secret") for word in ("--set", f"{name}={known[name]}")]


def connect(sandbox: str, server: str) -> None:
    """As the owner's browser would: Connect, Approve, back at the server."""
    with requests.Session() as browser:
        page = browser.get(f"{server}/connect", timeout=PATIENCE)
        if not page.url.startswith(sandbox):
            raise LaunchError(f"{server}/connect did not lead to the consent page, but to {page.url}.")
        asked = dict(parse_qsl(urlsplit(page.url).query))
        form = asked | {"account": ACCOUNT, "decision": "approve"}
        landed = browser.post(f"{sandbox}/api/auth/decide", data=form, timeout=PATIENCE)
        if not landed.ok:
            raise LaunchError(
                f"The server did not take the connection: HTTP {landed.status_code} at {landed.url}."
            )


def _cli(environment: Mapping[str, str], *words: str) -> str:
    flask = Path(sys.executable).with_name("flask")
    done = subprocess.run(  # noqa: S603
        [flask, "--app", "wsgi", *words], env=dict(environment), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LaunchError(f"flask --app wsgi {' '.join(words)} failed: {done.stderr.strip()[-600:]}")
    return done.stdout


def _json(reply: requests.Response) -> dict[str, Any]:
    data: dict[str, Any] = reply.json()
    return data
