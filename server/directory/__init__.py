"""All guests of an account, mirrored: who has a number and what they like, without asking Poster."""

from __future__ import annotations

from server.directory.card import card as card
from server.directory.chores import Chores as Chores
from server.directory.known import guests_with as guests_with
from server.directory.stages import progress as progress
from server.directory.taking import gone as gone
from server.directory.taking import take_clients as take_clients
from server.directory.taking import take_names as take_names
from server.directory.taking import take_online as take_online
from server.directory.taking import take_orders as take_orders
from server.directory.taking import take_orders_of as take_orders_of
from server.directory.todo import dirty as dirty
