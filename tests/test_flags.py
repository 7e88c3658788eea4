"""What everybody must know about a guest: flags, the owner's rule, and the copy in Poster's extras."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping

import pytest
import requests

from server import flags, preferences
from server.db import rows, transaction, write
from server.flags.copies import KEY, FlagCopies
from server.models import Account, Flag
from server.unfit import Unfit
from tests import guestbook
from tests.conftest import Restaurant, add_trunk, hook_of
from tests.wire import Binotel, Register, Server

OLENA, TARAS = (5, "Olena"), (6, "Taras")


class Extras:
    """Poster's extras of clients, as one would like them: only what was taken stands there."""

    def __init__(self) -> None:
        self.up = True
        self.written: list[tuple[int, int, dict[str, str]]] = []

    def write(self, account: int, client_id: int, extras: Mapping[str, str]) -> bool:
        if self.up:
            self.written.append((account, client_id, dict(extras)))
        return self.up


@pytest.fixture
def account(database: None, restaurant: Restaurant) -> Account:
    account = restaurant()
    guestbook.add(account)
    return account


@pytest.fixture
def extras() -> Extras:
    return Extras()


@pytest.fixture
def copies(extras: Extras) -> FlagCopies:
    return FlagCopies(extras.write)


def kinds(account: Account, client_id: int = 318) -> list[str]:
    return [flag["kind"] for flag in flags.of_guest(account.id, client_id)]


def refusal(account: Account, kind: str, text: str = "", client_id: int = 318) -> str:
    with pytest.raises(Unfit) as why:
        flags.put_up(account.id, client_id, kind, text, OLENA)
    return why.value.word


def test_a_flag_says_what_by_whom_and_when(account: Account) -> None:
    flags.put_up(account.id, 318, "allergy", "nuts", OLENA)
    [flag] = flags.of_guest(account.id, 318)
    assert (flag["kind"], flag["text"], flag["by"]) == ("allergy", "nuts", "Olena")
    assert flag["id"]
    assert flag["at"] > 1_700_000_000


def test_the_most_important_stands_first(account: Account) -> None:
    for kind in ("vip", "note", "allergy", "careful", "prepay", "refuse"):
        flags.put_up(account.id, 318, kind, "why", OLENA)
    assert kinds(account) == ["refuse", "prepay", "careful", "allergy", "note", "vip"]


def test_the_same_flag_twice_is_one(account: Account) -> None:
    flags.put_up(account.id, 318, "allergy", "nuts", OLENA)
    flags.put_up(account.id, 318, "allergy", " nuts\n", TARAS)
    flags.put_up(account.id, 318, "allergy", "fish", TARAS)
    assert [flag["text"] for flag in flags.of_guest(account.id, 318)] == ["fish", "nuts"]


def test_text_is_one_line_of_120_characters_without_marks_that_turn_it(account: Account) -> None:
    flags.put_up(account.id, 318, "note", "a\u202eb\n<b>c</b>\x00 " + "x" * 300, OLENA)
    [flag] = flags.of_guest(account.id, 318)
    assert flag["text"].startswith("a b <b>c</b> x")
    assert len(flag["text"]) == 120


def test_what_cannot_be_a_flag_is_refused_and_changes_nothing(account: Account) -> None:
    assert refusal(account, "nice") == "kind"
    assert refusal(account, "note", " \u200b ") == "text"
    assert refusal(account, "vip", client_id=999) == "guest_unknown"
    assert not Flag.select().exists()


def test_a_deleted_guest_gets_no_flag(account: Account) -> None:
    guestbook.add(account, 319, delete="1")
    assert refusal(account, "vip", client_id=319) == "guest_unknown"


def test_nobody_is_buried_under_flags(account: Account) -> None:
    for number in range(flags.MOST):
        flags.put_up(account.id, 318, "note", f"note {number}", OLENA)
    assert refusal(account, "note", "one more") == "many"


def test_a_flag_that_was_taken_down_stays_in_the_history(account: Account) -> None:
    flags.put_up(account.id, 318, "careful", "shouts", OLENA)
    [flag] = flags.of_guest(account.id, 318)
    assert flags.take_down(account.id, 318, flag["id"], TARAS)
    assert not flags.take_down(account.id, 318, flag["id"], OLENA)
    assert kinds(account) == []
    row = Flag.get()
    assert (row.text, row.by_name, row.gone_by) == ("shouts", "Olena", "Taras")
    assert row.gone_at
    assert row.gone_at >= row.at


def test_who_paid_enough_is_a_vip_by_the_owners_rule(account: Account) -> None:
    paid = {318: 1_000_000, 319: 999_999}
    assert flags.of(account.id, paid) == {318: [], 319: []}
    preferences.choose(account.id, vip_from="10000")
    rule = {"id": None, "kind": "vip", "text": "", "by": "", "at": 0}
    assert flags.of(account.id, paid) == {318: [rule], 319: []}


def test_a_vip_that_somebody_raised_is_not_doubled_by_the_rule(account: Account) -> None:
    preferences.choose(account.id, vip_from="10000")
    flags.put_up(account.id, 318, "vip", "the mayor", OLENA)
    [flag] = flags.of(account.id, {318: 5_000_000})[318]
    assert flag["text"] == "the mayor"


def test_flags_of_another_account_are_not_seen_and_not_touched(
    account: Account, restaurant: Restaurant
) -> None:
    other = restaurant("lavka", "700124")
    flags.put_up(account.id, 318, "refuse", "", OLENA)
    assert refusal(other, "vip") == "guest_unknown"
    guestbook.add(other)
    assert kinds(other) == []
    assert not flags.take_down(other.id, 318, Flag.get().id, TARAS)
    assert kinds(account) == ["refuse"]


def test_poster_gets_the_complete_set_as_one_flat_text(
    account: Account, copies: FlagCopies, extras: Extras
) -> None:
    flags.put_up(account.id, 318, "allergy", "горіхи", OLENA)
    flags.put_up(account.id, 318, "vip", "", TARAS)
    assert copies.copy_waiting() == 1
    [(where, client_id, written)] = extras.written
    assert (where, client_id, list(written)) == (account.id, 318, [KEY])
    assert [(flag["kind"], flag["text"], flag["by"]) for flag in json.loads(written[KEY])] == [
        ("allergy", "горіхи", "Olena"), ("vip", "", "Taras")
    ]  # fmt: skip


def test_no_flags_are_an_empty_text_because_poster_may_merge(
    account: Account, copies: FlagCopies, extras: Extras
) -> None:
    flags.put_up(account.id, 318, "vip", "", OLENA)
    copies.copy_waiting()
    flags.take_down(account.id, 318, Flag.get().id, OLENA)
    copies.copy_waiting()
    assert extras.written[-1] == (account.id, 318, {KEY: ""})


def test_what_poster_did_not_take_rests_over_a_restart_and_is_tried_again_then(
    account: Account, extras: Extras
) -> None:
    extras.up = False
    flags.put_up(account.id, 318, "vip", "", OLENA)
    copies = FlagCopies(extras.write)
    assert copies.copy_waiting() == 0
    extras.up = True
    assert copies.copy_waiting() == 0, "it rests first"
    copies = FlagCopies(extras.write)
    assert copies.copy_waiting() == 0, "a restart does not shorten it"
    assert extras.written == []
    with transaction():
        write("UPDATE owed SET next_at = ?", time.time() - 1)
    assert copies.copy_waiting() == 1
    assert FlagCopies(extras.write).copy_waiting() == 0, "once is enough"
    assert len(extras.written) == 1
    assert not rows("SELECT 1 FROM owed")


def test_a_flag_raised_while_the_copy_is_written_is_copied_too(account: Account, extras: Extras) -> None:
    def slow(account_id: int, client_id: int, written: Mapping[str, str]) -> bool:
        if not extras.written:
            flags.put_up(account_id, client_id, "careful", "", TARAS)
        return extras.write(account_id, client_id, written)

    flags.put_up(account.id, 318, "vip", "", OLENA)
    copies = FlagCopies(slow)
    copies.copy_waiting()
    copies.copy_waiting()
    assert [len(json.loads(written[KEY])) for _, _, written in extras.written] == [1, 2]
    assert not rows("SELECT 1 FROM flag_copy")


# --- at the registers' door


@pytest.fixture
def pechera(served: Server, restaurant: Restaurant) -> Account:
    account = restaurant()
    guestbook.add(account)
    return account


@pytest.fixture
def olena(served: Server, pechera: Account) -> Iterator[Register]:
    register = Register(served.url, "pechera", register=1, spot=1, employee=5)
    yield register
    register.close()


def test_the_author_is_who_is_logged_in(olena: Register) -> None:
    answer = olena.ask("flag", guest=318, kind="prepay", text="did not open", by="Mallory").json()
    [flag] = answer["flags"]
    assert answer["ok"]
    assert (flag["kind"], flag["text"], flag["by"]) == ("prepay", "did not open", "Olena")


def test_a_flag_shows_on_the_card_of_the_call_at_once(
    served: Server, pechera: Account, olena: Register
) -> None:
    company = Binotel(hook_of(served, add_trunk(pechera)))
    olena.connect()
    company.ring("c-1")
    olena.hear_until("guest")
    olena.ask("flag", guest=318, kind="refuse", text="prank calls")
    while not (flags_shown := olena.hear_until("guest")["guest"]["guests"][0].get("flags")):
        pass
    assert [flag["kind"] for flag in flags_shown] == ["refuse"]
    olena.ask("unflag", guest=318, flag=flags_shown[0]["id"])
    while olena.hear_until("guest")["guest"]["guests"][0]["flags"]:
        pass


def test_a_flag_is_taken_down_at_the_register(olena: Register) -> None:
    [flag] = olena.ask("flag", guest=318, kind="vip", text="").json()["flags"]
    assert olena.ask("unflag", guest=318, flag=flag["id"]).json() == {"ok": True, "flags": []}


@pytest.mark.parametrize(
    "more", [{"guest": 999}, {"guest": "318"}, {"guest": True}, {"guest": None}, {"guest": -318}, {}]
)
def test_a_guest_that_is_not_there_cannot_be_flagged(olena: Register, more: dict[str, object]) -> None:
    assert olena.ask("flag", kind="vip", text="", **more).json() == {"ok": False, "error": "guest_unknown"}


def test_a_register_of_another_account_flags_nobody_here(
    served: Server, pechera: Account, restaurant: Restaurant, olena: Register
) -> None:
    restaurant("lavka", "700124")
    stranger = Register(served.url, "lavka", register=1, spot=1, employee=5)
    assert stranger.ask("flag", guest=318, kind="refuse", text="").json()["error"] == "guest_unknown"
    [flag] = olena.ask("flag", guest=318, kind="vip", text="").json()["flags"]
    assert stranger.ask("unflag", guest=318, flag=flag["id"]).json() == {"ok": True, "flags": []}
    assert Flag.get().gone_at is None


def test_a_request_that_comes_twice_raises_one_flag(olena: Register) -> None:
    url, body = f"{olena.base}/flag", olena.body(guest=318, kind="vip", text="")
    first, second = (
        requests.post(url, data=body, headers=olena.headers(url, body), timeout=20) for _ in range(2)
    )
    assert first.json()["ok"]
    assert second.status_code == 403
    assert second.json()["error"] == "replayed"
    assert Flag.select().count() == 1
