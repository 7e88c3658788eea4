"""One page to print or to scan: what to enter at the phone, the PBX or the company, with QR codes."""

from __future__ import annotations

from collections.abc import Mapping

import segno
from markupsafe import Markup

from server.models import Account, Trunk
from server.parts import Parts
from server.providers.base import LAN
from server.unfit import Unfit
from server.web.manage_facts import Json
from server.web.manage_phone import about, hears, pastes_of, title_of
from server.web.manage_words import Say

# What is still worth typing from paper; a code for more no camera reads.
LONGEST = 700
MOST_LINES = 6


def sheet(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    """Raises `Unfit` for a trunk that the account does not have, or that nobody calls."""
    told = query.get("of", "")
    trunk = parts.trunks.one(
        account, int(told) if told.isascii() and told.isdigit() and len(told) < 15 else 0
    )
    if not hears(parts, trunk.provider):
        raise Unfit("trunk_unknown")
    reach = parts.trunks.providers[trunk.provider].reach
    found = lines_of(parts, trunk, say)
    printed = [one for one in found if len(one["text"]) <= LONGEST and one["text"].count("\n") < MOST_LINES]
    return "sheet", {
        "path": f"/manage/sheet/{trunk.id}",
        "title": title_of(parts, trunk.provider, say),
        "about": about(parts, trunk, say),
        "provider": trunk.provider,
        "place": "lan" if LAN in reach else "cloud",
        "lines": printed,
        "left_out": len(printed) < len(found),
    }


def lines_of(parts: Parts, trunk: Trunk, say: Say) -> list[Json]:
    """What to enter: the provider's own lines, else the bare address. Addresses get a code."""
    told = [(one.title, one.text) for one in pastes_of(parts, trunk)]
    told = told or [(say("phone.address"), parts.trunks.hook_url(trunk))]
    return [
        {"title": title, "text": text, "code": qr(text) if _is_address(text, trunk) else ""}
        for title, text in told
    ]


def _is_address(text: str, trunk: Trunk) -> bool:
    return trunk.token in text and len(text) <= LONGEST and not any(char.isspace() for char in text)


def qr(text: str) -> Markup:
    """An inline picture without any style of its own: the page's policy allows none."""
    drawn = segno.make(text, error="l", micro=False).svg_inline(omitsize=True, border=2)
    return Markup(drawn)  # noqa: S704 - lines of black and white, nothing of the text stands in it
