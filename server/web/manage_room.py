"""What a Manage page is: how it is shown, who may see it, what its forms do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.acting import MANAGER
from server.models import Account
from server.parts import Parts
from server.web.manage_facts import Json
from server.web.manage_words import Say

Typed = Mapping[str, str]


@dataclass(frozen=True)
class Said:
    """The answer to a form: the part of the page that it belongs to, and what was typed there.

    `good`: it did what was wanted. `mistake`: what was typed cannot be used and nothing was changed; `setting`
    is then the one that it is about, where it is one. `rows` are numbers that the company told.
    `there`: another page (`calls/abc`) is shown afterwards instead of the form's own. `member`: whose page it is from
    now on (0: nobody's). `wait`: seconds until it may be tried again.
    `file`: an address of `parts.downloads`, which the page's script goes for at once.
    """

    part: str
    text: str
    good: bool = True
    mistake: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)
    setting: str = ""
    rows: list[dict[str, Any]] | None = None
    there: str = ""
    member: int | None = None
    wait: float = 0.0
    file: str = ""


Form = Callable[[Parts, Account, Typed, Say], Said]
# -> the template's name and what it is filled with. `query["of"]` is what follows the page's name in its address;
# "path" in the answer is the page's own address where it is more than that name, "keep" what of the query stays.
View = Callable[[Parts, Account, Say, Mapping[str, str]], tuple[str, Json]]


@dataclass(frozen=True)
class Room:
    """A page at `/manage/<name>`. `role` may see it; a form at `/manage/<verb>` asks for the role beside it.

    `events` answers the page's question for news with plain data. `listed`: it stands in the navigation, or is
    `within` the one that does.
    """

    name: str
    view: View
    role: str = MANAGER
    forms: Mapping[str, tuple[str, Form]] = field(default_factory=dict)
    events: Callable[[Parts, Account, Say], Json] | None = None
    listed: bool = True
    within: str = ""


def forms_for(role: str, forms: Mapping[str, Form]) -> dict[str, tuple[str, Form]]:
    return {verb: (role, form) for verb, form in forms.items()}
