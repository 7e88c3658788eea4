"""The whole card of a guest out of the database alone."""

from __future__ import annotations

import json
import random
import re
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from server import db, directory, menu
from server.db import reading, transaction
from server.directory import known
from server.directory.card import until_birthday, usual
from server.models import Account, Directory, Flag, Guest, GuestNumber, Todo
from tests.conftest import Restaurant, add_trunk
from tests.poster.company import client
from tests.poster.company import transaction as order

PHONE = "+380671112233"
NOW = time.time()
DAY = 86400.0

Json = dict[str, Any]


@pytest.fixture
def account(database: None, restaurant: Restaurant) -> Account:
    return restaurant()


def take(account: Account, *orders: Json, **facts: Any) -> None:
    directory.take_clients(account.id, [client(**facts)], "UA")
    directory.take_orders(account.id, orders)


def read_through(account: Account, since: float = NOW - 365 * DAY) -> None:
    with transaction():
        Directory.create(account=account, stage="done", guests_at=NOW, orders_at=NOW, orders_from=since)


def guest(account: Account, number: str = PHONE) -> Json:
    card = directory.card(account.id, number)
    assert card
    found: Json = card["guests"][0]
    return found


def dishes(*products: int, price: int = 17250) -> list[Json]:
    return [
        {"product_id": str(one), "modification_id": "0", "num": "1.0000000", "product_price": str(price)}
        for one in products
    ]


def on_the_menu(account: Account, **names: int) -> None:
    with transaction():
        menu.keep(account.id, [{"product_id": str(one), "product_name": name} for name, one in names.items()])


def test_nobody_is_known_by_a_number_that_nobody_has(account: Account) -> None:
    assert directory.card(account.id, PHONE) is None
    assert directory.card(account.id, "") is None


def test_a_card_is_complete_once_orders_were_read(account: Account) -> None:
    take(account)
    card = directory.card(account.id, PHONE)
    assert card
    assert (card["stage"], card["behind"], card["guests"][0]["figures"]) == ("found", False, None)
    read_through(account)
    card = directory.card(account.id, PHONE)
    assert card
    assert card["stage"] == "complete"


def test_at_is_when_the_oldest_part_was_read(account: Account) -> None:
    take(account)
    read_through(account)
    with transaction():
        Guest.update(read_at=NOW - 500).execute()
        Directory.update(orders_at=NOW - 900).execute()
    card = directory.card(account.id, PHONE)
    assert card
    assert card["at"] == NOW - 900
    directory.take_orders_of(account.id, 318, [], NOW - 365 * DAY)
    card = directory.card(account.id, PHONE)
    assert card
    assert card["at"] == NOW - 500


def test_figures_are_exact_to_the_kopeck(account: Account) -> None:
    chance = random.Random(3)
    sums = [chance.randrange(1, 999_999_99) for _ in range(240)]
    rows = [order(number, NOW - number * DAY, sum=str(one)) for number, one in enumerate(sums, 1)]
    take(
        account, *rows, order(900, NOW - 50, status="3"), order(901, NOW - 40, status="1", date_close="0"),
        order(902, NOW - 30, client_id=99), order(903, NOW - 20, processing_status="70"),
        order(904, NOW - 400 * DAY), total_payed_sum="123456789", date_activale="2024-01-01 10:00:00",
    )  # fmt: skip
    read_through(account)
    total = sum(sums)
    assert guest(account)["figures"] == {
        "since": int(datetime(2024, 1, 1, 7, tzinfo=UTC).timestamp()), "orders": 240,
        "total": f"{total // 100}.{total % 100:02d}",
        "average": f"{round(total / 240) // 100}.{round(total / 240) % 100:02d}", "paid": "1234567.89",
        "from": int(NOW - 365 * DAY),
    }  # fmt: skip


def test_without_orders_the_figures_are_zero(account: Account) -> None:
    take(account, date_activale="0000-00-00 00:00:00")
    read_through(account)
    figures = guest(account)["figures"]
    assert (figures["orders"], figures["total"], figures["average"], figures["since"]) == (
        0, "0.00", "0.00", None
    )  # fmt: skip


def test_the_last_five_orders_come_newest_first_without_removed_ones(account: Account) -> None:
    on_the_menu(account, Pizza=12, Borscht=13)
    rows = [
        order(number, NOW - number * DAY, products=dishes(12, 13), spot_id="2", name="Taras")
        for number in range(1, 8)
    ]
    rows[2] |= {"status": "3"}
    rows[0] |= {"status": "1", "date_close": "0"}
    chance = random.Random(1)
    chance.shuffle(rows)
    take(account, *rows)
    orders = guest(account)["orders"]
    assert [(one["id"], one["open"]) for one in orders] == [
        (1, True), (2, False), (4, False), (5, False), (6, False)
    ]  # fmt: skip
    assert (orders[0]["closed"], orders[1]["closed"]) == (None, int(NOW - 2 * DAY))
    assert orders[1]["order"] == int((NOW - 2 * DAY) * 1000) - 60000
    assert orders[1]["at"] == orders[1]["order"] // 1000
    assert (orders[1]["by"], orders[1]["spot"], orders[1]["sum"]) == ("Taras", 2, "345.00")
    assert orders[1]["items"][0] == {"product": 12, "modification_id": 0, "name": "Pizza", "modification": "",
                                     "count": "1", "price": "172.50"}  # fmt: skip


def test_the_usual_is_what_is_in_most_orders_and_of_equals_the_newest(account: Account) -> None:
    on_the_menu(account, Pizza=1, Borscht=2, Uzvar=3, Cake=4)
    baskets = [(3,), (4, 4, 4), (1, 2), (1, 2), (1,)]  # the newest first
    take(account, *[order(9 - at, NOW - at * DAY, products=dishes(*one)) for at, one in enumerate(baskets)])
    assert [(one["name"], one["times"]) for one in guest(account)["usual"]] == [
        ("Pizza", 3), ("Borscht", 2), ("Uzvar", 1)
    ]  # fmt: skip


def test_the_usual_of_a_dish_that_nobody_can_name_is_left_out() -> None:
    def names(product: int, modification: int) -> tuple[str, str]:
        return ("", "") if product == 1 else (f"Dish {product}", "")

    baskets = [[[1, 0, "1", 100, "", ""]]] * 3 + [[[2, 0, "1", 100, "", ""]]]
    assert [one["name"] for one in usual(baskets, names)] == ["Dish 2"]
    assert usual([], names) == []


def test_an_order_keeps_the_names_that_its_dishes_had(account: Account) -> None:
    take(account, order(9, NOW - 50, products=dishes(12)))
    assert [item["name"] for item in guest(account)["last_order"]["items"]] == ["№ 12"]
    on_the_menu(account, Pizza=12)
    assert guest(account)["last_order"]["items"][0]["name"] == "Pizza"
    told = [{"product_id": "12", "product_name": "Old pizza", "modificator_name": "30 cm"}]
    directory.take_names(account.id, 9, told)
    directory.take_orders(account.id, [order(9, NOW - 50, products=dishes(12))])
    item = guest(account)["last_order"]["items"][0]
    assert (item["name"], item["modification"]) == ("Old pizza", "30 cm")


def test_what_poster_changed_in_a_closed_order_is_taken(account: Account) -> None:
    take(account, order(9, NOW - 50, sum="100"))
    take(account, order(9, NOW - 40, sum="200", products=dishes(12, 13)))
    read_through(account)
    assert guest(account)["figures"]["total"] == "2.00"
    assert len(guest(account)["orders"]) == 1


def test_the_last_address_is_of_the_newest_delivery_else_the_profiles(account: Account) -> None:
    take(account, address="Sadova 5/7")
    assert guest(account)["last_address"] == "Sadova 5/7"
    take(
        account,
        order(1, NOW - 90, delivery={"address1": "First 1", "address2": "0"}),
        order(2, NOW - 60, delivery={"address1": "Lisova 2", "address2": "flat 3", "comment": "Ring twice"}),
        order(3, NOW - 50, delivery=[]),
        order(4, NOW - 40, delivery={"address1": "Gone 4"}, status=3),
        address="Sadova 5/7",
    )
    found = guest(account)
    assert found["last_address"] == "Lisova 2, flat 3"
    assert [one["street"] for one in found["addresses"]][:2] == ["Lisova", "First"]
    assert len(found["addresses"]) == 3, "the profile's is there too"


def test_flags_and_numbers_of_the_guest_stand_on_the_card(account: Account) -> None:
    take(account)
    with transaction():
        Flag.create(account=account, client_id=318, kind="allergy", text="nuts", by_name="Olena", at=NOW)
        GuestNumber.create(account=account, client_id=318, number="+380501234567", ours=True, at=NOW)
    found = guest(account, "+380501234567")
    assert (found["flags"][0]["kind"], found["flags"][0]["text"]) == ("allergy", "nuts")
    assert (found["phone"], found["numbers"]) == ("+380501234567", [PHONE])


def test_a_number_said_twice_is_one_number(account: Account) -> None:
    take(account)
    with transaction():
        GuestNumber.update(ours=True).execute()
    take(account, phone_number="380671112244", phone="")
    assert guest(account)["id"] == 318, "an employee kept the old number with the guest"
    assert guest(account)["numbers"] == ["+380671112244"]


def test_several_guests_with_one_number_are_all_there_and_deleted_ones_hidden(account: Account) -> None:
    rows = [client(number, delete=str(int(number == 7))) for number in (9, 7, 5)]
    directory.take_clients(account.id, rows, "UA")
    card = directory.card(account.id, PHONE)
    assert card
    assert ([one["id"] for one in card["guests"]], card["hidden"]) == ([5, 9], [7])


@pytest.mark.parametrize(
    ("birthday", "today", "days"),
    [
        ("05-31", date(2026, 5, 31), 0), ("05-31", date(2026, 5, 25), 6), ("05-31", date(2026, 6, 1), 364),
        ("01-02", date(2026, 12, 30), 3), ("02-29", date(2027, 2, 27), 2), ("02-29", date(2028, 2, 27), 2),
        ("", date(2026, 5, 31), None),
    ],
)  # fmt: skip
def test_days_until_a_birthday(birthday: str, today: date, days: int | None) -> None:
    assert until_birthday(birthday, today) == days


def test_a_birthday_is_mentioned_a_week_before_in_the_restaurants_own_day(account: Account) -> None:
    with transaction():
        Account.update(timezone="Pacific/Kiritimati").execute()
    today = datetime.now(ZoneInfo("Pacific/Kiritimati")).date()
    for days, hinted in ((0, True), (7, True), (8, False), (-1, False)):
        born = (today + timedelta(days=days)).replace(year=1990) if days >= 0 else today - timedelta(days=1)
        take(account, birthday=f"1990-{born:%m-%d}", loyalty_type="2")
        expected = [{"kind": "birthday", "days": days}] if hinted else []
        assert guest(account)["hints"] == expected


def test_a_bonus_is_mentioned_where_there_is_one(account: Account) -> None:
    take(account, bonus="4501")
    assert guest(account)["hints"] == [{"kind": "bonus", "sum": "45.01"}]
    assert guest(account)["bonus"] == "45.01"
    take(account, bonus="0")
    assert guest(account)["hints"] == []
    take(account, bonus="4501", loyalty_type="2")
    assert (guest(account)["hints"], guest(account)["bonus"]) == ([], None)


def test_an_unknown_time_zone_harms_nobody(account: Account) -> None:
    take(account)
    for zone in ("", "Nowhere/None", "../etc/passwd", "Europe/"):
        with transaction():
            Account.update(timezone=zone).execute()
        assert guest(account)["id"] == 318


def test_a_courier_service_with_thousands_of_orders_is_as_quick_as_anybody(account: Account) -> None:
    directory.take_orders(
        account.id, [order(one, NOW - one * 60, products=dishes(12, 13)) for one in range(1, 4000)]
    )
    take(account)
    read_through(account)
    took = []
    for _ in range(20):
        begun = time.process_time()
        directory.card(account.id, PHONE)
        took.append(time.process_time() - begun)
    assert sorted(took)[10] < 0.05
    assert guest(account)["figures"]["orders"] == 3999


def test_no_question_walks_through_all_guests_of_an_account(sqlite: None, account: Account) -> None:
    """Each goes by an index with more than the account in it, without statistics too."""
    walks = re.compile(r"^(SCAN (?!json_each)|SEARCH (guest|known|online)\S* .*\(account_id=\?\)$)")
    texts = [text for text in vars(known).values() if isinstance(text, str) and text.startswith("SELECT")]
    assert len(texts) > 6
    for text in texts:
        with reading():
            plan = db.database.execute_sql(f"EXPLAIN QUERY PLAN {text}", (1,) * text.count("?")).fetchall()
        assert [row[3] for row in plan if walks.match(row[3])] == [], text


def test_a_card_can_be_sent(account: Account) -> None:
    take(
        account, order(9, NOW - 50, delivery={"address1": "\u202eSadova", "lat": None}), comment="\ud800\x00"
    )
    assert json.dumps(directory.card(account.id, PHONE), ensure_ascii=False).encode()


def test_the_terminal_tells_how_far_the_guests_are_read(app: Flask, restaurant: Restaurant) -> None:
    account = restaurant()
    directory.take_clients(account.id, [client(), client(7, delete="1")], "UA")
    read_through(account)
    with transaction():
        Directory.update(problem="down").execute()
    answer = app.test_cli_runner().invoke(args=["directory", "show", "--account", "pechera", "--json"])
    told = json.loads(answer.output)
    assert (told["guests"], told["stage"], "Poster does not answer" in told["problem"]) == (1, "done", True)
    answer = app.test_cli_runner().invoke(args=["directory", "refill", "--account", "pechera"])
    assert answer.exit_code == 0
    with reading():
        assert [row.kind for row in Todo.select()] == ["pass"]


def test_a_dish_that_is_on_no_menu_any_more_is_there_by_its_number(account: Account) -> None:
    on_the_menu(account, Pizza=12)
    take(account, order(9, NOW - 50, products=dishes(12, 99)))
    assert [item["name"] for item in guest(account)["orders"][0]["items"]] == ["Pizza", "№ 99"]


def test_a_feast_is_told_whole(account: Account) -> None:
    take(account, order(9, NOW - 50, products=dishes(*range(1, 61))))
    assert len(guest(account)["orders"][0]["items"]) == 60


def test_a_card_that_cannot_be_drawn_breaks_neither_the_ring_nor_its_answer(
    app: Flask, restaurant: Restaurant, caplog: pytest.LogCaptureFixture
) -> None:
    account = restaurant()
    trunk = add_trunk(account)
    take(account, order(1, NOW - DAY, products=dishes(12)))
    with transaction():
        db.write("UPDATE guest_order SET items = 'torn'")
    ring = {"generalCallID": "1", "companyID": "12345", "callType": "0", "didNumber": "0441234567",
            "externalNumber": "0671112233", "requestType": "receivedTheCall"}  # fmt: skip
    assert app.test_client().post(f"/hooks/binotel/{trunk.token}", data=ring).status_code == 200
    assert "background work failed" in caplog.text
    with reading():
        assert db.rows("SELECT state FROM call WHERE account_id = ?", account.id) == [("ringing",)]
