"""The owner's choices (`server.preferences`) as a page shows and keeps them; each page has some of them."""

from __future__ import annotations

from collections.abc import Sequence

from server import preferences
from server.models import Account
from server.parts import Parts
from server.preferences import COMMENT, ON_ANSWER, ON_RING, ONLINE
from server.unfit import Unfit
from server.web.manage_facts import Json
from server.web.manage_room import Form, Said, Typed
from server.web.manage_words import Say

# Those that are chosen from a list; the others are whole numbers.
CHOICES = {
    "pop": (ON_RING, ON_ANSWER), "veil": ("0", "1"), "delivery": (COMMENT, ONLINE), "booking": ("1", "0"),
    "open_role": ("nobody", "viewer"), "manager_numbers": ("1", "0"), "alert_numbers": ("0", "1"),
}  # fmt: skip


def choices(names: Sequence[str], account: Account, say: Say) -> list[Json]:
    """For the macro `choices` of parts.html. Words: `pref.<name>`, `pref.<name>_hint`, `pref.<name>_<choice>`."""
    chosen = preferences.of(account.id)
    return [_choice(name, getattr(chosen, name), account, say) for name in names]


def _choice(name: str, value: object, account: Account, say: Say) -> Json:
    words = CHOICES.get(name, ())
    return {
        "name": name,
        "part": f"pref-{name}",
        "label": say(f"pref.{name}"),
        "hint": say(f"pref.{name}_hint", currency=account.currency),
        "value": str(int(value)) if isinstance(value, bool) else str(value),
        "choices": {word: say(f"pref.{name}_{word}") for word in words},
    }


def saver(names: Sequence[str]) -> Form:
    """The form that keeps one of these choices."""

    def save(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
        name = typed.get("name", "")
        if name not in names:
            raise Unfit("setting_unknown", value=name, provider="")
        preferences.choose(account.id, **{name: typed.get("value", "")})
        parts.telling.account_changed(account.id)
        return Said(typed.get("part", ""), say("saved"))

    return save
