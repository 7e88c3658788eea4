"""Settings: read once from the environment and `.env`, typed, refused loudly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from server import readers
from server.readers import ACCOUNT_NAME as ACCOUNT_NAME
from server.readers import ROOT as ROOT
from server.readers import origin_of as origin_of
from server.readers import unique


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
        return unique(
            origin_of(self.poster_url), account_pattern(self.poster_account_url), *self.extra_origins
        )

    @property
    def origins(self) -> tuple[str, ...]:
        """Where a register's program may run: the platform, Poster itself, what the owner added; and this box."""
        return unique(origin_of(self.poster_platform_url), *self.frame_ancestors, origin_of(self.public_url))

    @property
    def persons_key(self) -> str:
        """With what the digests of erased numbers are made; it outlives a change of `SECRET_KEY`."""
        return self.kept_key or self.secret_key

    @property
    def folder(self) -> Path:
        """Where the files stand that are no database: beside the one that is a file."""
        return self._file.parent

    @property
    def control_socket(self) -> Path:
        """Where gunicorn is told what to do."""
        return self._file.with_suffix(".ctl")

    @property
    def _file(self) -> Path:
        """The database's; with one that is none, a name that two instances on one box don't share."""
        if self.database_url.startswith("sqlite:///"):
            return Path(self.database_url.removeprefix("sqlite:///"))
        return ROOT / "data" / f"dzvinok-{self.bind.rpartition(':')[2]}.db"

    @property
    def socket_url(self) -> str:
        return "ws" + self.public_url.removeprefix("http")


def account_pattern(url: str) -> str:
    """`https://{account}.joinposter.com` -> `https://*.joinposter.com`: a CSP source for all accounts."""
    origin = origin_of(url)
    return origin.replace("{account}", "*")


# name in the environment -> (field, how it is read)
READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "POSTER_APPLICATION_ID": ("application_id", readers.text),
    "POSTER_APPLICATION_SECRET": ("application_secret", readers.text),
    "PUBLIC_URL": ("public_url", readers.url),
    "SECRET_KEY": ("secret_key", readers.secret_key),
    "POSTER_URL": ("poster_url", readers.url),
    "POSTER_ACCOUNT_URL": ("poster_account_url", readers.account_url),
    "POSTER_PLATFORM_URL": ("poster_platform_url", readers.url),
    "COMPANIES_URL": ("companies_url", readers.url),
    "DATABASE_URL": ("database_url", readers.database),
    "HUB_URL": ("hub_url", readers.hub),
    "BIND": ("bind", readers.bind),
    "POSTER_ACCOUNTS": ("accounts", readers.accounts),
    "EXTRA_ORIGINS": ("extra_origins", readers.origins),
    "TRUSTED_PROXIES": ("trusted_proxies", readers.proxies),
    "LIMITS": ("limits", readers.number(0, 1000)),
    "DEFAULT_COUNTRY": ("default_country", readers.country),
    "SIGNATURE_WINDOW": ("signature_window", readers.number(30, 3600)),
    "CALL_GRACE": ("grace", readers.number(0, 600)),
    "BACKUP_DIR": ("backup_dir", readers.folder),
    "BACKUP_KEY": ("backup_key", readers.secret_key),
    "SECRET_KEY_OLD": ("secret_key_old", readers.secret_key),
    "ALERT_URL": ("alert_url", readers.apprise),
    "SMTP_URL": ("smtp_url", readers.smtp),
    "ALERT_SCHEMAS": ("alert_schemas", readers.schemas),
    "LOG_FORMAT": ("log_format", readers.log_format),
    "METRICS_TOKEN": ("metrics_token", readers.token),
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
