"""Creating and changing guests: the rules that the web API and the register share."""

from __future__ import annotations

from typing import Any

import phonenumbers

from sandbox.account import Account
from sandbox.rows import Client
from sandbox.world import World

INVALID_PHONE = 37
DUPLICATE = 38
EMPTY = 34
NO_SUCH_ID = 32

TEXTS = ("email", "country", "city", "address", "comment")
NUMBERS = {
    "discount_per": "discount",
    "bonus": "bonus",
    "total_payed_sum": "total_payed",
    "client_sex": "sex",
}


class Rejected(Exception):
    """Poster's own refusal: its number, its words, and the field if one is to blame."""

    def __init__(self, code: int, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.field = code, message, field


def create(world: World, account: Account, fields: dict[str, Any], tablet: int = 0) -> Client:
    """`tablet` 0 means made through the web API: registers learn of it after a delay."""
    if not str(fields.get("client_name") or "").strip():
        raise Rejected(EMPTY, "Field can not be empty", "client_name")
    if not str(fields.get("client_groups_id_client") or ""):
        raise Rejected(EMPTY, "Field can not be empty", "client_groups_id_client")
    with world.lock:
        now = world.clock()
        client = Client(max([1000, *account.clients]) + 1, made_at=tablet, at_registers=False)
        _write(account, client, fields)
        account.arriving.append((now + account.milliseconds("rest_client_delay_ms") / 1000, client.id))
        account.keep_client(client, "added")
    return client


def change(world: World, account: Account, fields: dict[str, Any]) -> Client:
    with world.lock:
        client = account.clients.get(number(fields.get("client_id")))
        if client is None or client.deleted:
            raise Rejected(NO_SUCH_ID, "Client with this id doesn't exist", "client_id")
        _write(account, client, fields)
        account.keep_client(client, "changed")
    return client


def remove(world: World, account: Account, id: int) -> Client:
    with world.lock:
        client = account.clients.get(id)
        if client is None:
            raise Rejected(NO_SUCH_ID, "Client with this id doesn't exist", "client_id")
        client.deleted = True
        account.keep_client(client, "removed")
    return client


def _write(account: Account, client: Client, fields: dict[str, Any]) -> None:
    """Checks all before it writes anything."""
    group = number(fields.get("client_groups_id_client"), client.group)
    if group not in account.groups or account.groups[group].deleted:
        raise Rejected(NO_SUCH_ID, "Client group doesn't exist", "client_groups_id_client")
    written = str(fields.get("phone") or "").strip()
    digits = (
        checked_phone(account, client.id, written, str(fields.get("country_phone_code") or ""))
        if written
        else ""
    )
    client.group = group
    if written:
        client.phone, client.digits = written, digits
    if fields.get("client_name"):
        _name(client, str(fields["client_name"]))
    for key in TEXTS:
        if key in fields:
            setattr(client, key, str(fields[key] or ""))
    for key, own in NUMBERS.items():
        if key in fields:
            setattr(client, own, number(fields[key]))
    client.card = str(fields.get("card_number", client.card) or "")
    client.birthday = _birthday(str(fields.get("birthday") or ""), client.birthday)


def _name(client: Client, text: str) -> None:
    """Last First Patronymic; a lone word lands in `lastname`."""
    parts = text.split(maxsplit=2)
    client.lastname, client.firstname, client.patronymic = [*parts, "", "", ""][:3]


def _birthday(text: str, before: str) -> str:
    """`Y-m-d` from the web API, `dd-MM-YYYY` from the register."""
    day, _, rest = text.partition("-")
    if len(day) == 2 and len(rest) == 7:
        month, _, year = rest.partition("-")
        return f"{year}-{month}-{day}"
    return text if len(text) == 10 else before


def checked_phone(account: Account, own_id: int, text: str, code: str = "") -> str:
    """Digits with the country; refuses what is no number and what another guest already has."""
    digits = international(text, account.country, code)
    if not digits:
        raise Rejected(INVALID_PHONE, "Phone number is not valid", "phone")
    for other in account.clients.values():
        if other.digits == digits and other.id != own_id and not other.deleted:
            raise Rejected(DUPLICATE, "Client with this phone already exists", "phone")
    return digits


def international(text: str, country: str, code: str = "") -> str:
    """`380671112233` of any spelling, or empty."""
    for candidate in (text, f"+{text}", f"+{code}{text}"):
        try:
            parsed = phonenumbers.parse(candidate, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
    return ""


def number(value: object, default: int = 0) -> int:
    """An id or a sum however it is written; `default` when it is none."""
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError):
        return default
