"""Settings are read once, typed and refused loudly."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.config import ConfigError, Settings, load
from tests.wire import environment


def read(tmp_path: Path, **changes: str) -> Settings:
    return load({**environment(8080, tmp_path / "db"), **changes}, tmp_path / ".env")


def test_defaults_are_posters_own_addresses(tmp_path: Path) -> None:
    needed = {"POSTER_APPLICATION_ID": "1", "POSTER_APPLICATION_SECRET": "s", "PUBLIC_URL": "https://a.example/",
              "SECRET_KEY": "0123456789abcdef"}  # fmt: skip
    settings = load(needed, tmp_path / ".env")
    assert settings.poster_url == "https://joinposter.com"
    assert settings.account_url("acme") == "https://acme.joinposter.com"
    assert settings.frame_ancestors == ("https://joinposter.com", "https://*.joinposter.com")
    assert settings.origins[0] == "https://platform.joinposter.com"
    assert settings.public_url == "https://a.example"


def test_the_placeholder_may_stand_anywhere(tmp_path: Path) -> None:
    settings = read(tmp_path, POSTER_ACCOUNT_URL="http://localhost:9/of/{account}/here")
    assert settings.account_url("acme") == "http://localhost:9/of/acme/here"
    assert "http://localhost:9" in settings.frame_ancestors


def test_an_account_name_is_validated_before_it_becomes_a_host(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not an account name"):
        read(tmp_path).account_url("evil.example/#")


def test_the_real_environment_beats_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CALL_GRACE=5\nBIND=0.0.0.0:9000\n")
    settings = read(tmp_path, CALL_GRACE="30", BIND="")
    assert (settings.grace, settings.bind) == (30, "0.0.0.0:9000")


def test_every_missing_setting_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match="POSTER_APPLICATION_ID, POSTER_APPLICATION_SECRET, PUBLIC_URL, SECRET_KEY"
    ):
        load({}, tmp_path / ".env")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PUBLIC_URL", "phone.example.com", "PUBLIC_URL must be an address"),
        ("PUBLIC_URL", "https://a.example/?x=1", "PUBLIC_URL must be an address"),
        ("SECRET_KEY", "short", "SECRET_KEY must be at least 16 characters"),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL must be sqlite:///"),
        ("CALL_GRACE", "soon", "CALL_GRACE must be a whole number from 0 to 600"),
        ("SIGNATURE_WINDOW", "5", "SIGNATURE_WINDOW must be a whole number from 30 to 3600"),
        ("BIND", "8080", "BIND must be host:port"),
        ("POSTER_ACCOUNTS", "acme,../x", "POSTER_ACCOUNTS must be account names"),
        ("PUBLIC_URL", "https://a.example:abc", "PUBLIC_URL must be an address with a port"),
        ("POSTER_ACCOUNT_URL", "https://{name}.example", "POSTER_ACCOUNT_URL must be an address such as"),
        ("BIND", "127.0.0.1:99999", "BIND must be host:port"),
        ("DEFAULT_COUNTRY", "Ukraine", "DEFAULT_COUNTRY must be two letters"),
        ("DEFAULT_COUNTRY", "ZZ", "DEFAULT_COUNTRY must be two letters"),
    ],
)
def test_an_unusable_setting_is_refused_with_what_it_may_be(
    tmp_path: Path, name: str, value: str, says: str
) -> None:
    with pytest.raises(ConfigError, match=says):
        read(tmp_path, **{name: value})


def test_accounts_and_origins_are_lists(tmp_path: Path) -> None:
    settings = read(
        tmp_path, POSTER_ACCOUNTS="Pechera, kaffka", EXTRA_ORIGINS="https://pos.ps, http://localhost:5173/"
    )
    assert settings.accounts == {"pechera", "kaffka"}
    assert {"https://pos.ps", "http://localhost:5173"} <= set(settings.origins)
