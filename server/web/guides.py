"""Where the owner clicks at each phone company: `/guides/<provider>`, drawn from docs/providers."""

from __future__ import annotations

from functools import lru_cache

import markdown
from flask import Blueprint, Response, abort, render_template
from markupsafe import Markup

from server.config import ROOT
from server.parts import Parts
from server.providers import PROVIDERS

PAGES = ROOT / "docs" / "providers"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
}


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("guides", __name__, template_folder="templates")

    @blueprint.get("/guides/<provider>")
    def guide(provider: str) -> Response:
        if provider not in PROVIDERS:
            abort(404)
        title, body = drawn(provider)
        base = parts.settings.public_url
        return Response(render_template("guide.html", title=title, body=body, base=base), headers=HEADERS)

    return blueprint


@lru_cache
def drawn(provider: str) -> tuple[str, Markup]:
    """Its title and the page; drawing takes 20 ms, and anybody may ask for it."""
    text = (PAGES / f"{provider}.md").read_text("utf-8")
    # Ours, out of the repository: nothing that anybody typed stands in it.
    body = Markup(markdown.markdown(text, extensions=["fenced_code", "tables"]))  # noqa: S704
    return text.partition("\n")[0].lstrip("# "), body
