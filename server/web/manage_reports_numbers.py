"""Figures as people of the page's language write them: thousands, decimals, the account's currency, minutes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server.web.manage_words import Say

SPACE = "\u00a0"  # keeps a figure on one line
POINTS = {"en": (",", "."), "ua": (SPACE, ","), "ru": (SPACE, ","), "pl": (SPACE, ",")}
FIRST = ("$", "€", "£", "₴")  # signs that English writes before the sum
NONE = "–"
LARGE = 1_000_000  # hundredths

# What a figure is: `share` is of 1, `wait` and `spell` are seconds (0:14, 3 h 05 min), `money` hundredths.
COUNT, TENTH, SHARE, WAIT, SPELL, MONEY = "count", "tenth", "share", "wait", "spell", "money"


@dataclass(frozen=True)
class Numbers:
    say: Say
    currency: str

    @property
    def lang(self) -> str:
        return self.say("lang")

    def written(self, value: float | None, kind: str) -> str:
        """A dash where there is nothing to divide by."""
        if value is None:
            return NONE
        return str(getattr(self, kind)(value))

    def brief(self, value: float | None, kind: str) -> str:
        """Beside a title, where nobody asks for the pennies of a large sum."""
        return (
            self.money(value, 0) if kind == MONEY and value and value >= LARGE else self.written(value, kind)
        )

    def plain(self, value: float, decimals: int = 0) -> str:
        thousands, point = POINTS[self.lang]
        text = f"{abs(value):,.{decimals}f}"
        sign = "−" if value < 0 and text.strip("0.,") else ""
        return sign + text.translate({ord(","): thousands, ord("."): point})

    def count(self, value: float) -> str:
        return self.plain(value)

    def tenth(self, value: float) -> str:
        return self.plain(value, 1)

    def share(self, value: float) -> str:
        """One decimal, but no `100.0 %` and no `0.0 %`."""
        text = self.plain(100 * value, 0 if value in (0, 1) else 1)
        return f"{text}%" if self.lang == "en" else f"{text}{SPACE}%"

    def wait(self, value: float) -> str:
        seconds = whole(value)
        minutes, hours = seconds // 60 % 60, seconds // 3600
        return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"

    def spell(self, value: float) -> str:
        minutes = whole(value / 60)
        if minutes < 60:
            return self.say("reports.minutes", minutes=minutes).replace(" ", SPACE)
        hours, rest = divmod(minutes, 60)
        return self.say("reports.hours_minutes", hours=self.plain(hours), minutes=rest).replace(" ", SPACE)

    def money(self, value: float, decimals: int = 2) -> str:
        text = self.plain(value / 100, decimals)
        if self.lang == "en" and self.currency in FIRST:
            return f"{self.currency}{text}"
        return f"{text}{SPACE}{self.currency}" if self.currency else text

    def day(self, day: date) -> str:
        """English has no order of day and month in figures that everybody reads alike."""
        return f"{day:%-d %b %Y}" if self.lang == "en" else f"{day:%d.%m.%Y}"

    def days(self, first: date, last: date) -> str:
        return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"


def whole(value: float) -> int:
    """Halves up, as people round; Python's own rounds them to even."""
    return int(value + 0.5)
