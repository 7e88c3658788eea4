"""`deploy/install.sh` in a clean Debian without a network: it installs, upgrades, goes back, and leaves."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.box import ROOT, Box, Unfit

WORDS = (
    "--public-url",
    "https://phone.example.com",
    "--application-id",
    "4242",
    "--application-secret",
    "0f1e2d3c",
)
ASK = """import sys, urllib.request
print(urllib.request.urlopen("http://127.0.0.1:8080/" + sys.argv[1], timeout=10).read().decode())"""


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    try:
        box = Box()
    except Unfit as why:
        pytest.skip(f"no clean Debian to install into: {why}")
    yield box
    box.end()


@pytest.fixture(scope="module")
def installed(box: Box) -> Box:
    """By the script, from an unpacked tree, as somebody does it who has just been given the box."""
    box.before = listed(box, "/etc /opt /usr/local /var/lib /var/backups")  # type: ignore[attr-defined]
    box.lay("dzvinok")
    said = box.run("sh", "/root/dzvinok/deploy/install.sh", *WORDS)
    assert said.returncode == 0, said.stderr + said.stdout
    assert "It runs. Open https://phone.example.com/connect" in said.stdout
    return box


def listed(box: Box, where: str) -> list[str]:
    """Every file with its mode, owner, size and time, without what a running server writes."""
    told = box.run("sh", "-c", f"find {where} -printf '%p %M %u %s %T@\\n'").stdout.splitlines()
    return sorted(
        line for line in told if not re.search(r"dzvinok\.(db|ctl)|/__pycache__|^/var/lib/dzvinok ", line)
    )


def ask(box: Box, path: str) -> str:
    said = box.run("python3", "-c", ASK, path)
    assert said.returncode == 0, said.stderr
    return said.stdout


def current(box: Box) -> str:
    return box.run("readlink", "/opt/dzvinok/current").stdout.strip()


def test_bad_words_are_refused_in_one_sentence_and_nothing_changes(box: Box) -> None:
    box.lay("words")
    before = listed(box, "/etc /opt /usr/local")
    for words, says in (
        (("--public-url", "http://phone.example.com", *WORDS[2:]), "must begin with https://"),
        ((*WORDS[:-1], "0f1e|e reboot"), "only letters, digits"),
        (("--frobnicate",), "I don't know --frobnicate"),
        (("--public-url",), "--public-url needs a value"),
        ((), "nobody is here to be asked"),
        (("--upgrade",), "Nothing is installed here yet"),
        (("--purge",), "--purge goes with --uninstall"),
    ):
        said = box.run("sh", "/root/words/deploy/install.sh", *words)
        assert said.returncode == 1, words
        assert says in said.stderr
        assert said.stderr.count("\n") == 1
    assert listed(box, "/etc /opt /usr/local") == before


def test_the_service_answers_as_its_own_user_with_settings_that_only_root_reads(installed: Box) -> None:
    assert json.loads(ask(installed, "healthz"))["ok"] is True
    users = installed.run("sh", "-c", "stat -c %U /proc/[0-9]*/exe 2>/dev/null | sort | uniq -c").stdout
    assert "dzvinok" in users
    assert installed.run("stat", "-c", "%a %U", "/etc/dzvinok/dzvinok.env").stdout == "600 root\n"
    settings = installed.run("cat", "/etc/dzvinok/dzvinok.env").stdout
    assert re.search(r"^SECRET_KEY=[0-9a-f]{64}$", settings, re.M)
    assert "\nBACKUP_DIR=/var/backups/dzvinok\n" in settings
    assert "phone.example.com {" in installed.run("cat", "/etc/caddy/Caddyfile").stdout
    caddy = ("caddy", "validate", "--adapter", "caddyfile", "--config", "/etc/caddy/Caddyfile")
    assert installed.run(*caddy).returncode == 0


def test_the_register_s_program_is_served_with_this_box_s_address(installed: Box) -> None:
    if not (ROOT / "pos_bundle/dist/bundle.js").exists():
        pytest.skip("the register's program is not built in this tree: make build")
    assert "https://phone.example.com" in ask(installed, "bundle.js")


def test_a_second_run_changes_nothing(installed: Box) -> None:
    before = listed(installed, "/etc /opt /usr/local /var/lib /var/backups")
    said = installed.run("sh", "/root/dzvinok/deploy/install.sh", *WORDS)
    assert said.returncode == 0, said.stderr
    assert "Everything is as it should be; nothing was changed." in said.stdout
    assert listed(installed, "/etc /opt /usr/local /var/lib /var/backups") == before


def test_the_scripts_have_no_known_fault() -> None:
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not here: apt install shellcheck")
    scripts = [*(ROOT / "deploy").glob("*.sh"), ROOT / "deploy/dzvinok", ROOT / "tests/deploy/systemctl"]
    said = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True, check=False)
    assert said.stdout == ""


def test_units_are_sound_and_hardened(installed: Box) -> None:
    """By the host's systemd, which looks at the units as they lie in the box."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here: apt install systemd")
    for path in sorted((ROOT / "deploy").glob("dzvinok*.service")):
        said = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--threshold=15", path],
            capture_output=True, text=True,
        )  # fmt: skip
        assert said.returncode == 0, f"{path.name}: {said.stdout[-300:]}"
    units = sorted(str(path) for path in (ROOT / "deploy").glob("dzvinok*.*"))
    said = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    # Here the programs that they start are not installed.
    assert [
        line for line in said.stderr.splitlines() if "dzvinok" in line and "not executable" not in line
    ] == []


def test_the_command_line_and_the_timer_s_backup_work_as_the_service_s_user(installed: Box) -> None:
    assert installed.run("dzvinok", "accounts").returncode == 0
    line = re.search(
        r"^ExecStart=.*flask (.*) \$BACKUP_FLAGS$", (ROOT / "deploy/dzvinok-backup.service").read_text(), re.M
    )
    assert line is not None
    said = installed.run("dzvinok", *line[1].split()[2:])
    assert said.returncode == 0, said.stderr
    assert "whole." in said.stdout
    assert installed.run("sh", "-c", "stat -c '%a %U' /var/backups/dzvinok/*.db").stdout == "600 dzvinok\n"


def newer(box: Box, name: str, version: str) -> Path:
    tree = box.lay(name)
    project = tree / "pyproject.toml"
    project.write_text(re.sub(r'(?m)^version = ".*"$', f'version = "{version}"', project.read_text()))
    return tree


def test_an_upgrade_that_does_not_come_up_brings_the_old_one_back_with_its_database(installed: Box) -> None:
    """The worst that can happen: the new one has changed the tables already."""
    name = "INSERT INTO account (name, number, state) VALUES ('kaffka', '700124', 'connected')"
    path = "/var/lib/dzvinok/dzvinok.db"
    script = f"import sqlite3; c = sqlite3.connect('{path}'); c.execute(\"{name}\"); c.commit()"
    made = installed.run("setpriv", "--reuid", "dzvinok", "--clear-groups", "python3", "-c", script)
    assert made.returncode == 0, made.stderr
    before = current(installed)
    tree = newer(installed, "broken", "9.9.8")
    (tree / "server/migrations/m9999_broken.py").write_text('UP = ("CREATE TABLE broken (id INTEGER)",)\n')
    (tree / "wsgi.py").write_text((tree / "wsgi.py").read_text() + '\nraise SystemExit("broken")\n')
    said = installed.run("dzvinok-upgrade", "/root/broken", DZVINOK_PATIENCE="6")
    assert said.returncode == 1
    assert "runs again" in said.stderr, said.stderr + said.stdout
    assert current(installed) == before
    assert json.loads(ask(installed, "healthz"))["ok"] is True
    assert "kaffka" in installed.run("dzvinok", "accounts").stdout


def test_an_upgrade_is_one_command_and_keeps_what_was_there(installed: Box) -> None:
    newer(installed, "next", "9.9.9")
    packed = installed.root / "root/dzvinok-9.9.9.tar.gz"
    subprocess.run(["tar", "-czf", packed, "-C", installed.root / "root", "next"], check=True)
    said = installed.run("dzvinok-upgrade", "/root/dzvinok-9.9.9.tar.gz")
    assert said.returncode == 0, said.stderr + said.stdout
    assert "/releases/9.9.9-" in current(installed)
    assert json.loads(ask(installed, "healthz"))["ok"] is True
    assert "kaffka" in installed.run("dzvinok", "accounts").stdout


def test_uninstalling_keeps_the_data_and_purging_leaves_nothing(installed: Box) -> None:
    tree = installed.lay("leaving")
    assert installed.run("sh", "/root/leaving/deploy/install.sh", "--uninstall").returncode == 0
    assert installed.run("test", "-f", "/var/lib/dzvinok/dzvinok.db").returncode == 0
    assert installed.run("test", "-e", "/opt/dzvinok").returncode == 1
    said = installed.run("sh", "/root/leaving/deploy/install.sh", "--uninstall", "--purge")
    assert said.returncode == 0, said.stderr
    shutil.rmtree(tree)
    found = installed.run("find", "/etc", "/opt", "/usr", "/var", "/home", "-xdev", "-iname", "*dzvinok*", "!", "-path",
                          "/var/log/*").stdout  # fmt: skip
    assert found == ""
    # shadow keeps its own files of before.
    assert installed.run("grep", "-rl", "--exclude=*-", "dzvinok", "/etc").stdout == ""
    assert installed.run("getent", "passwd", "dzvinok").returncode != 0
