"""Settings: read once from the environment and `.env`, typed, refused loudly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from phonenumbers import SUPPORTED_REGIONS

ROOT = Path(__file__).resolve().parent.parent
ACCOUNT_NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,62}$")


class ConfigError(Exception):
    """A setting is missing or unusable; the message says which, and what it may be."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two boxes. Addresses carry no trailing slash, spans are seconds."""

    application_id: str
    application_secret: str
    public_url: str
    secret_key: str
    poster_url: str = "https://joinposter.com"
    poster_account_url: str = "https://{account}.joinposter.com"
    poster_platform_url: str = "https://platform.joinposter.com"
    companies_url: str = ""
    database_url: str = f"sqlite:///{ROOT / 'data' / 'dzvinok.db'}"
    hub_url: str = ""
    bind: str = "127.0.0.1:8080"
    accounts: frozenset[str] = frozenset()
    extra_origins: tuple[str, ...] = ()
    trusted_proxies: frozenset[str] = frozenset({"127.0.0.1", "::1"})
    limits: int = 1
    default_country: str = "UA"
    signature_window: int = 300
    grace: int = 20
    backup_dir: str = ""
    backup_key: str = ""
    secret_key_old: str = ""
    kept_key: str = ""  # not set by anybody: see server/rotation.py
    alert_url: str = ""
    smtp_url: str = ""
    alert_schemas: tuple[str, ...] = ()
    log_format: str = "text"
    metrics_token: str = ""

    def account_url(self, account: str) -> str:
        """The address that serves this account's token exchange; `account` must be validated before."""
        if not ACCOUNT_NAME.match(account):
            raise ValueError("not an account name")
        return self.poster_account_url.replace("{account}", account)

    @property
    def frame_ancestors(self) -> tuple[str, ...]:
        """Who may show the Manage pages in a frame: Poster's back office, and what the owner added."""
        return _unique(
            origin_of(self.poster_url), account_pattern(self.poster_account_url), *self.extra_origins
        )

    @property
    def origins(self) -> tuple[str, ...]:
        """Where a register's program may run: the platform, Poster itself, what the owner added; and this box."""
        return _unique(origin_of(self.poster_platform_url), *self.frame_ancestors, origin_of(self.public_url))

    @property
    def persons_key(self) -> str:
        """With what the digests of erased numbers are made; it outlives a change of `SECRET_KEY`."""
        return self.kept_key or self.secret_key

    @property
    def socket_url(self) -> str:
        return "ws" + self.public_url.removeprefix("http")


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def account_pattern(url: str) -> str:
    """`https://{account}.joinposter.com` -> `https://*.joinposter.com`: a CSP source for all accounts."""
    origin = origin_of(url)
    return origin.replace("{account}", "*")


def _unique(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _text(value: str) -> str:
    if any(char.isspace() for char in value):
        raise ValueError("a text without spaces")
    return value


def _url(value: str) -> str:
    value = value.rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("an address such as https://phone.example.com")
    try:
        parts.port  # noqa: B018 - reading it proves that it is a number
    except ValueError:
        raise ValueError("an address with a port from 0 to 65535, or with none") from None
    return value


def _account_url(value: str) -> str:
    if re.search(r"[{}]", value.replace("{account}", "")):
        raise ValueError("an address such as https://{account}.joinposter.com")
    return _url(value)


def _secret_key(value: str) -> str:
    if len(value) < 16:
        raise ValueError(
            'at least 16 characters; make one: python3 -c "import secrets; print(secrets.token_hex(32))"'
        )
    return value


def _database(value: str) -> str:
    if re.match(r"^postgres(ql)?://[^/]*/[^/?]+", value):
        return "postgresql" + value[value.index("://") :]
    if not value.startswith("sqlite:///") or value == "sqlite:///":
        raise ValueError(
            "sqlite:///path/to/file.db (four slashes for an absolute path), or postgresql://user:password@host/name"
        )
    path = Path(value.removeprefix("sqlite:///"))
    return f"sqlite:///{path if path.is_absolute() else ROOT / path}"


def _hub(value: str) -> str:
    if value and not re.match(r"^(rediss?://|unix:///)\S+$", value):
        raise ValueError(
            "an address of Redis, such as redis://127.0.0.1:6379/0 or unix:///run/redis/redis.sock"
        )
    return value


def _folder(value: str) -> str:
    if not Path(value).is_absolute():
        raise ValueError("the absolute path of a folder")
    return value


def _bind(value: str) -> str:
    match = re.match(r"^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]*):([0-9]{1,5})$", value)
    if not match or int(match[1]) > 65535:
        raise ValueError("host:port, such as 127.0.0.1:8080")
    return value


def _accounts(value: str) -> frozenset[str]:
    names = [name.strip().casefold() for name in value.split(",") if name.strip()]
    if not all(ACCOUNT_NAME.match(name) for name in names):
        raise ValueError("account names with commas between them, such as pechera,kaffka")
    return frozenset(names)


def _origins(value: str) -> tuple[str, ...]:
    return tuple(origin_of(_url(part.strip())) for part in value.split(",") if part.strip())


def _proxies(value: str) -> frozenset[str]:
    try:
        return frozenset(str(ip_address(part.strip())) for part in value.split(",") if part.strip())
    except ValueError:
        raise ValueError("addresses of proxies with commas between them, such as 127.0.0.1,::1") from None


def _country(value: str) -> str:
    if value.upper() not in SUPPORTED_REGIONS:
        raise ValueError("two letters of a country, such as UA")
    return value.upper()


def _apprise(value: str) -> str:
    if value and not re.match(r"^[a-z0-9]{2,20}://\S+$", value):
        raise ValueError("an address of Apprise, such as tgram://bot/chat, in one line without spaces")
    return value


def _smtp(value: str) -> str:
    if value and not re.match(r"^mailtos?://\S+$", value):
        raise ValueError(
            "an address of Apprise such as mailtos://user:password@smtp.example.com?from=phone@example.com"
        )
    return value


def _schemas(value: str) -> tuple[str, ...]:
    names = [name.strip().casefold().removesuffix("://") for name in value.split(",") if name.strip()]
    if not all(re.match(r"^[a-z0-9]{2,20}$", name) for name in names):
        raise ValueError("names of services with commas between them, such as ntfy,gotify")
    return _unique(*names)


def _log_format(value: str) -> str:
    if value not in ("text", "json"):
        raise ValueError("text or json")
    return value


def _token(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._~+/=-]{16,}", value):
        raise ValueError("at least 16 letters and digits, as a Bearer token may have them")
    return value


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return parse


# name in the environment -> (field, how it is read)
READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "POSTER_APPLICATION_ID": ("application_id", _text),
    "POSTER_APPLICATION_SECRET": ("application_secret", _text),
    "PUBLIC_URL": ("public_url", _url),
    "SECRET_KEY": ("secret_key", _secret_key),
    "POSTER_URL": ("poster_url", _url),
    "POSTER_ACCOUNT_URL": ("poster_account_url", _account_url),
    "POSTER_PLATFORM_URL": ("poster_platform_url", _url),
    "COMPANIES_URL": ("companies_url", _url),
    "DATABASE_URL": ("database_url", _database),
    "HUB_URL": ("hub_url", _hub),
    "BIND": ("bind", _bind),
    "POSTER_ACCOUNTS": ("accounts", _accounts),
    "EXTRA_ORIGINS": ("extra_origins", _origins),
    "TRUSTED_PROXIES": ("trusted_proxies", _proxies),
    "LIMITS": ("limits", _number(0, 1000)),
    "DEFAULT_COUNTRY": ("default_country", _country),
    "SIGNATURE_WINDOW": ("signature_window", _number(30, 3600)),
    "CALL_GRACE": ("grace", _number(0, 600)),
    "BACKUP_DIR": ("backup_dir", _folder),
    "BACKUP_KEY": ("backup_key", _secret_key),
    "SECRET_KEY_OLD": ("secret_key_old", _secret_key),
    "ALERT_URL": ("alert_url", _apprise),
    "SMTP_URL": ("smtp_url", _smtp),
    "ALERT_SCHEMAS": ("alert_schemas", _schemas),
    "LOG_FORMAT": ("log_format", _log_format),
    "METRICS_TOKEN": ("metrics_token", _token),
}
REQUIRED = ("POSTER_APPLICATION_ID", "POSTER_APPLICATION_SECRET", "PUBLIC_URL", "SECRET_KEY")


def load(environ: Mapping[str, str], env_file: Path = ROOT / ".env") -> Settings:
    """The settings of this box. What stands in the real environment beats `.env`; empty means not set."""
    found = {name: value for name, value in dotenv_values(env_file).items() if value}
    found |= {name: environ[name] for name in READERS if environ.get(name)}
    missing = [name for name in REQUIRED if name not in found]
    if missing:
        raise ConfigError(f"Not set: {', '.join(missing)}. Put them into {env_file.name} (see .env.example).")
    return Settings(**{READERS[name][0]: _read(name, found[name]) for name in READERS if name in found})  # type: ignore[arg-type]


def _read(name: str, value: str) -> object:
    try:
        return READERS[name][1](value.strip())
    except ValueError as wrong:
        raise ConfigError(f"{name} must be {wrong}.") from None
