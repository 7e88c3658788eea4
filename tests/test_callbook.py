"""The journal of calls in Manage: what is found, who sees what, and whose it is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from server import acting, aside, callbook, figures, flags, journal, members, notes, preferences
from server.acting import MANAGER, OWNER, VIEWER, Actor
from server.callbook import masks
from server.callbook.reading import Ordered
from server.calls import ANSWER, END, IN, OUT, RING, CallEvent
from server.config import Settings
from server.db import reading, rows, transaction, write
from server.models import Account, CallRow, Trunk
from server.parts import Parts
from server.speech import speaker
from server.web.manage_calls_rows import order
from server.web.pagetoken import Pass
from tests.conftest import Restaurant, add_trunk
from tests.manage_page import Page, note

NOW = float(int(time.time()))
GUEST, OTHER = "+380671112233", "+380509998877"

Called = Callable[..., str]


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def trunk(account: Account) -> Trunk:
    return add_trunk(account)


@pytest.fixture
def called(parts: Parts, account: Account, trunk: Trunk) -> Called:
    """A call that is over; returns its id."""

    def call(
        ago: float = 60, number: str = GUEST, outcome: str = "answered", line: str = "101", name: str = "",
        way: str = IN, at: Account = account, by: Trunk = trunk,
    ) -> str:  # fmt: skip
        began, key = NOW - ago, f"k{ago}{number}{line}{outcome}"
        picked = began + 7 if outcome == "answered" else None
        event = CallEvent(key, END, began + 40, way, number, did="0441234567", line=line, outcome=outcome, name=name,
                          started=began, answered=picked, ended=began + 40)  # fmt: skip
        parts.intake.take(at.id, by.id, [event])
        figures.refresh(at.id)
        with reading():
            return str(CallRow.get(CallRow.account == at, CallRow.key == key).id)

    return call


@pytest.fixture
def page(app: Flask, settings: Settings, account: Account) -> Page:
    return Page(app.test_client(), settings, Pass(account=account.id))


def person(account: Account, client: int, name: str, *numbers: str) -> None:
    folded = " ".join(sorted(name.casefold().split()))
    with transaction():
        write("INSERT INTO guest (account_id, client_id, name, folded, read_at) VALUES (?, ?, ?, ?, 0)",
              account.id, client, name, folded)  # fmt: skip
        for number in numbers:
            write("INSERT INTO guest_number (account_id, number, client_id, at) VALUES (?, ?, ?, 0)",
                  account.id, number, client)  # fmt: skip


def shown(text: str) -> list[str]:
    return re.findall(r'data-key="(.*?)"', text)


def as_role(app: Flask, settings: Settings, account: Account, role: str) -> Page:
    """The page of somebody with this role, in an account that has an owner's code."""
    members.add(account.id, "Boss", OWNER, "4711-boss")
    member = members.add(account.id, "Somebody", role, "0815-else")
    return Page(app.test_client(), settings, Pass(account=account.id, member=member))


def test_the_newest_call_is_the_first(page: Page, called: Called) -> None:
    ids = [called(ago=ago) for ago in (300, 200, 100)]
    assert shown(page.get("/manage/calls")) == ids[::-1]


def test_every_condition_finds_its_calls_and_only_those(page: Page, account: Account, called: Called) -> None:
    person(account, 9, "Олена Ковальчук", GUEST)
    mine = called(ago=100)
    other = called(ago=200, number=OTHER, outcome="missed", line="102", name="Ivan Franko")
    ours = called(ago=300, number=OTHER, outcome="answered", line="102", way=OUT)
    found = {
        "067 111 22 33": [mine], "067": [mine], "…2233": [mine], "2233": [mine], "+38050": [other, ours],
        "Ковальчук": [mine], "олена": [mine], "franko": [other, ours], "+380631112233": [], "Стус": [],
    }  # fmt: skip
    for text, ids in found.items():
        assert shown(page.get("/manage/calls", text=text)) == ids, text
    assert shown(page.get("/manage/calls", outcome="missed")) == [other]
    assert shown(page.get("/manage/calls", outcome="vain")) == [other]
    assert shown(page.get("/manage/calls", direction="out")) == [ours]
    assert shown(page.get("/manage/calls", employee="5")) == [mine]
    assert shown(page.get("/manage/calls", line="102", outcome="answered")) == [ours]
    assert shown(page.get("/manage/calls", spot="7")) == []


def test_days_are_the_restaurants_own(page: Page, account: Account, called: Called) -> None:
    with transaction():
        Account.update(timezone="Europe/Kyiv").where(Account.id == account.id).execute()
        preferences.choose(account.id, day_starts="5")
    begun = (datetime.now(UTC) - timedelta(days=3)).replace(hour=1, minute=30, second=0, microsecond=0)
    called(ago=NOW - begun.timestamp())  # 3:30 or 4:30 in Kyiv: still the evening before
    day, before = f"{begun:%F}", f"{begun - timedelta(days=1):%F}"
    assert len(shown(page.get("/manage/calls", first=before, last=before))) == 1
    assert shown(page.get("/manage/calls", first=day, last=day)) == []


def test_what_cannot_be_looked_for_is_told_beside_the_field(page: Page, called: Called) -> None:
    called()
    for wanted, told in (({"first": "31.02.2026"}, "is not a day"), ({"text": "О"}, "too short")):
        text = page.get("/manage/calls", **wanted)
        assert text.count(told) == 2, "and where the rows would be"
        assert shown(text) == []
        assert "Keep as a file" not in text
    assert len(shown(page.get("/manage/calls", after="nonsense", employee="x", outcome="x", spot="-1"))) == 1


def test_pages_follow_one_another_without_a_gap(account: Account, called: Called) -> None:
    ids = [called(ago=10 * number) for number in range(1, 8)]
    for wanted in (callbook.Filter(), callbook.Filter(line="101"), callbook.Filter(text="067")):
        with acting.as_(Actor(OWNER)):
            first = callbook.page(account, wanted, size=3)
            second = callbook.page(account, wanted, first.next, size=3)
            third = callbook.page(account, wanted, second.next, size=3)
            back = callbook.page(account, wanted, third.previous, newer=True, size=3)
        pages = [[row.id for row in one.rows] for one in (first, second, third, back)]
        assert pages == [ids[:3], ids[3:6], ids[6:], ids[3:6]]
        assert (first.previous, third.next) == (None, None)


def test_a_search_that_takes_long_says_how_far_it_came(
    account: Account, called: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.callbook import reading as read
    from server.callbook import seeking

    ids = [called(ago=10 * number, outcome="missed" if number == 7 else "answered") for number in range(1, 9)]
    monkeypatch.setattr(seeking, "ALL", seeking.Way(seeking.FACTS, seeking.BY.format("started"), (), 3))
    wanted = read.Sought(direction="in", outcomes=("missed", "busy"))
    with aside.opened(aside.place()) as connection:
        found = seeking.seek(connection, account.id, wanted, None, seeking.NEWEST, 5, patience=0)
        assert found == seeking.Found([], True, (NOW - 30, ids[2]))
        second = seeking.seek(
            connection, account.id, wanted, None, found.reached or seeking.NEWEST, 5, patience=9
        )
    assert [call for _, call in second.marks] == [ids[6]]
    assert second.reached is None


def test_a_call_that_goes_on_stands_above(page: Page, parts: Parts, account: Account, trunk: Trunk) -> None:
    parts.intake.take(account.id, trunk.id, [CallEvent("1", RING, NOW, IN, GUEST, line="101")])
    text = page.get("/manage/calls")
    assert "Ringing" in text
    assert len(shown(text)) == 1
    parts.intake.take(account.id, trunk.id, [CallEvent("1", ANSWER, NOW + 2, line="101")])
    assert "Talking" in page.get("/manage/calls")


def test_news_changes_with_a_call_a_note_and_an_order(page: Page, account: Account, called: Called) -> None:
    def stamp() -> str:
        answer = page.client.get("/manage/calls/events?lang=en", headers=page.headers())
        assert GUEST[1:] not in answer.text
        return str(answer.json["stamps"]["journal"]) if answer.json else ""

    seen = [stamp()]
    call = called()
    seen.append(stamp())
    assert stamp() == seen[-1]
    notes.keep(account.id, call, "order", "", (0, ""))
    seen.append(stamp())
    with transaction():
        write(
            "INSERT INTO call_order (account_id, call_id, order_id, at) VALUES (?, ?, 1, 0)", account.id, call
        )
    seen.append(stamp())
    assert len(set(seen)) == 4


def test_a_story_tells_who_answered_what_it_brought_and_who_called_back(
    page: Page, account: Account, called: Called
) -> None:
    person(account, 9, "Олена Ковальчук", GUEST, OTHER)
    flags.put_up(account.id, 9, "allergy", "nuts", (5, "Olena"))
    missed = called(ago=1800, outcome="missed")
    answered = called(ago=600, way=OUT, line="102")
    with transaction():
        write("""INSERT INTO call_order (account_id, call_id, order_id, transaction_id, sum, at, closed_at)
            VALUES (?, ?, 1, 4512, 34550, 0, 1)""", account.id, answered)  # fmt: skip
    text = page.get(f"/manage/calls/{missed}")
    assert "Called back after 20 min" in text
    assert f"/manage/calls/{answered}" in text
    assert "Nobody answered" in text
    text = page.get(f"/manage/calls/{answered}")
    for words in ("Picked up: Taras", "Order 4512 · ₴345.50", "Allergy", "nuts", "050 999 8877"):
        assert words in text, words


def test_a_note_and_a_mark_are_kept_and_written_down(page: Page, account: Account, called: Called) -> None:
    person(account, 9, "Олена", GUEST)
    call = called()
    text = page.post("/manage/calls/note", part="note", call=call, outcome="complaint", text="cold soup")
    assert note(text, "note") == "Saved"
    assert notes.of_calls(account.id, [call]) == {call: ("complaint", "cold soup")}
    page.post("/manage/calls/flag", part="flags", call=call, kind="careful", text="")
    assert [flag["kind"] for flag in flags.of_guest(account.id, 9)] == ["careful"]
    told = page.post("/manage/calls/flag", part="flags", call=call, kind="note", text="")
    assert "A note needs words" in told
    assert "There is no mark “second”." in page.post(
        "/manage/calls/unflag", part="flags", call=call, flag="second"
    )
    page.post(
        "/manage/calls/unflag", part="flags", call=call, flag=str(flags.of_guest(account.id, 9)[0]["id"])
    )
    assert flags.of_guest(account.id, 9) == []
    with reading():
        written = rows("SELECT what, thing, before, after FROM audit WHERE account_id = ?", account.id)
    assert ("call_note", "+380…33", "-", "complaint ✎") in written
    assert all(GUEST not in str(row) for row in written)


def test_somebody_who_waits_is_taken_off_the_list(page: Page, account: Account, called: Called) -> None:
    call = called(outcome="missed")
    assert "Nobody has called back yet" in page.get(f"/manage/calls/{call}")
    text = page.post("/manage/calls/settled", part="waiting", call=call)
    assert "Settled without a call" in text


def test_a_line_that_nobody_has_is_not_rung(page: Page, called: Called) -> None:
    text = page.post("/manage/calls/back", part="back", call=called(), line="666")
    assert "Nobody has the line “666”" in text
    assert page.status == 422


def test_money_is_written_as_in_the_reports(account: Account) -> None:
    one = Ordered(id=4512, sum=274525, closed=True)
    assert order(one, account, speaker("ua")).endswith(" · 2\u00a0745,25\u00a0₴")


def test_who_sees_numbers_in_part_adds_to_a_note_and_wipes_nothing_out(
    app: Flask, settings: Settings, account: Account, called: Called
) -> None:
    call, words = called(), "call back 0509998877"
    notes.keep(account.id, call, "order", words, (0, ""))
    preferences.choose(account.id, manager_numbers="0")
    page = as_role(app, settings, account, MANAGER)

    def kept(text: str) -> str:
        page.post("/manage/calls/note", part="note", call=call, outcome="question", text=text)
        return notes.of_calls(account.id, [call])[call][1]

    text = page.get(f"/manage/calls/{call}")
    assert "Add words" in text
    assert "call back …77" in text
    assert 'name="text" value=""' in text
    assert kept("call back …77") == kept("") == words
    assert kept("after six") == f"{words} after six"
    assert kept("call back …77 after six, or seven") == f"{words} after six, or seven", "a page of before"
    assert kept("x" * 290).endswith("or seven")
    assert page.status == 422
    with reading():
        assert all("0509998877" not in str(row) for row in rows("SELECT * FROM audit"))
    notes.keep(account.id, call, "", "no number", (0, ""))
    assert 'value="no number"' in page.get(f"/manage/calls/{call}")
    assert kept("other words") == "other words"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("(050)1112233", "…33"), ("(0501112233)", "(…33)"), ("@SUM(A1) 0671234569", "@SUM(A1) …69"),
        ("@SUM(A1) 067 123-45-69", "@SUM(A1) …69"), ("tel0671234569, table 7", "tel…69, table 7"),
        ("2 0671234569 3", "2 …69 3"), ("+38 (067) 111-22-33", "+380…33"), ("+38 0671112233", "+380…33"),
        ("067 111 22 33 0509998877", "…33 …77"), ("0671112233 050 999 88 77", "…33 …77"),
        ("050) 111 22 33", "…33"), ("12.05 at 18:00, 20 people", "12.05 at 18:00, 20 people"),
    ],
)  # fmt: skip
def test_a_mask_covers_the_number_and_leaves_its_neighbours(text: str, told: str) -> None:
    assert masks.words(text, False) == told
    assert masks.words(text, True) == text


def test_an_erased_number_is_not_called_withheld(page: Page, parts: Parts, called: Called) -> None:
    call = called()
    with transaction():
        write("UPDATE call SET caller = ?, number = ? WHERE id = ?", "+~stand", "+~stand", call)
    for text in (page.get("/manage/calls"), page.get(f"/manage/calls/{call}")):
        assert "Number erased" in text
        assert "withheld" not in text
        assert "+~stand" not in text


def test_a_new_calls_id_has_nothing_of_a_formula(account: Account) -> None:
    assert not any("-" in journal.load(account.id, None, str(key)).id for key in range(500))


def test_a_viewer_sees_no_number_anywhere(
    app: Flask, settings: Settings, account: Account, called: Called
) -> None:
    person(account, 9, "Олена", GUEST, OTHER)
    call = called(name="+38 (067) 111-22-33")
    notes.keep(account.id, call, "order", "call 067 111 22 33", (0, ""))
    page = as_role(app, settings, account, VIEWER)
    for text in (page.get("/manage/calls"), page.get(f"/manage/calls/{call}")):
        assert "+380…33" in text
        digits = re.sub(r"\D", "", text)
        assert "671112233" not in digits
        assert "509998877" not in digits
    # Nor can they find it out digit by digit; a number that they know they may look for.
    text = page.get("/manage/calls", text="0671")
    assert "only a whole number" in text
    assert shown(text) == []
    assert shown(page.get("/manage/calls", text="0671112233")) == [call]
    page.post("/manage/calls/note", part="note", call=call, outcome="", text="gone")
    assert page.status == 403
    sound = page.client.get(f"/manage/recording/{call}", headers=page.headers())
    assert sound.status_code == 403


def test_managers_see_numbers_if_the_owner_lets_them(account: Account) -> None:
    with reading(), acting.as_(Actor(MANAGER)):
        assert masks.shown(GUEST, account) == "067 111 2233"
    preferences.choose(account.id, manager_numbers="0")
    with reading(), acting.as_(Actor(MANAGER)):
        assert masks.shown(GUEST, account) == "+380…33"
    with reading():
        assert masks.shown(GUEST, account.id) == "+380…33", "the clock sees none"


def test_nothing_of_one_account_is_on_another_ones_pages(
    app: Flask, settings: Settings, page: Page, called: Called, restaurant: Restaurant
) -> None:
    call = called()
    person(restaurant("kaffka", "700124"), 9, "Secret", GUEST)
    other = Account.get(Account.name == "kaffka")
    theirs = called(ago=30, at=other, by=add_trunk(other), number="+380631234567", name="Hidden Name")
    text = page.get("/manage/calls")
    assert shown(text) == [call]
    assert "Secret" not in text
    assert shown(page.get("/manage/calls", text="Secret")) == []
    assert shown(page.get("/manage/calls", text="Hidden")) == []
    assert shown(page.get("/manage/calls", text="+380631234567")) == []
    text = page.get(f"/manage/calls/{theirs}")
    assert "no such call" in text
    assert "1234567" not in text
    for verb in ("note", "flag", "back", "settled"):
        text = page.post(f"/manage/calls/{verb}", part="note", call=theirs, outcome="order", line="101")
        assert "no such call" in text, verb
    assert notes.of_calls(other.id, [theirs]) == {}


def test_hostile_names_stay_words(page: Page, account: Account, called: Called) -> None:
    call = called(name="<script>alert(1)</script>\u202e\n{{ 7*7 }}")
    raw = page.client.get("/manage/calls?lang=en", headers=page.headers()).text
    assert "<script>alert" not in raw
    assert "\u202e" not in raw
    assert "{{ 7*7 }}" in raw
    assert (
        "<script>alert" not in page.client.get(f"/manage/calls/{call}?lang=en", headers=page.headers()).text
    )
