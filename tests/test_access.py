"""Who may open Manage: codes, roles, the lock, and that nothing is open to anybody by mistake."""

from __future__ import annotations

import html
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from server import acting, logins, members, preferences
from server.acting import MANAGER, NOBODY, OWNER, ROLES, VIEWER, Actor
from server.config import Settings, load
from server.db import close_database, database, open_database, reading, rows, transaction
from server.locks import TRIES, WITHIN, Tries, hashed, matches
from server.models import Account, AlertTarget, Audit, CallRow, Did, Employee, Member
from server.parts import Parts
from server.unfit import Unfit
from server.web.manage import door
from server.web.manage_rooms import FORMS, ROOMS
from server.web.pagetoken import LIFE, PageTokens, Pass
from tests import wire
from tests.conftest import Restaurant
from tests.manage_page import Page, note
from tests.poster.company import CODE as POSTERS
from tests.poster.company import Company

CODE = "lavender-7"
SEALED = hashed(CODE)


@pytest.fixture
def settings(tmp_path: Path, company: Company) -> Settings:
    environ = wire.environment(
        8080, tmp_path / "dzvinok.db", company.url, PUBLIC_URL="https://phone.example.com"
    )
    return load(environ, tmp_path / "no.env")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def other(account: Account, restaurant: Restaurant) -> Account:
    row = restaurant("kaffka", "700124")
    with transaction():
        Employee.update(name="Stranger " + Employee.name).where(Employee.account == row).execute()
    return row


Open = Callable[..., Page]


@pytest.fixture
def opened(client: FlaskClient, settings: Settings) -> Open:
    """A page of an account, in the hands of a member or of nobody."""
    return lambda account, member=0: Page(client, settings, Pass(account=account.id, member=member))


def staff(account: Account, *roles: str) -> dict[str, int]:
    """One person of each role, an owner first."""
    with transaction():
        for role in (OWNER, *roles):
            Member.create(account=account, name=role.capitalize(), role=role, code=SEALED, at=0.0)
    return {one.role: one.id for one in members.of(account.id)}


# Without codes


def test_whoever_poster_lets_in_is_the_owner_until_there_are_codes(account: Account, opened: Open) -> None:
    assert members.actor(account.id, 0) == Actor(OWNER)
    assert "Make my code" in opened(account).get("/manage/access")


def test_the_first_code_is_an_owners_and_the_page_becomes_theirs(account: Account, opened: Open) -> None:
    page, elsewhere = opened(account), opened(account)
    text = page.post("/manage/access", part="member-new", name="Ivan", role=VIEWER, code=CODE)
    assert "first code must be an owner" in note(text, "member-new")
    text = page.post("/manage/access", part="member-new", name="Olena", role=OWNER, code=CODE)
    assert "open in your name" in note(text, "member-new")
    assert "This is you." in page.get("/manage/access")
    assert "Who are you?" in elsewhere.get("/manage/lines")
    assert elsewhere.status == 403
    assert CODE not in text


def test_what_poster_tells_of_a_user_opens_nothing(
    client: FlaskClient, account: Account, company: Company
) -> None:
    """Its reply names whoever installed the application, not whoever looks at the page."""
    staff(account)
    text = client.get(f"/manage?code={POSTERS}&lang=en")
    assert company.count("manage") == 1
    assert text.status_code == 403
    assert "Who are you?" in text.text
    assert "Olena" not in text.text.replace("<option", "")


# Codes


def test_a_code_is_kept_as_a_hash_only_and_stands_in_no_history(account: Account) -> None:
    member = members.add(account.id, "Olena", OWNER, f" {CODE} ")
    members.recode(account.id, member, "rosemary-8")
    with reading():
        kept = [one.code for one in Member.select()]
        told = str(list(Audit.select().tuples()))
    assert kept[0] == ""
    assert kept[1].startswith("scrypt:")
    assert CODE not in told
    assert "rosemary" not in told


@pytest.mark.parametrize(
    ("code", "word"), [("12345", "code_short"), ("x" * 65, "code_long"), ("  1234  ", "code_short")]
)
def test_a_code_of_the_wrong_length_is_refused(account: Account, code: str, word: str) -> None:
    with pytest.raises(Unfit) as wrong:
        members.add(account.id, "Olena", OWNER, code)
    assert wrong.value.word == word
    with reading():
        assert not Member.select().exists()


def test_the_right_code_opens_and_says_when(account: Account, opened: Open) -> None:
    who = staff(account, MANAGER)
    page = opened(account)
    text = page.post("/manage/unlock", member=who[MANAGER], code=f" {CODE} ", there="lines")
    assert page.status == 200
    assert "Who answers which line" in text
    assert "Manager" in text
    assert members.of(account.id)[0].last_at


@pytest.mark.parametrize("member", ["", "0", "99999", "-1", "1e3", "x", "9" * 40])
def test_nobody_opens_with_somebody_elses_code(account: Account, opened: Open, member: str) -> None:
    staff(account)
    page = opened(account)
    text = page.post("/manage/unlock", member=member, code=CODE)
    assert note(text, "unlock") == "The code does not fit the name."
    assert page.status == 403


def test_a_code_of_another_account_opens_nothing(account: Account, other: Account, opened: Open) -> None:
    staff(account)
    theirs = staff(other)
    page = opened(account)
    page.post("/manage/unlock", member=theirs[OWNER], code=CODE)
    assert page.status == 403
    assert members.actor(account.id, theirs[OWNER]).role == NOBODY


def test_after_five_wrong_codes_even_the_right_one_waits(
    account: Account, other: Account, opened: Open
) -> None:
    who, page = staff(account), opened(account)
    for _ in range(TRIES):
        page.post("/manage/unlock", member=who[OWNER], code="wrong-code")
        assert page.status == 403
    text = page.post("/manage/unlock", member=who[OWNER], code=CODE)
    assert page.status == 429
    assert note(text, "unlock") == "Too many wrong codes for this name. Try again in 15 min."
    assert page.last
    assert 0 < int(page.last.headers["Retry-After"]) <= WITHIN
    with reading():
        assert Audit.select().where(Audit.account == account, Audit.what == "code_tries").count() == 1
    their_owner = staff(other)[OWNER]
    theirs = opened(other)
    theirs.post("/manage/unlock", member=their_owner, code=CODE)
    assert theirs.status == 200, "another account does not wait"


def test_wrong_codes_at_one_name_shut_nobody_else_out(account: Account, opened: Open) -> None:
    who, page = staff(account, MANAGER), opened(account)
    for member in (who[OWNER], 777):
        for _ in range(TRIES):
            page.post("/manage/unlock", member=member, code="wrong-code")
    page.post("/manage/unlock", member=888, code="wrong-code")
    assert page.status == 429, "names that do not exist are one"
    page.post("/manage/unlock", member=who[OWNER], code=CODE)
    assert page.status == 429
    page.post("/manage/unlock", member=who[MANAGER], code=CODE, there="lines")
    assert page.status == 200
    with reading():
        told = {one.thing for one in Audit.select().where(Audit.what == "code_tries")}
    assert told == {"Owner", ""}


def test_a_restart_gives_no_tries_back(
    account: Account, opened: Open, parts: Parts, settings: Settings
) -> None:
    who, page = staff(account), opened(account)
    for _ in range(TRIES):
        page.post("/manage/unlock", member=who[OWNER], code="wrong-code")
    close_database()
    open_database(settings.database_url)
    assert Tries().begin(account.id, who[OWNER]) > 0
    fresh = Flask("again")
    fresh.register_blueprint(door(parts))
    again = Page(fresh.test_client(use_cookies=False), settings, Pass(account=account.id))
    again.post("/manage/unlock", member=who[OWNER], code=CODE)
    assert again.status == 429


def test_tries_are_counted_before_they_are_looked_at_and_forgotten_in_time(account: Account) -> None:
    now = [10000.0]
    tries, one = Tries(lambda: now[0]), staff(account)[OWNER]
    assert [tries.begin(account.id, one) for _ in range(TRIES)] == [0.0] * TRIES
    assert tries.begin(account.id, one) == WITHIN
    now[0] += WITHIN + 1
    assert tries.begin(account.id, one) == 0.0
    now[0] -= 2 * WITHIN
    assert tries.begin(account.id, one) == 0.0, "a clock that was put back shuts nobody out for long"


def test_a_crowd_of_tries_at_once_is_no_more_than_five(served: wire.Server, place: Account) -> None:
    """On a real server, where codes are hashed in real threads beside the greenlets."""
    who = staff(place)
    token = PageTokens(served.env["SECRET_KEY"]).issue(Pass(account=place.id))

    def attempt(code: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        typed = {"member": str(who[OWNER]), "code": code}
        return requests.post(
            f"{served.url}/manage/unlock", data=typed, headers=headers, timeout=20
        ).status_code

    assert attempt(CODE) == 200
    with ThreadPoolExecutor(12) as crowd:
        codes = list(crowd.map(attempt, (f"wrong-{number}" for number in range(12))))
    assert sorted(codes) == [403] * TRIES + [429] * (12 - TRIES)
    assert attempt(CODE) == 429


def test_a_right_code_does_not_wipe_out_the_wrong_ones_before_it(account: Account) -> None:
    tries, asked = Tries(lambda: 0.0), (account.id, staff(account)[OWNER])
    for _ in range(TRIES - 1):
        tries.begin(*asked)
    for _ in range(10):
        assert tries.begin(*asked) == 0.0
        tries.right(*asked)
    assert tries.begin(*asked) == 0.0
    assert tries.begin(*asked) > 0


def test_without_a_hash_no_code_fits() -> None:
    assert not matches("", "nobody has this code")
    assert matches(hashed(CODE), CODE)


# The lock, and being removed


def test_the_lock_makes_the_page_nobodys(account: Account, opened: Open) -> None:
    page = opened(account, staff(account)[OWNER])
    assert "Olena" in page.get("/manage/lines")
    assert "The page is locked." in page.post("/manage/lock")
    assert "Who are you?" in page.get("/manage/lines")


def test_the_lock_ends_the_login_for_every_copy_of_its_token(account: Account, opened: Open) -> None:
    who = staff(account)
    page, elsewhere, another = (opened(account, who[OWNER]) for _ in range(3))
    elsewhere.token = page.token
    elsewhere.get("/manage/lines")
    assert elsewhere.status == 200
    token, renewed = page.token, elsewhere.token
    page.post("/manage/lock")
    for copy in (token, renewed):
        elsewhere.token = copy
        for path in ("/manage/lines", "/manage/calls/events", "/manage/recording/c-1"):
            found = elsewhere.client.get(path, headers={"Authorization": f"Bearer {copy}"})
            assert found.status_code == 403, path
        elsewhere.post("/manage/lines", kind="employee", id="5", lines="777")
        assert elsewhere.status == 403
    another.get("/manage/lines")
    assert another.status == 200, "the same person's other login goes on"
    text = page.post("/manage/unlock", member=who[OWNER], code=CODE, there="lines")
    assert page.status == 200
    assert "Who answers which line" in text


def test_a_file_that_was_offered_goes_with_its_login(
    account: Account, parts: Parts, opened: Open, client: FlaskClient, settings: Settings
) -> None:
    page = opened(account, staff(account)[OWNER])
    login = PageTokens(settings.secret_key).read(page.token)
    assert login
    assert login.login
    with acting.as_(members.actor(account.id, login.member, login.login)):
        late = parts.downloads.offer(account.id, "ready", {"name": "a", "type": "text/csv", "content": "a"})
    page.post("/manage/lock")
    assert client.get(late).status_code == 404


def test_another_code_ends_the_login_before_it(account: Account, opened: Open) -> None:
    who = staff(account, VIEWER)
    page, copy = opened(account, who[OWNER]), opened(account)
    copy.token = page.token
    page.post("/manage/unlock", member=who[VIEWER], code=CODE, there="calls")
    assert page.status == 200
    copy.get("/manage/lines")
    assert copy.status == 403


def test_an_ended_login_is_remembered_longer_than_a_token_lives() -> None:
    assert logins.KEPT > LIFE


def test_somebody_removed_is_nobody_at_once(account: Account, opened: Open) -> None:
    who = staff(account, MANAGER)
    mine, theirs = opened(account, who[OWNER]), opened(account, who[MANAGER])
    theirs.get("/manage/lines")
    assert theirs.status == 200
    mine.post("/manage/access/remove", part="x", id=who[MANAGER])
    theirs.get("/manage/lines")
    assert theirs.status == 403


def test_a_new_code_shuts_what_was_opened_with_the_old_one(account: Account, opened: Open) -> None:
    who = staff(account, MANAGER)
    mine, theirs = opened(account, who[OWNER]), opened(account, who[MANAGER])
    mine.post("/manage/access/code", part="x", id=who[MANAGER], code="rosemary-8")
    theirs.get("/manage/lines")
    assert theirs.status == 403
    text = mine.post("/manage/access/code", part="x", id=who[OWNER], code="rosemary-9")
    assert "The new code works." in text
    assert mine.status == 200, "one's own page stays open"
    mine.get("/manage/access")
    assert mine.status == 200


def test_a_role_that_changes_changes_at_once(account: Account, opened: Open) -> None:
    who = staff(account, MANAGER)
    theirs = opened(account, who[MANAGER])
    members.change(account.id, who[MANAGER], "Manager", VIEWER)
    theirs.post("/manage/lines", kind="employee", id="5", lines="777")
    assert theirs.status == 403


def test_the_last_owner_stays_while_others_have_codes(account: Account, opened: Open) -> None:
    who = staff(account, VIEWER)
    page = opened(account, who[OWNER])
    for verb, typed in (("remove", {}), ("change", {"name": "Owner", "role": MANAGER})):
        text = page.post(f"/manage/access/{verb}", part=f"member-{who[OWNER]}", id=who[OWNER], **typed)
        assert "last owner" in note(text, f"member-{who[OWNER]}")
    members.remove(account.id, who[VIEWER])
    text = page.post("/manage/access/remove", part="x", id=who[OWNER])
    assert "no codes any more" in note(text, "member-new")
    assert members.actor(account.id, 0) == Actor(OWNER)


@pytest.mark.parametrize("verb", ["change", "code", "remove"])
def test_a_form_that_is_older_than_a_new_code_says_so_beside_the_list(
    account: Account, opened: Open, verb: str
) -> None:
    who = staff(account, VIEWER)
    page, old = opened(account, who[OWNER]), who[VIEWER]
    page.post("/manage/access/code", part=f"member-{old}", id=old, code="rosemary-8")
    before = members.of(account.id)
    text = page.post(
        f"/manage/access/{verb}", part=f"member-{old}", id=old, name="X", role=VIEWER, code="thyme-99"
    )
    assert page.status == 422
    assert "type it again" in note(text, "members")
    assert "thyme-99" not in text
    assert members.of(account.id) == before


def test_two_people_are_not_called_the_same(account: Account) -> None:
    staff(account)
    with pytest.raises(Unfit) as wrong:
        members.add(account.id, " oWNER ", VIEWER, CODE)
    assert wrong.value.word == "member_taken"


def test_another_accounts_people_are_unknown(account: Account, other: Account, opened: Open) -> None:
    mine, theirs = staff(account), staff(other, VIEWER)
    page = opened(account, mine[OWNER])
    for verb in ("change", "code", "remove"):
        page.post(f"/manage/access/{verb}", id=theirs[VIEWER], name="X", role=OWNER, code="rosemary-8")
        assert page.status == 422
    assert [one.role for one in members.of(other.id)] == [OWNER, VIEWER]


def test_without_a_code_one_sees_what_the_owner_allows(account: Account, opened: Open) -> None:
    staff(account)
    page = opened(account)
    page.get("/manage/calls")
    assert page.status == 403
    with transaction():
        preferences.choose(account.id, open_role=VIEWER)
    assert "Enter a code" in page.get("/manage/calls")
    assert page.status == 200
    page.get("/manage/lines")
    assert page.status == 403
    assert "Your name" in page.get("/manage/unlock")


# For whoever forgot


def test_the_terminal_gives_a_new_code_and_can_open_the_page_again(
    app: Flask, account: Account, opened: Open
) -> None:
    run, who = app.test_cli_runner().invoke, staff(account, MANAGER)
    asked = ["members", "code", "--account", account.name, "--name", "owner", "--code"]
    page = opened(account, who[OWNER])
    assert run(args=[*asked, "12345"]).exit_code == 1
    assert run(args=[*asked, "rosemary-8"]).output == "Done.\n"
    page.get("/manage/lines")
    assert page.status == 403
    listed = run(args=["members", "list", "--account", account.name]).output
    assert "Owner" in listed
    assert "scrypt" not in listed
    fresh = {one.role: one.id for one in members.of(account.id)}
    page.post("/manage/unlock", member=fresh[OWNER], code="rosemary-8", there="lines")
    assert page.status == 200
    assert run(args=["members", "open", "--account", account.name, "--yes"]).exit_code == 0
    assert members.actor(account.id, 0) == Actor(OWNER)
    with reading():
        assert {one.role for one in Audit.select()} == {"terminal"}


# Every page and every action


def sees(role: str) -> list[str]:
    return [name for name, room in ROOMS.items() if Actor(role).may(room.role)]


@pytest.mark.parametrize("role", [*ROLES, NOBODY])
def test_each_page_is_for_its_roles_alone(account: Account, other: Account, opened: Open, role: str) -> None:
    who = staff(account, VIEWER, MANAGER)
    staff(other)
    for name in ROOMS:
        page = opened(account, who.get(role, 0))
        text = page.get(f"/manage/{name}")
        # A sheet of no trunk is a mistake, and is told on another page.
        assert page.status in ((200, 422) if name in sees(role) else (403,)), name
        assert "Stranger" not in text
        if name not in sees(role):
            assert "Olena" not in text, "a page that is not shown tells nothing"


@pytest.mark.parametrize("role", [*ROLES, NOBODY])
def test_news_of_a_page_are_for_its_roles_alone(account: Account, opened: Open, role: str) -> None:
    page = opened(account, staff(account, VIEWER, MANAGER).get(role, 0))
    for name, room in ROOMS.items():
        if room.events:
            status = page.client.get(f"/manage/{name}/events", headers=page.headers()).status_code
            assert status == (200 if name in sees(role) else 403), name


@pytest.mark.parametrize(("role", "status"), [(OWNER, 404), (MANAGER, 404), (VIEWER, 403), (NOBODY, 403)])
def test_recordings_are_for_managers_and_no_longer_than_they_are(
    account: Account, opened: Open, role: str, status: int
) -> None:
    who = staff(account, VIEWER, MANAGER)
    page = opened(account, who.get(role, 0))

    def asked() -> int:
        return page.client.get("/manage/recording/c-1", headers=page.headers()).status_code

    assert asked() == status, "there is no such recording; whether there is one is not for everybody"
    with transaction():
        Member.update(gone_at=1.0).where(Member.id == who.get(role, 0)).execute()
    if role != OWNER:
        assert asked() == 403


def test_a_file_is_for_whoever_asked_for_it_as_long_as_they_may(
    account: Account, parts: Parts, client: FlaskClient
) -> None:
    facts = {"name": "a.csv", "type": "text/csv", "content": "a"}

    def offered(role: str, member: int = 0) -> str:
        with acting.as_(Actor(role, "", member)):
            return parts.downloads.offer(account.id, "ready", facts)

    early = offered(OWNER)
    who = staff(account, MANAGER)
    assert client.get(early).status_code == 404, "whoever asked before there were codes has none"
    good, late = offered(MANAGER, who[MANAGER]), offered(MANAGER, who[MANAGER])
    assert client.get(good).data == b"a"
    assert client.get(good).status_code == 404, "once"
    members.change(account.id, who[MANAGER], "Manager", VIEWER)
    assert client.get(late).status_code == 404, "they may do less now"


def everything() -> str:
    """All that is stored."""
    with reading():
        return str({one: rows(f"SELECT * FROM {one}") for one in database.get_tables()})


def belongings(account: Account) -> dict[str, list[tuple[object, ...]]]:
    """All rows of an account, in whatever table."""
    with reading():
        of_account = [
            one
            for one in database.get_tables()
            if "account_id" in {its.name for its in database.get_columns(one)}
        ]
        return {one: rows(f"SELECT * FROM {one} WHERE account_id = ?", account.id) for one in of_account}


def test_no_form_of_an_owner_touches_anything_of_another_account(
    account: Account, other: Account, opened: Open, parts: Parts
) -> None:
    trunk = parts.trunks.add(other, "generic", {})
    theirs = staff(other, VIEWER)
    with transaction():
        Employee.create(account=other, poster_id=77, name="Stranger Zoya")
        Did.create(account=other, number="+380449999999", spot=1)
        call = CallRow.create(
            id="theirs", account=other, key="k", direction="in", state="ended", started=1.0, touched=1.0
        )
        AlertTarget.create(account_id=other.id, kind="telegram", title="Theirs", address="x", at=0.0)
    page, before = opened(account), belongings(other)
    for verb in FORMS:
        for id_ in (trunk.id, theirs[VIEWER], theirs[OWNER], 77):
            page.post(f"/manage/{verb}", id=id_, call=call.id, kind="employee", lines="101", name="X", role=OWNER,
                      code=CODE, number="+380449999999", spot="1", remove="1", list="Zoya 101", yes="1",
                      account=other.name, account_id=other.id)  # fmt: skip
            assert page.status < 500, verb
            assert page.last
            assert "Stranger" not in page.last.text, verb
            page = opened(account, next((one.id for one in members.of(account.id) if one.role == OWNER), 0))
    assert belongings(other) == before


@pytest.mark.parametrize("role", [VIEWER, MANAGER, NOBODY])
def test_no_form_does_anything_for_whom_it_is_not(account: Account, opened: Open, role: str) -> None:
    who = staff(account, VIEWER, MANAGER)
    page, before = opened(account, who.get(role, 0)), everything()
    typed = {"id": "5", "kind": "employee", "lines": "777", "name": "promise", "value": "9", "code": CODE,
             "number": "0501112233", "spot": "1", "provider": "binotel", "role": OWNER, "list": "Olena 7"}  # fmt: skip
    for verb, (needed, _) in FORMS.items():
        if not Actor(role).may(needed):
            page.post(f"/manage/{verb}", **typed)
            assert page.status == 403, verb
    assert everything() == before


def test_what_could_do_harm_is_the_owners_alone() -> None:
    """Whoever makes one of these easier changes this list on purpose."""
    for name in ("phone", "sheet", "access", "history", "people", "alerts", "start"):
        assert ROOMS[name].role == OWNER
    for verb, (role, _) in FORMS.items():
        if verb.split("/")[0] in ("phone", "access", "people", "alerts", "start"):
            assert role == OWNER, verb
        assert role in (MANAGER, OWNER) or verb.split("/")[0] in ("calls", "reports", "doctor"), verb


def test_no_form_does_anything_without_a_token(client: FlaskClient, account: Account) -> None:
    before = everything()
    for verb in ("unlock", "lock", *FORMS):
        typed = {"member": "1", "code": CODE, "id": "5", "lines": "777"}
        assert client.post(f"/manage/{verb}", data=typed).status_code == 401, verb
    assert everything() == before


def test_the_table_on_the_page_is_read_off_the_pages(account: Account, opened: Open) -> None:
    text = html.unescape(opened(account).get("/manage/access"))
    row = text.split('<th scope="row">Access</th>')[1].split("</tr>")[0]
    assert [part.split('"')[0] for part in row.split('data-may="')[1:]] == [
        "nothing",
        "nothing",
        "everything",
    ]
    row = text.split('<th scope="row">Lines</th>')[1].split("</tr>")[0]
    assert [part.split('"')[0] for part in row.split('data-may="')[1:]] == [
        "nothing",
        "everything",
        "everything",
    ]
