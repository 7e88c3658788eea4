"""The small readers: numbers, tokens, signatures, Poster's rows and notices. An answer or a refusal, never a fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import phones
from server.config import Settings
from server.poster import rows, signature, webhooks, wire
from server.poster.trouble import PosterDown, PosterError
from server.web.pagetoken import PageTokens, Pass
from tests.fuzz import mutants
from tests.fuzz.effort import tries

SECRET = "a secret for tests, long enough"
latin = st.text(st.characters(max_codepoint=255), max_size=60)
spelled = st.one_of(
    mutants.texts, mutants.broken,
    st.from_regex(r'("?[A-Za-z ]{0,9}"? ?<?(sip:|tel:|sips:)?)?\+?[0-9()\-. ]{0,22}(@[a-z.]{1,9})?>?', fullmatch=True),
)  # fmt: skip


@tries(100)
@given(raw=spelled, country=st.sampled_from(["UA", "PL", "KZ", "US", "GB", ""]))
def test_a_number_is_read_or_it_is_nobodys(raw: str, country: str) -> None:
    number = phones.read(raw, country)
    number.e164.encode()
    assert number.shown.isprintable()
    assert len(number.e164) <= 40
    assert not number.matchable or (
        number.e164[0] == "+" and number.e164[1:].isdigit() and number.e164.isascii()
    )
    assert phones.read(number.e164, country) == number or not number.matchable
    assert len(phones.digits(number.masked)) <= 5
    phones.tail(raw).encode()


@tries(80)
@given(token=latin, forged=st.binary(max_size=30), at=st.integers(0, 300))
def test_a_page_token_is_ours_or_opens_nothing(token: str, forged: bytes, at: int) -> None:
    tokens = PageTokens(SECRET)
    assert tokens.read(token) is None
    good = tokens.issue(Pass(account=1))
    place = at % len(good)
    bent = good[:place] + forged.decode("latin-1") + good[place + len(forged) :]
    assert bent == good or tokens.read(bent) is None
    assert PageTokens(SECRET + "!").read(good) is None


headers = st.lists(
    st.tuples(st.sampled_from(["X-Poster-Signature", "X-Poster-Time", "X-Poster-Url", "x_poster_url", "Content-Type",
                               "X-Poster-Tablet-Id"]), st.one_of(latin, st.just("1795436400"), st.just("pechera"))),
    max_size=8,
)  # fmt: skip
targets = st.one_of(
    latin,
    latin.map(lambda text: "/" + text),
    st.sampled_from(["http://[", "http://[::1/pos", "//", "*", "/\xff"]),
)


@tries(100)
@given(
    target=targets,
    body=st.binary(max_size=60),
    kind=st.sampled_from(mutants.KINDS),
    told=headers,
    account=latin,
)
def test_what_poster_has_not_signed_is_refused(
    settings: Settings, target: str, body: bytes, kind: str, told: list[tuple[str, str]], account: str
) -> None:
    asked = signature.Request(target, body, kind, told)
    with pytest.raises(signature.SignatureRefused):
        signature.check(asked, account, settings, 1795436400.0)
    right = [("X-Poster-Signature", "0" * 32), ("X-Poster-Time", "1795436400"), ("X-Poster-Url", "pechera")]
    with pytest.raises(signature.SignatureRefused):
        signature.check(signature.Request(target, body, kind, right), "pechera", settings, 1795436400.0)


notices = st.one_of(
    st.binary(max_size=200),
    mutants.deep.map(str.encode),
    st.fixed_dictionaries(
        {"account": mutants.leaves, "object": mutants.leaves, "object_id": mutants.leaves, "action": mutants.leaves,
         "time": mutants.leaves},
        optional={"data": mutants.values, "verify": mutants.leaves, "account_number": mutants.leaves},
    ).map(lambda body: json.dumps(body).encode()),
)  # fmt: skip


@tries(100)
@given(raw=notices)
def test_a_notice_is_posters_or_refused(raw: bytes) -> None:
    """Also when it is signed: Poster's own values may be as strange as they like."""
    webhooks.claimed(raw).encode("utf-8", "surrogatepass")
    with pytest.raises(webhooks.HookRefused):
        webhooks.read(raw, SECRET)
    signed = _signed(raw)
    if signed is not None:
        notice = webhooks.read(signed, SECRET)
        notice.content()
        assert isinstance(notice.id, int)
        for text in (notice.account, notice.number, notice.entity, notice.action, notice.data, notice.digest):
            text.encode()


def _signed(raw: bytes) -> bytes | None:
    try:
        body = json.loads(raw)
        data = body.get("data") if isinstance(body.get("data"), str) else None
        whole = {
            **{name: its for name, its in body.items() if name != "data"},
            **({"data": data} if data else {}),
        }
        proof = webhooks.verify(whole, data if data else None, SECRET)
        told = json.dumps({**whole, "verify": proof}).encode()
        webhooks.read(told, SECRET)
    except (ValueError, KeyError, AttributeError, RecursionError, webhooks.HookRefused):
        return None
    return told


@tries(100)
@given(value=mutants.values)
def test_any_value_of_posters_is_made_plain(value: Any) -> None:
    assert abs(rows.to_int(value)) < 10**18
    text = rows.to_text(value)
    text.encode()
    assert "\0" not in text
    assert isinstance(rows.money(value), str)
    assert isinstance(rows.count(value), str)
    assert isinstance(rows.moment(value), int)
    assert all(isinstance(row, dict) for row in rows.dicts(value))
    assert isinstance(rows.as_dict(value), dict)


@tries(100)
@given(
    raw=st.one_of(
        st.binary(max_size=100), mutants.deep.map(str.encode), mutants.values.map(json.dumps).map(str.encode)
    ),
    status=st.sampled_from([200, 302, 404, 429, 500]),
    error=st.sampled_from([None, 0, "0", {"code": 30}, {"code": [], "message": {}}, "x", [1]]),
)
def test_an_answer_of_posters_is_a_value_or_a_trouble(raw: bytes, status: int, error: Any) -> None:
    body = wire.parse(raw)
    if isinstance(body, dict) and error is not None:
        body = {**body, "error": error, "error_type": error}
    try:
        wire.value_of(wire.Reply(status, body))
    except (PosterError, PosterDown) as why:
        str(why).encode("utf-8", "surrogatepass")
