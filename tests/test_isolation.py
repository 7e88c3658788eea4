"""One account never sees another's anything: every door, with everything of the first, opened by the second.

Each row is tried twice. By the stranger, who must get nothing and change nothing; and by the account itself, which must
get or change something, so that no row proves nothing. A new route, verb, sheet, page, form, file or command without a
row fails here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask

from server import acting, create_app, members
from server.acting import OWNER, Actor
from server.cli import common
from server.clock import COMMANDS, Clock
from server.config import load
from server.db import close_database, reading, rows
from server.models import Account
from server.web import connect
from server.web.downloads import KINDS
from server.web.manage_rooms import FORMS, ROOMS
from server.web.pagetoken import PageTokens, Pass
from server.web.registers import VERBS
from server.web.registers_sheets import SHEETS
from tests import wire
from tests.conftest import add_trunk
from tests.poster.company import Company
from tests.two_accounts import BUILT, MARK, MARKED, NUMBER, PUBLIC, Two, found, texts


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder, company = tmp_path_factory.mktemp("two"), Company()
    environ = wire.environment(8080, folder / "dzvinok.db", company.url, PUBLIC_URL=PUBLIC)
    app = create_app(load(environ, folder / "no.env"))
    yield Two(app, app.extensions["dzvinok"], folder)
    company.stop()
    close_database()


@pytest.fixture(autouse=True)
def as_it_was(two: Two) -> Iterator[None]:
    yield
    two.restore()


def nothing(two: Two, answer: bytes, also: tuple[str, ...] = ()) -> None:
    assert found(answer, also) == []
    assert two.changed() == []


def something(two: Two, answer: bytes) -> bool:
    return bool(found(answer) or set(two.changed()) - {"nonce"})


# The world itself


def test_every_text_is_marked_or_known_to_be_no_text(two: Two) -> None:
    """A new column says here which it is."""
    with reading():
        assert [pair for pair in texts() if pair[1] not in MARKED | BUILT] == []


def test_every_table_of_an_account_has_a_row_to_lose(two: Two) -> None:
    assert [table for table, kept in two.was.items() if not kept] == []


def test_a_change_is_seen(two: Two) -> None:
    two.sign(two.mine, "note", call=two.things["call"], outcome="question", text="x")
    assert "call_note" in two.changed()


# The registers' door


def body(two: Two) -> dict[str, Any]:
    """Everything that a register may name, and all of it the first account's."""
    it = two.things
    return {
        "call": it["call"],
        "id": it["callback"],
        "guest": it["guest"],
        "flag": it["flag"],
        "number": NUMBER,
        "order": 1700000000001,
        "text": "Sad",
        "name": "Somebody",
        "kind": "note",
        "outcome": "complaint",
        "on": True,
        "line": "101",
        "employee": 5,
        "register": 1,
        "products": [1],
        "minutes": 30,
        "at": time.time() + 7200,
        "guests": 2,
        "table": 1,
        "place": {"street": "Sadova", "house": "5"},
        "address": "Sadova 5",
        "comment": "x",
        "phone": NUMBER,
        "group": 1,
        "lines": [{"id": 1, "count": 1}],
        "sum": "1.00",
    }


# What does nothing for the account itself here either, and why.
IDLE_VERBS = {
    "groups": "asks Poster, which knows no groups here",
    "menu": "asks Poster",
    "online": "asks Poster",
    "tables": "asks Poster",
    "book": "asks Poster",
    "hangup": "this company cannot hang up",
    "same": "nobody else has the number's name",
}


@pytest.mark.parametrize("verb", sorted(VERBS.keys() - {"sheet"}))
def test_a_register_gets_and_changes_nothing_of_another_account(two: Two, verb: str) -> None:
    nothing(two, two.sign(two.other, verb, **body(two)))
    live = {**body(two), "call": two.things["live"], "number": "+380671230000"}
    nothing(two, two.sign(two.other, verb, **live))
    mine = two.sign(two.mine, verb, **body(two))
    assert something(two, mine) == (verb not in IDLE_VERBS), mine


PRESSES = (
    "",
    "save",
    "typed",
    "remove:{flag}",
    "part:" + NUMBER,
    "claim:{callback}",
    "call:{callback}",
    "done:{callback}",
    "release:{callback}",
    "use:0",
    "change:0",
    "table:1",
    "complaint",
    "courier",
    "on",
    "outcome:complaint",
    "kind:courier",
)
IDLE_SHEETS = {"book": "asks Poster for tables"}


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_a_sheet_shows_and_changes_nothing_of_another_account(two: Two, name: str) -> None:
    values = {"kind": "note", "text": "Sad", "outcome": "complaint", "street": "Sadova", "house": "5"}
    more = {**body(two), "name": name, "values": values, "lang": "en"}
    presses = [press.format(**two.things) for press in PRESSES]
    for press in presses:
        nothing(two, two.sign(two.other, "sheet", **{**more, "press": press}))
    mine = b"".join(two.sign(two.mine, "sheet", **{**more, "press": press}) for press in presses)
    assert something(two, mine) == (name not in IDLE_SHEETS), mine


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_signature_for_one_account_opens_no_other(two: Two, verb: str) -> None:
    """The address names one account, Poster's headers another; and a number that is the other's."""
    desk = wire.Register(PUBLIC, two.mine.name, 1, 1, 5)
    url, text = f"{desk.base}/{verb}", desk.body(**body(two))
    for account, more in (
        (two.other.name, {}),
        (two.mine.name, {"X-Poster-Account-Number": two.other.number}),
    ):
        desk.account = account
        headers = {**desk.headers(url, text), **more}
        answer = two.client.post(f"/pos/{two.mine.name}/{verb}", data=text, headers=headers)
        assert answer.status_code == 403
        assert answer.json == {"ok": False, "error": "account"}
    nothing(two, b"")


# Manage


def paths(two: Two, room: str) -> list[str]:
    it = two.things
    tails = [
        it["call"],
        it["live"],
        it["trunk"],
        it["member"],
        it["callback"],
        it["guest"],
        NUMBER,
        "1",
        "binotel",
    ]
    return [f"/manage/{room}", *(f"/manage/{room}/{tail}" for tail in tails)]


def asked(two: Two) -> dict[str, str]:
    it = two.things
    named = {
        "number": NUMBER,
        "who": NUMBER,
        "q": NUMBER,
        "person": NUMBER,
        "call": it["call"],
        "trunk": it["trunk"],
        "id": it["trunk"],
        "member": it["member"],
        "guest": it["guest"],
        "flag": it["flag"],
        "target": it["target"],
        "spot": 1,
        "register": 1,
        "employee": 5,
        "line": "101",
        "from": "2020-01-01",
        "to": "2031-01-01",
    }
    return {name: str(value) for name, value in named.items()}


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_page_shows_nothing_of_another_account(two: Two, room: str) -> None:
    nothing(two, two.page(two.other, f"/manage/{room}", **asked(two)))
    for path in paths(two, room):
        nothing(two, two.page(two.other, path))
    assert any(found(two.page(two.mine, path)) for path in paths(two, room))


@pytest.mark.parametrize("room", sorted(name for name, room in ROOMS.items() if room.events))
def test_a_page_s_news_are_of_its_own_account(two: Two, room: str) -> None:
    nothing(two, two.page(two.other, f"/manage/{room}/events"), ("pechera",))
    assert two.page(two.mine, f"/manage/{room}/events")


def typed(two: Two) -> dict[str, str]:
    """Whatever any form asks for: the ids are the first account's."""
    it = two.things
    return {
        **asked(two),
        "part": "x",
        "id": str(it["trunk"]),
        "text": "Sad",
        "name": "Somebody",
        "kind": "note",
        "value": "1",
        "role": "viewer",
        "code": "rosemary-8",
        "provider": "binotel",
        "line": "101",
        "lines": "101",
        "list": "101 5",
        "first": "201",
        "last": "202",
        "outcome": "complaint",
        "address": "owner@example.com",
        "bot": "1:x",
        "chat": "1",
        "format": "csv",
        "stamp": "x",
        "copy": "1",
        "remove": "1",
        "paused": "1",
        "quiet": "1",
        "total": "10",
        "table": "x",
        "digest": "x",
        "street": "Sadova",
        "note": "x",
        "page": "1",
        "alerts": "1",
        "open": "10:00",
        "p": "1",
        "what": "calls",
        "did": "+380447776655",
        "there": "lines",
        "choose": "1",
        "yes": "1",
    }


def ids(two: Two) -> list[dict[str, str]]:
    """`id` means another thing in each form."""
    it = two.things
    told = {it["trunk"], it["member"], it["target"], it["callback"], it["flag"], it["call"]}
    return [{"id": str(one)} for one in sorted(map(str, told))]


@pytest.mark.parametrize("verb", sorted(FORMS))
def test_a_form_changes_and_tells_nothing_of_another_account(two: Two, verb: str) -> None:
    for more in ids(two):
        nothing(two, two.page(two.other, f"/manage/{verb}", {**typed(two), **more}))


def test_most_forms_with_these_very_fields_do_something_for_the_account_itself(two: Two) -> None:
    """Else the row above would prove that nonsense does nothing."""
    idle = []
    for verb in sorted(FORMS):
        two.restore()
        tried = (two.page(two.mine, f"/manage/{verb}", {**typed(two), **more}) for more in ids(two))
        if not any(found(answer) or two.changed() for answer in tried):
            idle.append(verb)
    assert idle == []


@pytest.mark.parametrize("verb", sorted({*FORMS, "unlock", "lock", "confirm"}))
def test_a_page_that_waits_for_its_button_or_is_somebody_s_code_opens_nothing_of_mine(
    two: Two, verb: str
) -> None:
    tokens = PageTokens(two.parts.settings.secret_key)
    for opens in (
        Pass(parked=two.things["parked"], browser="guessed"),
        Pass(account=two.other.id, member=two.things["member"], login="x"),
    ):
        headers = {"Authorization": f"Bearer {tokens.issue(opens)}"}
        answer = two.client.post(
            f"/manage/{verb}?lang=en", data={**typed(two), "code": "lavender-7"}, headers=headers
        )
        nothing(two, answer.data)


# Files


def keeper(two: Two, account: Account) -> Actor:
    """The owner of an account, as their page acts."""
    with reading():
        actor = members.actor(account.id, two.things["member"] if account.id == two.mine.id else 0, "a login")
    assert actor.role == OWNER
    return actor


def facts(two: Two) -> dict[str, dict[str, Any]]:
    return {
        "calls": {"wanted": {}, "format": "csv", "lang": "en"},
        "person": {"number": NUMBER},
        "raw": {"trunk": two.things["trunk"]},
        "ready": {"name": "x.csv", "type": "text/csv", "content": "its own"},
    }


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_file_holds_nothing_of_another_account(two: Two, kind: str) -> None:
    def file(account: Account) -> bytes:
        with acting.as_(keeper(two, account)):
            address = two.parts.downloads.offer(account.id, kind, facts(two)[kind])
        return two.client.get(address).data

    nothing(two, file(two.other))
    assert found(file(two.mine)) or kind == "ready"


def test_every_kind_of_export_is_a_row_here(two: Two) -> None:
    assert facts(two).keys() == KINDS.keys()


def test_the_exported_workbook_is_the_account_s_own(two: Two) -> None:
    wanted = {**facts(two)["calls"], "format": "xlsx"}
    for account, holds in ((two.other, False), (two.mine, True)):
        with acting.as_(keeper(two, account)):
            address = two.parts.downloads.offer(account.id, "calls", wanted)
        assert bool(found(two.client.get(address).data)) == holds


def test_an_address_of_a_file_goes_with_whoever_it_was_made_for(two: Two) -> None:
    """A member of one account is nobody in the other: the offer does not outlive the right."""
    with acting.as_(keeper(two, two.mine)):
        address = two.parts.downloads.offer(two.other.id, "person", {"number": NUMBER})
    nothing(two, two.client.get(address).data)


def test_a_recording_is_looked_for_among_the_account_s_own_calls(two: Two) -> None:
    path = f"/manage/recording/{two.things['call']}"
    theirs, mine = two.page(two.other, path), two.page(two.mine, path)
    nothing(two, theirs)
    assert json.loads(theirs) != json.loads(mine), "for its own account the company is asked"


# Companies and Poster


@pytest.mark.parametrize("provider", sorted({"binotel", "generic", "asterisk"}))
def test_a_company_s_token_tells_of_its_own_account_only(two: Two, provider: str) -> None:
    """Another trunk's calls have the same keys: a company counts them by itself."""
    trunk = add_trunk(two.other, provider)
    with reading():
        keys = [key for (key,) in rows('SELECT "key" FROM "call" WHERE account_id = ?', two.mine.id)]
    for key in keys:
        sent = {
            "generalCallID": key,
            "requestType": "hangupTheCall",
            "disposition": "ANSWER",
            "billsec": "5",
            "call": key,
            "event": "end",
            "id": key,
        }
        answer = two.client.post(f"/hooks/{provider}/{trunk.token}", data=sent)
        nothing(two, answer.data)
        answer = two.client.post(f"/hooks/{provider}/{trunk.token}/{two.things['token']}", json=sent)
        nothing(two, answer.data)


def test_a_company_that_asks_who_is_calling_is_told_of_its_own_account_s_guests(two: Two) -> None:
    trunk = add_trunk(two.other)
    sent = {
        "requestType": "gettingCallSettings",
        "method": "gettingCallSettings",
        "externalNumber": NUMBER,
        "srcNumber": NUMBER,
        "didNumber": "0441234567",
    }
    nothing(two, two.client.post(f"/hooks/binotel/{trunk.token}", data=sent).data)


def test_what_poster_did_not_sign_changes_nothing(two: Two) -> None:
    for action in ("removed", "added"):
        notice = {
            "account": two.mine.name,
            "object": "application",
            "object_id": 1,
            "action": action,
            "time": str(int(time.time())),
            "verify": "0" * 32,
        }
        nothing(two, two.client.post("/poster/webhook", json=notice).data)


# Connecting


def test_nobody_confirms_an_install_that_their_own_browser_did_not_bring(two: Two) -> None:
    for secret in ("", "guessed", "x"):
        client = two.app.test_client()
        client.set_cookie(connect.BROUGHT, secret, domain="phone.example.com")
        base = {"base_url": PUBLIC}
        client.post("/connect/confirm", data={"install": two.things["parked"]}, **base)  # type: ignore[arg-type]
        page = client.get("/connect/confirm", query_string={"install": two.things["parked"]}, **base)  # type: ignore[arg-type]
        nothing(two, page.data, ("pechera",))


OPEN = {
    "connect.home": "/?poster_url=pechera",
    "connect.begin": "/connect",
    "connect.returned": "/poster/callback?code=x&account=pechera&state=x",
    "connect.static": "/connect/static/connect.css",
    "manage.static": "/manage/static/manage.css",
    "manage.page": "/manage/calls?account=pechera&account_number=700123",
    "guides.guide": "/guides/binotel",
    "bundle.serve": "/bundle.js?account=pechera",
    "bundle.preflight": "/bundle.js",
    "health.alive": "/healthz",
    "health.ready": "/readyz",
    "health.metrics": "/metrics",
}


@pytest.mark.parametrize("endpoint", sorted(OPEN))
def test_what_is_open_to_everybody_tells_nothing_of_anybody(two: Two, endpoint: str) -> None:
    for agent in (two.client, two.app.test_client()):
        with agent.get(OPEN[endpoint]) as answer:
            nothing(two, answer.data, (NUMBER[1:], two.things["token"]))


# route -> where above (or below) it is tried
ROUTES = {
    **dict.fromkeys(OPEN, "test_what_is_open_to_everybody_tells_nothing_of_anybody"),
    "connect.standing": "test_nobody_confirms_an_install_that_their_own_browser_did_not_bring",
    "connect.confirm": "test_nobody_confirms_an_install_that_their_own_browser_did_not_bring",
    "downloads.download": "test_a_file_holds_nothing_of_another_account",
    "manage.events": "test_a_page_s_news_are_of_its_own_account",
    "manage.form": "test_a_form_changes_and_tells_nothing_of_another_account",
    "manage.page": "test_a_page_shows_nothing_of_another_account",
    "poster_hooks.webhook": "test_what_poster_did_not_sign_changes_nothing",
    "registers.signed": "test_a_register_gets_and_changes_nothing_of_another_account",
    "sockets.register_socket": "test_a_socket_hears_nothing_of_another_account",
    "sounds.recording": "test_a_recording_is_looked_for_among_the_account_s_own_calls",
    "webhooks.hook": "test_a_company_s_token_tells_of_its_own_account_only",
}


def test_every_route_is_a_row_here(two: Two) -> None:
    assert {rule.endpoint for rule in two.app.url_map.iter_rules()} == ROUTES.keys()
    sockets = Path(__file__).with_name("test_isolation_sockets.py").read_text("utf-8")
    assert all(fact in globals() or f"def {fact}(" in sockets for fact in ROUTES.values())


# The command line: the box's keeper may see all accounts, and names one; then it is that one.

BOX_WIDE = {
    "call",
    "move",
    "accounts",
    "trunks list",
    "doctor",
    "upload-bundle",
    "backup",
    "restore",
    "rotate-key",
    "run",
    "shell",
    "routes",
}
"""Without `--account`: of the whole box."""


def commands(app: Flask) -> dict[str, click.Command]:
    told: dict[str, click.Command] = {}

    def walk(path: str, one: click.Command) -> None:
        if isinstance(one, click.Group):
            for name, inner in one.commands.items():
                walk(f"{path} {name}".strip(), inner)
        else:
            told[path] = one

    walk("", app.cli)
    return told


def takes_account(command: click.Command) -> bool:
    return any("--account" in option.opts and option.required for option in command.params)


def words(two: Two, command: click.Command, account: Account, folder: Path) -> list[str]:
    """The command with everything of mine, for the account that is named."""
    it = two.things
    known = {
        "line": "101",
        "number": NUMBER,
        "caller": NUMBER,
        "call": it["call"],
        "trunk_id": it["trunk"],
        "employee": 5,
        "path": folder / "sound",
        "file": folder / "file.json",
        "did": "+380447776655",
        "spot": 1,
        "provider": "binotel",
        "whose": f"{MARK} member name 1",
        "code": "rosemary-8",
        "yes": True,
        "weeks": 1,
    }
    said = ["--account", account.name]
    for option in command.params:
        if option.name in known and isinstance(option, click.Argument):
            said.append(str(known[option.name]))
        elif option.name in known and option.is_flag:  # type: ignore[attr-defined]
            said.append(option.opts[0])
        elif option.name in known:
            said += [option.opts[0], str(known[option.name])]
    return said


OF_ONE = [
    "calls",
    "dial",
    "directory refill",
    "directory show",
    "hangup",
    "lines did",
    "lines list",
    "lines set",
    "members code",
    "members list",
    "members open",
    "people erase",
    "people erase-account",
    "people export",
    "people find",
    "recording",
    "ring",
    "simulate",
    "sweep",
    "trunks add",
    "trunks paste",
    "trunks pause",
    "trunks prepare",
    "trunks remove",
    "trunks report",
    "trunks resume",
    "trunks test",
]
IDLE_COMMANDS = {"hangup": "the server is not there to ask the company"}


@pytest.mark.parametrize("name", OF_ONE)
def test_a_command_for_one_account_does_nothing_to_another(
    two: Two, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = commands(two.app)[name]
    monkeypatch.setattr(common, "PATIENCE", 0.02)

    def run(account: Account) -> bytes:
        told = two.app.test_cli_runner().invoke(
            args=[*name.split(), *words(two, command, account, tmp_path)], input="rosemary-8\nrosemary-8\ny\n"
        )
        Clock(two.parts).obey()
        written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        return told.output.replace(f"{MARK} member name 1", "").encode() + written

    theirs = run(two.other)
    nothing(two, theirs)
    if name == "simulate":  # a whole week once is slow enough
        return
    mine = run(two.mine)
    assert bool(mine != theirs or two.changed()) == (name not in IDLE_COMMANDS), mine


def test_every_command_is_a_row_here(two: Two) -> None:
    told = commands(two.app)
    of_one = {name for name, command in told.items() if takes_account(command)}
    assert of_one <= set(OF_ONE)
    assert told.keys() - of_one <= BOX_WIDE, "does it tell of one account or of the box?"
    assert COMMANDS.keys() == {"ring", "changed", "ping", "erased", "dial", "hangup", "desks"}
