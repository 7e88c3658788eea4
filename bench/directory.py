"""A webhook of the phone company -> the whole card of a guest at the register, while Poster is slow or down."""

from __future__ import annotations

import json
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bench.figures import Json, resident, spread
from bench.servers import ACCOUNT, FORM, SECRET, company_at, furnish, worker
from server import directory
from server.db import close_database, open_database, transaction
from server.directory import taking
from server.models import Account
from server.models import Directory as DirectoryRow
from server.vault import Vault
from tests.poster.company import client
from tests.poster.company import transaction as order
from tests.wire import Register, Server, free_port

GUESTS, ORDERS, PORTIONS = 200_000, 60_000, 5_000
SLOW = 3.0
RINGS, WARM_UP, BREATH = 300, 20, 0.03
HOUR, DAY = 3600.0, 86400.0
STREETS = ("вул. Садова", "вул. Лісова", "просп. Перемоги", "вул. Січових Стрільців", "бульв. Шевченка")


def cards(guests: int = GUESTS, orders: int = ORDERS, rings: int = RINGS) -> list[Json]:
    """A row for the filling of the database, and one for each way that Poster fails."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "directory.db"
        rows = [_fill(database, guests, orders)]
        with slow() as url:
            rows.append(_side("answers after 3 s", database, url, guests, rings))
        rows.append(_side("is down", database, f"http://127.0.0.1:{free_port()}", guests, rings))
    return rows


def number(guest: int) -> str:
    return f"+38067{guest:07d}"


def _fill(database: Path, guests: int, orders: int) -> Json:
    """Through the same functions that take Poster's answers, row by row as Poster writes them, without the pauses
    that they make for rings."""
    taking.PAUSE = 0.0
    open_database(f"sqlite:///{database}")
    furnish()
    account = Account.get(Account.name == ACCOUNT)
    begun, chance = time.perf_counter(), random.Random(7)
    for first in range(1, guests + 1, PORTIONS):
        directory.take_clients(account.id, [_guest(one) for one in range(first, first + PORTIONS)], "UA")
    middle = time.perf_counter()
    for first in range(1, orders + 1, PORTIONS):
        portion = range(first, first + PORTIONS)
        directory.take_orders(
            account.id, [_order(one, chance.randrange(1, guests), chance) for one in portion]
        )
    took = (middle - begun, time.perf_counter() - middle)
    _read_an_hour_ago(account, guests)
    close_database()
    size = sum(one.stat().st_size for one in database.parent.glob(f"{database.name}*"))
    return {"Poster": "(filling the database)", "guests": guests, "orders": orders, "guests, s": round(took[0], 1),
            "orders, s": round(took[1], 1), "database, MB": round(size / 1e6, 1)}  # fmt: skip


def _guest(one: int) -> Json:
    address = f"{STREETS[one % 5]} {one % 180 + 1}, кв. {one % 90 + 1}"
    row = {**client(one), "lastname": f"Прізвище {one}", "phone_number": number(one)[1:], "address": address}
    return {
        **row,
        "birthday": f"1990-{one % 12 + 1:02d}-{one % 28 + 1:02d}",
        "total_payed_sum": str(one % 900000),
    }


def _order(one: int, guest: int, chance: random.Random) -> Json:
    products = [{"product_id": str(chance.randrange(1, 80)), "modification_id": "0", "num": "1.0000000",
                 "product_price": "17250"} for _ in range(3)]  # fmt: skip
    address = {"address1": f"{STREETS[guest % 5]} {guest % 180 + 1}", "address2": f"кв. {guest % 90 + 1}"}
    row = order(one, time.time() - chance.random() * 364 * DAY, guest, spot_id="1", name="Олена")
    return {**row, "products": products, "delivery": address if one % 2 else None}


def _read_an_hour_ago(account: Account, guests: int) -> None:
    """So that each ring also asks Poster anew."""
    then = time.time() - HOUR
    with transaction():
        DirectoryRow.create(account=account, stage="done", done=guests, total=guests, pass_=1, guests_at=time.time(),
                            orders_at=then, orders_from=time.time() - 365 * DAY)  # fmt: skip
        token = Vault("a key for tests, long enough").seal("1:" + "0" * 32)
        Account.update(token=token).where(Account.id == account.id).execute()


def _side(how: str, database: Path, poster: str, guests: int, rings: int) -> Json:
    server = Server(database, POSTER_URL=poster)
    try:
        before = resident(worker(server.process.pid))
        took = _ring(server, guests, rings)
        return {"Poster": how, **spread(took), "KB more": resident(worker(server.process.pid)) - before}
    finally:
        server.kill()


def _ring(server: Server, guests: int, rings: int) -> list[float]:
    """Seconds from before the webhook is sent until the register holds the complete card."""
    register = Register(server.url, ACCOUNT, register=1, spot=1, employee=1)
    register.connect()
    chance, took = random.Random(server.port), list[float]()
    with company_at(server.port) as company:
        for one in chance.sample(range(1, guests), WARM_UP + rings):
            body = f"event=ring&call={server.port}-{one}&from=%2B{number(one)[1:]}&to=0441234567&line=1001"
            sent = time.perf_counter()
            company.request("POST", f"/hooks/generic/{SECRET}", body, {"Content-Type": FORM})
            answer = company.getresponse()
            assert answer.status == 200, answer.read()
            answer.read()
            _hear(register, number(one))
            took.append(time.perf_counter() - sent)
            time.sleep(BREATH)
    register.close()
    return took[WARM_UP:]


def _hear(register: Register, caller: str) -> None:
    """Until the guest of this call is there; what is told again of earlier callers is passed over."""
    while (card := register.hear_until("guest")["guest"])["number"] != caller or not card["guests"]:
        pass
    assert card["stage"] == "complete", card["stage"]
    assert card["guests"][0]["address"]


@contextmanager
def slow() -> Iterator[str]:
    """A Poster that tells each guest as we know them, three seconds late, and no orders."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(SLOW)
            query = parse_qs(urlsplit(self.path).query)
            digits = query.get("phone", [""])[0].removeprefix("+")
            rows = [_guest(int(digits[5:]))] if len(digits) == 12 else []
            content = json.dumps({"response": rows}).encode()
            try:
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
