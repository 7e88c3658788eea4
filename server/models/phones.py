"""Trunks, their calls, and what was said on them."""

from __future__ import annotations

from peewee import AutoField, BooleanField, CharField, FloatField, ForeignKeyField, IntegerField, TextField

from server.models.base import OfAccount


class Trunk(OfAccount):
    """`token` is the secret part of its webhook address; `settings` is JSON, `secrets` sealed JSON.

    `state` is that of a connection of our own: "" (it has none), `connecting` or `connected`, since `state_at`.
    `trouble` is a word of `providers.abilities.TROUBLES`. `delay` is how late the last ring came, `filled_at` up
    to when its history is known.
    """

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
    paused = BooleanField(default=False)
    state = CharField(default="")
    state_at = FloatField(null=True)
    reconnects = IntegerField(default=0)
    trouble = CharField(default="")
    trouble_detail = TextField(default="")
    trouble_at = FloatField(null=True)
    delay = FloatField(null=True)
    filled_at = FloatField(null=True)


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
    rang = TextField(default="{}")
    gave_up = TextField(default="{}")
    via = CharField(default="")
    recording = TextField(default="")
    late = BooleanField(default=False)
    soft = BooleanField(default=False)
    held = BooleanField(default=False)
    dial_id = IntegerField(null=True)
    version = IntegerField()

    class Meta:
        table_name = "call"


class Alias(OfAccount):
    """Another id of a call, by which some events speak of it."""

    trunk_id = IntegerField()
    value = CharField()
    call_id = CharField()


class Dial(OfAccount):
    """A call that somebody asked us to place: `line` rings, then `number` (E.164). `key` is the company's id of it."""

    id = AutoField()
    trunk_id = IntegerField()
    line = CharField()
    number = CharField()
    key = CharField(default="")
    at = FloatField()
    call_id = CharField(default="")
    problem = TextField(default="")


class Raw(OfAccount):
    """What a company sent, without secrets and numbers, so that a wrong guess about it can be seen.

    `word` is the event's name or kind, `verdict` what was made of it, `calls` the ids of those that it changed.
    """

    id = AutoField()
    trunk_id = IntegerField()
    at = FloatField()
    way = CharField()
    word = CharField(default="")
    verdict = CharField(default="")
    text = TextField(default="")
    calls = TextField(default="")
