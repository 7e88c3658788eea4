"""More spots, registers and cashiers for Pechera: for trying with a crowd. Each spot has two registers."""

from __future__ import annotations

from sandbox.account import Account
from sandbox.rows import Employee, Spot, Tablet
from sandbox.seed.menu import names

FIRST = 11
"""Id of the first register of the crowd, and of its cashier, whose PIN is 9011 and so on."""


def gather(account: Account, registers: int) -> None:
    for number in range(FIRST, FIRST + registers):
        spot = FIRST + (number - FIRST) // 2
        title = f"Зал {number}"
        if spot not in account.spots:
            account.spots[spot] = Spot(
                spot, names([f"Печера {spot}"] * 4), names([""] * 4), f"04450000{spot}"
            )
        account.tablets[number] = Tablet(number, spot, names([title] * 4))
        account.employees[number] = Employee(number, f"Каса {number}", f"90{number}", "cashier")
