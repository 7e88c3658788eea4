"""Poster's guests as this box remembers them, so that a card is there when Poster is slow or gone.

`client_id` is Poster's id of a guest. Money is kopecks. What stands in `folded` is casefolded for comparing.
"""

from __future__ import annotations

from peewee import AutoField, BooleanField, CharField, FloatField, IntegerField, TextField

from server.models.base import OfAccount


class Guest(OfAccount):
    """`birthday` is `MM-DD` or "". `place` is the address as a key, see `server.places`. `pass_` is the reconciling
    pass that saw them last, `orders_at` when their orders were read one by one; `since` when Poster first knew
    them."""

    id = AutoField()
    client_id = IntegerField()
    name = TextField(default="")
    folded = TextField(default="")
    group_id = IntegerField(default=0)
    group_name = TextField(default="")
    loyalty = CharField(default="none")
    bonus = IntegerField(default=0)
    discount = CharField(default="")
    comment = TextField(default="")
    address = TextField(default="")
    birthday = CharField(default="")
    paid = IntegerField(default=0)
    place = TextField(default="")
    since = FloatField(null=True)
    deleted = BooleanField(default=False)
    orders_at = FloatField(null=True)
    read_at = FloatField()
    pass_ = IntegerField(default=0, column_name="pass")


class GuestNumber(OfAccount):
    """A number (E.164) of a guest. `ours`: an employee said so here; Poster knows one number of each guest."""

    id = AutoField()
    number = CharField()
    client_id = IntegerField()
    ours = BooleanField(default=False)
    by_id = IntegerField(default=0)
    by_name = TextField(default="")
    at = FloatField()


class GuestOrder(OfAccount):
    """`started` and `closed` are milliseconds as Poster has them, `started` is also the register's id of the order.

    `status` is open, closed or removed; `processing` Poster's kitchen state. `items` is JSON:
    `[[product, modification, count, price of one, name, modification's name], ...]`. `named`: Poster itself said
    what its dishes are called.
    """

    id = AutoField()
    transaction_id = IntegerField()
    client_id = IntegerField()
    started = IntegerField()
    closed = IntegerField(default=0)
    sum = IntegerField(default=0)
    status = CharField()
    processing = IntegerField(default=0)
    spot = IntegerField(default=0)
    employee = TextField(default="")
    delivery = BooleanField(default=False)
    address = TextField(default="")
    items = TextField(default="[]")
    named = BooleanField(default=False)
    read_at = FloatField()


class OnlineOrder(OfAccount):
    """An order that came through a site or an app. `status`: 0 waits to be accepted, 1 accepted, 7 cancelled.
    `at` is as Poster shows it: in which zone nobody knows."""

    id = AutoField()
    incoming_id = IntegerField()
    client_id = IntegerField(default=0)
    number = CharField(default="")
    spot = IntegerField(default=0)
    status = IntegerField(default=0)
    at = CharField(default="")
    sum = IntegerField(default=0)
    address = TextField(default="")
    transaction_id = IntegerField(default=0)
    read_at = FloatField()


class GuestPlace(OfAccount):
    """An address that a guest used. `text` is it in one line; the parts are "" where nobody told them apart."""

    id = AutoField()
    client_id = IntegerField()
    folded = TextField()
    text = TextField()
    street = TextField(default="")
    house = TextField(default="")
    flat = TextField(default="")
    entrance = TextField(default="")
    floor = TextField(default="")
    code = TextField(default="")
    note = TextField(default="")
    at = FloatField()


class Street(OfAccount):
    """A street that the restaurant has delivered to, and how many addresses on it we know."""

    id = AutoField()
    folded = TextField()
    name = TextField()
    count = IntegerField(default=0)


class MenuItem(OfAccount):
    """A dish or product. `kind` is `dish` or `product`; `body` is JSON, see `server.menu`."""

    id = AutoField()
    product_id = IntegerField()
    name = TextField()
    kind = CharField(default="product")
    hidden = BooleanField(default=False)
    gone = BooleanField(default=False)
    body = TextField(default="{}")
    read_at = FloatField()


class Directory(OfAccount):
    """How far the directory of an account is filled. `stage`: "" (not begun), guests, orders, done.
    `cursor` is where to go on after a stop; `guests_at` and `orders_at` when everything was last read through;
    `orders_from` since when orders are known without a gap. `problem`: a word of `server.directory.stages`."""

    id = AutoField()
    stage = CharField(default="")
    cursor = CharField(default="")
    done = IntegerField(default=0)
    total = IntegerField(default=0)
    pass_ = IntegerField(default=0, column_name="pass")
    started_at = FloatField(null=True)
    guests_at = FloatField(null=True)
    orders_at = FloatField(null=True)
    orders_from = FloatField(null=True)
    problem = TextField(default="")
    problem_at = FloatField(null=True)


class Todo(OfAccount):
    """Something at Poster that changed and must be read again. `kind`: client, order, online or pass; `thing` is
    Poster's id. `times` counts how often it was said, so that what is said while it is read is not lost."""

    id = AutoField()
    kind = CharField()
    thing = IntegerField(default=0)
    times = IntegerField(default=0)
    at = FloatField()


class Flag(OfAccount):
    """Something that everybody must know about a guest before they pick up. `kind`: see `server.flags`."""

    id = AutoField()
    client_id = IntegerField()
    kind = CharField()
    text = TextField(default="")
    by_id = IntegerField(default=0)
    by_name = TextField(default="")
    at = FloatField()
    gone_at = FloatField(null=True)
    gone_by = TextField(default="")
