"""Secrets: how they are compared, where they may be sent; what a stranger's text may not become: a line, a path."""

from __future__ import annotations

import ast
import logging
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask

from server.asking import Asking, at_home
from server.config import Settings, load
from server.db import database, reading, rows, transaction
from server.models import Account, AlertTarget, Trunk
from server.parts import Parts
from server.providers import PROVIDERS
from server.providers.abilities import Ask, Failed, Records
from tests import wire
from tests.conftest import Restaurant, add_trunk

SERVER = wire.ROOT / "server"
FILES = sorted(SERVER.rglob("*.py"))


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in FILES:
        yield str(path.relative_to(SERVER)), ast.parse(path.read_text("utf-8"))


# Compared in a time that says nothing

SECRET = re.compile(
    r"(^|_)(token|tokens|secret|secrets|password|signature|signed|verify|ticket|browser|hmac|mac|sign)$"
)
NOT_ASKED = {
    "connecting/proving.py": "two of our own sealed texts: nobody outside has either",
    "web/manage.py": "the browser's language",
}
IN_A_QUERY = re.compile(r"^[A-Z][a-z]")  # `Code.hash == key`: the database looks it up


def name_of(node: ast.expr) -> str:
    """`x.token`, `x["token"]`, `x.get("token")`, `sign(...)`: what stands there is called so."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return "" if isinstance(node.value, ast.Name) and IN_A_QUERY.match(node.value.id) else node.attr
    if isinstance(node, ast.Subscript):
        return name_of(node.slice)
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.Call):
        given = (
            [name_of(one) for one in node.args[:1]]
            if name_of(node.func) in ("get", "lower", "casefold")
            else []
        )
        return given[0] if given else name_of(node.func)
    return ""


def compared(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        plain = any(isinstance(side, ast.Constant) or name_of(side).isupper() for side in sides)
        if isinstance(node.ops[0], ast.Eq | ast.NotEq) and not plain:
            yield from ((node.lineno, name_of(side)) for side in sides if SECRET.search(name_of(side)))


def test_no_secret_is_compared_byte_by_byte() -> None:
    """`==` stops at the first byte that differs; `hmac.compare_digest` does not."""
    found = {name for name, tree in trees() if list(compared(tree))}
    assert found == NOT_ASKED.keys()


@pytest.mark.parametrize(
    "text", ["a.token == b", "x['secret'] != y", "f.get('signature') == sign(z)", "token == given.encode()"]
)
def test_the_looker_would_see_one(text: str) -> None:
    assert list(compared(ast.parse(text)))


# Sealed at rest


def test_what_must_stay_secret_is_unreadable_in_the_file(
    app: Flask, parts: Parts, restaurant: Restaurant
) -> None:
    account = restaurant()
    secret = "pq7-very-secret-indeed"
    with transaction():
        Account.update(token=parts.vault.seal(secret), next_token=parts.vault.seal(secret)).where(
            Account.id == account.id
        ).execute()
    trunk = parts.trunks.add(account, "generic", {"secret": secret})
    with transaction():
        AlertTarget.create(
            account_id=account.id, kind="mail", title="t", address=parts.vault.seal(secret), at=0
        )
    with reading():
        database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        assert parts.trunks.settings_of(Trunk.get_by_id(trunk.id)).get("secret") == secret
        assert parts.vault.open(AlertTarget.get().address) == secret
    assert secret.encode() not in Path(str(database.database)).read_bytes()


def test_every_secret_field_of_every_company_is_sealed(app: Flask, parts: Parts) -> None:
    for name, adapter in PROVIDERS.items():
        hidden = {field.name for field in adapter.fields if field.secret}
        open_ = {field.name for field in adapter.fields if not field.secret}
        words = {one for one in open_ if SECRET.search(one) or one in ("key", "password", "api_key")}
        assert not words, f"{name}: {words} would be kept as plain text"
        assert not hidden & open_


# Where the server may go: hosts of its own choice

OPENERS = {
    "asking.py": "companies over https, phones at home",
    "wires.py": "PBXs and companies' sockets: the place that the adapter or the owner names",
    "poster/wire.py": "Poster: POSTER_URL",
    "poster/oauth.py": "Poster: POSTER_ACCOUNT_URL, the name checked",
    "poster/upload.py": "Poster: POSTER_PLATFORM_URL",
    "alerts/apprising.py": "behind the fence: services of the list, public addresses only",
    "alerts/fence.py": "the fence",
    "probing/outside.py": "our own PUBLIC_URL",
    "backups/restoring.py": "gunicorn's control socket, a file",
    "web/downloads.py": "looks whether the browser is still there",
    "web/sockets.py": "a type",
    "recordings.py": "through asking.py; a type",
    "bus/": "Redis: HUB_URL",
    "postgres.py": "PostgreSQL: DATABASE_URL",
    "moving.py": "PostgreSQL: the address that the keeper types",
}
NETWORK = {"aiohttp", "apprise", "asyncio", "authlib", "ftplib", "http.client", "httpx", "psycopg", "redis", "requests",
           "smtplib", "socket", "telnetlib", "urllib.request", "urllib3", "websocket"}  # fmt: skip


def reaches_out(tree: ast.Module) -> set[str]:
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name for name in named if name in NETWORK or name.split(".")[0] in NETWORK}


def test_only_these_modules_open_connections() -> None:
    found = {name: reaches_out(tree) for name, tree in trees()}
    known = tuple(OPENERS)
    assert {name: them for name, them in found.items() if them and not name.startswith(known)} == {}


def addresses(tree: ast.Module) -> Iterator[str]:
    """Every text that begins like an address: the whole of it, what is put in as `{}`."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        text = ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"  # type: ignore[attr-defined]
                for part in node.values
            )
        if re.match(r"^(https?|wss?)://[^\s]+$", text):
            yield text


# adapter -> what stands where its host would be, and why it is the company's all the same
BY_SETTING = {
    "uis.py": "{settings.get('host') or HOSTS[0]}",  # one of HOSTS
    "phonet_rest.py": "{settings.get('domain', '')}",  # checks.host_below
    "itoolabs.py": "{settings['domain']}{PATH}",  # any: each operator has its own; see asking.Outside
    "zadarma_rest.py": "{self.host}{path}",  # one of two
    "unitalk_rest.py": "{HOST}",
    "phone_models.py": "{home[line]}{path}",  # Asking.at_home: an address of the restaurant's own network
}


def test_the_host_of_every_address_that_a_company_is_asked_at_is_fixed() -> None:
    for path in sorted((SERVER / "providers").glob("*.py")):
        for text in addresses(ast.parse(path.read_text("utf-8"))):
            host = text.split("://")[1].split("/")[0]
            assert "{" not in host or BY_SETTING.get(path.name) == host, f"{path.name}: {text}"


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
@pytest.mark.parametrize(
    "typed", ["evil.example", "api.phonet.com.ua.evil.example", "127.0.0.1", "169.254.169.254", "x@y", "a/b"]
)
def test_no_owner_types_another_host_for_a_company(provider: str, typed: str) -> None:
    for field in PROVIDERS[provider].fields:
        if field.name in ("domain", "host") and provider not in ("asterisk", "freepbx", "sip", "itoolabs"):
            if field.choices:
                assert typed not in field.choices
                continue
            with pytest.raises(ValueError):  # noqa: PT011 - this is what a check raises
                field.check(typed)


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "http://169.254.169.254/latest/", "http://0.0.0.0/", "http://127.0.0.1:8080/metrics", "ftp://x/",
     "file:///etc/passwd", "http://[::1]/", "http://localhost/", "http://2130706433/", "http://224.0.0.1/", "gopher://x/"],
)  # fmt: skip
def test_plain_http_goes_nowhere_but_to_phones_at_home(url: str) -> None:
    def talk() -> Iterator[Ask]:
        yield Ask("GET", url)

    with pytest.raises(Failed):
        Asking().ask(talk())  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1"])
def test_a_company_is_asked_on_the_internet_only_whatever_its_name_stands_for(host: str) -> None:
    """A listener is there, and hears nothing: not even how a TLS connection begins."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def talk() -> Iterator[Ask]:
            yield Ask("POST", f"https://{host}:{port}/", body=b"key=secret", seconds=3)

        with pytest.raises(Failed) as why:
            Asking().ask(talk())  # type: ignore[arg-type]
        assert why.value.word == "unreachable"
        listener.settimeout(0.2)
        with suppress(TimeoutError):
            heard = listener.accept()[0]
            with heard:
                assert heard.recv(100) == b""


@pytest.mark.parametrize("host", ["192.168.1.5", "10.0.0.5", "172.16.3.4", "fd00::5"])
def test_a_phone_in_the_restaurant_is_at_home(host: str) -> None:
    assert at_home(host)


def test_recordings_come_from_hosts_that_the_adapter_names() -> None:
    for name, adapter in PROVIDERS.items():
        if isinstance(adapter, Records):
            assert adapter.recording_hosts, name
            assert all("." in host.strip(".") for host in adapter.recording_hosts), name


def test_an_account_s_name_cannot_become_another_host(settings: Settings) -> None:
    for name in ("evil.example/", "a@b", "..", "x?y", "x#y", "x:1", "", "-a", "a" * 64, "joinposter.com"):
        with pytest.raises(ValueError, match="account"):
            settings.account_url(name)


# Paths


@pytest.mark.parametrize("door", ["/manage/static/", "/connect/static/", "/guides/"])
@pytest.mark.parametrize(
    "path",
    [
        "../../../server/config.py",
        "..%2f..%2f.env",
        "%2e%2e/%2e%2e/.env",
        "/etc/passwd",
        "..\\..\\.env",
        "%00",
        "x" * 3000,
    ],
)
def test_no_path_leads_out_of_its_folder(app: Flask, door: str, path: str) -> None:
    answer = app.test_client().get(door + path)
    assert answer.status_code in (308, 404)
    assert b"SECRET" not in answer.data
    assert b"root:" not in answer.data


# The log

NASTY = "Olena\r\n2026-01-01 ERROR dzvinok all is well\x1b[2J\x1b[31m\u202e\u2028x"


def test_a_stranger_s_text_writes_no_line_of_its_own(served: wire.Server, restaurant: Restaurant) -> None:
    """A whole server, its whole log: names, tokens and addresses with line ends and escape codes in them."""
    trunk = add_trunk(restaurant())
    binotel = wire.Binotel(f"{served.url}/hooks/binotel/{trunk.token}")
    binotel.post(requestType=NASTY, generalCallID=NASTY, externalNumber=NASTY, callType=0)
    binotel.ring(NASTY, caller=NASTY)
    binotel.ring("fine", caller="0671112233")
    binotel.answer("fine", NASTY)
    desk = wire.Register(served.url, "pechera", 1, 1, 5)
    desk.ask("hello", bundle=NASTY)
    desk.ask("find", number=NASTY)
    served.stop()
    told = served.log.read_text("utf-8")
    assert "received" in told
    assert not [line for line in told.splitlines() if line.startswith("2026-01-01 ERROR dzvinok all")]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e]", told)
    assert trunk.token not in told
    assert "0671112233" not in told


def test_no_log_call_writes_a_token_a_secret_or_a_body(caplog: pytest.LogCaptureFixture) -> None:
    """What each `log.…()` is given, by name."""
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if ast.unparse(node.func.value) in ("log", "logging") and node.func.attr in (
                "debug", "info", "warning", "error", "exception", "log",
            ):  # fmt: skip
                words = [name_of(one) for one in node.args[1:]]
                found += [
                    (name, node.lineno, word)
                    for word in words
                    if SECRET.search(word) or word in ("body", "text", "raw")
                ]
                assert not isinstance(node.args[0], ast.JoinedStr), (
                    f"{name}:{node.lineno}: an f-string is formatted twice"
                )
    assert found == []
    assert logging.getLogger("peewee").level >= logging.INFO, "at DEBUG it writes every value down"


# Nothing of ours in the repository


def test_no_setting_s_example_is_a_secret(tmp_path: Path) -> None:
    example = (wire.ROOT / ".env.example").read_text("utf-8")
    given = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", example, re.M))
    for name in ("SECRET_KEY", "POSTER_APPLICATION_SECRET", "POSTER_APPLICATION_ID", "METRICS_TOKEN"):
        assert given.get(name, "") == "", name


def test_the_database_never_holds_a_code_of_a_person_as_it_was_typed(
    app: Flask, restaurant: Restaurant
) -> None:
    from server import members

    members.add(restaurant().id, "Olena", "owner", "lavender-7")
    with reading():
        assert rows("SELECT code FROM member")[0][0].startswith("scrypt:")


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    from server.config import ConfigError

    with pytest.raises(ConfigError, match="SECRET_KEY"):
        load({**wire.environment(8080, tmp_path / "d.db"), "SECRET_KEY": "short"}, tmp_path / "no.env")
