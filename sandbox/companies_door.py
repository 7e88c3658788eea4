"""`/companies/<host>/<path>`: what our server asks of the phone companies, and the sockets that it opens there.

The request itself says whose it is: the restaurant whose keys it carries.
"""

from __future__ import annotations

import json
import time
from secrets import token_hex
from typing import Any

import requests
from flask import Blueprint, Response, request
from simple_websocket import ConnectionClosed, Server

from sandbox.companies import COMPANIES
from sandbox.companies.base import Asked, Company, Desk, Heard, Said
from sandbox.companies.wire import written
from sandbox.parts import Sandbox, sandbox
from sandbox.phone_company import PhoneCompany
from sandbox.phone_setup import PhoneError
from sandbox.world import Unknown

door = Blueprint("companies", __name__, url_prefix="/companies")

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]
HANGS = 30.0
LISTENS = 1.0


@door.route("/<host>", methods=METHODS, strict_slashes=False)
@door.route("/<host>/<path:path>", methods=METHODS)
def rest(host: str, path: str = "") -> Response:
    asked = Asked(
        request.method,
        host.casefold(),
        path,
        request.query_string.decode("latin-1"),
        {name.lower(): value for name, value in request.headers.items()},
        request.get_data(as_text=True),
    )
    company = next((one for one in COMPANIES.values() if one.serves(asked.host)), None)
    if company is None or company.answer is None:
        return _written(Said({"error": f"Nobody here plays {host[:60]}."}, 404))
    return _written(_answered(asked, company))


def _answered(asked: Asked, company: Company) -> Said:
    phones = [one for one in sandbox().phones.values() if company.admits(asked, one.setup.keys(company))]
    desks = [(one, _desk(one, company)) for one in phones or sandbox().phones.values()]
    said = _trouble(company, desks[0][0])
    if said is None and not phones:
        said = company.refusal
    if said is None:
        said = _said(asked, company, [desk for _, desk in desks])
    text = said.body.decode("latin-1")[:8] if isinstance(said.body, bytes) else _text(said)[:2000]
    what = f"{asked.method} /{asked.path}"
    desks[0][0].line.asked(company.name, what, asked.body or asked.query, said.status, text)
    return said


def _trouble(company: Company, phone: PhoneCompany) -> Said | None:
    fault = phone.setup.fault("rest")
    if fault == "hang":
        sandbox().stopping.wait(HANGS)
    return {
        "503": Said("Service Unavailable", 503, content_type="text/plain"),
        "401": company.refusal,
        "429": Said({"error": "Too Many Requests"}, 429, {"Retry-After": "60"}),
    }.get(fault)


def _said(asked: Asked, company: Company, desks: list[Desk]) -> Said:
    """Recordings need no key: whichever restaurant has the call gives it."""
    found = None
    try:
        for desk in desks:
            found = company.answer(asked, desk) if company.answer else None
            if found and found.status != 404:
                return found
    except (PhoneError, Unknown) as why:
        return Said({"status": "error", "error": str(why), "message": str(why)}, 400)
    except ValueError:
        return Said({"status": "error", "message": "a parameter can't be read"}, 400)
    return found or Said({"status": "error", "message": "there is no such method"}, 404)


def _desk(phone: PhoneCompany, company: Company) -> Desk:
    return Desk(
        phone.setup.keys(company),
        phone.office.people(),
        time.time(),
        phone.setup.account,
        calls=tuple(phone.of(company.name)),
        extensions=tuple(phone.office.extensions()),
        dial=lambda line, number, **notes: phone.dial(company.name, line, number, **notes),
        hang_up=lambda call: _hang_up(phone, call),
        keep=lambda changes: phone.setup.keep(company, changes),
        check=echoes,
    )


def _hang_up(phone: PhoneCompany, call: str) -> None:
    phone.hang_up(call)


def echoes(url: str) -> bool:
    """As Zadarma proves an address: it must answer with what it is asked."""
    word = token_hex(8)
    try:
        answer = requests.get(url, params={"zd_echo": word}, timeout=5, allow_redirects=False)
    except requests.RequestException:
        return False
    return answer.status_code == 200 and answer.text == word


def _text(said: Said) -> str:
    return said.body if isinstance(said.body, str) else json.dumps(said.body, ensure_ascii=False)


def _written(said: Said) -> Response:
    body = said.body if isinstance(said.body, bytes) else _text(said)
    return Response(body, said.status, dict(said.headers), content_type=said.content_type)


# WebSockets


@door.route("/<host>", websocket=True, strict_slashes=False)
@door.route("/<host>/<path:path>", websocket=True)
def connect(host: str, path: str = "") -> Response:
    company = next((one for one in COMPANIES.values() if one.socket and host in one.socket.hosts), None)
    if company is None:
        return _written(Said({"error": f"Nobody here plays {host[:60]}."}, 404))
    here = sandbox()
    if any(phone.setup.fault("rest") == "503" for phone in here.phones.values()):
        return _written(Said("Service Unavailable", 503, content_type="text/plain"))
    socket = Server(request.environ)
    try:
        _talk(socket, company, here)
    except ConnectionClosed:
        pass
    finally:
        here.sockets.leave(socket)
    return Closed()


class Closed(Response):
    """The connection has been used up: nothing more is said on it."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return super().__call__(environ, start_response)


def _talk(socket: Server, company: Company, here: Sandbox) -> None:
    assert company.socket
    for text in company.socket.greeting:
        socket.send(text)
    while not here.stopping.is_set():
        text = socket.receive(LISTENS)
        if text is None:
            continue
        owner, heard = _owner(str(text), company, here)
        for line in heard.send:
            socket.send(line)
        if heard.login and owner:
            here.sockets.join(owner.setup.account, company.name, socket)
            owner.line.asked(company.name, "socket: login", "", 200, written({"sent": len(heard.send)}))
        if heard.close:
            socket.close()
            return


def _owner(text: str, company: Company, here: Sandbox) -> tuple[PhoneCompany | None, Heard]:
    assert company.socket
    for phone in here.phones.values():
        heard = company.socket.hear(text, phone.setup.keys(company))
        if heard is not None and phone.setup.fault("rest") != "401":
            return phone, heard
    return None, company.socket.refusal
