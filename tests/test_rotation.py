"""A new SECRET_KEY: everything sealed is sealed anew, wherever it is stopped, and nothing sealed is forgotten."""

from __future__ import annotations

import ast
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask

from server import create_app, rotation
from server.config import load
from server.db import close_database, open_database, reading, rows, transaction, write
from server.models import Account, Parked
from server.parts import Parts
from server.persons import forgetting
from server.vault import Unreadable, Vault
from server.web.pagetoken import PageTokens, Pass
from tests import wire
from tests.conftest import make_restaurant

OLD, NEW = "a key for tests, long enough", "another key, which is as long"
# Where the server seals something, and in which column that ends; None: it is handed out and never stored.
SEALERS = {
    "connecting/installs.py": ("account", "token"),
    "connecting/desk.py": ("parked", "token"),
    "connecting/told.py": ("account", "next_token"),
    "connecting/entering.py": ("account", "next_token"),
    "trunks.py": ("trunk", "secrets"),
    "alerts/targets.py": ("alert_target", "address"),
    "rotation.py": ("kept_key", "sealed"),
    "web/manage_people_person.py": None,
}


def fill(parts: Parts) -> Account:
    """Something in every column that can hold a secret."""
    account, seal = make_restaurant(), parts.vault.seal
    with transaction():
        Account.update(token=seal("pechera:token"), next_token=seal("pechera:next")).execute()
        Parked.create(browser="b", name="kaffka", number="700124", title="", owner="", country="",
                      token=seal("kaffka:token"), created_at=time.time())  # fmt: skip
        write("INSERT INTO alert_target (account_id, kind, title, address, alerts, digest, at, problem) "
              "VALUES (?, 'other', 't', ?, 1, 0, 1, '')", account.id, seal("ntfy://guests"))  # fmt: skip
    parts.trunks.add(account, "zadarma", {"key": "0123456789abcd", "secret": "0123456789abcdef"})
    return account


def cells() -> dict[tuple[str, str], list[str]]:
    """Every text of every table, by table and column."""
    tables = [name for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns = [(table, row[1]) for table in tables for row in rows(f"PRAGMA table_info('{table}')")]
    return {
        (table, column): [
            text for (text,) in rows(f'SELECT "{column}" FROM "{table}"') if isinstance(text, str)
        ]
        for table, column in columns
    }


def sealed_cells() -> dict[tuple[str, str], list[str]]:
    """Those that look like what a Vault makes."""
    found = {place: [text for text in texts if text.startswith("gAAAA")] for place, texts in cells().items()}
    return {place: texts for place, texts in found.items() if texts}


def opens(secret_key: str, old: str = "") -> set[str]:
    vault, opened = Vault(secret_key, old), set()
    for texts in sealed_cells().values():
        for text in texts:
            try:
                opened.add(vault.open(text))
            except Unreadable:
                opened.add("unreadable")
    return opened


def test_every_sealed_column_is_sealed_anew_and_the_old_key_opens_none(app: Flask, parts: Parts) -> None:
    fill(parts)
    with reading():
        before = opens(OLD)
    assert "unreadable" not in before
    done = rotation.rotate(NEW, OLD)
    with reading():
        places = sealed_cells()
        assert set(places) == {(table, column) for table, _, column in rotation.SEALED}
        assert opens(NEW) == before | {OLD}
        assert opens(OLD) == {"unreadable"}
    assert done.changed == 5
    assert done.lost == 0


def test_again_changes_nothing(app: Flask, parts: Parts) -> None:
    fill(parts)
    rotation.rotate(NEW, OLD)
    with reading():
        first = sealed_cells()
    again = rotation.rotate(NEW, OLD)
    with reading():
        assert sealed_cells() == first
    assert (again.changed, again.already) == (0, 6)


def test_whoever_seals_says_in_which_column() -> None:
    """A new place that seals must be named here, and its column in `rotation.SEALED`, or a new key would lose it."""
    server = wire.ROOT / "server"
    found = set()
    for path in server.rglob("*.py"):
        if path.is_relative_to(server / "backups") or path.name == "vault.py":
            continue
        called = {node.func.attr for node in ast.walk(ast.parse(path.read_text("utf-8")))
                  if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}  # fmt: skip
        if called & {"seal", "seal_dict"}:
            found.add(path.relative_to(server).as_posix())
    assert found == set(SEALERS)
    assert {place for place in SEALERS.values() if place} == {
        (one, column) for one, _, column in rotation.SEALED
    }


def test_what_neither_key_opens_stays_and_is_named(app: Flask, parts: Parts) -> None:
    account = fill(parts)
    stray = Vault("a third key, long enough too").seal("lost")
    with transaction():
        Account.update(token=stray).execute()
    done = rotation.rotate(NEW, OLD)
    assert done.where == [f"account {account.id}"]
    with reading():
        assert rows("SELECT token FROM account") == [(stray,)]


def test_an_erased_number_is_still_known_under_the_new_key(tmp_path: Path) -> None:
    """Else a phone company's history would bring back whom the owner erased."""
    environ = wire.environment(8080, tmp_path / "dzvinok.db")
    parts = create_app(load(environ, tmp_path / "no.env")).extensions["dzvinok"]
    account = make_restaurant()
    with transaction():
        forgetting.forget(parts.settings.persons_key, account.id, "+380671112233")
    for keys in (
        environ | {"SECRET_KEY": NEW, "SECRET_KEY_OLD": OLD},  # restarted, not yet rotated
        environ | {"SECRET_KEY": NEW},  # rotated
        environ | {"SECRET_KEY": "a third key, long enough too", "SECRET_KEY_OLD": NEW},
        environ | {"SECRET_KEY": "a third key, long enough too"},
    ):
        parts = create_app(load(keys, tmp_path / "no.env")).extensions["dzvinok"]
        with reading():
            assert forgetting.forgotten(parts.settings.persons_key, account.id, "+380671112233", 0)
        if parts.settings.secret_key_old:
            assert rotation.rotate(parts.settings.secret_key, parts.settings.secret_key_old).lost == 0
    close_database()


def test_killed_in_the_middle_nothing_is_lost_and_it_goes_on_where_it_was(tmp_path: Path) -> None:
    """`flask rotate-key` with 4,000 phones: it stalls at the 2,001st, and is killed there."""
    database = tmp_path / "dzvinok.db"
    open_database(f"sqlite:///{database}")
    account, vault = make_restaurant(), Vault(OLD)
    with transaction():
        for trunk in range(4000):
            write("INSERT INTO trunk (account_id, provider, token, settings, secrets, created_at) "
                  "VALUES (?, 'zadarma', ?, '{}', ?, 1)", account.id, f"t{trunk}", vault.seal(str(trunk)))  # fmt: skip
        write(
            "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        )
        write("CREATE TRIGGER stall BEFORE UPDATE ON trunk WHEN NEW.token = 't2000' "
              "BEGIN SELECT count(*) FROM endless; END")  # fmt: skip
    env = wire.environment(8080, database) | {"SECRET_KEY": NEW, "SECRET_KEY_OLD": OLD}
    command = [str(Path(sys.executable).with_name("flask")), "--app", "wsgi", "rotate-key"]
    before = secrets()
    process = subprocess.Popen(command, cwd=wire.ROOT, env=env, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while secrets("LIMIT 1") == before[:1] and time.monotonic() < deadline:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    with transaction():
        write("DROP TRIGGER stall")
        write("DROP VIEW endless")
    changed = sum(now != then for now, then in zip(secrets(), before, strict=True))
    assert 0 < changed <= 2000
    assert [Vault(NEW, OLD).open(text) for text in secrets()] == [str(number) for number in range(4000)]

    done = subprocess.run(command, cwd=wire.ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{4000 - changed} sealed anew, {changed + 1} were already.")
    assert "Take SECRET_KEY_OLD out of the settings now" in done.stdout
    assert [Vault(NEW).open(text) for text in secrets()] == [str(number) for number in range(4000)]
    close_database()


def secrets(more: str = "") -> list[str]:
    return [text for (text,) in rows(f"SELECT secrets FROM trunk ORDER BY id {more}")]


def test_a_page_from_before_does_not_open_under_the_new_key() -> None:
    token = PageTokens(OLD).issue(Pass(account=1))
    assert PageTokens(OLD).read(token) == Pass(account=1)
    assert PageTokens(NEW).read(token) is None


@pytest.mark.parametrize("old", ["", "short"])
def test_without_the_old_key_it_says_what_to_do(tmp_path: Path, old: str) -> None:
    env = wire.environment(8080, tmp_path / "d.db") | {"SECRET_KEY_OLD": old}
    command = [str(Path(sys.executable).with_name("flask")), "--app", "wsgi", "rotate-key"]
    said = subprocess.run(command, cwd=wire.ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert said.returncode == 1
    assert "SECRET_KEY_OLD" in said.stderr
    assert "Traceback" not in said.stderr
