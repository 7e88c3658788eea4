"""The forms and links of a page, as a browser finds them, and markup that nobody of us has written."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

# Typed by somebody into a field. Were it ever shown as it is, the page would have an element of this name.
TRAP = "\"'><x5s x5s=1>{{7*7}}</script><x5s>"


@dataclass
class Form:
    """`fields` are names and values as they stand in the page; of a list of choices each is one value."""

    method: str
    path: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: set[str] = set()
        self.faults: list[str] = []
        self._form: Form | None = None
        self._select = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        its = {name: value or "" for name, value in attrs}
        self._judge(tag, its)
        if tag == "form":
            url = urlsplit(its.get("action", ""))
            self._form = Form(its.get("method", "get").lower(), url.path)
            self._form.fields |= {name: [value] for name, value in parse_qsl(url.query)}
            self.forms.append(self._form)
        elif tag == "a":
            self.links.add(its.get("href", ""))
        elif tag == "select":
            self._select = its.get("name", "")
        elif self._form and (name := self._select if tag == "option" else its.get("name", "")):
            self._form.fields.setdefault(name, []).append(its.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""

    def _judge(self, tag: str, its: dict[str, str]) -> None:
        """No element and no attribute that somebody typed; nothing that runs."""
        if "x5s" in tag or any("x5s" in name or name.startswith("on") for name in its):
            self.faults.append(f"<{tag} {its}")
        for name in ("href", "src", "action", "formaction"):
            if its.get(name, "").strip().lower().startswith(("javascript:", "data:text")):
                self.faults.append(f"<{tag} {name}={its[name]}")


def faults(text: str) -> list[str]:
    return Reader(text).faults
