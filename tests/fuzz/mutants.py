"""What a company sent, spoilt: its values, its shape, its encoding, its bytes and its headers."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlencode

from hypothesis import strategies as st

from server.providers import PROVIDERS
from server.providers.base import Delivery, Settings, Unreadable
from server.providers.forms import body as fields_of
from server.providers.forms import query as query_of
from tests import replay
from tests.recorded import NASTY

Json = dict[str, Any]

WORDS = [
    *(one for one in NASTY if isinstance(one, str)),
    *("\x00", "1\x002", "\ufeff", "-0", "1e999", "0x10", "+", "+0", "00", "9" * 400, "NaN", "Infinity", "-1", "1_0"),
    *("=1+1", "@SUM(A1)", "\r\nX: y", "%s%n", "{0.__class__}", "sip:@;;", "<sip:", '"<>"', "²", "१२३", "\U0010ffff"),
]  # fmt: skip
texts = st.one_of(
    st.sampled_from(WORDS), st.text(max_size=40), st.from_regex(r"\+?[0-9]{1,25}", fullmatch=True)
)
# Wrong surrogates too: JSON can spell them, and nothing can store them.
broken = st.text(st.characters(), max_size=12)
leaves = st.one_of(
    st.sampled_from(NASTY), texts, broken, st.booleans(), st.none(), st.integers(-(2**70), 2**70),
    st.floats(allow_nan=True, allow_infinity=True), st.integers(0, 400).map(lambda digits: 10**digits),
)  # fmt: skip
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
deep = st.sampled_from([30, 200, 990, 5000, 60000]).flatmap(
    lambda depth: st.sampled_from(
        ["[" * depth, "[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth]
    )
)


@cache
def steps(provider: str) -> tuple[tuple[str, int], ...]:
    """Every request that was recorded of this company: the recording's name and its place in it."""
    return tuple(
        (name, place)
        for name in replay.names(provider)
        for place, one in enumerate(replay.load(provider, name).get("steps", ()))
        if "method" in one
    )


@cache
def recording(provider: str, name: str) -> Json:
    return replay.load(provider, name)


def original(provider: str, name: str, place: int) -> tuple[Delivery, Settings]:
    whole = recording(provider, name)
    return replay.delivery(whole["steps"][place]), whole.get("settings", {})


@st.composite
def deliveries(draw: st.DrawFn, provider: str) -> tuple[Delivery, Settings]:
    """A recorded request with one or more things wrong, and the settings of its trunk, perhaps with one missing."""
    sent, settings = original(provider, *draw(st.sampled_from(steps(provider))))
    for spoil in draw(st.lists(st.sampled_from(SPOILS), min_size=1, max_size=4)):
        sent = draw(spoil(sent))
    return sent, draw(lessened(settings))


@st.composite
def lessened(draw: st.DrawFn, settings: Settings) -> Settings:
    if not settings or draw(st.integers(0, 4)) != 0:
        return settings
    lost = draw(st.sampled_from(sorted(settings)))
    return {name: value for name, value in settings.items() if name != lost}


@st.composite
def other_values(draw: st.DrawFn, sent: Delivery) -> Delivery:
    """Its own fields with strange things in them, in any of the ways in which fields are sent."""
    try:
        tree: Any = {**query_of(sent.query), **fields_of(sent)}
    except Unreadable:
        tree = {}
    for _ in range(draw(st.integers(1, 3))):
        tree = draw(changed(tree))
    return draw(encoded(sent, tree if isinstance(tree, dict) else {"a": tree}))


@st.composite
def changed(draw: st.DrawFn, tree: Any, depth: int = 0) -> Any:
    """One place somewhere in it is replaced, dropped, added, doubled or wrapped."""
    inside = isinstance(tree, dict | list) and tree and (depth == 0 or draw(st.booleans()))
    if not inside:
        return draw(values)
    if isinstance(tree, list):
        place = draw(st.integers(0, len(tree) - 1))
        return [*tree[:place], draw(changed(tree[place], depth + 1)), *tree[place + 1 :]]
    name = draw(st.sampled_from(sorted(tree, key=str)))
    what = draw(st.sampled_from(["in", "in", "drop", "add", "wrap", "swap"]))
    if what == "in":
        return {**tree, name: draw(changed(tree[name], depth + 1))}
    if what == "add":
        return {**tree, draw(texts): draw(values)}
    if what == "wrap":
        return {
            **tree,
            name: draw(st.sampled_from([[tree[name]], {"0": tree[name]}, json.dumps(tree[name])])),
        }
    if what == "swap":
        other = draw(st.sampled_from(sorted(tree, key=str)))
        return {**tree, name: tree[other], other: tree[name]}
    return {its: value for its, value in tree.items() if its != name}


@st.composite
def encoded(draw: st.DrawFn, sent: Delivery, tree: Json) -> Delivery:
    how = draw(st.sampled_from(["as it was", "json", "form", "query", "inside", "charset", "multipart"]))
    kind = sent.headers.get("content-type", "")
    if how == "as it was":
        how = "query" if not sent.body else "json" if "json" in kind or sent.body[:1] == b"{" else "form"
    text = json.dumps(tree, ensure_ascii=draw(st.booleans()))
    if how == "json":
        return _with(sent, text.encode("utf-8", "surrogatepass"), "application/json")
    if how == "charset":
        charset = draw(st.sampled_from(["utf-16", "cp1251", "latin-1", "utf-32", "utf-7", "nonsense"]))
        raw = text.encode("utf-8" if charset == "nonsense" else charset, "replace")
        return _with(sent, raw, f"application/json; charset={charset}")
    if how == "inside":
        name = draw(st.sampled_from(["json", "data", "payload", "result", "mango", ""]))
        return _with(sent, f"{name}={quote(text, errors='surrogatepass')}".encode(), FORM)
    pairs = bracketed(tree)
    if how == "multipart":
        parts = "".join(
            f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{its}\r\n' for name, its in pairs
        )
        return _with(sent, f"{parts}--B--".encode("utf-8", "replace"), "multipart/form-data; boundary=B")
    packed = urlencode(pairs, errors="surrogatepass")
    return replace(sent, query=packed) if how == "query" else _with(sent, packed.encode(), FORM)


FORM = "application/x-www-form-urlencoded"


def _with(sent: Delivery, body: bytes, kind: str) -> Delivery:
    return replace(sent, body=body, headers={**sent.headers, "content-type": kind})


def bracketed(tree: Any, name: str = "") -> list[tuple[str, str]]:
    """PHP's brackets; some companies send their forms so."""
    if isinstance(tree, list):
        tree = {str(place): value for place, value in enumerate(tree)}
    if not isinstance(tree, dict):
        return [(name, _text(tree))]
    found: list[tuple[str, str]] = []
    for its, value in tree.items():
        found += bracketed(value, f"{name}[{its}]" if name else str(its))
    return found


def _text(value: Any) -> str:
    try:
        return "" if value is None else str(value)
    except ValueError:  # more digits than Python spells
        return hex(value)


@st.composite
def other_bytes(draw: st.DrawFn, sent: Delivery) -> Delivery:
    """Cut, doubled, turned over, or with something put in between."""
    raw = sent.body or sent.query.encode()
    at = draw(st.integers(0, len(raw)))
    to = draw(st.integers(at, min(len(raw), at + 40)))
    piece = draw(
        st.one_of(
            st.binary(max_size=20),
            texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
            deep.map(str.encode),
        )
    )
    raw = draw(st.sampled_from([raw[:at], raw[to:], raw[:at] + piece + raw[to:], raw + raw, piece, b""]))
    if not sent.body and sent.query:
        return replace(sent, query=draw(st.sampled_from([quote_from_bytes(raw), raw.decode("latin-1")])))
    return replace(sent, body=raw)


@st.composite
def other_headers(draw: st.DrawFn, sent: Delivery) -> Delivery:
    headers = dict(sent.headers)
    name = draw(
        st.sampled_from(sorted({*headers, *SIGNATURES, "content-type", "authorization", "user-agent"}))
    )
    value = draw(st.one_of(headers_text, st.sampled_from([*KINDS, headers.get(name, "")])))
    if draw(st.integers(0, 5)) == 0:
        headers.pop(name, None)
    else:
        headers[name] = value
    return replace(sent, headers=headers)


SIGNATURES = ("signature", "x-twilio-signature", "telnyx-signature-ed25519", "telnyx-timestamp")
KINDS = ["application/json", FORM, "multipart/form-data", 'multipart/form-data; boundary=""', "text/xml",
         "multipart/form-data; boundary=" + "x" * 69, "application/json; charset=utf-16", "\xff",
         "a" * 8000]  # fmt: skip
# A header reaches us as latin-1 text in one line.
headers_text = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60)


@st.composite
def other_ways(draw: st.DrawFn, sent: Delivery) -> Delivery:
    """Another address below ours, another method, another query, another moment."""
    latin = st.text(st.characters(max_codepoint=255), max_size=30)
    what = draw(st.sampled_from(["method", "path", "query", "url", "at"]))
    if what == "at":
        return replace(sent, at=draw(st.floats(0, 4e9, allow_nan=False)))
    if what == "method":
        return replace(sent, method=draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"])))
    if what == "path":
        return replace(
            sent,
            path=draw(
                st.one_of(
                    st.sampled_from(["", "ring", "events/call", "../x", "a/" * 400]), texts.map(decodable)
                )
            ),
        )
    if what == "query":
        return replace(
            sent, query=draw(st.one_of(latin, texts.map(lambda text: quote(text, errors="surrogatepass"))))
        )
    return replace(sent, url="https://phone.example.com/hooks/x/y?" + draw(latin), raw_url=draw(latin))


def decodable(text: str) -> str:
    """As an address comes to us: what is no UTF-8 was replaced on the way."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


SPOILS = (other_values, other_values, other_values, other_bytes, other_headers, other_ways)
COMPANIES = sorted(name for name in PROVIDERS if steps(name))
