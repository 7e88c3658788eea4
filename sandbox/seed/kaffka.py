"""Kaffka, number 700124: somebody else's small café. Its ids and numbers overlap Pechera's on purpose."""

from __future__ import annotations

from random import Random

from sandbox.account import Account
from sandbox.rows import Client, Employee, Group, Spot, Tablet, same
from sandbox.seed import history, menu
from sandbox.seed.menu import names


def kaffka(now: float) -> Account:
    owner = {"id": 1, "name": "Павло Кафка", "email": "pavlo@kaffka.example", "phone": "+380322220011"}
    account = Account("kaffka", "700124", same("Kaffka"), owner)
    address = ["пл. Ринок, 7, Львів", "пл. Рынок, 7, Львов", "7 Rynok Sq, Lviv", "Rynek 7, Lwów"]
    account.spots = {1: Spot(1, same("Kaffka"), names(address), "0322220011")}
    account.tablets = {1: Tablet(1, 1, names(["Каса", "Касса", "Counter", "Kasa"]))}
    account.employees = {
        1: Employee(1, "Павло Кафка", "1111", "owner", "2026-01-12 08:00:00"),
        3: Employee(3, "Зоряна Бариста", "3333", "waiter", "2026-01-12 08:05:00"),
    }
    account.groups = {1: Group(1, names(["Друзі", "Друзья", "Friends", "Przyjaciele"]), 7, 1)}
    account.categories, account.dishes = menu.categories({1, 7, 8}), menu.dishes("kaffka")
    account.clients = {client.id: client for client in _clients()}
    regulars = list(account.clients.values())
    history.fill(account, regulars, Random(700124), int(now * 1000), (0, 2), first_id=20_001)
    account.callers = [
        {"from": "0671112233", "kind": "known", "name": "Інша Олена", "hint": "delivery"},
        {"from": "0501112299", "kind": "unknown", "name": "", "hint": "new_guest"},
        {"from": "", "kind": "withheld", "name": "", "hint": "withheld"},
    ]
    return account


def _clients() -> list[Client]:
    return [
        Client(
            5,
            "Інша",
            "Олена",
            phone="067 111 22 33",
            digits="380671112233",
            bonus=700,
            comment="Кава з собою",
        ),
        Client(6, "Шевчук", "Андрій", phone="+380502223344", digits="380502223344"),
        Client(318, "Зовсім", "Інший", phone="+380977654321", digits="380977654321"),
        Client(
            8, "Петришин", "Оля", phone="+380321234567", digits="380321234567", address="вул. Вірменська, 20"
        ),
    ]
