"""What connecting, refusing and commanding leave behind."""

from __future__ import annotations

from peewee import AutoField, CharField, FloatField, ForeignKeyField, IntegerField, TextField

from server.models.base import Account, OfAccount, Row


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
    """A webhook of Poster's that was taken; its digest keeps the retries of two days from counting again. `account`
    is the name in it."""

    digest = CharField(primary_key=True)
    at = FloatField()
    account = CharField(default="")


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
