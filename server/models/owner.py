"""The owner's side: who may do what, hours, alerts, people's data. Figures are plain SQL, see `server.figures`."""

from __future__ import annotations

from peewee import AutoField, BooleanField, CharField, FloatField, IntegerField, TextField

from server.models.base import OfAccount, Row


class Member(OfAccount):
    """Somebody who opens Manage with a code of their own. `role`: owner, manager or viewer; `code` is a hash."""

    id = AutoField()
    name = TextField()
    role = CharField()
    code = TextField()
    at = FloatField()
    last_at = FloatField(null=True)
    gone_at = FloatField(null=True)


class Audit(OfAccount):
    """One change: who (`role` is theirs, or terminal, register, poster), `what` (a word), of which `thing`."""

    id = AutoField()
    at = FloatField()
    who = TextField(default="")
    role = CharField(default="")
    what = CharField()
    thing = TextField(default="")
    before = TextField(default="")
    after = TextField(default="")


class SpotHours(OfAccount):
    """When a spot works on a weekday (0 = Monday). Minutes of the day; `closes` over 1440 is the next morning."""

    id = AutoField()
    spot = IntegerField()
    weekday = IntegerField()
    opens = IntegerField()
    closes = IntegerField()


class Cover(OfAccount):
    """A register (poster_id) that shows a spot's calls when nobody is there who should see them."""

    id = AutoField()
    spot = IntegerField()
    register = IntegerField()


class Covered(OfAccount):
    """A call that the cover registers have."""

    call_id = CharField(primary_key=True)


class Sighting(OfAccount):
    """What became of a call's card at one register; `took` is milliseconds until the register said it had it."""

    id = AutoField()
    call_id = CharField()
    register = IntegerField()
    employee = IntegerField(default=0)
    verdict = CharField()
    at = FloatField()
    took = IntegerField(null=True)


class Alert(Row):
    """Something wrong, from `since` until `over_at`. Account None: it is the box itself. `facts` is JSON.

    `told_at`: when it was told last; `over_told`: when its end was, 0 where there was nothing to tell.
    """

    id = AutoField()
    account_id = IntegerField(null=True)
    kind = CharField()
    thing = CharField(default="")
    facts = TextField(default="{}")
    since = FloatField()
    told_at = FloatField(null=True)
    over_at = FloatField(null=True)
    over_told = FloatField(null=True)


class AlertTarget(Row):
    """Where alerts go. `address` is sealed; `alerts` and `digest`: what it wants to hear."""

    id = AutoField()
    account_id = IntegerField(null=True)
    kind = CharField()
    title = TextField()
    address = TextField()
    alerts = BooleanField(default=True)
    digest = BooleanField(default=True)
    at = FloatField()
    worked_at = FloatField(null=True)
    problem = TextField(default="")
    problem_at = FloatField(null=True)


class AlertPost(Row):
    """A message that waits to be sent, or was: `how` is then sent, lost or dropped. `text` goes when it is done."""

    id = AutoField()
    account_id = IntegerField(null=True)
    target_id = IntegerField()
    kind = CharField()
    title = TextField(default="")
    text = TextField()
    at = FloatField()
    tries = IntegerField(default=0)
    next_at = FloatField()
    done_at = FloatField(null=True)
    how = CharField(default="")


class Swept(OfAccount):
    """When a kind of data was last swept, and how many rows went."""

    id = AutoField()
    kind = CharField()
    at = FloatField()
    count = IntegerField(default=0)


class Receipt(OfAccount):
    """That a person was erased: `digest` of the number, never the number; `body` is JSON with counts."""

    id = AutoField()
    at = FloatField()
    digest = CharField()
    who = TextField(default="")
    body = TextField()


class Forgotten(OfAccount):
    """A number (its digest) whose calls before `at` must not come back from a company's history."""

    id = AutoField()
    digest = CharField()
    at = FloatField()
