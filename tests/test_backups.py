"""Backups: made while rings go on, proved, thinned out, encrypted so that OpenSSL opens them, and put back."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.backups import Refused, copying, making, manifest, restoring, thinning
from server.db import close_database, migration_names, open_database, rows
from server.models import Account
from tests import wire
from tests.conftest import make_restaurant
from tests.waiting import until

KEY = "a key for backups, long enough"


@pytest.fixture
def lived(tmp_path: Path) -> Path:
    """A database with an account in it, closed."""
    path = tmp_path / "dzvinok.db"
    open_database(f"sqlite:///{path}")
    make_restaurant()
    close_database()
    return path


def migrate(path: Path) -> None:
    open_database(f"sqlite:///{path}")
    close_database()


def restore(backup: Path, database: Path, key: str = "") -> restoring.Restored:
    return restoring.restore(backup, database, migration_names(), migrate, key)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_made_in_mid_rings_gives_back_every_call_that_was_acknowledged_before(
    served: wire.Server, binotel: wire.Binotel, tmp_path: Path
) -> None:
    """`flask backup` beside the serving process, `flask restore` after it was stopped."""
    for call in range(40):
        assert binotel.ring(f"before-{call}", f"06711122{call:02}").ok
    stop, later = threading.Event(), []

    def ring_on() -> None:
        while not stop.is_set():
            assert binotel.ring(f"during-{len(later)}", "0671112233").ok
            later.append(len(later))

    ringing = threading.Thread(target=ring_on)
    ringing.start()
    try:
        until(lambda: len(later) > 3)
        made = served.cli("backup", "--to", str(tmp_path / "backups"))
        count = len(later)
        until(lambda: len(later) > count + 3)
    finally:
        stop.set()
        ringing.join()
    assert made.returncode == 0, made.stderr
    (backup,) = (tmp_path / "backups").glob("*.db")

    refused = served.cli("restore", str(backup))
    assert refused.returncode == 1
    assert "A server runs on" in refused.stderr
    assert "Traceback" not in refused.stderr

    close_database()
    served.stop()
    for side in ("", "-wal", "-shm"):
        Path(f"{tmp_path / 'dzvinok.db'}{side}").unlink(missing_ok=True)
    back = served.cli("restore", str(backup))
    assert back.returncode == 0, back.stderr
    open_database(served.env["DATABASE_URL"])
    keys = {key for (key,) in rows("SELECT key FROM call")}
    assert {f"before-{call}" for call in range(40)} <= keys
    close_database()
    served.start()
    assert binotel.hangup("before-7").ok


def test_a_backup_is_one_file_with_its_manifest_and_nothing_half_made_beside_it(
    lived: Path, tmp_path: Path
) -> None:
    made = making.make(lived, tmp_path / "to", "1.2.3")
    assert names(tmp_path / "to") == [made.path.name, made.path.name + ".json"]
    assert made.path.stat().st_mode & 0o777 == 0o600
    told = json.loads(manifest.beside(made.path).read_text())
    assert told["version"] == "1.2.3"
    assert told["schema"] == migration_names()
    assert told["counts"]["account"] == 1
    assert told["sha256"] == subprocess.check_output(["sha256sum", made.path], text=True).split()[0]
    assert not Path(f"{made.path}-wal").exists()


def test_an_encrypted_backup_opens_with_openssl_and_with_restore(lived: Path, tmp_path: Path) -> None:
    made = making.make(lived, tmp_path / "to", "1", key=KEY)
    assert b"pechera" not in made.path.read_bytes()
    plain = tmp_path / "plain.db"
    subprocess.run(
        ["openssl", "enc", "-d", "-aes-256-cbc", "-pbkdf2", "-iter", "600000", "-md", "sha256",
         "-pass", "env:BACKUP_KEY",
         "-in", made.path, "-out", plain], check=True, env={**os.environ, "BACKUP_KEY": KEY},
    )  # fmt: skip
    with copying.opened(plain) as connection:
        assert connection.execute("SELECT name FROM account").fetchone() == ("pechera",)
    assert restore(made.path, tmp_path / "new" / "dzvinok.db", KEY).counts["account"] == 1


def test_a_changed_encrypted_backup_is_not_restored(lived: Path, tmp_path: Path) -> None:
    made = making.make(lived, tmp_path / "to", "1", key=KEY)
    body = bytearray(made.path.read_bytes())
    body[5000] ^= 1
    made.path.write_bytes(body)
    told = json.loads(manifest.beside(made.path).read_text())
    told["sha256"] = subprocess.check_output(["sha256sum", made.path], text=True).split()[0]
    manifest.beside(made.path).write_text(json.dumps(told))
    with pytest.raises(Refused, match="was not written with this BACKUP_KEY"):
        restore(made.path, lived, KEY)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.unlink(), "There is no file"),
        (lambda path: path.write_bytes(path.read_bytes()[:-4096]), "is not the file that"),
        (lambda path: manifest.beside(path).write_text("{}"), "is not a manifest"),
        (lambda path: (manifest.beside(path).unlink(), path.write_bytes(b"x" * 8192)), "can't be read as a database"),
        (lambda path: (manifest.beside(path).unlink(), other(path)), "is no database of Dzvinok"),
        (lambda path: (manifest.beside(path).unlink(), torn(path)), "damaged|can't be read"),
        (lambda path: (manifest.beside(path).unlink(), newer(path)), "is from a newer version"),
        (lambda path: path.write_bytes(b"Salted__" + path.read_bytes()), "is encrypted: set BACKUP_KEY"),
    ],
)  # fmt: skip
def test_what_is_not_a_whole_backup_of_ours_is_refused_and_nothing_changes(
    lived: Path, tmp_path: Path, spoil: object, says: str
) -> None:
    made = making.make(lived, tmp_path / "to", "1")
    before = lived.read_bytes()
    spoil(made.path)
    with pytest.raises(Refused, match=says):
        restore(made.path, lived)
    assert lived.read_bytes() == before
    assert [name for name in names(lived.parent) if "incoming" in name or "replaced" in name] == []


def other(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")
    connection.close()


def torn(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[8192:40960] = b"\xa5" * (40960 - 8192)
    path.write_bytes(body)


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO migration VALUES ('m9999_later', 0)")
    connection.close()


def test_restore_is_refused_while_another_program_has_the_database_open(lived: Path, tmp_path: Path) -> None:
    made = making.make(lived, tmp_path / "to", "1")
    held = sqlite3.connect(lived)
    held.execute("SELECT count(*) FROM account").fetchall()
    with pytest.raises(Refused, match=r"has .* open"):
        restore(made.path, lived)
    held.close()
    assert restore(made.path, lived).aside


def test_the_database_that_was_replaced_is_kept_whole(lived: Path, tmp_path: Path) -> None:
    made = making.make(lived, tmp_path / "to", "1")
    open_database(f"sqlite:///{lived}")
    make_restaurant("kaffka", "700124")
    close_database()
    aside = restore(made.path, lived).aside
    assert aside is not None
    with copying.opened(aside) as connection:
        assert connection.execute("SELECT count(*) FROM account").fetchone() == (2,)
    with copying.opened(lived) as connection:
        assert connection.execute("SELECT count(*) FROM account").fetchone() == (1,)


def test_a_broken_database_does_not_stand_in_the_way_of_its_backup(lived: Path, tmp_path: Path) -> None:
    """The command line as it is typed: it must not open what is in place."""
    made = making.make(lived, tmp_path / "to", "1")
    lived.write_bytes(b"no database at all" * 1000)
    env = wire.environment(8080, lived)
    flask = str(Path(wire.sys.executable).with_name("flask"))
    back = subprocess.run([flask, "--app", "wsgi", "restore", str(made.path)], cwd=wire.ROOT, env=env,
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert back.returncode == 0, back.stderr
    open_database(f"sqlite:///{lived}")
    assert Account.select().count() == 1
    close_database()


def test_a_full_disk_is_told_before_anything_is_written(
    lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(copying.shutil, "disk_usage", lambda path: full)
    with pytest.raises(Refused, match="has no room for a copy"):
        making.make(lived, tmp_path / "to", "1")
    assert names(tmp_path / "to") == []


def test_a_day_of_hours_two_weeks_of_days_and_two_months_of_weeks_stay() -> None:
    now = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    hourly = [now - timedelta(hours=hour) for hour in range(24 * 120)]
    stay = sorted(thinning.kept(hourly, None), reverse=True)
    assert stay[:24] == hourly[:24]
    assert len({moment.date() for moment in stay if now - moment < timedelta(days=14)}) == 14
    assert now - stay[-1] > timedelta(weeks=6)
    assert 24 + 12 + 4 <= len(stay) <= 24 + 14 + 8
    for passed in range(
        24 * 30
    ):  # an hour at a time, as the timer does it: what stayed is enough to stay again
        stay = sorted(thinning.kept([*stay, now + timedelta(hours=passed + 1)], None))
    assert 24 + 12 + 4 <= len(stay) <= 24 + 14 + 8


def test_only_the_newest_stay_where_that_is_asked_and_strange_files_are_left_alone(
    lived: Path, tmp_path: Path
) -> None:
    to = tmp_path / "to"
    to.mkdir()
    (to / ".dzvinok-20260101-000000.db.123.part").touch()
    os.utime(to / ".dzvinok-20260101-000000.db.123.part", (0, 0))
    for day in (1, 2, 3):
        (to / f"dzvinok-2026010{day}-000000.db").touch()
        (to / f"dzvinok-2026010{day}-000000.db.json").touch()
    (to / "holiday.jpg").touch()
    made = making.make(lived, to, "1", keep=2)
    assert made.gone == ["dzvinok-20260101-000000.db", "dzvinok-20260102-000000.db"]
    assert names(to) == sorted(["dzvinok-20260103-000000.db", "dzvinok-20260103-000000.db.json", "holiday.jpg",
                                made.path.name, made.path.name + ".json"])  # fmt: skip


def test_an_upgrade_keeps_a_copy_of_the_database_as_it_was(lived: Path) -> None:
    """Two migrations back, then opened again: the copy is from before, and opens as it was."""
    last = migration_names()[-1]
    with sqlite3.connect(lived) as connection:
        connection.execute("DELETE FROM migration WHERE name = ?", (last,))
    connection.close()
    with pytest.raises(Exception, match=r"exists|duplicate"):
        open_database(
            f"sqlite:///{lived}"
        )  # its tables are there already, so it stops half-way, as a bad one would
    close_database()
    kept = lived.with_name(f"{lived.name}.before-{last}")
    with copying.opened(kept) as connection:
        assert last not in copying.schema_of(connection)
        assert connection.execute("SELECT count(*) FROM account").fetchone() == (1,)


def test_an_older_program_refuses_a_newer_database_in_one_sentence(lived: Path) -> None:
    newer(lived)
    env = wire.environment(8080, lived)
    flask = str(Path(wire.sys.executable).with_name("flask"))
    said = subprocess.run([flask, "--app", "wsgi", "accounts"], cwd=wire.ROOT, env=env, capture_output=True,
                          text=True, timeout=60)  # fmt: skip
    assert said.returncode == 1
    assert said.stderr.startswith("Dzvinok can't start. The database is from a newer version (m9999_later)")
    assert "Traceback" not in said.stderr


def test_with_postgresql_it_says_which_tools_to_use(tmp_path: Path) -> None:
    env = wire.environment(8080, tmp_path / "d.db") | {
        "DATABASE_URL": "postgresql://dzvinok@127.0.0.1:9/dzvinok"
    }
    flask = str(Path(wire.sys.executable).with_name("flask"))
    command = [flask, "--app", "wsgi", "restore", "dzvinok.db"]
    said = subprocess.run(command, cwd=wire.ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert said.returncode == 1
    assert 'pg_restore --clean --if-exists --single-transaction --dbname="$DATABASE_URL"' in said.stderr
    assert "Traceback" not in said.stderr


def test_where_to_and_with_what_key_is_asked_for(served: wire.Server) -> None:
    assert "set BACKUP_DIR" in served.cli("backup").stderr
    assert "set BACKUP_KEY" in served.cli("backup", "--to", "/nowhere", "--encrypt").stderr
    assert "can't be written to" in served.cli("backup", "--to", "/proc/nowhere").stderr
