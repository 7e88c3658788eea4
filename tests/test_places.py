"""Addresses: told apart, remembered once, suggested by street; nothing that a person wrote is lost."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from server import places
from server.db import transaction
from server.models import Account, GuestPlace, Street
from server.places.folding import folded, house_key, street_key
from server.places.splitting import PARTS, split
from tests import guestbook
from tests.conftest import Restaurant
from tests.wire import Register, Server


def told(address1: str, address2: str = "", note: str = "") -> dict[str, str]:
    return {part: text for part, text in split(address1, address2, note).items() if text}


SPELLINGS = [
    # Ukrainian
    ("вул. Садова, 5/7, кв. 12", "", {"street": "вул. Садова", "house": "5/7", "flat": "12"}),
    ("вул. Садова 5/7", "під. 2, пов. 3, кв. 12, код 12#",
     {"street": "вул. Садова", "house": "5/7", "flat": "12", "entrance": "2", "floor": "3", "code": "12#"}),
    ("Садова 5", "2 під'їзд, 3 поверх", {"street": "Садова", "house": "5", "entrance": "2", "floor": "3"}),
    ("м. Київ, вул. Хрещатик, буд. 22, під’їзд 2, поверх 3, домофон 45к123", "",
     {"street": "м. Київ, вул. Хрещатик", "house": "22", "entrance": "2", "floor": "3", "code": "45к123"}),
    ("мікрорайон 5, буд. 3, кв 8", "", {"street": "мікрорайон 5", "house": "3", "flat": "8"}),
    ("вул. Паркова 12 А", "", {"street": "вул. Паркова", "house": "12 А"}),
    ("8 Березня 12", "", {"street": "8 Березня", "house": "12"}),
    ("вул. Садова 5, оф. 12", "", {"street": "вул. Садова", "house": "5", "flat": "оф. 12"}),
    # Russian
    ("ул. Садовая, д. 5, корп. 2, кв 12, под. 2, эт. 3", "",
     {"street": "ул. Садовая", "house": "5 корп. 2", "flat": "12", "entrance": "2", "floor": "3"}),
    ("Садовая 5 2 подъезд 3 этаж кв 12", "",
     {"street": "Садовая", "house": "5", "flat": "12", "entrance": "2", "floor": "3"}),
    ("Садовая 5 подъезд 2 этаж 3", "", {"street": "Садовая", "house": "5", "entrance": "2", "floor": "3"}),
    ("ул. 50 лет Октября 7", "", {"street": "ул. 50 лет Октября", "house": "7"}),
    # Polish
    ("ul. Mokotowska 12 m. 4", "", {"street": "ul. Mokotowska", "house": "12", "flat": "4"}),
    ("Mokotowska 12m4", "", {"street": "Mokotowska", "house": "12", "flat": "4"}),
    ("ul. Długa 7, klatka B, piętro III, kod 1234#", "",
     {"street": "ul. Długa", "house": "7", "entrance": "B", "floor": "III", "code": "1234#"}),
    ("ul. Mokotowska 12 m. 4, 00-640 Warszawa", "",
     {"street": "ul. Mokotowska", "house": "12", "flat": "4", "note": "00-640 Warszawa"}),
    ("3 Maja 5", "", {"street": "3 Maja", "house": "5"}),
    # English
    ("Sadova 5/7, flat 12, entrance 2, floor 3, code 12", "",
     {"street": "Sadova", "house": "5/7", "flat": "12", "entrance": "2", "floor": "3", "code": "12"}),
    ("12 Baker Street", "Apt 4, 3rd floor", {"street": "Baker Street", "house": "12", "flat": "4", "floor": "3"}),
    # Poster's second field is entrance, floor and flat: one bare number is the flat
    ("Садова 5", "12", {"street": "Садова", "house": "5", "flat": "12"}),
]  # fmt: skip

UNCLEAR = [
    ("Садова 5 12", "", {"street": "Садова 5 12"}),
    ("8 Березня", "", {"street": "8 Березня"}),
    ("Київ 01001, вул. Садова", "", {"street": "Київ 01001, вул. Садова"}),
    ("під аркою", "", {"street": "під аркою"}),
    ("12", "", {"street": "12"}),
    ("вул. Садова", "5", {"street": "вул. Садова", "note": "5"}),
    ("Садова, 5, 12", "", {"street": "Садова", "house": "5", "note": "12"}),
    ("Садова 5 кв. 12, кв. 13", "", {"street": "Садова", "house": "5", "flat": "13", "note": "кв. 12"}),
    ("", "", {}),
]


@pytest.mark.parametrize(("address1", "address2", "parts"), SPELLINGS)
def test_an_address_is_told_apart(address1: str, address2: str, parts: dict[str, str]) -> None:
    assert told(address1, address2) == parts


@pytest.mark.parametrize(("address1", "address2", "parts"), UNCLEAR)
def test_what_cannot_be_told_apart_stays_as_it_was_written(
    address1: str, address2: str, parts: dict[str, str]
) -> None:
    assert told(address1, address2) == parts


LABELS = re.compile(
    r"кв|m|flat|apt|під['’]їзд|під|подъезд|под|entrance|klatka|поверх|пов|этаж|эт|floor|piętro|код|домофон|code|kod"
    r"|буд|д|rd",
    re.IGNORECASE,
)


@pytest.mark.parametrize(("address1", "address2", "parts"), SPELLINGS + UNCLEAR)
def test_no_word_is_lost(address1: str, address2: str, parts: dict[str, str]) -> None:
    """But those that only say which part it is."""
    written = re.findall(r"[\w#/]+", f"{address1} {address2}")
    left = " ".join(told(address1, address2).values())
    lost = [word for word in written if word not in left and not LABELS.fullmatch(word.rstrip("."))]
    assert [word for word in lost if word not in ("їзд", "12m4", "3rd")] == []


@pytest.mark.parametrize(
    "text", ["I" * 5000, "1 " * 5000, "кв " * 3000, "5-" * 3000, "а1/" * 3000, "под 2" * 900]
)
def test_a_hostile_address_costs_milliseconds(text: str) -> None:
    begun = time.process_time()
    found = split(text, text, text)
    assert time.process_time() - begun < 0.1
    assert set(found) == set(PARTS)


@pytest.mark.parametrize(
    ("one", "other"),
    [("вул. Садова", "Садова вулиця"), ("просп. Перемоги", "Перемоги проспект"), ("ul. Długa", "dluga"),
     ("пр-т Перемоги", "проспект Перемоги"), ("Під'їздна", "підʼїздна"), ("вул-ця Садова", "САДОВА")],
)  # fmt: skip
def test_one_street_in_two_spellings_is_one(one: str, other: str) -> None:
    assert street_key(one) == street_key(other)


def test_streets_of_other_kinds_and_letters_stay_apart() -> None:
    assert (
        len({street_key(name) for name in ("Садова", "пров. Садова", "просп. Садова", "Садовий", "Садова 2")})
        == 5
    )
    assert folded("Йорка їжа") == "йорка їжа"


def test_houses_fold() -> None:
    assert {house_key(text) for text in ("12А", "12 а", "12-а", "12/А", "12a")} == {"12а"}
    assert len({house_key(text) for text in ("57", "5/7", "5-7")}) == 3


@pytest.mark.parametrize(
    ("lang", "text"),
    [("ua", "Садова 5, кв. 12, під. 2, поверх 3, код 1#"), ("ru", "Садова 5, кв. 12, подъезд 2, этаж 3, код 1#"),
     ("en", "Садова 5, flat 12, entrance 2, floor 3, code 1#"), ("pl", "Садова 5, m. 12, klatka 2, piętro 3, kod 1#"),
     ("", "Садова 5, кв. 12, під. 2, поверх 3, код 1#")],
)  # fmt: skip
def test_a_line_is_in_the_readers_words(lang: str, text: str) -> None:
    place = {
        "street": "Садова",
        "house": "5",
        "flat": "12",
        "entrance": "2",
        "floor": "3",
        "code": "1#",
        "at": 7.0,
    }
    assert places.line(place, lang) == text


def test_a_line_of_what_was_split_can_be_split_again() -> None:
    for address1, address2, parts in SPELLINGS:
        assert told(places.line(split(address1, address2))) == parts


# --- remembered


@pytest.fixture
def account(database: None, restaurant: Restaurant) -> Account:
    account = restaurant()
    guestbook.add(account)
    return account


def texts(account: Account, client_id: int = 318) -> list[str]:
    return [place["text"] for place in places.of(account.id, client_id)]


def typed(account: Account, client_id: int = 318, now: float = 100.0, **place: object) -> bool:
    return places.remember(account.id, client_id, place, "ua", now)


def test_addresses_come_newest_first_and_at_most_ten(account: Account) -> None:
    for house in range(1, 13):
        guestbook.delivered(account, 318, f"Садова {house}", at=float(house))
    assert texts(account) == [f"Садова {house}" for house in range(12, 2, -1)]


def test_the_same_flat_in_two_spellings_is_one_address(account: Account) -> None:
    guestbook.delivered(account, 318, "вул. Садова, 5/7, кв. 12", at=1.0)
    guestbook.delivered(account, 318, "Садова 5/7", "кв 12, під. 2", at=2.0)
    guestbook.delivered(account, 318, "Садова 5/7", "кв 13", at=3.0)
    one, other = places.of(account.id, 318)
    assert (one["flat"], other["flat"], other["entrance"], other["at"]) == ("13", "12", "2", 2.0)


def test_what_a_cashier_added_stays_when_poster_tells_less(account: Account) -> None:
    typed(account, street="Садова", house="5", flat="12", code="45#", note="собака")
    guestbook.delivered(account, 318, "Садова 5", "кв. 12", at=200.0)
    [place] = places.of(account.id, 318)
    assert (place["code"], place["note"], place["at"]) == ("45#", "собака", 200.0)
    assert place["text"] == "Садова 5, кв. 12, код 45#, собака"


def test_an_older_order_read_later_does_not_make_an_address_older(account: Account) -> None:
    guestbook.delivered(account, 318, "Садова 5", "під. 3", at=50.0)
    guestbook.delivered(account, 318, "Садова 5", "під. 2, пов. 7", at=10.0)
    [place] = places.of(account.id, 318)
    assert (place["at"], place["entrance"], place["floor"]) == (50.0, "3", "7")


def test_everything_typed_into_the_street_is_told_apart(account: Account) -> None:
    assert typed(account, street="вул. Садова 5 кв 12", code="7")
    [place] = places.of(account.id, 318)
    assert (place["street"], place["house"], place["flat"], place["code"]) == ("вул. Садова", "5", "12", "7")


def test_an_address_in_one_line_will_do(account: Account) -> None:
    assert typed(account, text="вул. Садова 5, кв 12", street="")
    [place] = places.of(account.id, 318)
    assert (place["street"], place["house"], place["flat"]) == ("вул. Садова", "5", "12")


def test_an_address_that_is_picked_again_is_the_newest(account: Account) -> None:
    guestbook.delivered(account, 318, "вул. Садова, 5/7", "кв 12", at=1.0)
    guestbook.delivered(account, 318, "Лісна 3", at=2.0)
    [_, older] = places.of(account.id, 318)
    assert typed(account, now=3.0, **older)
    assert [place["house"] for place in places.of(account.id, 318)] == ["5/7", "3"]


def test_what_contradicts_the_other_fields_stays_in_the_street(account: Account) -> None:
    assert typed(account, street="Садова 5 кв 12", flat="13")
    [place] = places.of(account.id, 318)
    assert (place["street"], place["flat"]) == ("Садова 5 кв 12", "13")


@pytest.mark.parametrize(
    "place", [{}, {"street": ""}, {"street": " \u202e "}, {"house": "5"}, {"street": None}]
)
def test_an_address_without_a_street_is_none(account: Account, place: dict[str, Any]) -> None:
    assert not typed(account, **place)
    assert not GuestPlace.select().exists()


def test_typed_text_is_cleaned_and_cut(account: Account) -> None:
    typed(account, street="Са\u202eдова\n" + "x" * 900, house="5", flat="1" * 900, note={"a": 1})
    [place] = places.of(account.id, 318)
    assert len(place["street"]) == places.LONGEST
    assert len(place["flat"]) == 40
    assert "\u202e" not in place["text"]


def test_the_profiles_address_comes_last_and_once(account: Account) -> None:
    guestbook.delivered(account, 318, "пров. Лісний 3", at=9.0)
    own = "вул. Садова 5, кв. 12"
    assert [place["text"] for place in places.of(account.id, 318, own, 4.0)] == ["пров. Лісний 3", own]
    guestbook.delivered(account, 318, "Садова, 5", "кв. 12, під. 3", at=10.0)
    assert [place["house"] for place in places.of(account.id, 318, own, 4.0)] == ["5", "3"]


def test_a_guest_keeps_fifty_addresses(account: Account) -> None:
    for house in range(60):
        typed(account, now=float(house), street="Садова", house=str(house + 1))
    assert GuestPlace.select().count() == places.KEPT
    assert texts(account)[0] == "Садова 60"


def test_addresses_of_another_account_are_its_own(account: Account, restaurant: Restaurant) -> None:
    other = restaurant("lavka", "700124")
    guestbook.delivered(account, 318, "Садова 5")
    assert texts(other) == []
    assert places.streets.suggest(other.id, "сад") == []


# --- streets


@pytest.fixture
def town(account: Account) -> Account:
    for street, times in (("вул. Садова", 5), ("Велика Садова", 9), ("пров. Садовий", 2), ("ul. Długa", 1)):
        for flat in range(times):
            guestbook.delivered(account, 318, f"{street} 5", f"кв. {flat + 1}")
    return account


def test_the_most_used_street_comes_first(town: Account) -> None:
    assert places.streets.suggest(town.id, "сад") == ["Велика Садова", "вул. Садова", "пров. Садовий"]


@pytest.mark.parametrize(
    ("typed_text", "streets"),
    [("С", ["Велика Садова", "вул. Садова", "пров. Садовий"]), ("вул. САДОВА", ["Велика Садова", "вул. Садова"]),
     ("вел сад", ["Велика Садова"]), ("садова в", ["Велика Садова"]), ("dlu", ["ul. Długa"]), ("ul. Dł", ["ul. Długa"]),
     ("адова", []), ("", []), ("  ", []), ("%", []), ("'; DROP TABLE street; --", [])],
)  # fmt: skip
def test_streets_are_suggested_by_the_beginning_of_any_word(
    town: Account, typed_text: str, streets: list[str]
) -> None:
    assert places.streets.suggest(town.id, typed_text) == streets


def test_the_same_address_again_does_not_count_its_street_twice(account: Account) -> None:
    for at in (1.0, 2.0, 3.0):
        guestbook.delivered(account, 318, "вул. Садова 5", at=at)
    guestbook.delivered(account, 319, "Київ, Садова вулиця 5")
    assert [(row.name, row.count) for row in Street.select()] == [("вул. Садова", 2)]


def test_a_text_without_a_house_is_no_street(account: Account) -> None:
    guestbook.delivered(account, 318, "самовивіз, біля ринку")
    assert not Street.select().exists()


def test_at_most_eight_of_fifty_thousand_within_milliseconds(account: Account) -> None:
    with transaction():
        for number in range(50_000):
            places.streets.count(account.id, f"вул. {chr(1072 + number % 32)}ро{number} Садова{number % 977}")
    for text in ("с", "сад", "аро1", "жодної", "п р"):
        best = min(timed(account, text) for _ in range(3))
        assert best < 0.05, f"{text}: {1000 * best:.1f} ms"
    assert len(places.streets.suggest(account.id, "сад")) == 8


def timed(account: Account, text: str) -> float:
    begun = time.perf_counter()
    places.streets.suggest(account.id, text)
    return time.perf_counter() - begun


# --- at the registers' door


@pytest.fixture
def olena(served: Server, restaurant: Restaurant) -> Register:
    guestbook.add(restaurant())
    return Register(served.url, "pechera", register=1, spot=1, employee=5)


def test_an_address_is_remembered_with_the_guest(olena: Register) -> None:
    place = {
        "street": "Садова",
        "house": "5/7",
        "flat": "12",
        "entrance": "",
        "floor": "",
        "code": "",
        "note": "",
    }
    [kept] = olena.ask("place", guest=318, place=place).json()["addresses"]
    assert kept["text"] == "Садова 5/7, кв. 12"
    assert olena.ask("streets", text="сад").json() == {"ok": True, "streets": ["Садова"]}


@pytest.mark.parametrize("guest", [999, "318", None, -1, 0])
def test_no_address_for_a_guest_that_is_not_there(olena: Register, guest: object) -> None:
    answer = olena.ask("place", guest=guest, place={"street": "Садова", "house": "5"})
    assert answer.json() == {"ok": False, "error": "guest_unknown"}


@pytest.mark.parametrize("place", [None, [], "Садова 5", {"street": []}, {"street": 5}, {}])
def test_what_is_no_address_is_refused(olena: Register, place: object) -> None:
    assert olena.ask("place", guest=318, place=place).json() == {"ok": False, "error": "place"}


def test_a_register_of_another_account_writes_no_address_here(
    served: Server, olena: Register, restaurant: Restaurant
) -> None:
    restaurant("lavka", "700124")
    stranger = Register(served.url, "lavka", register=1, spot=1, employee=5)
    answer = stranger.ask("place", guest=318, place={"street": "Садова", "house": "5"})
    assert answer.json()["error"] == "guest_unknown"
    assert not GuestPlace.select().exists()
