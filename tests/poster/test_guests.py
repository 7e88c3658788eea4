"""Who is calling: what a register learns of a number, how soon, and what it never hears."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from server import directory
from server.db import reading, transaction
from server.guests import Guests, cards
from server.guests.searching import spellings
from server.models import Account, Directory, Guest, GuestNumber, GuestOrder, Todo
from server.parts import Parts
from server.poster.trouble import Trouble
from tests.conftest import finish_background_work
from tests.poster.company import Asked, Company, Raw, client, error
from tests.poster.company import transaction as order

PHONE = "+380671112233"
NOW = time.time()

OLD_KEYS = ("id", "name", "phone", "group", "group_id", "loyalty", "bonus", "discount", "comment", "address",
            "last_address", "last_order")  # fmt: skip

Json = dict[str, Any]


class Ear:
    """Hears the cards of one look-up."""

    def __init__(self) -> None:
        self.cards: list[Json] = []
        self._heard = threading.Condition()

    def __call__(self, card: Json) -> None:
        with self._heard:
            self.cards.append(json.loads(json.dumps(card)))
            self._heard.notify_all()

    def until(self, *stages: str, seconds: float = 10) -> Json:
        with self._heard:
            last = stages or ("complete", "unknown", "failed")
            assert self._heard.wait_for(lambda: self.stages and self.stages[-1] in last, seconds), self.stages
            return self.cards[-1]

    @property
    def stages(self) -> list[str]:
        return [card["stage"] for card in self.cards]


@pytest.fixture
def guests(parts: Parts) -> Guests:
    return parts.guests


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A budget of a second instead of eight."""
    monkeypatch.setattr("server.guests.LOOK", 1.0)
    monkeypatch.setattr("server.guests.FIND", 1.0)


def look(guests: Guests, account: Account, number: str = PHONE) -> Ear:
    """Everything that one look tells: what the directory knows, then what Poster says."""
    ear = Ear()
    guests.look(account.id, number, ear)
    ear.until()
    finish_background_work()
    return ear


def remembered(account: Account, *rows: Json, orders: Sequence[Json] = (), age: float = 3600) -> None:
    """A directory that was read through so many seconds ago."""
    directory.take_clients(account.id, rows, "UA")
    directory.take_orders(account.id, orders)
    grow_old(age)
    with transaction():
        row, _ = Directory.get_or_create(account=account)
        Directory.update(orders_at=time.time() - age, orders_from=NOW - 365 * 86400).where(
            Directory.id == row.id
        ).execute()


def grow_old(age: float = 3600) -> None:
    with transaction():
        Guest.update(read_at=time.time() - age, orders_at=None).execute()
        Directory.update(orders_at=time.time() - age).execute()


def filtered(*rows: Json, takes: Callable[[str], str] = lambda text: text) -> Callable[[Asked], list[Json]]:
    """Poster's phone filter: compares its digits with what `takes` makes of the query."""
    return lambda asked: [row for row in rows if row["phone_number"] == takes(asked.query["phone"])]


def test_a_known_number_is_found_and_then_complete(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client()]
    company.answers["dash.getTransactions"] = [order(9, NOW - 86400)]
    ear = look(guests, account)
    assert ear.stages == ["found", "complete"]
    assert ear.cards[0]["guests"][0]["last_order"] is None
    card = ear.cards[1]
    assert (card["stage"], card["number"], card["hidden"], card["behind"]) == ("complete", PHONE, [], False)
    assert abs(card["at"] - time.time()) < 30
    [guest] = card["guests"]
    assert {key: guest[key] for key in OLD_KEYS} == {
        "id": 318, "name": "Kovalenko Olena", "phone": PHONE, "group": "VIP", "group_id": 4,
        "loyalty": "bonus", "bonus": "45.00", "discount": None, "comment": "", "address": "",
        "last_address": "", "last_order": {
            "at": int(NOW - 86400), "sum": "345.00", "delivery": False,
            "items": [{"name": "Margherita", "modification": "30 cm", "count": "2"}]},
    }  # fmt: skip


def test_cards_have_the_shape_of_the_golden_messages(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client(), client(402, loyalty_type="2", delete="0")]
    company.answers["dash.getTransactions"] = lambda asked: [
        order(int(asked.query["id"]), NOW - 5, int(asked.query["id"]))
    ]
    golden = json.loads(Path("tests/messages/guest_everything.json").read_text())["guest"]
    mine = look(guests, account).cards[-1]
    assert mine.keys() == golden.keys() - {"version", "again"}  # what `telling` adds
    for one in mine["guests"]:
        assert one.keys() == golden["guests"][0].keys()
        for part in ("last_order", "figures"):
            assert one[part].keys() == golden["guests"][0][part].keys()
        for part in ("orders", "usual"):
            assert one[part][0].keys() == golden["guests"][0][part][0].keys()
        assert one["orders"][0]["items"][0].keys() == golden["guests"][0]["orders"][0]["items"][0].keys()


def test_orders_are_asked_for_as_documented(guests: Guests, account: Account, company: Company) -> None:
    company.answers["clients.getClients"] = [client()]
    look(guests, account)
    query = company.last("dash.getTransactions").query
    since = time.strptime(query.pop("dateFrom"), "%Y%m%d")
    assert 364 <= (NOW - time.mktime(since)) / 86400 <= 367
    query.pop("token")
    assert query == {"type": "clients", "id": "318", "status": "0", "include_products": "true",
                     "include_delivery": "true"}  # fmt: skip


@pytest.mark.parametrize(
    "takes",
    [
        lambda text: text.removeprefix("+") if text.startswith("+") else "nothing",
        lambda text: text if text.isdigit() else "nothing",
        lambda text: "38" + text if text.startswith("0") else "nothing",
    ],
    ids=["e164", "digits", "national"],
)
def test_a_guest_is_found_by_whichever_spelling_the_filter_takes(
    guests: Guests, account: Account, company: Company, takes: Callable[[str], str]
) -> None:
    company.answers["clients.getClients"] = filtered(client(), takes=takes)
    assert look(guests, account).cards[-1]["guests"][0]["id"] == 318


def test_spellings_go_from_the_international_to_the_national() -> None:
    assert spellings(PHONE, "UA") == [PHONE, "380671112233", "0671112233"]
    assert spellings("+48221234567", "UA") == ["+48221234567", "48221234567"]


def test_a_filter_that_is_ignored_is_seen_through(guests: Guests, account: Account, company: Company) -> None:
    strangers = [client(number, phone_number=f"38050{number:07}", phone="") for number in range(1, 200)]
    company.answers["clients.getClients"] = [*strangers, client()]
    assert [one["id"] for one in look(guests, account).cards[-1]["guests"]] == [318]
    company.answers["clients.getClients"] = strangers
    assert look(guests, account, "+380671112244").stages == ["unknown"]
    assert company.count("clients.getClients") == 2


@pytest.mark.parametrize("spelling", ["+38 (067) 111-22-33", "067 111 22 33", "80671112233"])
def test_digits_are_compared_by_their_meaning(
    guests: Guests, account: Account, company: Company, spelling: str
) -> None:
    company.answers["clients.getClients"] = [client(phone=spelling, phone_number="0")]
    assert look(guests, account).cards[-1]["stage"] == "complete"


def test_a_number_that_only_ends_alike_is_somebody_elses(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client(phone="", phone_number="480671112233")]
    assert look(guests, account).stages == ["unknown"]


def test_a_spelling_that_poster_calls_wrong_is_no_reason_to_give_up(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = lambda asked: (
        error(37, "bad phone") if asked.query["phone"].startswith("+") else [client()]
    )
    assert look(guests, account).cards[-1]["guests"][0]["id"] == 318


def test_deleted_guests_are_never_shown_but_named_as_hidden(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client(77, delete="1"), client()]
    card = look(guests, account).cards[-1]
    assert ([one["id"] for one in card["guests"]], card["hidden"]) == ([318], [77])
    company.answers["clients.getClients"] = [client(77, delete=1)]
    card = look(guests, account, "+380671112233"[:-1] + "3").cards[-1]
    company.answers["clients.getClient"] = [client(delete=1)]
    guests.forget(account.id, PHONE)
    card = look(guests, account).cards[-1]
    assert (card["stage"], card["hidden"]) == ("unknown", [77, 318])


def test_several_guests_are_all_listed_and_three_have_their_orders_read(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client(number) for number in (5, 1, 4, 2)]
    company.answers["dash.getTransactions"] = lambda asked: [
        order(int(asked.query["id"]), NOW - 5, int(asked.query["id"]))
    ]
    card = look(guests, account).cards[-1]
    assert [(one["id"], one["last_order"] is not None) for one in card["guests"]] == [
        (1, True), (2, True), (4, True), (5, False)
    ]  # fmt: skip


def test_a_silent_poster_means_failed_within_the_budget(
    guests: Guests, account: Account, company: Company, quick: None
) -> None:
    company.delays["*"] = 3
    begun = time.monotonic()
    ear = Ear()
    guests.look(account.id, PHONE, ear)
    assert ear.until()["number"] == PHONE
    assert time.monotonic() - begun < 2
    assert ear.stages == ["failed"]


def test_looking_returns_at_once(guests: Guests, account: Account, company: Company, quick: None) -> None:
    company.delays["*"] = 3
    ear, begun = Ear(), time.monotonic()
    guests.look(account.id, PHONE, ear)
    assert time.monotonic() - begun < 0.2
    ear.until()


def test_orders_that_come_too_late_leave_the_name(
    guests: Guests, account: Account, company: Company, quick: None
) -> None:
    company.answers["clients.getClients"] = [client()]
    company.delays["dash.getTransactions"] = 3
    ear = look(guests, account)
    assert ear.stages == ["found", "complete"]
    assert ear.cards[-1]["guests"][0]["last_order"] is None
    assert ear.cards[-1]["behind"]
    company.delays.clear()
    company.answers["dash.getTransactions"] = [order(9, NOW - 5)]
    assert look(guests, account).cards[-1]["guests"][0]["last_order"]["sum"] == "345.00"


def test_a_slow_spelling_is_not_waited_for(
    guests: Guests, account: Account, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.guests.searching.PATIENCE", 0.1)
    told = threading.Event()

    def answer(asked: Asked) -> list[Json]:
        if asked.query["phone"].startswith("+"):
            told.wait(2)
        return [client()]

    company.answers["clients.getClients"] = answer
    begun = time.monotonic()
    ear = Ear()
    guests.look(account.id, PHONE, ear)
    assert ear.until()["guests"]
    assert time.monotonic() - begun < 1.5
    told.set()


@pytest.mark.parametrize("answer", [error(700), error(20), Raw(b"<html>"), Raw(b"", 500)])
def test_a_poster_that_does_not_tell_means_failed_not_unknown(
    guests: Guests, account: Account, company: Company, answer: Raw
) -> None:
    company.answers["clients.getClients"] = answer
    assert look(guests, account).stages == ["failed"]
    with reading():
        assert (Guest.select().count(), Account.get().state) == (0, "connected")


@pytest.mark.parametrize(
    ("code", "problem"), [(10, "token"), (11, "token"), (12, "expired"), (503, "archived")]
)
def test_a_dead_token_breaks_the_account_and_a_good_answer_heals_it(
    guests: Guests, account: Account, company: Company, code: int, problem: str
) -> None:
    company.answers["clients.getClients"] = error(code)
    assert look(guests, account).stages == ["failed"]
    with reading():
        assert (Account.get().state, Account.get().problem) == ("broken", problem)
    company.answers["clients.getClients"] = [client()]
    assert look(guests, account).cards[-1]["stage"] == "complete"
    with reading():
        assert (Account.get().state, Account.get().problem) == ("connected", "")


@pytest.mark.parametrize("state", ["disconnected", "parked"])
def test_an_account_that_is_not_connected_asks_nobody(
    guests: Guests, account: Account, company: Company, state: str
) -> None:
    with transaction():
        Account.update(state=state).execute()
    assert look(guests, account).stages == ["failed"]
    assert company.asked == []


def test_a_token_sealed_with_another_key_breaks_the_account(
    guests: Guests, account: Account, company: Company
) -> None:
    with transaction():
        Account.update(token="sealed elsewhere").execute()
    assert look(guests, account).stages == ["failed"]
    with reading():
        assert (Account.get().state, Account.get().problem) == ("broken", "sealed")


# The directory


def test_who_was_read_a_moment_ago_is_told_without_asking_poster(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client()]
    look(guests, account)
    company.asked.clear()
    assert look(guests, account).stages == ["complete"]
    assert company.asked == []


def test_a_known_guest_is_told_at_once_and_read_anew(
    guests: Guests, account: Account, company: Company
) -> None:
    remembered(account, client(), orders=[order(9, NOW - 86400)])
    company.answers["clients.getClients"] = [client(lastname="Bondar")]
    company.answers["dash.getTransactions"] = [order(9, NOW - 86400), order(10, NOW - 50, sum="12000")]
    ear = look(guests, account)
    told = [
        (one["stage"], one["guests"][0]["name"], one["guests"][0]["last_order"]["sum"]) for one in ear.cards
    ]
    assert told == [("complete", "Kovalenko Olena", "345.00"), ("complete", "Bondar Olena", "120.00")]
    assert ear.cards[1]["at"] > ear.cards[0]["at"] + 3000


def test_a_silent_poster_does_not_keep_a_known_guest_waiting(
    guests: Guests, account: Account, company: Company, quick: None
) -> None:
    remembered(account, client(), orders=[order(9, NOW - 86400)])
    company.delays["*"] = 3
    ear, begun = Ear(), time.monotonic()
    guests.look(account.id, PHONE, ear)
    first = ear.until()
    assert time.monotonic() - begun < 0.5
    assert (first["stage"], first["behind"], first["guests"][0]["last_order"]["sum"]) == (
        "complete",
        False,
        "345.00",
    )
    finish_background_work()
    last = ear.cards[-1]
    assert (last["stage"], last["behind"], last["guests"]) == ("complete", True, first["guests"])
    assert first["at"] == last["at"] < time.time() - 3000


@pytest.mark.parametrize("answer", [error(20), Raw(b"", 500), Raw(b"<html>")])
def test_what_is_known_stays_when_poster_does_not_tell(
    guests: Guests, account: Account, company: Company, answer: Raw
) -> None:
    remembered(account, client())
    company.answers["*"] = answer
    ear = look(guests, account)
    assert [(one["stage"], one["behind"]) for one in ear.cards] == [("complete", False), ("complete", True)]
    assert ear.cards[-1]["guests"][0]["name"] == "Kovalenko Olena"
    found = guests.find(account.id, PHONE)
    assert (found["stage"], found["behind"], found["guests"][0]["id"]) == ("complete", True, 318)


def test_a_guest_whose_orders_nobody_has_read_is_found_and_then_complete(
    guests: Guests, account: Account, company: Company
) -> None:
    directory.take_clients(account.id, [client()], "UA")
    company.answers["clients.getClients"] = [client()]
    assert look(guests, account).stages == ["found", "found", "complete"]


def test_a_guest_that_poster_changed_is_asked_for_although_just_read(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client()]
    look(guests, account)
    directory.dirty(account.id, 318)
    company.answers["clients.getClients"] = [client(delete="1")]
    ear = look(guests, account)
    assert ear.stages == ["complete", "unknown"]
    assert ear.cards[-1]["hidden"] == [318]
    with reading():
        assert Todo.select().count() == 0


def test_a_guest_with_another_number_has_the_old_one_no_more(
    guests: Guests, account: Account, company: Company
) -> None:
    remembered(account, client())
    company.answers["clients.getClient"] = [client(phone_number="380671112244", phone="")]
    assert look(guests, account).stages == ["complete", "unknown"]
    assert directory.card(account.id, PHONE) is None
    card = directory.card(account.id, "+380671112244")
    assert card
    assert card["guests"][0]["id"] == 318


def test_a_number_that_an_employee_kept_with_a_guest_finds_them(
    guests: Guests, account: Account, company: Company
) -> None:
    remembered(account, client())
    other = "+380671112299"
    with transaction():
        GuestNumber.create(account=account, number=other, client_id=318, ours=True, at=1.0)
    company.answers["clients.getClient"] = [client(lastname="Bondar")]
    ear = look(guests, account, other)
    assert [one["guests"][0]["name"] for one in ear.cards] == ["Kovalenko Olena", "Bondar Olena"]
    assert ear.cards[-1]["guests"][0]["numbers"] == [PHONE]


def test_an_unknown_number_is_asked_every_time(guests: Guests, account: Account, company: Company) -> None:
    assert look(guests, account).stages == ["unknown"]
    company.answers["clients.getClients"] = [client()]
    assert look(guests, account).stages == ["found", "complete"]


def test_several_who_look_at_once_ask_once(guests: Guests, account: Account, company: Company) -> None:
    company.answers["clients.getClients"] = [client()]
    company.delays["clients.getClients"] = 0.3
    ears = [Ear() for _ in range(5)]
    for ear in ears:
        guests.look(account.id, PHONE, ear)
    assert {ear.until()["stage"] for ear in ears} == {"complete"}
    assert company.count("clients.getClients") == 1


def still_reading(guests: Guests, account: Account, company: Company) -> Ear:
    """A look that has found the guest and waits for the orders."""
    company.answers["clients.getClients"] = [client()]
    company.delays["dash.getTransactions"] = 0.4
    ear = Ear()
    guests.look(account.id, PHONE, ear)
    ear.until("found")
    return ear


def test_what_changed_while_it_was_read_is_read_again(
    guests: Guests, account: Account, company: Company
) -> None:
    still_reading(guests, account, company)
    directory.dirty(account.id, 318)
    finish_background_work()
    company.asked.clear()
    look(guests, account)
    assert company.count("clients.getClients") == 1


def test_nothing_is_kept_of_an_account_that_was_disconnected_meanwhile(
    parts: Parts, guests: Guests, account: Account, company: Company
) -> None:
    still_reading(guests, account, company)
    company.answers["dash.getTransactions"] = [order(9, NOW - 5)]
    parts.connecting.disconnect(account)
    parts.directory.tick()
    finish_background_work()
    parts.directory.tick()
    with reading():
        assert (Guest.select().count(), GuestOrder.select().count(), Todo.select().count()) == (0, 0, 0)


def test_a_phone_company_hears_the_name_from_the_directory_alone(
    guests: Guests, account: Account, company: Company
) -> None:
    assert guests.known(account.id, "0671112233", "UA") is None
    company.answers["clients.getClients"] = [client()]
    look(guests, account)
    company.asked.clear()
    assert guests.known(account.id, "067 111 22 33", "UA") == {
        "name": "Kovalenko Olena",
        "description": "VIP",
    }
    assert guests.known(account.id, "", "UA") is None
    assert company.asked == []


# The register's own questions


def test_finding_is_one_live_look_up(guests: Guests, account: Account, company: Company) -> None:
    company.answers["clients.getClients"] = [client()]
    assert guests.find(account.id, "067 111 22 33")["stage"] == "complete"
    assert guests.find(account.id, "")["stage"] == "unknown"
    assert guests.find(account.id, "101")["stage"] == "unknown"


def test_groups_are_those_that_are_not_deleted(guests: Guests, account: Account, company: Company) -> None:
    assert guests.groups(account.id) == [{"id": 4, "name": "VIP", "discount": 10, "loyalty": "bonus"}]
    guests.groups(account.id)
    assert company.count("clients.getGroups") == 1


def test_groups_that_nobody_can_tell_are_trouble(guests: Guests, account: Account, company: Company) -> None:
    company.answers["clients.getGroups"] = Raw(b"", 500)
    with pytest.raises(Trouble):
        guests.groups(account.id)


def create(guests: Guests, account: Account) -> Json:
    return guests.create(account.id, " Bondar Iryna ", 4, "0671112233", "Sadova 5/7", "")


@pytest.mark.parametrize("answer", [519, "519", {"client_id": "519"}])
def test_a_new_guest_gets_an_id(guests: Guests, account: Account, company: Company, answer: Any) -> None:
    company.answers["clients.createClient"] = answer
    assert create(guests, account) == {"ok": True, "id": 519}
    assert company.last("clients.createClient").json() == {
        "client_name": "Bondar Iryna", "client_groups_id_client": 4, "phone": PHONE, "address": "Sadova 5/7",
    }  # fmt: skip


def test_a_number_that_somebody_has_is_a_duplicate(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client()]
    made = create(guests, account)
    assert (made["ok"], made["error"], made["guest"]["guests"][0]["id"]) == (False, "duplicate", 318)
    assert made["guest"]["version"] > 0
    assert company.count("clients.createClient") == 0


def test_a_duplicate_that_only_poster_knows_of_is_looked_for_again(
    guests: Guests, account: Account, company: Company
) -> None:
    def refuse(asked: Asked) -> Raw:
        company.answers["clients.getClients"] = [client()]
        return error(38, "duplicate")

    company.answers["clients.createClient"] = refuse
    assert create(guests, account)["error"] == "duplicate"


def test_a_refusal_is_told_as_one(guests: Guests, account: Account, company: Company) -> None:
    company.answers["clients.createClient"] = error(37, "bad phone")
    assert create(guests, account) == {"ok": False, "error": "refused"}
    assert guests.create(account.id, " ", 4, PHONE)["error"] == "refused"
    assert guests.create(account.id, "Iryna", 0, PHONE)["error"] == "refused"
    assert guests.create(account.id, "Iryna", 4, "101")["error"] == "refused"


def test_after_a_hung_create_the_number_is_looked_for_once_and_never_created_twice(
    guests: Guests, account: Account, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.guests.CREATE", 0.3)
    company.delays["clients.createClient"] = 2

    def hang(asked: Asked) -> int:
        return 519

    company.answers["clients.createClient"] = hang
    assert create(guests, account) == {"ok": False, "error": "unavailable"}
    assert company.count("clients.createClient") == 1
    company.answers["clients.getClients"] = lambda asked: (
        [client(519)] if company.count("clients.createClient") == 2 else []
    )
    assert create(guests, account) == {"ok": True, "id": 519}
    assert company.count("clients.createClient") == 2


# Shaping rows


def test_zeros_that_mean_nothing_are_not_shown() -> None:
    shaped = cards.guest(client(lastname="0", comment="0", address="0", city="0"), PHONE)
    assert (shaped["name"], shaped["comment"], shaped["address"]) == ("Olena", "", "")


def test_a_discount_is_the_guests_own_or_else_the_groups() -> None:
    own = client(loyalty_type=2, discount_per="7.5000", client_groups_discount="10")
    assert cards.guest(own, PHONE)["discount"] == "7.5"
    group = client(loyalty_type="2", discount_per="0", client_groups_discount="10")
    shaped = cards.guest(group, PHONE)
    assert (shaped["loyalty"], shaped["discount"], shaped["bonus"]) == ("discount", "10", None)
    assert cards.guest(client(loyalty_type="0"), PHONE)["loyalty"] == "none"


def test_an_address_comes_from_the_list_or_from_the_old_text() -> None:
    listed = [{"id": 2, "address1": "Second 2", "sort_order": 2}, {"id": 1, "address1": "Sadova 5/7",
              "address2": "flat 12", "city": "Kyiv", "sort_order": 1}]  # fmt: skip
    assert cards.guest(client(addresses=listed, address="Old 1"), PHONE)["address"] == "Sadova 5/7, flat 12"
    assert cards.guest(client(addresses=[], address="Old 1"), PHONE)["address"] == "Old 1"
    assert cards.guest(client(addresses={"0": {"address1": "A"}}), PHONE)["address"] == "A"


def test_the_last_order_is_the_newest_closed_one_of_a_year() -> None:
    rows = [
        order(1, NOW - 400 * 86400), order(2, NOW - 5 * 86400), order(3, NOW - 2 * 86400),
        order(4, NOW - 86400, status="3"), order(5, NOW - 50, status="1", date_close="0"),
        order(6, NOW - 40, client_id=99),
    ]  # fmt: skip
    newest = cards.last_closed(cards.orders_of(rows, 318), NOW)
    assert newest
    assert newest["transaction_id"] == "3"
    assert cards.last_closed(cards.orders_of(rows[:1], 318), NOW) is None


def test_the_last_address_is_of_the_newest_delivery_that_was_not_removed() -> None:
    rows = [
        order(1, NOW - 90, delivery={"address1": "First 1", "address2": "0"}, service_mode=3),
        order(2, NOW - 60, delivery={"address1": "Open 2", "address2": "flat 3"}, status="1"),
        order(3, NOW - 50, delivery=[]), order(4, NOW - 40, delivery={"address1": "Gone 4"}, status=3),
        order(5, NOW - 30, delivery={"address1": "Gone 5"}, processing_status="70"),
    ]  # fmt: skip
    assert cards.last_address(cards.orders_of(rows, 318)) == "Open 2, flat 3"
    assert cards.last_address(cards.orders_of(rows[:1], 318)) == "First 1"
    assert cards.order(rows[0], [])["delivery"]
    assert not cards.order(rows[2], [])["delivery"]


def test_dishes_without_their_own_names_are_named_by_the_menu(
    parts: Parts, guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client()]
    company.answers["dash.getTransactions"] = [
        order(9, NOW - 5, products=[{"product_id": 12, "modification_id": 3, "num": "1"}, {"product_id": 99}])
    ]
    company.answers["dash.getTransactionProducts"] = error(30)
    company.answers["menu.getProducts"] = [
        {
            "product_id": "12",
            "product_name": "Pizza",
            "modifications": [{"modificator_id": "3", "modificator_name": "L"}],
        }
    ]
    parts.menu.refresh(account.id)
    items = look(guests, account).cards[-1]["guests"][0]["last_order"]["items"]
    assert items == [{"name": "Pizza", "modification": "L", "count": "1"}]
