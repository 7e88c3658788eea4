"""An account's open Manage page: sends its token and takes the new one, as the script does."""

from __future__ import annotations

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.config import Settings
from server.web.manage_pages import TOKEN_HEADER
from server.web.pagetoken import PageTokens, Pass


class Page:
    def __init__(self, client: FlaskClient, settings: Settings, opens: Pass) -> None:
        self.client = client
        self.token = PageTokens(settings.secret_key).issue(opens)
        self.last: TestResponse | None = None

    def get(self, path: str = "/manage/lines", **query: str) -> str:
        return self._take(self.client.get(path, query_string={"lang": "en", **query}, headers=self.headers()))

    def post(self, path: str, lang: str = "en", **typed: Any) -> str:
        return self._take(self.client.post(f"{path}?lang={lang}", data=typed, headers=self.headers()))

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def status(self) -> int:
        assert self.last
        return self.last.status_code

    def _take(self, response: TestResponse) -> str:
        self.last = response
        self.token = response.headers.get(TOKEN_HEADER, self.token)
        return html.unescape(response.text)


def note(text: str, part: str) -> str:
    found = re.search(rf'id="note-{part}">(.*?)</p>', text, re.S)
    return found[1].strip() if found else ""
