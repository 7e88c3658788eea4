"""Every form and every page of Manage: whatever is typed, an answer, and never somebody's markup."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from server.providers import PROVIDERS
from server.web.manage_rooms import FORMS, ROOMS
from server.web.manage_unlock import LOCK, UNLOCK
from tests.fuzz import mutants
from tests.fuzz.effort import tries
from tests.fuzz.forms import TRAP, Form, Reader, faults
from tests.fuzz.house import House, open_house

ANSWERS = {200, 400, 401, 403, 404, 405, 409, 410, 413, 422, 429}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house"), providers=tuple(PROVIDERS)) as one:
        yield one


@pytest.fixture(scope="module")
def forms(house: House) -> list[Form]:
    return with_the_rest(crawled(house))


def crawled(house: House, most: int = 60) -> list[Form]:
    """All forms of all pages that an owner can reach by clicking, each kind once."""
    page, found = house.page(), dict[tuple[str, str, frozenset[str]], Form]()
    wait, seen = [f"/manage/{name}" for name in ROOMS], set[str]()
    while wait and len(seen) < most:
        url = wait.pop(0)
        if (kind := shape(url)) in seen:
            continue
        seen.add(kind)
        read = Reader(page.client.get(url, headers=page.headers()).text)
        wait += sorted(link for link in read.links if link.startswith("/manage"))
        for form in read.forms:
            found.setdefault((form.method, form.path, frozenset(form.fields)), form)
    return list(found.values())


def shape(url: str) -> str:
    parts = urlsplit(url)
    names = sorted(name for name, _ in parse_qsl(parts.query))
    return "/".join(parts.path.split("/")[:3]) + f"/{parts.path.count('/')}?{names}"


typed = st.one_of(
    st.just(TRAP), mutants.texts.map(mutants.decodable), st.sampled_from(["", "0", "-1", "1", "9" * 30, "2026-11-24"]),
    st.sampled_from(["5", "6", "7", "101", "owner", "on", "00:00", "2026-13-45", "0001-01-01", "9999-12-31", "csv"]),
)  # fmt: skip


@st.composite
def filled(draw: st.DrawFn, form: Form) -> MultiDict[str, str]:
    told = MultiDict[str, str]()
    for name, values in form.fields.items():
        what = draw(st.sampled_from(["keep", "keep", "type", "type", "drop", "twice"]))
        kept = draw(st.sampled_from(values))
        if what in ("keep", "twice"):
            told.add(name, kept)
        if what in ("type", "twice"):
            told.add(name, draw(typed))
    if draw(st.integers(0, 3)) == 0:
        told.add(draw(st.sampled_from(["part", "of", "lang", "p", "step", "id"]) | typed), draw(typed))
    return told


def with_the_rest(forms: list[Form]) -> list[Form]:
    """And those that stand on pages that need more than a click, with every field that any form has."""
    there = {form.path.removeprefix("/manage/") for form in forms if form.method == "post"}
    every: dict[str, list[str]] = {}
    for form in forms:
        for name, values in form.fields.items():
            every.setdefault(name, []).extend(values)
    return forms + [Form("post", f"/manage/{verb}", every) for verb in sorted({*FORMS, UNLOCK, LOCK} - there)]


@tries(30)
@given(data=st.data())
def test_whatever_is_typed_is_answered(house: House, forms: list[Form], data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(forms))
    told = data.draw(filled(form))
    page = house.page()
    if form.method == "post":
        answer = page.client.post(form.path, data=told, headers=page.headers())
    else:
        answer = page.client.get(form.path, query_string=told, headers=page.headers())
    assert answer.status_code in ANSWERS
    assert faults(answer.text) == []
