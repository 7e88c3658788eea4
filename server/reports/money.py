"""What guests who were lost may have been worth, by the restaurant's own figures alone. Pure.

A range, not a number: how many of them would have ordered is estimated from the guests who got through.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from server.figures import Sums

# Below these a single order more or less would move the figure by more than it says.
LEAST_ANSWERED, LEAST_BILLS = 30, 10
Z95 = 1.959964


@dataclass(frozen=True)
class Band:
    """Kopecks from `low` to `high`, and what they are made of.

    `low` = `lost` guests x `share_low` x `average`; `high` = (`lost` + `waiting`) x `share_high` x `average`.
    The shares are the 95% interval (Wilson) of `converted` out of `answered`; `average` is `revenue` / `bills`.
    """

    low: int
    high: int
    lost: int
    waiting: int
    answered: int
    converted: int
    share_low: float
    share_high: float
    bills: int
    revenue: int
    average: int


def lost_money(sums: Sums) -> Band | None:
    """None when the calls of the period are too few to tell: under 30 answered ones or 10 orders with a sum."""
    if sums.answered < LEAST_ANSWERED or sums.bills < LEAST_BILLS:
        return None
    low, high = wilson(min(sums.converted, sums.answered), sums.answered)
    average = sums.revenue / sums.bills
    return Band(
        low=round(sums.lost * low * average), high=round((sums.lost + sums.waiting) * high * average),
        lost=sums.lost, waiting=sums.waiting, answered=sums.answered, converted=sums.converted,
        share_low=low, share_high=high, bills=sums.bills, revenue=sums.revenue, average=round(average),
    )  # fmt: skip


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Where the true share lies with 95% certainty, when so many of so many were seen."""
    share, spread = hits / of, Z95 * Z95 / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z95 * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
