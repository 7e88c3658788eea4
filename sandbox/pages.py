"""The pages a person sees: home, register, its container, the Manage console, and Poster's marketplace."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.account import Account
from sandbox.oauth_door import landing
from sandbox.page_words import APPLICATION, common
from sandbox.parts import account_of, origins, sandbox, tablet_of
from sandbox.rows import Tablet

door = Blueprint("pages", __name__)
TONGUES = {"uk": "ua", "ru": "ru", "en": "en", "pl": "pl"}  # Poster names Ukrainian by the country
CONSOLE = "/manage/applications/dzvinok"


@door.get("/")
def home() -> str:
    account = account_of(request.args)
    _greet(account)
    registers = [_register(account, tablet) for tablet in account.tablets.values()]
    waiters = [one.pin for one in account.live_employees() if one.role == "waiter"]
    query = urlencode({"account": account.name})
    links = {
        "manage": f"{CONSOLE}?{query}",
        "connect": f"{sandbox().settings.server}/connect",
        "install": f"/marketplace/install?{query}",
        "bare": f"/marketplace/open?{query}",
    }
    return render_template("home.html", **common(account), registers=registers, links=links, waiters=waiters)


def _greet(account: Account) -> None:
    """The first visitor's browser says which language the restaurant speaks, until somebody chooses another."""
    wished = request.accept_languages.best_match(TONGUES)
    if wished and "lang" not in account.switches:
        account.speak(TONGUES[wished])


def _register(account: Account, tablet: Tablet) -> dict[str, Any]:
    query = urlencode({"account": account.name, "tablet": tablet.id})
    spot = account.spots[tablet.spot]
    row = {"tablet": tablet.id, "name": account.word(tablet.name), "url": f"/register?{query}"}
    return row | {"spot": spot.id, "spot_name": account.word(spot.name)}


@door.get("/register")
def register() -> str:
    account = account_of(request.args)
    tablet = tablet_of(account, request.args)
    spot = account.spots[tablet.spot]
    query = urlencode({"account": account.name, "tablet": tablet.id})
    return render_template(
        "register.html",
        **common(account),
        tablet=_tablet(account, tablet),
        spot={"id": spot.id, "name": account.word(spot.name), "address": account.word(spot.address)},
        container=f"{origins()[1]}/platform/container?{query}",
    )


def _tablet(account: Account, tablet: Tablet) -> dict[str, Any]:
    return {"id": tablet.id, "name": account.word(tablet.name), "spot": tablet.spot}


@door.get("/platform/container")
def container() -> Response:
    """Some devices forbid their containers any connection but Poster's own."""
    account = account_of(request.args)
    tablet = _tablet(account, tablet_of(account, request.args))
    page = Response(render_template("container.html", **common(account), tablet=tablet))
    if account.fault("sockets") == "blocked":
        page.headers["Content-Security-Policy"] = "connect-src 'self'"
    return page


@door.get(CONSOLE)
@door.get("/<string:host>" + CONSOLE)
def console(host: str = "") -> str:
    account = sandbox().world.account(host) if host else account_of(request.args)
    return render_template(
        "manage.html",
        **common(account),
        iframe=manage_address(account),
        application={"id": sandbox().settings.application_id, "name": APPLICATION},
        connected=account.connected,
    )


def manage_address(account: Account) -> str:
    """A fresh code glued to the saved address; the switch says what the developer had saved."""
    saved = sandbox().settings.manage_url
    bare = saved.partition("?")[0].rstrip("/")
    starts = {
        "query": saved,
        "alias": f"{bare}?posterToken=",
        "path": f"{bare}/",
        "bare": f"{bare}?",
        "doubled": f"{bare}?code=?code=",
    }
    address = starts[str(account.fault("manage_code"))] + sandbox().world.mint_code(account.name, "manage")
    if account.fault("manage_params") == "all":
        address += ("&" if "?" in address else "?") + _unsigned(account)
    return address


def _unsigned(account: Account) -> str:
    words = {"poster_url": account.name, "account_number": account.number, "lang": account.fault("lang")}
    return urlencode(words)


@door.get("/marketplace/install")
def install() -> AnyResponse:
    """ "Connect" in Poster's marketplace: lands on the application's redirect address, unasked."""
    return redirect(landing(account_of(request.args)))


@door.get("/marketplace/open")
def open_bare() -> AnyResponse:
    """The other "Connect": the Manage address as a plain page, with three unsigned words and no code."""
    account = account_of(request.args)
    return redirect(f"{sandbox().settings.manage_url.partition('?')[0]}?{_unsigned(account)}")
