"""The doors of a browser that connects a restaurant: `/`, `/connect`, `/poster/callback` and the button after it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from server.config import ACCOUNT_NAME
from server.connecting import Outcome
from server.db import reading
from server.models import Account, Employee, Register, Spot
from server.parts import Parts

HERE = Path(__file__).parent
LANGUAGES = {"ua": "Українська", "ru": "Русский", "en": "English", "pl": "Polski"}
TONGUES = {"ua": "uk", "ru": "ru", "en": "en", "pl": "pl"}  # Poster names Ukrainian by the country

BEGUN, BROUGHT = "dzvinok_connect", "dzvinok_install"
BEGUN_LIVES, BROUGHT_LIVES = 15 * 60, 24 * 3600

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    # The address of the return carries Poster's code.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
MISHAPS = {"refused": 502, "unavailable": 502, "not_allowed": 403, "state": 403, "browser": 403, "gone": 410}


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint(
        "connect",
        __name__,
        template_folder="templates",
        static_folder="static/connect",
        static_url_path="/connect/static",
    )
    pages = Connect(parts)
    blueprint.get("/")(pages.home)
    blueprint.get("/connect")(pages.begin)
    blueprint.get("/poster/callback")(pages.returned)
    blueprint.get("/connect/confirm")(pages.standing)
    blueprint.post("/connect/confirm")(pages.confirm)

    @blueprint.after_request
    def guard(response: Response) -> Response:
        if not request.path.startswith("/connect/static"):
            response.headers.update(HEADERS)
        return response

    return blueprint


class Connect:
    def __init__(self, parts: Parts) -> None:
        self._connecting = parts.connecting
        self._settings = parts.settings
        self._base = urlsplit(parts.settings.public_url).path

    def home(self) -> Response:
        """Also where Poster's marketplace may send an owner, with names that prove nothing."""
        name = request.args.get("poster_url", "").strip().casefold()
        return self._page("home", shown=name if ACCOUNT_NAME.fullmatch(name) else "")

    def begin(self) -> BaseResponse:
        url, browser = self._connecting.begin()
        response = redirect(url, 302)
        self._keep(response, BEGUN, browser, BEGUN_LIVES)
        return response

    def returned(self) -> Response:
        outcome = self._connecting.finish(
            request.args.get("code", ""),
            request.args.get("account", ""),
            request.args.get("state", ""),
            request.cookies.get(BEGUN, ""),
        )
        browser = outcome.browser or request.cookies.get(BROUGHT, "")
        if outcome.parked is not None:
            response = self._told(self._connecting.standing(outcome.parked, browser))
        else:
            response = self._told(outcome)
        if outcome.browser:
            self._keep(response, BROUGHT, outcome.browser, BROUGHT_LIVES)
        return response

    def standing(self) -> Response:
        """What the button led to; reloading it does nothing."""
        parked = self._connecting.parked(_number(request.args.get("install", "")))
        return self._told(self._connecting.standing(parked, request.cookies.get(BROUGHT, "")))

    def confirm(self) -> BaseResponse:
        install = _number(request.form.get("install", ""))
        self._connecting.confirm(install, request.cookies.get(BROUGHT, ""))
        return redirect(f"{self._base}/connect/confirm?install={install}&lang={language()}", 303)

    def _told(self, outcome: Outcome) -> Response:
        if outcome.account is not None:
            return self._page("connected", account=outcome.account, counts=_counts(outcome.account))
        if outcome.parked is not None:
            return self._page("parked", parked=outcome.parked)
        status = MISHAPS.get(outcome.problem, 400)
        return self._page("mishap", status, problem=outcome.problem, told=outcome.told)

    def _page(self, name: str, status: int = 200, **context: Any) -> Response:
        lang = language()
        text = render_template(
            f"connect/{name}.html",
            say=speaker(lang),
            lang=lang,
            languages=LANGUAGES,
            tongues=TONGUES,
            base=self._base,
            here=self._here,
            poster=self._settings.poster_url,
            **context,
        )
        return make_response(text, status)

    def _here(self, lang: str) -> str:
        """This page in another language: a return from Poster is harmless to ask for again."""
        return f"{self._base}{request.path}?{urlencode({**request.args.to_dict(), 'lang': lang})}"

    def _keep(self, response: BaseResponse, name: str, secret: str, seconds: int) -> None:
        """First-party, and Poster's return is a plain visit: `Lax` lets the cookie come back with it."""
        secure = self._settings.public_url.startswith("https://")
        response.set_cookie(name, secret, max_age=seconds, httponly=True, samesite="Lax", secure=secure)


def language() -> str:
    """The language asked for; else the first of the browser's that we speak; else English."""
    wish = request.args.get("lang", "").strip().casefold()
    if wish:
        return {"uk": "ua"}.get(wish, wish if wish in LANGUAGES else "en")
    spoken = {tongue: lang for lang, tongue in TONGUES.items()}
    tongues = (tongue.split("-")[0].lower() for tongue, quality in request.accept_languages if quality > 0)
    return next((spoken[tongue] for tongue in tongues if tongue in spoken), "en")


@lru_cache
def words(lang: str) -> dict[str, str]:
    loaded: dict[str, str] = json.loads(
        (HERE / "templates/connect/words" / f"{lang}.json").read_text("utf-8")
    )
    return loaded


def speaker(lang: str) -> Callable[..., str]:
    def say(key: str, **values: object) -> str:
        return words(lang)[key].format_map(values)

    return say


def _counts(account: Account) -> dict[str, int] | None:
    """How much of the restaurant is here; None while it is still being read."""
    if account.mirrored_at is None:
        return None
    tables: dict[str, type[Spot] | type[Register] | type[Employee]]
    tables = {"spots": Spot, "registers": Register, "employees": Employee}
    with reading():
        return {
            name: table.select().where(table.account == account, table.gone == False).count()  # noqa: E712
            for name, table in tables.items()
        }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
