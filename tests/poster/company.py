"""A stand-in for the wire to Poster: answers as its documentation and its oddities have it, on a real socket."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

NUMBER, NAME = "700123", "pechera"
TOKEN = NUMBER + ":" + "9f0c" * 8
CODE = "a1b2c3d4e5f60718293a4b5c6d7e8f90"

Json = dict[str, Any]


@dataclass
class Asked:
    verb: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def method(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    def json(self) -> Json:
        return dict(json.loads(self.body))

    def fields(self) -> dict[str, str]:
        kind = self.headers["content-type"]
        if kind.startswith("application/x-www-form-urlencoded"):
            return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}
        message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + self.body, policy=policy.HTTP)
        return {
            str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True).decode()  # type: ignore[union-attr]
            for part in message.iter_parts()
        }


@dataclass
class Raw:
    """An answer that is not Poster's usual envelope."""

    content: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def grant(token: str = TOKEN, number: str = NUMBER) -> Raw:
    return Raw(
        {
            "access_token": token,
            "account_number": number,
            "user": {"id": 11, "name": "Olena", "email": "o@acme.test", "role_id": 3},
            "ownerInfo": {"email": "o@acme.test", "phone": "+380501112233", "city": "", "country": "UA",
                          "name": "Olena Kovalenko", "company_name": "Pechera Cafe"},
            "tariff": {"key": "pro", "next_pay_date": "2026-05-31 11:52:41", "price": 2},
        }
    )  # fmt: skip


def error(code: int, message: str = "no") -> Raw:
    return Raw({"error": {"code": code, "message": message}})


class Company:
    """`answers` maps a method's name to what it returns: a value, a `Raw`, or a function of what was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.delays: dict[str, float] = {}
        self.answers: dict[str, Any] = usual()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def count(self, method: str) -> int:
        return sum(one.method == method for one in self.asked)

    def last(self, method: str) -> Asked:
        return next(one for one in reversed(self.asked) if one.method == method)

    def answer(self, asked: Asked) -> Raw:
        with self._lock:
            self.asked.append(asked)
        time.sleep(self.delays.get(asked.method, self.delays.get("*", 0.0)))
        answer = self.answers.get("*", self.answers.get(asked.method))
        if isinstance(answer, Callable):  # type: ignore[arg-type]
            answer = answer(asked)
        if isinstance(answer, Raw):
            return answer
        return error(30, "no such method") if answer is None else Raw({"response": answer})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        company = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = (
                -1
            )  # head and body leave together: apart, the second would wait for the other end's word

            def do_GET(self) -> None:
                self._do()

            def do_POST(self) -> None:
                self._do()

            def _do(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                query = {
                    name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()
                }
                headers = {name.lower(): value for name, value in self.headers.items()}
                raw = company.answer(Asked(self.command, parts.path, query, headers, body))
                content = raw.content if isinstance(raw.content, bytes) else json.dumps(raw.content).encode()
                try:
                    self.send_response(raw.status)
                    for name, value in {"Content-Length": str(len(content)), **raw.headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    self.close_connection = True

            def log_message(self, *args: object) -> None:
                return

        return Handler


def client(client_id: int = 318, **facts: Any) -> Json:
    """A row of clients.getClients as an old account has it."""
    return {
        "client_id": str(client_id), "firstname": "Olena", "lastname": "Kovalenko", "patronymic": "",
        "discount_per": "0", "bonus": "4500", "total_payed_sum": "0", "phone": "+38 067 111 22 33",
        "phone_number": "380671112233", "email": "", "birthday": "0000-00-00", "card_number": "0", "city": "0",
        "address": "0", "comment": "0", "client_groups_id": "4", "client_groups_name": "VIP",
        "client_groups_discount": "0", "loyalty_type": "1", "delete": "0", **facts,
    }  # fmt: skip


def transaction(number: int, closed: float, client_id: int = 318, **facts: Any) -> Json:
    """A row of dash.getTransactions; `closed` is Unix seconds."""
    return {
        "transaction_id": str(number), "date_start": str(int(closed * 1000) - 60000),
        "date_close": str(int(closed * 1000)), "status": "2", "sum": "34500", "payed_sum": "34500",
        "client_id": str(client_id), "service_mode": "1", "processing_status": "60", "delivery": None,
        "products": [{"product_id": "12", "modification_id": "0", "num": "2.0000000"}], **facts,
    }  # fmt: skip


def usual() -> dict[str, Any]:
    return {
        "access_token": lambda asked: grant(),
        "manage": lambda asked: grant(),
        "settings.getAllSettings": {
            "COMPANY_ID": NAME, "company_name": "Pechera", "timezones": "Europe/Kyiv", "lang": "ua",
            "currency": {"currency_id": "1", "currency_symbol": "&#8372;", "currency_code_iso": "UAH"},
        },
        "access.getSpots": [{"spot_id": "1", "spot_name": "Podil", "spot_adress": "x", "storages": []}],
        "access.getTablets": [{"tablet_id": "1", "tablet_name": "Bar", "spot_id": "1"}],
        "access.getEmployees": [{"user_id": 5, "name": "Olena", "role_name": "Waiter"}],
        "clients.getClients": [],
        "clients.getGroups": [
            {"client_groups_id": "4", "client_groups_name": "VIP", "client_groups_discount": "10",
             "loyalty_type": "1", "delete": "0"},
            {"client_groups_id": "5", "client_groups_name": "Old", "client_groups_discount": "2.5",
             "loyalty_type": "2", "delete": "1"},
        ],
        "dash.getTransactions": [],
        "dash.getTransactionProducts": [
            {"product_id": "12", "product_name": "Margherita", "modificator_name": "30 cm", "num": "2.0000000"},
        ],
        "menu.getProducts": [{"product_id": "12", "product_name": "Margherita"}],
        "clients.createClient": 519,
        "application.setEntityExtras": True,
    }  # fmt: skip
