"""Every spelling of a number becomes one. Pure; `phonenumbers` knows the countries' plans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

SHORTEST = 7  # fewer digits than this are an extension or a service, never a guest
LONGEST = 18  # E.164 has 15; some dial 00 or 810 before them
STAND_IN = "+~"  # begins what stands where a number was erased: no digits, so nobody's, and read as withheld
_SCHEME = re.compile(r"^(?:sips?|tel):", re.IGNORECASE)
_END = re.compile(r"[@;,/]")  # what follows is a host, a parameter, a pause to dial in, another number
_SPACERS = re.compile(r"[\s\x00-\x1f\x7f.()\[\]\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2060-\u2069'-]")
_DIGITS = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"^\+*[0-9]+#?$")


@dataclass(frozen=True)
class Number:
    """`e164` is `+380671112233`, or what came when nobody could parse it, or "" when withheld.

    `matchable` says whether a guest may be looked for by it. `shown` is for the eye, `masked` for places
    that everybody sees: country code and the last two digits.
    """

    e164: str = ""
    matchable: bool = False
    shown: str = ""
    masked: str = ""


@lru_cache(4096)
def read(raw: str | None, country: str) -> Number:
    """The number in `raw`, which may be a SIP address, have a name before it or be withheld.

    Remembered, because parsing takes half a millisecond and a snapshot reads two numbers of each call.
    """
    text = bare(raw or "")
    found = digits(text)
    if not found:
        return Number()
    parsed = _parse(text, country)
    if parsed is None:
        plain = re.sub(r"[^0-9A-Za-z+*#]", "*", text)[:32]
        return Number(plain, False, plain, "…" + found[-2:])
    e164 = _e164(parsed)
    home = parsed.country_code == phonenumbers.country_code_for_region(country)
    style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    masked = f"+{parsed.country_code}…{e164[-2:]}"
    return Number(e164, True, phonenumbers.format_number(parsed, style), masked)


def bare(raw: str) -> str:
    """The number alone, out of a SIP address with or without a name before it."""
    address = split(raw)[1]
    return _SPACERS.sub("", _END.split(_SCHEME.sub("", address))[0])


def split(raw: str) -> tuple[str, str]:
    """`"Olena" <sip:0671112233@pbx>` -> the name and the address; the name is whatever the caller likes."""
    before, bracket, address = raw.strip().removesuffix(">").rpartition("<")
    if not bracket or not raw.rstrip().endswith(">"):
        return "", raw.strip()[:256]
    return before.strip(' \t"'), address.strip()[:256]


def digits(text: str) -> str:
    return "".join(_DIGITS.findall(text))


def same(one: str, other: str, country: str) -> bool:
    """Whether two spellings are one subscriber; a withheld number is nobody's."""
    left, right = read(one, country), read(other, country)
    return left.matchable and left.e164 == right.e164


def stands_in(number: str | None) -> bool:
    """Whether it stands for a number that was erased, see `server.persons`."""
    return bool(number) and str(number).startswith(STAND_IN)


def tail(raw: str) -> str:
    """What a log line may carry of a number: its last two digits."""
    found = digits(raw)
    return "…" + found[-2:] if found else "withheld"


def calling_code(country: str) -> int:
    return int(phonenumbers.country_code_for_region(country))


def _parse(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    """The first spelling that is a real number of some country, else the first that could be one.

    A number with letters or stars in it is one that somebody has masked: it must not match anybody.
    """
    if not _NUMBER.match(text):
        return None
    possible = (one for spelling in _spellings(text) if (one := _try(spelling, country)))
    first = next(possible, None)
    if first is None:
        return None
    real = next(filter(phonenumbers.is_valid_number, chain([first], possible)), None)
    return real or (first if _reads_the_same(first, country) else None)


def _reads_the_same(number: phonenumbers.PhoneNumber, country: str) -> bool:
    """Whether it is still this one when it is read out of the journal, and not a real number of somebody else."""
    found = (_try(spelling, country) for spelling in _spellings(_e164(number)))
    return not any(one and phonenumbers.is_valid_number(one) for one in found)


def _spellings(text: str) -> tuple[str, ...]:
    """As given; with the plus that companies leave out, or without one that does not belong there;
    without the 8 that Ukraine dialled until 2009."""
    found = digits(text)
    return (text, "+" + found, found, found[1:] if found.startswith("80") else text)


def _try(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    if len(digits(text)) < SHORTEST or len(digits(text)) > LONGEST:
        return None
    try:
        parsed = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(parsed) == ValidationResult.IS_POSSIBLE
    return parsed if possible and len(_e164(parsed)) > SHORTEST else None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
