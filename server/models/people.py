"""Poster's places and people, and who answers what."""

from __future__ import annotations

from peewee import AutoField, BooleanField, CharField, FloatField, IntegerField, TextField

from server.models.base import OfAccount


class Spot(OfAccount):
    poster_id = IntegerField()
    name = TextField()
    gone = BooleanField(default=False)


class Register(OfAccount):
    """`seen_at`: when it last listened, `seen_employee` who was logged in then, `version` its program's."""

    poster_id = IntegerField()
    name = TextField()
    spot = IntegerField(default=0)
    gone = BooleanField(default=False)
    seen_at = FloatField(null=True)
    seen_employee = IntegerField(default=0)
    version = CharField(default="")


class Employee(OfAccount):
    """`extras_line` is what we last wrote into the employee's extras at Poster; a copy, never the truth.
    `quiet`: no card comes up by itself where they stand."""

    poster_id = IntegerField()
    name = TextField()
    role = TextField(default="")
    gone = BooleanField(default=False)
    extras_line = TextField(default="")
    quiet = BooleanField(default=False)


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
