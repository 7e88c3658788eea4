"""Who is calling: what a register learns of a number, how soon, and what it never hears."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.db import reading, transaction
from server.guests import Guests, cards
from server.guests.searching import spellings
from server.models import Account, GuestCard
from server.parts import Parts
from server.poster.trouble import Trouble
from tests.poster.company import Asked, Company, Raw, client, error
from tests.poster.company import transaction as order

PHONE = "+380671112233"
NOW = time.time()

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
    ear = Ear()
    guests.look(account.id, number, ear)
    ear.until()
    return ear


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
    assert ear.cards[1] == {
        "stage": "complete", "number": PHONE, "hidden": [], "guests": [{
            "id": 318, "name": "Kovalenko Olena", "phone": PHONE, "group": "VIP", "group_id": 4,
            "loyalty": "bonus", "bonus": "45.00", "discount": None, "comment": "", "address": "",
            "last_address": "", "last_order": {
                "at": int(NOW - 86400), "sum": "345.00", "delivery": False,
                "items": [{"name": "Margherita", "modification": "30 cm", "count": "2"}]}}],
    }  # fmt: skip


def test_cards_have_the_shape_of_the_golden_messages(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client(), client(402, loyalty_type="2", delete="0")]
    company.answers["dash.getTransactions"] = lambda asked: [order(9, NOW - 5, int(asked.query["id"]))]
    golden = json.loads(Path("tests/messages/guest_several.json").read_text())["guest"]
    mine = look(guests, account).cards[-1]
    assert mine.keys() == golden.keys() - {"version"}
    for one, other in zip(mine["guests"], golden["guests"], strict=True):
        assert one.keys() == other.keys()
        assert one["last_order"].keys() == other["last_order"].keys()
        assert one["last_order"]["items"][0].keys() == other["last_order"]["items"][0].keys()


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
    guests.forget(account.id, PHONE)
    card = look(guests, account).cards[-1]
    assert (card["stage"], card["hidden"]) == ("unknown", [77])


def test_several_guests_are_all_listed_and_three_have_their_orders_read(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client(number) for number in (5, 1, 4, 2)]
    company.answers["dash.getTransactions"] = lambda asked: [order(9, NOW - 5, int(asked.query["id"]))]
    card = look(guests, account).cards[-1]
    assert [(one["id"], one["last_order"] is not None) for one in card["guests"]] == [
        (1, True), (2, True), (4, True), (5, False)
    ]  # fmt: skip


def test_a_silent_poster_means_failed_within_the_budget(
    guests: Guests, account: Account, company: Company, quick: None
) -> None:
    company.delays["*"] = 3
    begun = time.monotonic()
    ear = look(guests, account)
    assert ear.stages == ["failed"]
    assert ear.cards[0]["number"] == PHONE
    assert time.monotonic() - begun < 2


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
    with reading():
        assert GuestCard.get().stale


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
    assert look(guests, account).cards[-1]["guests"]
    assert time.monotonic() - begun < 1.5
    told.set()


@pytest.mark.parametrize("answer", [error(700), error(20), Raw(b"<html>"), Raw(b"", 500)])
def test_a_poster_that_does_not_tell_means_failed_not_unknown(
    guests: Guests, account: Account, company: Company, answer: Raw
) -> None:
    company.answers["clients.getClients"] = answer
    assert look(guests, account).stages == ["failed"]
    with reading():
        assert (GuestCard.select().count(), Account.get().state) == (0, "connected")


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


# Memory


def test_a_fresh_card_is_told_without_asking_poster(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client()]
    look(guests, account)
    company.asked.clear()
    assert look(guests, account).stages == ["complete"]
    assert company.asked == []


def test_an_old_card_is_told_at_once_and_read_anew(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client()]
    look(guests, account)
    with transaction():
        GuestCard.update(at=1.0).execute()
    company.answers["clients.getClients"] = [client(lastname="Bondar")]
    ear = look(guests, account)
    assert [(one["stage"], one["guests"][0]["name"]) for one in ear.cards] == [
        ("found", "Kovalenko Olena"), ("found", "Bondar Olena"), ("complete", "Bondar Olena")
    ]  # fmt: skip


def test_what_is_remembered_stays_when_poster_does_not_answer(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client()]
    look(guests, account)
    guests.forget(account.id)
    company.answers["*"] = Raw(b"", 500)
    ear = look(guests, account)
    assert ear.stages == ["found", "complete"]
    assert ear.cards[-1]["guests"][0]["name"] == "Kovalenko Olena"


def test_a_forgotten_guest_is_not_shown_before_poster_says_so(
    guests: Guests, account: Account, company: Company
) -> None:
    company.answers["clients.getClients"] = [client()]
    look(guests, account)
    guests.forget(account.id, client_id=318)
    assert guests.card(account.id, PHONE) is None
    company.answers["clients.getClients"] = [client(delete="1")]
    assert look(guests, account).stages == ["unknown"]


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


def test_what_was_forgotten_while_it_was_read_is_kept_as_stale(
    guests: Guests, account: Account, company: Company
) -> None:
    ear = still_reading(guests, account, company)
    guests.forget(account.id)
    ear.until()
    with reading():
        assert GuestCard.get().stale


def test_nothing_is_kept_of_an_account_that_was_disconnected_meanwhile(
    parts: Parts, guests: Guests, account: Account, company: Company
) -> None:
    ear = still_reading(guests, account, company)
    parts.connecting.disconnect(account)
    ear.until()
    with reading():
        assert GuestCard.select().count() == 0


def test_a_phone_company_hears_the_name_from_memory_alone(
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
    guests: Guests, account: Account, company: Company
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
    items = look(guests, account).cards[-1]["guests"][0]["last_order"]["items"]
    assert items == [{"name": "Pizza", "modification": "L", "count": "1"}]
    guests.forget(account.id)
    look(guests, account)
    assert company.count("menu.getProducts") == 1
    guests.forget_names(account.id)
    guests.forget(account.id)
    look(guests, account)
    assert company.count("menu.getProducts") == 2
