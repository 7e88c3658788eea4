"""What every table has in common, and the account that everything belongs to."""

from __future__ import annotations

from peewee import AutoField, CharField, FloatField, ForeignKeyField, Model, TextField

from server import once
from server.db import database, first

CONNECTED, PARKED, DISCONNECTED, BROKEN = "connected", "parked", "disconnected", "broken"


class Row(Model):
    class Meta:
        database = database
        legacy_table_names = False


class Account(Row):
    """One Poster account. `token` is sealed; `next_token` waits until it is proved to work.

    `erase_at`: when all of it goes, because it was disconnected.
    A broken account (Poster refuses its token) still rings, without names; a parked or disconnected one does nothing.
    """

    id = AutoField()
    name = CharField(unique=True)
    number = CharField(unique=True)
    title = TextField(default="")
    owner = TextField(default="")
    country = CharField(default="")
    currency = CharField(default="")
    lang = CharField(default="")
    timezone = CharField(default="")
    state = CharField(default=PARKED)
    problem = TextField(default="")
    token = TextField(default="")
    next_token = TextField(default="")
    connected_at = FloatField(null=True)
    mirrored_at = FloatField(null=True)
    erase_at = FloatField(null=True)

    @classmethod
    def at(cls, id: int) -> Account | None:
        return once.first(cls, "SELECT * FROM account WHERE id = ?", id)

    @classmethod
    def named(cls, name: str) -> Account | None:
        return first(cls, "SELECT * FROM account WHERE name = ?", name)

    @property
    def rings(self) -> bool:
        return self.state in (CONNECTED, BROKEN)


class OfAccount(Row):
    account_id: int
    account = ForeignKeyField(Account, on_delete="CASCADE")
