"""A real server with a furnished house in it, asked over HTTP with right, no and broken credentials."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from schemathesis import Case

from server.web.pagetoken import PageTokens, Pass
from tests import wire
from tests.fuzz.house import NOWHERE, House, open_house

FREE = {
    "none",
    "begun",
    "brought",
    "hook",
    "metrics",
}  # schemes without which the door says something all the same


@dataclass
class Real:
    server: wire.Server
    house: House
    session: requests.Session = field(default_factory=requests.Session)

    def needs_credentials(self, method: str, path: str) -> bool:
        """A page of Manage shows the way in to whoever has none; a form, a register's verb and a file do not."""
        return path.startswith(("/pos/", "/manage/recording")) or (
            method == "POST" and path.startswith("/manage")
        )

    def send(self, case: Case, who: str, seconds: float) -> requests.Response:
        """As the case has it, signed or not; a redirect is an answer."""
        asked = case.as_transport_kwargs(base_url=self.server.url)
        asked.pop("cookies", None)
        if case.operation.path.startswith("/pos/") and case.method.upper() == "POST":
            asked["data"] = self._envelope(case)
            asked.pop("json", None)
        asked["url"] = self._known(asked["url"])
        request = self.session.prepare_request(requests.Request(**_only(asked)))
        request.headers.update(self._credentials(request, who))
        return self.session.send(request, timeout=seconds, allow_redirects=False)

    def _known(self, url: str) -> str:
        """Every other hook is one that there is."""
        for name, trunk in self.house.trunks.items():
            if f"/hooks/{name}/" in url and secrets.randbelow(2):
                head, _, rest = url.partition(f"/hooks/{name}/")
                return f"{head}/hooks/{name}/{trunk.token}" + ("/ring" if "/" in rest else "")
        return url

    def _envelope(self, case: Case) -> bytes:
        body: Any = case.body
        if isinstance(body, dict):
            body = {**body, "nonce": secrets.token_urlsafe(16)} if body.get("nonce") else body
        try:
            text = json.dumps(body).encode()
        except (TypeError, ValueError):
            text = str(body).encode()
        return json.dumps({"p": base64.urlsafe_b64encode(text).decode().rstrip("=")}).encode()

    def _credentials(self, request: requests.PreparedRequest, who: str) -> dict[str, str]:
        if who == "none":
            return {}
        url, body, at = str(request.url), request.body or b"", int(time.time())
        raw = body.encode("latin-1", "replace") if isinstance(body, str) else body
        token = PageTokens(self.server.env["SECRET_KEY"]).issue(Pass(account=self.house.account.id))
        sign = self.house.signed(url, raw if isinstance(raw, bytes) else b"", at)
        if who == "broken":
            token, sign = token[:-2] + "xx", sign[:-1] + ("0" if sign[-1] != "0" else "1")
        headers = {"Authorization": f"Bearer {token}"}
        if "/pos/" not in url:
            return headers
        return {"Content-Type": "application/json", "X-Poster-Signature": sign, "X-Poster-Time": str(at),
                "X-Poster-Url": "pechera", "X-Poster-Spot-Id": "1", "X-Poster-Tablet-Id": "1"}  # fmt: skip


def _only(asked: dict[str, Any]) -> dict[str, Any]:
    names = ("method", "url", "headers", "files", "data", "json", "params", "auth", "cookies")
    return {name: asked[name] for name in names if name in asked}


@contextmanager
def open_real(folder: Path, **more: str) -> Iterator[Real]:
    port = wire.free_port()
    facts = {"LIMITS": "0", "COMPANIES_URL": NOWHERE, "PUBLIC_URL": f"http://127.0.0.1:{port}", **more}
    providers = ("generic", "zadarma", "phone", "twilio", "telnyx")
    with open_house(folder, providers=providers, **facts) as house:
        server = wire.Server(folder / "dzvinok.db", port, **facts)
        try:
            yield Real(server, house)
        finally:
            server.kill()
