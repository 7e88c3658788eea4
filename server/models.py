"""What is kept. Times are Unix seconds (UTC). `poster_id` is Poster's id of a thing, unique within an account."""

from __future__ import annotations

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    FloatField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from server.db import database, first

CONNECTED, PARKED, DISCONNECTED, BROKEN = "connected", "parked", "disconnected", "broken"


class Row(Model):
    class Meta:
        database = database
        legacy_table_names = False


class Account(Row):
    """One Poster account. `token` is sealed; `next_token` waits until it is proved to work.

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

    @classmethod
    def at(cls, id: int) -> Account | None:
        return first(cls, "SELECT * FROM account WHERE id = ?", id)

    @classmethod
    def named(cls, name: str) -> Account | None:
        return first(cls, "SELECT * FROM account WHERE name = ?", name)

    @property
    def rings(self) -> bool:
        return self.state in (CONNECTED, BROKEN)


class OfAccount(Row):
    account_id: int
    account = ForeignKeyField(Account, on_delete="CASCADE")


class Spot(OfAccount):
    poster_id = IntegerField()
    name = TextField()
    gone = BooleanField(default=False)


class Register(OfAccount):
    poster_id = IntegerField()
    name = TextField()
    spot = IntegerField(default=0)
    gone = BooleanField(default=False)


class Employee(OfAccount):
    """`extras_line` is what we last wrote into the employee's extras at Poster; a copy, never the truth."""

    poster_id = IntegerField()
    name = TextField()
    role = TextField(default="")
    gone = BooleanField(default=False)
    extras_line = TextField(default="")


class LineOwner(OfAccount):
    """`kind` is `employee` or `register`, `owner` its poster_id. Several rows for one line share it."""

    id = AutoField()
    line = CharField()
    kind = CharField()
    owner = IntegerField()


class Did(OfAccount):
    """An outside number (E.164) that rings a whole spot."""

    number = CharField()
    spot = IntegerField()


class Stray(OfAccount):
    """A line or outside number that calls came to and nobody was set for: a warning in Manage."""

    kind = CharField()
    value = CharField()
    count = IntegerField(default=0)
    last_at = FloatField()


class Trunk(OfAccount):
    """`token` is the secret part of its webhook address; `settings` is JSON, `secrets` sealed JSON."""

    id = AutoField()
    provider = CharField()
    token = CharField(unique=True)
    settings = TextField(default="{}")
    secrets = TextField(default="")
    created_at = FloatField()
    first_at = FloatField(null=True)
    last_at = FloatField(null=True)
    last_from = CharField(default="")
    last_did = CharField(default="")
    problem = TextField(default="")


class CallRow(OfAccount):
    """One call of the journal, see `server.calls.Call`. `number` is the caller as E.164; `legs` is JSON."""

    trunk_id: int | None
    id = CharField(primary_key=True)
    trunk = ForeignKeyField(Trunk, null=True, on_delete="SET NULL")
    key = CharField()
    direction = CharField()
    caller = TextField(null=True)
    number = CharField(default="")
    did = CharField(default="")
    name = TextField(default="")
    state = CharField()
    outcome = CharField(default="")
    line = CharField(default="")
    answered_by = CharField(default="")
    legs = TextField(default="{}")
    started = FloatField()
    answered = FloatField(null=True)
    ended = FloatField(null=True)
    touched = FloatField()
    test = BooleanField(default=False)
    version = IntegerField()

    class Meta:
        table_name = "call"


class GuestCard(OfAccount):
    """What Poster last said about a number: JSON of the guest message's `guest`."""

    number = CharField()
    card = TextField()
    at = FloatField()
    stale = BooleanField(default=False)


class Nonce(OfAccount):
    value = CharField()
    expires = FloatField()


class Pending(Row):
    """A connect that somebody began here; `id` is the hash of the state that their browser keeps."""

    id = CharField(primary_key=True)
    expires = FloatField()


class Parked(Row):
    """An install that began at Poster and waits for the button; works once, for the browser that brought it."""

    id = AutoField()
    browser = CharField()
    name = CharField()
    number = CharField()
    title = TextField(default="")
    owner = TextField(default="")
    country = CharField(default="")
    token = TextField()
    created_at = FloatField()
    used_at = FloatField(null=True)


class Code(Row):
    """A code of Poster's that was exchanged here: a refresh finds what came of it instead of asking again."""

    hash = CharField(primary_key=True)
    kind = CharField()
    account = ForeignKeyField(Account, null=True, on_delete="CASCADE")
    parked = ForeignKeyField(Parked, null=True, on_delete="CASCADE")
    at = FloatField()


class Hook(Row):
    """A webhook of Poster's that was taken; its digest keeps the retries of two days from counting again."""

    digest = CharField(primary_key=True)
    at = FloatField()


class Tally(Row):
    """How often something was refused, by reason."""

    name = CharField(primary_key=True)
    count = IntegerField(default=0)
    last_at = FloatField()


class Command(Row):
    """A word from the command line to the serving process; `answer` is JSON once it was heard."""

    id = AutoField()
    kind = CharField()
    body = TextField(default="{}")
    at = FloatField()
    answer = TextField(null=True)


ALL = (
    Account, Spot, Register, Employee, LineOwner, Did, Stray, Trunk, CallRow, GuestCard,
    Nonce, Pending, Parked, Code, Hook, Tally, Command,
)  # fmt: skip
