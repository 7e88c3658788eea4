"""The image and compose.yaml: built and run where an engine is, looked at line by line where none is."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.wire import ROOT

DEPLOY = ROOT / "deploy"
Json = dict[str, Any]


def engine() -> str:
    """The first one that answers."""
    for name in ("podman", "docker"):
        if (
            shutil.which(name)
            and subprocess.run([name, "info"], capture_output=True, check=False).returncode == 0
        ):
            return name
    return ""


def steps() -> list[tuple[str, str]]:
    """The Containerfile's instructions with their words, continued lines joined."""
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.M).replace("\\\n", " ")
    return [
        (word, rest.strip()) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line)
    ]


@pytest.fixture(scope="module")
def compose() -> Json:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8")))


@pytest.fixture(scope="module")
def image() -> Iterator[tuple[str, str]]:
    name = engine()
    if not name:
        pytest.skip("neither podman nor docker answers here: the files are only looked at")
    command = [name, "build", "-q", "-f", str(DEPLOY / "Containerfile"), "-t", "dzvinok:test", str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert built.returncode == 0, built.stderr[-2000:]
    yield name, "dzvinok:test"
    subprocess.run([name, "rmi", "-f", "dzvinok:test"], capture_output=True, check=False)


def test_the_image_serves(image: tuple[str, str]) -> None:
    name, tag = image
    env = ("POSTER_APPLICATION_ID=1", "POSTER_APPLICATION_SECRET=s", "PUBLIC_URL=https://phone.example.com",
           "SECRET_KEY=a key for tests, long enough")  # fmt: skip
    command = [
        name,
        "run",
        "-d",
        "--read-only",
        "--tmpfs",
        "/tmp",
        *(word for pair in env for word in ("-e", pair)),
        tag,
    ]
    running = subprocess.run([*command, tag], capture_output=True, text=True, check=True).stdout.strip()
    try:
        ask = "import time, urllib.request as u\nfor _ in range(60):\n try: print(u.urlopen('http://127.0.0.1:8080/healthz').read()); break\n except OSError: time.sleep(0.5)"  # noqa: E501
        said = subprocess.run(
            [name, "exec", running, "python3", "-c", ask], capture_output=True, text=True, check=True
        )
        assert '"ok"' in said.stdout
    finally:
        subprocess.run([name, "rm", "-f", running], capture_output=True, check=False)


def test_every_instruction_is_one_and_begins_with_a_fixed_base() -> None:
    known = {
        "FROM",
        "SHELL",
        "RUN",
        "WORKDIR",
        "COPY",
        "ENV",
        "USER",
        "VOLUME",
        "EXPOSE",
        "STOPSIGNAL",
        "HEALTHCHECK",
        "CMD",
    }
    words = [word for word, _ in steps()]
    assert set(words) <= set(known)
    assert words[0] == "FROM"
    bases = [rest.split()[0] for word, rest in steps() if word == "FROM"]
    assert bases == ["docker.io/library/debian:bookworm-slim"] * 2


def test_nothing_is_fetched_but_by_apt_pip_and_npm() -> None:
    runs = " ".join(rest for word, rest in steps() if word == "RUN")
    assert not re.search(r"\b(curl|wget|git|ADD)\b|https?://", runs)
    assert not [word for word, _ in steps() if word == "ADD"]
    for one in (rest for word, rest in steps() if word == "RUN" and "apt-get install" in rest):
        assert "--no-install-recommends" in one
        assert "rm -rf /var/lib/apt/lists/*" in one


def test_it_runs_as_nobody_in_particular_and_builds_nothing_in_the_last_stage() -> None:
    last = steps()[max(number for number, (word, _) in enumerate(steps()) if word == "FROM") :]
    users = [rest for word, rest in last if word == "USER"]
    assert users == ["10001"]
    after = [word for word, _ in last[[word for word, _ in last].index("USER") :]]
    assert "RUN" not in after
    assert "COPY" not in after
    assert not re.search(r"\b(make|npm|gcc|venv)\b", " ".join(rest for word, rest in last if word == "RUN"))


def test_what_is_copied_is_there_and_nothing_secret_gets_in() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {".git", ".env", "*.env", "data", "tests", ".venv"} <= set(ignored)
    for word, rest in steps():
        if word == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert source not in (".", "./")


def test_what_the_server_needs_to_run_is_in_the_image() -> None:
    """Every folder and file of the root that the server's code reaches for."""
    copied = " ".join(rest for word, rest in steps() if word == "COPY")
    for name in (
        "wsgi.py",
        "gunicorn.conf.py",
        "pyproject.toml",
        "server",
        "manage_ui",
        "pos_bundle/dist",
        "docs",
    ):
        assert re.search(rf"(^|[ /]){re.escape(name)}( |$)", copied), name


def test_compose_has_only_words_that_compose_knows(compose: Json) -> None:
    known = {
        *("image", "build", "restart", "ports", "volumes", "read_only", "tmpfs", "cap_drop", "cap_add"),
        *("security_opt", "network_mode", "depends_on", "env_file", "environment", "ulimits"),
        *("stop_grace_period", "command", "healthcheck"),
    }
    assert set(compose) == {"name", "services", "volumes"}
    for name, service in compose["services"].items():
        assert set(service) <= set(known), name
        assert "image" in service
        assert not str(service["image"]).endswith(":latest")
        for other in service.get("depends_on", []):
            assert other in compose["services"]
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).exists(), source


def test_every_container_is_shut_in(compose: Json) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("cap_add", []) in ([], ["NET_BIND_SERVICE"]), name
        assert service["restart"] == "unless-stopped", name


def test_only_the_proxy_is_reached_from_outside(compose: Json) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]
    assert services["dzvinok"]["network_mode"] == "service:caddy"
    assert services["dzvinok"]["environment"]["BIND"] == "127.0.0.1:8080"
    assert services["backup"]["network_mode"] == "none"
    assert "reverse_proxy 127.0.0.1:8080" in (DEPLOY / "Caddyfile").read_text("utf-8")
