"""What we stand on: pinned, with hashes, free to use; and nothing secret in what goes to every customer."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from importlib import metadata

import pytest

from deploy import audit
from tests.wire import ROOT

LOCKS = ("requirements", "requirements-dev")
SERVED = ("pos_bundle/dist/bundle.js", "manage_ui/static/manage.js", "manage_ui/static/charts.js")


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_has_what_is_required_in_these_very_versions(name: str) -> None:
    """If not: `make lock`."""
    wanted, locked = audit.pins(ROOT / f"{name}.txt"), audit.pins(ROOT / f"{name}.lock")
    assert {one: locked.get(one) for one in wanted} == wanted


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_comes_from_the_index(name: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z])", (ROOT / f"{name}.lock").read_text("utf-8"))
    packages = [entry for entry in entries if "==" in entry.split("\n")[0]]
    assert len(packages) == len(audit.pins(ROOT / f"{name}.lock"))
    assert [
        entry.split("\n")[0] for entry in packages if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)
    ] == []
    assert not re.search(r"(?m)(git\+|https?://|file:| @ |^--(index|extra|find|trusted))", "".join(entries))


def test_what_serves_is_in_both_locks_in_one_version() -> None:
    served, tested = audit.pins(ROOT / "requirements.lock"), audit.pins(ROOT / "requirements-dev.lock")
    assert {name: tested.get(name) for name in served} == served


def test_what_is_tested_here_is_what_is_locked() -> None:
    """An installed package in another version: `make setup-dev`, or `make lock` where the new one is meant."""
    locked = audit.pins(ROOT / "requirements.lock")
    here = {audit.normal(one.name): one.version for one in metadata.distributions()}
    assert {name: here[name] for name in locked if name in here} == {
        name: version for name, version in locked.items() if name in here
    }


def test_everything_that_serves_is_free_to_use() -> None:
    table = audit.table()
    assert len(table) > 20
    assert [row for row in table if not audit.fits(row[2])] == []


@pytest.mark.parametrize(
    ("said", "free"),
    [("MIT", True), ("BSD-3-Clause", True), ("LGPL-3.0-only", True), ("GPL-3.0-or-later", False), ("AGPL-3.0", False),
     ("GNU General Public License v3 (GPLv3)", False), ("GNU Lesser General Public License v3 (LGPLv3)", True),
     ("", False), ("Proprietary", False)],
)  # fmt: skip
def test_what_counts_as_free(said: str, free: bool) -> None:
    assert audit.fits(said) == free


def test_npm_packages_are_locked_with_hashes_from_the_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    for name, facts in packages.items():
        if name and not facts.get("link"):
            assert facts["integrity"].startswith("sha512-"), name
            assert facts.get("resolved", "https://registry.npmjs.org/").startswith(
                "https://registry.npmjs.org/"
            ), name


def test_what_builds_the_pages_is_free_to_use() -> None:
    """Little of it goes into what browsers load, but any of it could."""
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    said = {name: facts.get("license", "") for name, facts in packages.items() if name}
    assert {name: one for name, one in said.items() if not audit.fits(one)} == {}


# Secrets in what everybody gets

SHAPES = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.",
    "a key of Amazon's": r"\bAKIA[0-9A-Z]{16}\b",
    "a bot of Telegram's": r"\b\d{8,10}:[A-Za-z0-9_-]{35}\b",
    "a token of Poster's": r"\b\d{3,8}:[0-9a-f]{32}\b",
    "a password in an address": r"[a-z]+://[^/\s:@\"'`]+:[^/\s:@\"'`]+@",
    "thirty-two hexadecimal digits": r"(?<![0-9a-f#])[0-9a-f]{32,}(?![0-9a-f])",
    "a secret by its name": r"(?i)(secret|password|api_?key|private_?key)[\"']?\s*[:=]\s*[\"'][^\"']{8,}[\"']",
}
WORD = re.compile(r"[A-Za-z0-9+/=_-]{40,}")
RANDOM = 4.7  # bits a character: words of a program stay below, forty random ones of sixty-four come above


def bits(text: str) -> float:
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts)


def secrets_in(text: str) -> list[str]:
    shaped = [name for name, shape in SHAPES.items() if re.search(shape, text)]
    words = [word for word in WORD.findall(text) if "ABCDEFGHIJKLM" not in word]  # base64's own letters
    return shaped + [f"something random: {word[:6]}…" for word in words if bits(word) > RANDOM]


@pytest.mark.parametrize("path", SERVED)
def test_what_every_customer_gets_holds_no_secret(path: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    assert secrets_in(text) == []
    assert "sourceMappingURL" not in text


def test_no_setting_of_this_box_is_in_what_every_customer_gets() -> None:
    """Of a box that has been set up here, if one has: its `.env`."""
    env = ROOT / ".env"
    given = dict(
        re.findall(
            r"^([A-Z_]+)=(.+)$", env.read_text("utf-8") if env.exists() else "SECRET_KEY=not-set-up", re.M
        )
    )
    hidden = [
        value.strip()
        for name, value in given.items()
        if re.search("SECRET|TOKEN|KEY|PASSWORD|SMTP|ALERT", name)
    ]
    for path in SERVED:
        text = (ROOT / path).read_text("utf-8")
        assert [value[:3] for value in hidden if len(value) > 7 and value in text] == []


@pytest.mark.parametrize(
    "text",
    [
        'x="-----BEGIN RSA PRIVATE KEY-----"',
        'token="700123:9f0c9f0c9f0c9f0c9f0c9f0c9f0c9f0c"',
        "https://user:hunter22@example.com/",
        '{secret:"0f1e2d3c4b5a69788796a5b4c3d2e1f0"}',
        '"Zk3qX9-vB7nT1_rLw8YpQ2mHs6JdF4aGcE0uKiRoVtNx5Bz"',
        'API_KEY="abcdefgh"',
    ],
)
def test_the_looker_would_see_one(text: str) -> None:
    assert secrets_in(text)
