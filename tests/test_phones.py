"""Numbers as people and phone companies spell them."""

from __future__ import annotations

import pytest

from server import phones
from server.phones import Number

OLENA = "+380671112233"


@pytest.mark.parametrize(
    "raw",
    [
        "0671112233",
        "380671112233",
        "+380671112233",
        "++380671112233",
        "+0671112233",
        "80671112233",
        "8 067 111 22 33",
        "671112233",
        "00380671112233",
        "+380 0671112233",
        "+380 (67) 111-22-33",
        "067 111–22–33",
        "067.111.22.33",
        "067'111'22'33",
        "[067] 111 22 33",
        "0671112233#",
        "\u202a+380671112233\u202c",
        "067\u00a0111\u200922\u200933",
        "\x00067\x00 111 22 33",
        "tel:+380671112233",
        "sip:0671112233@pbx.example.com",
        "sips:+380671112233@pbx.example.com:5061;transport=tls",
        '"Kovalenko Olena" <sip:0671112233@pbx.example.com>',
        "Olena <0671112233>",
        "0671112233;ext=5",
        "0671112233,,1",
        "067 111 22 33 / 050 222 33 44",
    ],
)
def test_every_spelling_of_a_ukrainian_number_is_one_number(raw: str) -> None:
    assert phones.read(raw, "UA").e164 == OLENA
    assert phones.same(raw, OLENA, "UA")


@pytest.mark.parametrize(
    ("country", "raws", "e164"),
    [
        ("PL", ["601234567", "+48 601 234 567", "48601234567", "0048 601-234-567"], "+48601234567"),
        ("PL", ["221234567", "(22) 123 45 67"], "+48221234567"),
        (
            "KZ",
            ["87471234567", "77471234567", "+7 747 123 45 67", "8 (747) 123-45-67", "7471234567"],
            "+77471234567",
        ),
        ("KZ", ["89161234567", "+79161234567"], "+79161234567"),
        ("RU", ["89161234567", "79161234567", "9161234567", "8-916-123-45-67"], "+79161234567"),
        ("RU", ["810380671112233", "380671112233"], OLENA),
        ("MD", ["069123456", "37369123456"], "+37369123456"),
        ("GE", ["599123456", "995599123456"], "+995599123456"),
        ("UA", ["0441234567", "380441234567"], "+380441234567"),
        ("UA", ["0800300400"], "+380800300400"),
    ],
)
def test_numbers_are_read_as_the_country_dials_them(country: str, raws: list[str], e164: str) -> None:
    assert {phones.read(raw, country).e164 for raw in raws} == {e164}


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("+48601234567", "+48601234567"),
        ("48601234567", "+48601234567"),
        ("77471234567", "+77471234567"),
        ("74951234567", "+74951234567"),
        ("12125552368", "+12125552368"),
    ],
)
def test_a_guest_from_abroad_calls_a_ukrainian_restaurant(raw: str, e164: str) -> None:
    number = phones.read(raw, "UA")
    assert (number.e164, number.matchable) == (e164, True)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "   ",
        "anonymous",
        "Anonymous",
        "private",
        "<unknown>",
        "unknown",
        "+",
        "#",
        "sip:anonymous@anonymous.invalid",
        '"Anonymous" <sip:anonymous@192.0.2.5>',
        "Прихований номер",
    ],
)
def test_a_number_without_digits_is_withheld(raw: str | None) -> None:
    assert phones.read(raw, "UA") == Number("", False, "", "")


@pytest.mark.parametrize(
    ("raw", "name", "address"),
    [
        ('"Kovalenko Olena" <sip:0671112233@pbx>', "Kovalenko Olena", "sip:0671112233@pbx"),
        ("Olena <0671112233>", "Olena", "0671112233"),
        ('"<script>alert(1)</script>" <0671112233>', "<script>alert(1)</script>", "0671112233"),
        ('"' + "x" * 10_000 + '" <0671112233>', "x" * 10_000, "0671112233"),
        ("<0671112233>", "", "0671112233"),
        ("0671112233", "", "0671112233"),
        ("0671112233 <", "", "0671112233 <"),
        ("", "", ""),
    ],
)
def test_a_name_before_the_number_is_told_apart(raw: str, name: str, address: str) -> None:
    assert phones.split(raw) == (name, address)


def test_withheld_numbers_are_nobodys() -> None:
    assert not phones.same("", "", "UA")
    assert not phones.same("anonymous", "anonymous", "UA")


@pytest.mark.parametrize("raw", ["101", "102", "1551", "*100#", "901", "123456"])
def test_extensions_and_services_match_no_guest(raw: str) -> None:
    number = phones.read(raw, "UA")
    assert (number.shown, number.matchable) == (raw, False)


@pytest.mark.parametrize(
    "raw", ["+38067***2233", "067XXXX2233", "+38067xxx2233", "067•••2233", "+380671112***", "067 11? 22 33"]
)
def test_a_number_that_the_company_masked_matches_no_guest(raw: str) -> None:
    number = phones.read(raw, "UA")
    assert not number.matchable
    assert number.shown


@pytest.mark.parametrize(
    "raw",
    [
        "<script>alert(067111223)</script>",
        "0" * 10_000,
        "9" * 300,
        "+" * 500,
        "<" * 300,
        '"' * 300,
        "067" + "\0" * 300,
        "٠٦٧١١١٢٢٣٣",
        "1-800-FLOWERS",
        "'; DROP TABLE call; --7654321",
        "\ud800671112233",
    ],
)
@pytest.mark.parametrize("country", ["UA", "PL", "KZ", "RU", "XX", ""])
def test_hostile_numbers_stay_short_and_match_nobody(raw: str, country: str) -> None:
    number = phones.read(raw, country)
    assert not number.matchable
    assert len(number.e164) <= 32
    assert not set(number.shown) & set("<>\"'&\0")


def test_a_number_is_shown_the_way_people_at_home_write_it() -> None:
    assert phones.read(OLENA, "UA").shown == "067 111 2233"
    assert phones.read(OLENA, "PL").shown == "+380 67 111 2233"


def test_a_masked_number_keeps_the_country_code_and_two_digits() -> None:
    assert phones.read("0671112233", "UA").masked == "+380…33"
    assert phones.read("48601234567", "UA").masked == "+48…67"


@pytest.mark.parametrize("raw", ["0671112233", "101", "+38067***2233", "067111223306711122"])
def test_nothing_but_two_digits_reaches_a_log_line(raw: str) -> None:
    assert phones.tail(raw) == "…" + phones.digits(raw)[-2:]


def test_a_withheld_number_is_called_so_in_a_log_line() -> None:
    assert phones.tail("") == phones.tail("anonymous") == "withheld"


@pytest.mark.parametrize(("country", "code"), [("UA", 380), ("PL", 48), ("KZ", 7), ("RU", 7)])
def test_countries_have_their_calling_codes(country: str, code: int) -> None:
    assert phones.calling_code(country) == code


@pytest.mark.parametrize(
    ("raw", "country"), [("0117313", "PL"), ("+480117313", "PL"), ("+4301162", "UA"), ("0671112233", "UA")]
)
def test_a_number_is_the_same_when_it_is_read_again(raw: str, country: str) -> None:
    """What is no real number must not turn into somebody's on the second reading."""
    number = phones.read(raw, country)
    assert phones.read(number.e164, country) == number
