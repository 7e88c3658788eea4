"""What registers do with calls: call-backs, notes, orders, numbers that never pop up, what the owner prefers."""

from __future__ import annotations

from peewee import AutoField, BooleanField, CharField, FloatField, IntegerField, TextField

from server.models.base import OfAccount


class NeverPop(OfAccount):
    """A number (E.164) whose calls open no card. `kind`: courier, supplier, staff or other. `learned`: nobody said
    so, it is the number of an employee."""

    id = AutoField()
    number = CharField()
    kind = CharField(default="other")
    by_id = IntegerField(default=0)
    by_name = TextField(default="")
    at = FloatField()
    learned = BooleanField(default=False)


class Preference(OfAccount):
    """One choice of the owner's that is not the default; see `server.preferences`."""

    id = AutoField()
    name = CharField()
    value = TextField()


class Callback(OfAccount):
    """Somebody called in vain and waits; one row for a number until it is closed. `call_id` is their last call.

    `closed_how`: called (they got through), reached (we reached them), done (an employee said so), old.
    """

    id = AutoField()
    number = CharField()
    call_id = CharField()
    calls = IntegerField(default=1)
    first_at = FloatField()
    at = FloatField()
    claimed_id = IntegerField(null=True)
    claimed_by = TextField(default="")
    claimed_at = FloatField(null=True)
    closed_at = FloatField(null=True)
    closed_how = CharField(default="")
    closed_by = TextField(default="")
    closed_call = CharField(default="")


class CallNote(OfAccount):
    """What a call was about. `outcome`: "", order, question, complaint or wrong."""

    id = AutoField()
    call_id = CharField(unique=True)
    outcome = CharField(default="")
    text = TextField(default="")
    by_id = IntegerField(default=0)
    by_name = TextField(default="")
    at = FloatField()


class CallOrder(OfAccount):
    """An order that a call brought. `order_id` is the register's (a millisecond), `transaction_id` the back office's,
    0 until known. `due` is what was promised (Unix seconds), `sum` kopecks once it is closed."""

    id = AutoField()
    call_id = CharField()
    order_id = IntegerField()
    transaction_id = IntegerField(default=0)
    client_id = IntegerField(default=0)
    spot = IntegerField(default=0)
    sum = IntegerField(null=True)
    due = FloatField(null=True)
    by_id = IntegerField(default=0)
    by_name = TextField(default="")
    at = FloatField()
    closed_at = FloatField(null=True)


class OpenOrder(OfAccount):
    """An order that is open now, whoever it is for: `server.orders` counts them. `started` is milliseconds."""

    id = AutoField()
    transaction_id = IntegerField()
    spot = IntegerField(default=0)
    started = IntegerField()


class OnlineAsk(OfAccount):
    """An online order or a booking that we asked Poster to make; see `server.incoming`. `digest` says what was asked,
    `mark` stands in its comment, `state` is asked, made or unclear."""

    id = AutoField()
    digest = CharField()
    mark = CharField()
    state = CharField()
    incoming_id = IntegerField(default=0)
    transaction_id = IntegerField(default=0)
    call_id = CharField(default="")
    client_id = IntegerField(default=0)
    due = FloatField(null=True)
    by_id = IntegerField(default=0)
    by_name = TextField(default="")
    at = FloatField()


class Reveal(OfAccount):
    """An employee looked behind a veiled number before the call was answered."""

    id = AutoField()
    call_id = CharField()
    by_id = IntegerField(default=0)
    by_name = TextField(default="")
    at = FloatField()
