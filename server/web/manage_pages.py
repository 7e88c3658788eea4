"""How a Manage page is made: templates, what every page carries, headers that let Poster frame it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from flask import Response, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.config import ROOT, Settings
from server.web.manage_room import Room, Said
from server.web.manage_words import LANGUAGES, TONGUES, speaker

STATIC = ROOT / "manage_ui" / "static"
TEMPLATES = ROOT / "manage_ui" / "templates"
TOKEN_HEADER = "Dzvinok-Page-Token"  # noqa: S105 - a header's name

__all__ = ["STATIC", "TOKEN_HEADER", "Page", "Pages", "Said", "asset"]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "media-src blob:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)


@dataclass(frozen=True)
class Page:
    template: str
    lang: str
    status: int = 200


class Pages:
    def __init__(self, settings: Settings) -> None:
        base = urlsplit(settings.public_url).path
        self._csp = CSP.format(ancestors=" ".join(settings.frame_ancestors))
        self._jinja = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(languages=LANGUAGES, tongue=TONGUES, asset=partial(asset, base), base=base)
        self._jinja.globals.update(query_of=query_of)
        self._base = base

    def render(self, page: Page, /, *, token: str = "", **context: object) -> Response:
        html = self._jinja.get_template(f"{page.template}.html").render(
            name=page.template,
            lang=page.lang,
            html_lang=TONGUES[page.lang],
            address=self._address(page.lang, context),
            in_language=lambda lang: self._address(lang, context),
            say=speaker(page.lang),
            token=token,
            **{
                "account": None,
                "said": None,
                "actor": None,
                "locked": False,
                "rooms": [],
                "room": None,
                "keep": {},
                **context,
            },
        )
        response = Response(html, status=page.status, mimetype="text/html")
        if token:
            response.headers[TOKEN_HEADER] = token
        return response

    def _address(self, lang: str, context: Mapping[str, object]) -> str:
        """Where the page is found again; what of the query stays is written behind it."""
        room = context.get("room")
        own = f"/manage/{room.name}" if isinstance(room, Room) else "/manage"
        keep = context.get("keep")
        query = urlencode({"lang": lang, **(keep if isinstance(keep, dict) else {})})
        return f"{self._base}{context.get('path', own)}?{query}"

    def guard(self, response: Response) -> Response:
        """Codes and tokens stay out of caches and referrers; Poster alone may frame the page."""
        response.headers["Content-Security-Policy"] = self._csp
        response.headers["Referrer-Policy"] = "no-referrer"
        stamped = request.endpoint == "manage.static" and request.args.get("v")
        lasting = "public, max-age=31536000, immutable" if stamped else "no-cache"
        response.headers["Cache-Control"] = lasting if request.endpoint == "manage.static" else "no-store"
        return response


def query_of(asked: Mapping[str, str]) -> str:
    """What is asked, to stand behind `?lang=…` in an address; what is empty is left out."""
    return "".join(f"&{urlencode({name: value})}" for name, value in asked.items() if value)


def asset(base: str, name: str) -> str:
    """The address of a static file, stamped with its content so that browsers may keep it for ever."""
    path = STATIC / name
    stamp = _digest(path, path.stat().st_mtime_ns) if path.exists() else "missing"
    return f"{base}/manage/static/{name}?v={stamp}"


@lru_cache(maxsize=16)
def _digest(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
