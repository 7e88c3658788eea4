"""Trunks: an account's connections to phone companies, their settings and the addresses that these call."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Collection, Mapping

from server import audit
from server.db import reading, transaction
from server.models import Account, Trunk
from server.providers.base import Field, Provider
from server.unfit import Unfit
from server.vault import Vault

TOKEN_BYTES = 24


class Trunks:
    def __init__(self, vault: Vault, public_url: str, providers: Mapping[str, Provider]) -> None:
        self._vault = vault
        self._public_url = public_url
        self.providers = providers

    def add(self, account: Account, provider: str, settings: Mapping[str, str]) -> Trunk:
        """A new trunk with a fresh address. Raises `Unfit` for what the provider's fields do not take."""
        if provider not in self.providers:
            raise Unfit("provider_unknown", value=provider)
        checked = _check(provider, self.fields(provider), settings)
        with transaction(account.id):
            audit.note(account.id, "trunk_added", provider)
            trunk: Trunk = Trunk.create(
                account=account,
                provider=provider,
                token=secrets.token_urlsafe(TOKEN_BYTES),
                created_at=time.time(),
                **self._split(provider, checked),
            )
            return trunk

    def update(self, trunk: Trunk, settings: Mapping[str, str], forget: Collection[str] = ()) -> Trunk:
        """Changes what is given. An empty secret leaves the old one; the settings in `forget` are emptied."""
        fields = self.fields(trunk.provider)
        kept = {field.name for field in fields if field.secret and not settings.get(field.name, "").strip()}
        given = {name: value for name, value in settings.items() if name not in kept}
        checked = _check(
            trunk.provider, fields, {**self.settings_of(trunk), **given, **dict.fromkeys(forget, "")}
        )
        columns, was = self._split(trunk.provider, checked), self.settings_of(trunk)
        with transaction(trunk.account_id):
            Trunk.update(columns).where(Trunk.id == trunk.id).execute()
            # Which ones, never what they are.
            others = [name for name in sorted({*was, *checked}) if was.get(name) != checked.get(name)]
            if others:
                audit.note(trunk.account_id, "trunk_settings", trunk.provider, "", ", ".join(others))
        trunk.settings, trunk.secrets = columns["settings"], columns["secrets"]
        return trunk

    def remove(self, trunk: Trunk) -> None:
        """Its address is unknown from now on; its calls stay in the journal."""
        with transaction(trunk.account_id):
            Trunk.delete().where(Trunk.id == trunk.id).execute()
            audit.note(trunk.account_id, "trunk_removed", trunk.provider)

    def of(self, account: Account) -> list[Trunk]:
        with reading():
            return list(Trunk.select().where(Trunk.account == account).order_by(Trunk.id))

    def one(self, account: Account, trunk_id: int) -> Trunk:
        """The account's own trunk; somebody else's is as unknown as one that never was."""
        with reading():
            found: Trunk | None = Trunk.get_or_none(Trunk.account == account, Trunk.id == trunk_id)
        if found is None:
            raise Unfit("trunk_unknown")
        return found

    def hook_url(self, trunk: Trunk) -> str:
        return f"{self._public_url}/hooks/{trunk.provider}/{trunk.token}"

    def settings_of(self, trunk: Trunk) -> dict[str, str]:
        """All settings, with the secrets opened: for adapters, never for a page."""
        return {**json.loads(trunk.settings), **self._vault.open_dict(trunk.secrets)}

    def secrets_in(self, trunk: Trunk, settings: Mapping[str, str]) -> list[str]:
        """What must not stand in any text that is kept."""
        hidden = [settings.get(field.name, "") for field in self.fields(trunk.provider) if field.secret]
        return [trunk.token, *filter(None, hidden)]

    def pause(self, trunk: Trunk, paused: bool) -> None:
        """A paused trunk hears nothing: its connection is closed, its webhooks are answered and dropped."""
        with transaction(trunk.account_id):
            Trunk.update(paused=paused).where(Trunk.id == trunk.id).execute()
            if trunk.paused != paused:
                word = "trunk_paused" if paused else "trunk_resumed"
                audit.note(trunk.account_id, word, trunk.provider)
        trunk.paused = paused

    def fields(self, provider: str) -> tuple[Field, ...]:
        """None for a trunk whose provider this version does not have any more."""
        known = self.providers.get(provider)
        return known.fields if known else ()

    def _split(self, provider: str, checked: Mapping[str, str]) -> dict[str, str]:
        hidden = {field.name for field in self.fields(provider) if field.secret}
        secret = {name: value for name, value in checked.items() if name in hidden}
        plain = {name: value for name, value in checked.items() if name not in hidden}
        return {"settings": json.dumps(plain), "secrets": self._vault.seal_dict(secret) if secret else ""}


def _check(provider: str, fields: tuple[Field, ...], settings: Mapping[str, str]) -> dict[str, str]:
    """The settings as the fields want them; those that are empty are left out."""
    for name in settings.keys() - {field.name for field in fields}:
        raise Unfit("setting_unknown", value=name, provider=provider)
    cleaned = {field.name: _clean(provider, field, settings.get(field.name, "")) for field in fields}
    return {name: value for name, value in cleaned.items() if value}


def _clean(provider: str, field: Field, value: str) -> str:
    if not value.strip():
        if field.required:
            raise Unfit("setting_missing", value=field.name, provider=provider)
        return ""
    try:
        return field.check(value)
    except ValueError:
        must = field.must.get("en", "something else")
        raise Unfit("setting_wrong", value=field.name, must=must, provider=provider) from None
