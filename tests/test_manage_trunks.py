"""The Phone page: choosing a company, how each trunk is, what its company is asked, what is entered elsewhere."""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server.config import Settings, load
from server.db import reading, transaction
from server.lines import EMPLOYEE, of
from server.models import Account, Employee, Trunk
from server.parts import Parts
from server.providers import PROVIDERS
from server.providers.abilities import TROUBLES
from server.web import manage_asking
from server.web.manage_names import whose
from server.web.manage_phone import GROUPS
from server.web.manage_words import LANGUAGES, choice, speaker
from server.web.manage_words import load as words
from server.web.pagetoken import Pass
from tests import wire
from tests.conftest import Restaurant, add_trunk
from tests.exchange import Exchange
from tests.far import Far, Reply, Request, says
from tests.manage_page import Page, note

SECRET = "exchange-key-1"
HOSTILE = "<img src=x onerror=alert(1)>\u202e"
EXTENSIONS = [
    {"line": "101", "name": "Olena"},
    {"line": "103", "name": "Ірина К."},
    {"line": "104", "name": "Bar"},
]


@pytest.fixture(autouse=True)
def exchange(monkeypatch: pytest.MonkeyPatch) -> Exchange:
    exchange = Exchange()
    monkeypatch.setitem(PROVIDERS, "exchange", exchange)
    return exchange


@pytest.fixture
def far() -> Iterator[Far]:
    far = Far()
    yield far
    far.close()


@pytest.fixture
def settings(tmp_path: Path, far: Far) -> Settings:
    environ = wire.environment(
        8080, tmp_path / "d.db", PUBLIC_URL="https://phone.example.com", COMPANIES_URL=far.url
    )
    return load(environ, tmp_path / "no.env")


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def page(app: Flask, settings: Settings, account: Account) -> Page:
    return Page(app.test_client(use_cookies=False), settings, Pass(account=account.id))


@pytest.fixture
def trunk(parts: Parts, account: Account) -> Trunk:
    return parts.trunks.add(account, "exchange", {"host": "pbx.lan", "key": SECRET})


def put(trunk: Trunk, **facts: Any) -> None:
    with transaction():
        Trunk.update(**facts).where(Trunk.id == trunk.id).execute()


def state(page: Page, trunk: Trunk, lang: str = "en") -> dict[str, str]:
    response = page.client.get(f"/manage/phone/events?lang={lang}", headers=page.headers())
    assert response.json
    told: dict[str, str] = response.json["trunks"][str(trunk.id)]
    return told


def card(text: str, trunk: Trunk) -> str:
    found = re.search(rf'data-part="trunk-{trunk.id}".*?</section>', text, re.S)
    assert found
    return found[0]


# Choosing a company


def groups(text: str) -> list[list[str]]:
    return [re.findall(r"add=(\w+)", one) for one in re.findall(r'<ul class="providers".*?</ul>', text, re.S)]


def test_every_provider_is_offered_once_under_the_easiest_of_its_ways(page: Page) -> None:
    shown = dict(zip((reach for reach in GROUPS if any(reach in one.reach for one in PROVIDERS.values())),
                     groups(page.get("/manage/phone")), strict=True))  # fmt: skip
    assert sorted(name for names in shown.values() for name in names) == sorted(PROVIDERS)
    for reach, names in shown.items():
        for name in names:
            assert next(one for one in GROUPS if one in PROVIDERS[name].reach) == reach


@pytest.mark.parametrize("lang", LANGUAGES)
def test_providers_are_sorted_and_the_one_for_everything_else_is_the_last(page: Page, lang: str) -> None:
    text = page.get("/manage/phone", lang=lang)
    for one in re.findall(r'<ul class="providers".*?</ul>', text, re.S):
        titles = [(name == "generic", title.casefold()) for name, title in
                  re.findall(r"add=(\w+).*?<span>(.*?)</span>", one, re.S)]  # fmt: skip
        assert titles == sorted(titles)


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_a_title_that_is_no_name_is_said_in_every_language(name: str) -> None:
    if re.search(r"\b[a-z]{3,}\b", PROVIDERS[name].title):
        assert all(f"provider.{name}" in words(lang) for lang in LANGUAGES)


def test_what_was_not_tried_says_so(page: Page) -> None:
    for link in re.findall(r"<a [^>]*add=\w+.*?</a>", page.get("/manage/phone"), re.S):
        found = re.search(r"add=(\w+)", link)
        assert found
        assert ("not yet tried" in link) == (not PROVIDERS[found[1]].tried)


# The form


def test_the_form_shows_what_the_provider_declares(page: Page) -> None:
    text = page.get("/manage/phone", lang="pl", add="exchange")
    assert re.search(r'<label for="trunk-new-host">Adres</label>', text)
    assert "Jak w panelu." in text
    assert re.search(r'name="set.host" value=""[^>]*required', text, re.S)
    assert re.search(r'name="set.key" type="password"', text)
    assert re.search(
        r'<select id="trunk-new-region".*?<option value="eu" selected>Europa</option>', text, re.S
    )
    assert '<option value="moon">Moon</option>' in text, "a word without a translation is shown as it is"


def test_every_choice_of_every_provider_has_a_text(page: Page) -> None:
    for provider in PROVIDERS.values():
        for field in provider.fields:
            assert all(choice(speaker("ua"), field, word).strip() for word in field.choices)


def added(page: Page, **settings: str) -> str:
    """As the form on the page sends it: its address says which form is open."""
    typed = {f"set.{name}": value for name, value in settings.items()}
    return page._take(
        page.client.post(
            "/manage/phone?lang=en&add=exchange",
            data={"part": "trunk-new", "provider": "exchange", **typed},
            headers=page.headers(),
        )
    )


@pytest.mark.parametrize(
    ("typed", "setting", "told"),
    [({"host": " "}, "host", "Fill in “Address”."),
     ({"host": "no host at all"}, "host", "“Address” must be such as pbx.lan. Nothing was changed."),
     ({"host": "pbx.lan", "region": "sun"}, "region", "“Region” must be Europe, Moon. Nothing was changed.")],
)  # fmt: skip
def test_a_mistake_stands_beside_its_field(
    page: Page, typed: dict[str, str], setting: str, told: str
) -> None:
    assert note(added(page, **typed), f"trunk-new-{setting}") == told
    assert page.status == 422
    with reading():
        assert not Trunk.select().exists()


def test_a_wrong_setting_is_marked_and_what_was_typed_stays_but_for_secrets(page: Page) -> None:
    text = added(page, host="not a host", key=SECRET, region="moon")
    assert note(text, "trunk-new-host").startswith("“Address” must be such as pbx.lan.")
    assert note(text, "trunk-new-key") == ""
    assert note(text, "trunk-new") == ""
    assert text.count('aria-invalid="true"') == 1
    assert 'value="not a host"' in text
    assert '<option value="moon" selected>' in text
    assert SECRET not in text


def test_a_wrong_setting_of_a_trunk_opens_its_settings(page: Page, trunk: Trunk) -> None:
    text = page.post("/manage/phone/change", part=f"trunk-{trunk.id}", id=trunk.id, **{"set.host": "?"})
    assert page.status == 422
    assert re.search(rf'id="trunk-{trunk.id}-settings" open', text)
    assert note(text, f"trunk-{trunk.id}-host")


def test_new_settings_take_the_trouble_away(page: Page, parts: Parts, trunk: Trunk) -> None:
    parts.health.trouble(trunk.id, "login")
    assert state(page, trunk)["state"] == "problem"
    text = page.post("/manage/phone/change", part="x", id=trunk.id, **{"set.host": "pbx2.lan"})
    assert note(text, f"trunk-{trunk.id}") == "Saved"
    assert state(page, trunk) == {
        "state": "waiting",
        "text": "Waiting for the first event…",
        "trouble": "",
        "more": "",
    }


def test_two_trunks_of_one_provider_can_be_told_apart(page: Page, parts: Parts, account: Account) -> None:
    for host in ("kitchen.lan", "hall.lan"):
        parts.trunks.add(account, "exchange", {"host": host})
    assert re.findall(r"Exchange <small>(\S+)</small></h2>", page.get("/manage/phone")) == [
        "kitchen.lan",
        "hall.lan",
    ]


# How it is


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("word", TROUBLES)
def test_every_trouble_is_told_in_words_with_its_detail(
    page: Page, trunk: Trunk, lang: str, word: str
) -> None:
    assert "{detail}" in words(lang)[f"trouble.{word}"]
    put(trunk, trouble=word, trouble_detail="key", trouble_at=time.time())
    told = state(page, trunk, lang)["trouble"]
    sentence = words(lang)[f"trouble.{word}"].split("{detail}")[0]
    assert told.startswith(sentence + (f" ({words_of_key(lang)})" if word == "unset" else " (key)"))
    put(trunk, trouble_detail="")
    assert "()" not in state(page, trunk, lang)["trouble"]


def words_of_key(lang: str) -> str:
    return Exchange().fields[1].label[lang]


def test_a_trouble_that_does_not_stop_calls_is_no_alarm(page: Page, trunk: Trunk) -> None:
    put(trunk, trouble="unknown_word", trouble_detail="callParked", trouble_at=time.time())
    assert state(page, trunk)["state"] == "waiting"
    put(trunk, trouble="login", trouble_detail="")
    assert state(page, trunk)["state"] == "problem"


def test_details_are_text(page: Page, trunk: Trunk) -> None:
    put(trunk, trouble="refused", trouble_detail=HOSTILE, trouble_at=time.time())
    page.get("/manage/phone")
    assert page.last
    assert "<img src=x" not in page.last.text
    assert "&lt;img src=x" in page.last.text
    assert "\u202e" not in page.last.text


def test_a_connection_is_told_in_words(page: Page, trunk: Trunk) -> None:
    put(trunk, state="connecting", state_at=time.time())
    assert state(page, trunk)["text"] == "Connecting…"
    put(trunk, state="connected")
    told = state(page, trunk)
    assert (told["state"], told["text"]) == ("connected", "Connected. Waiting for the first call…")
    assert told["more"].startswith("Connected since ")
    put(trunk, last_at=time.time(), last_from="+380…12", last_did="0441234567", reconnects=3, delay=4.4,
        filled_at=time.time())  # fmt: skip
    told = state(page, trunk)
    assert told["state"] == "heard"
    assert told["text"].startswith("Received a call from +380…12 to 044 123 4567, ")
    for fact in ("renewed (times): 3.", "came 4 s late.", "Call history known up to "):
        assert fact in told["more"]
    put(trunk, state="connecting")
    told = state(page, trunk)
    assert (told["state"], told["text"]) == ("connecting", "Connecting again…")
    assert "Last event " in told["more"]


def test_a_delay_that_nobody_notices_is_not_told(page: Page, trunk: Trunk) -> None:
    put(trunk, last_at=time.time(), delay=2.9)
    assert state(page, trunk)["more"] == ""


def test_a_trunk_of_a_later_version_can_be_seen_and_removed(page: Page, trunk: Trunk) -> None:
    put(trunk, provider="teleport")
    text = page.get("/manage/phone")
    assert "This version of Dzvinok does not know this phone system." in card(text, trunk)
    for verb in ("test", "prepare", "numbers"):
        page.post(f"/manage/phone/{verb}", part="x", id=trunk.id)
        assert page.status == 422
    text = page.post("/manage/phone/remove", part="trunks", id=trunk.id)
    assert note(text, "trunks") == "The connection was removed."


def test_settings_of_another_key_are_told_and_can_be_removed(page: Page, trunk: Trunk) -> None:
    put(trunk, secrets="sealed with another key")
    told = state(page, trunk)
    assert (told["state"], "SECRET_KEY was changed" in told["trouble"]) == ("problem", True)
    for verb in ("test", "prepare", "numbers", "change"):
        text = page.post(f"/manage/phone/{verb}", part="x", id=trunk.id, **{"set.host": "pbx.lan"})
        assert page.status == 200
    assert "SECRET_KEY was changed" in note(text, f"trunk-{trunk.id}")
    page.post("/manage/phone/remove", id=trunk.id)
    with reading():
        assert not Trunk.select().exists()


# Pausing


def test_a_paused_trunk_says_only_that_and_goes_on_later(page: Page, parts: Parts, trunk: Trunk) -> None:
    put(trunk, trouble="login", trouble_at=time.time(), reconnects=4)
    text = page.post("/manage/phone/pause", part="x", id=trunk.id, paused="1")
    assert note(text, f"trunk-{trunk.id}") == "Paused."
    told = state(page, trunk)
    assert (told["state"], told["trouble"], told["more"]) == ("paused", "", "")
    mine = card(text, trunk)
    assert "Resume" in mine
    assert "phone/test" not in mine
    text = page.post("/manage/phone/pause", part="x", id=trunk.id)
    assert note(text, f"trunk-{trunk.id}") == "Resumed."
    with reading():
        assert not Trunk.get_by_id(trunk.id).paused


# Asking the company


def answers(far: Far, value: Any, status: int = 200) -> None:
    far.answer = lambda request: says(value, status)


def test_a_test_asks_the_company_and_tells_what_it_found(page: Page, far: Far, trunk: Trunk) -> None:
    answers(far, EXTENSIONS)
    put(trunk, trouble="login", trouble_at=time.time())
    text = page.post("/manage/phone/test", part="x", id=trunk.id)
    assert note(text, f"trunk-{trunk.id}") == "It works. Internal numbers found: 3."
    assert far.heard[-1].path == f"/exchange.example.com/extensions?key={SECRET}"
    assert state(page, trunk)["trouble"] == "", "what the company accepts now is no trouble any more"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("status", "word"), [(401, "login"), (429, "busy")])
def test_a_test_that_fails_is_told_in_words(
    page: Page, far: Far, trunk: Trunk, lang: str, status: int, word: str
) -> None:
    answers(far, {}, status)
    text = page.post("/manage/phone/numbers", lang, part="x", id=trunk.id)
    assert note(text, f"trunk-{trunk.id}") == words(lang)[f"trouble.{word}"].format(detail="")
    assert SECRET not in text


def test_a_company_out_of_reach_is_told(page: Page, far: Far, trunk: Trunk) -> None:
    far.close()
    text = page.post("/manage/phone/test", part="x", id=trunk.id)
    assert "The phone system does not answer" in note(text, f"trunk-{trunk.id}")


def test_where_nothing_can_be_asked_the_owner_is_told_to_call(
    page: Page, parts: Parts, account: Account
) -> None:
    trunk = parts.trunks.add(account, "generic", {})
    text = page.post("/manage/phone/test", part="x", id=trunk.id)
    assert "Call the restaurant and watch this page" in note(text, f"trunk-{trunk.id}")
    parts.health.trouble(trunk.id, "unknown_word", "parked")
    text = page.post("/manage/phone/test", part="x", id=trunk.id)
    assert "Call the restaurant and watch this page" in note(text, f"trunk-{trunk.id}")
    parts.health.trouble(trunk.id, "signature", "stale")
    text = page.post("/manage/phone/test", part="x", id=trunk.id)
    assert "wrong signature" in note(text, f"trunk-{trunk.id}")


@pytest.mark.parametrize("word", manage_asking.TESTED)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_outcome_of_a_test_has_words(lang: str, word: str) -> None:
    assert words(lang)[f"tested.{word}"]


def test_a_slow_company_does_not_keep_the_page(
    page: Page, far: Far, trunk: Trunk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manage_asking, "PATIENCE", 0.05)
    enough = threading.Event()

    def slow(request: Request) -> Reply:
        enough.wait(10)
        return says(EXTENSIONS)

    far.answer = slow
    for verb in ("test", "prepare", "numbers"):
        text = page.post(f"/manage/phone/{verb}", part="x", id=trunk.id)
        assert note(text, f"trunk-{trunk.id}") == "It takes longer than usual. Look again in a minute."
    enough.set()


def test_our_address_is_entered_at_the_company(page: Page, far: Far, parts: Parts, trunk: Trunk) -> None:
    text = page.post("/manage/phone/prepare", part="x", id=trunk.id)
    assert note(text, f"trunk-{trunk.id}") == "Done: the company has our address now."
    assert far.heard[-1].json() == {"key": SECRET, "url": parts.trunks.hook_url(trunk)}
    answers(far, {}, 403)
    text = page.post("/manage/phone/prepare", part="x", id=trunk.id)
    assert "not everything is allowed to it (webhooks)" in note(text, f"trunk-{trunk.id}")


def test_what_the_company_cannot_do_is_not_offered(
    page: Page, parts: Parts, account: Account, trunk: Trunk
) -> None:
    plain = parts.trunks.add(account, "generic", {})
    text = page.get("/manage/phone")
    for verb in ("prepare", "numbers"):
        assert f"/manage/phone/{verb}" in card(text, trunk)
        assert f"/manage/phone/{verb}" not in card(text, plain)
    assert "by hand" in note(page.post("/manage/phone/prepare", part="x", id=plain.id), f"trunk-{plain.id}")


def test_a_missing_setting_is_called_by_its_label(page: Page, parts: Parts, account: Account) -> None:
    trunk = parts.trunks.add(account, "exchange", {"host": "pbx.lan"})
    text = page.post("/manage/phone/numbers", "ua", part="x", id=trunk.id)
    assert (
        note(text, f"trunk-{trunk.id}") == "Бракує налаштування (Ключ API). Заповніть його в налаштуваннях."
    )


# The company's own numbers


def test_numbers_are_offered_to_those_who_are_called_alike(page: Page, far: Far, trunk: Trunk) -> None:
    answers(far, [*EXTENSIONS, {"line": "sip-bar", "name": HOSTILE}])
    text = card(page.post("/manage/phone/numbers", part="x", id=trunk.id), trunk)
    assert note(text, f"trunk-{trunk.id}") == "Internal numbers found: 4. Choose whose each one is."
    assert "Already with: Olena" in text
    assert re.findall(r'name="line\.\d+" value="(\d+)"', text) == ["103", "104"]
    chosen = re.findall(r'<select name="owner\.\d+".*?</select>', text, re.S)
    assert [re.findall(r'value="(\d+)" selected', one) for one in chosen] == [["7"], []]
    assert "Cannot be given" in text
    assert page.last
    assert "<img src=x" not in page.last.text


def test_chosen_numbers_are_saved_beside_what_people_have(page: Page, account: Account, trunk: Trunk) -> None:
    text = page.post(
        "/manage/phone/give", part="x", id=trunk.id,
        **{"line.1": "103", "owner.1": "7", "line.2": "104", "owner.2": "5", "line.3": "105", "owner.3": ""},
    )  # fmt: skip
    with reading():
        assert (of(account.id, EMPLOYEE, 7), of(account.id, EMPLOYEE, 5)) == (["103"], ["101", "104"])
    assert note(text, f"trunk-{trunk.id}").startswith("Saved")


def test_nobody_chosen_changes_nothing_and_keeps_the_list(page: Page, account: Account, trunk: Trunk) -> None:
    text = page.post(
        "/manage/phone/give", part="x", id=trunk.id, **{"line.0": "103", "name.0": "Bar", "owner.0": ""}
    )
    assert note(text, f"trunk-{trunk.id}") == "Nobody is chosen, nothing was changed."
    assert 'name="line.0" value="103"' in text


@pytest.mark.parametrize(("owner", "line"), [("99", "103"), ("five", "103"), ("7", "10a"), ("7", "1" * 21)])
def test_what_cannot_be_given_is_told_and_the_list_stays(
    page: Page, account: Account, trunk: Trunk, owner: str, line: str
) -> None:
    text = page.post("/manage/phone/give", part="x", id=trunk.id, **{"line.0": line, "owner.0": owner})
    assert page.status == 422
    assert note(text, f"trunk-{trunk.id}")
    assert f'<span class="number" id="trunk-{trunk.id}-number-0-line">{line}</span>' in text
    with reading():
        assert of(account.id, EMPLOYEE, 7) == []


@pytest.mark.parametrize(
    ("told", "employee"),
    [("Olena K.", "Коваленко Олена"), ("olena", "Олена"), ("Yuliia", "Юлія"), ("Михайло Ш", "Mykhailo Shevchenko"),
     ("ŁUKASZ ŻAK", "Lukasz Zak"), ("Щербак Їжакевич", "Shcherbak"), ("Олег", "ОЛЕГ")],
)  # fmt: skip
def test_names_are_alike_in_any_spelling(told: str, employee: str) -> None:
    assert whose(told, {5: employee, 6: "Somebody Else"}) == 5


@pytest.mark.parametrize("told", ["", "Bar", "101", "O.", "Ivan", "…", "Петренко"])
def test_nobody_is_guessed(told: str) -> None:
    assert (
        whose(told, {5: "Olena Kovalenko", 6: "Іван Петренко", 7: "Іван Марченко", 8: "Марія Петренко"}) == 0
    )


def test_the_whole_name_decides_between_two_who_share_a_part() -> None:
    assert whose("Іван Петренко", {6: "Петренко Іван", 7: "Іван", 8: "Петренко"}) == 6


# What is entered elsewhere


def test_ready_lines_are_shown_as_they_must_be_entered(page: Page, parts: Parts, trunk: Trunk) -> None:
    page.get("/manage/phone")
    assert page.last
    raw = page.last.text
    shown = [re.findall(one, raw, re.S) for one in (r'-title">([^<]*)</h3>', r"<pre id=[^>]*>(.*?)</pre>")]
    told = [(html.unescape(title), html.unescape(text)) for title, text in zip(*shown, strict=True)]
    assert told == [(one.title, one.text) for one in parts.companies.pastes(trunk)]
    assert raw.count("data-copy=") == len(told)
    assert f'value="{parts.trunks.hook_url(trunk)}"' not in raw, "one address too many to choose from"


def test_ready_lines_are_open_until_the_first_event(page: Page, trunk: Trunk) -> None:
    assert f'id="trunk-{trunk.id}-lines" open' in page.get("/manage/phone")
    put(trunk, last_at=time.time())
    assert f'id="trunk-{trunk.id}-lines" >' in page.get("/manage/phone")


def test_nobody_is_shown_an_address_that_takes_nothing(
    page: Page, parts: Parts, account: Account, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "methods", frozenset())
    text = added(page, host="pbx.lan")
    with reading():
        trunk = Trunk.get()
    assert "sheet" not in card(text, trunk)
    page.get(f"/manage/sheet/{trunk.id}")
    assert page.status == 422


def test_the_house_may_use_its_own_address(page: Page, parts: Parts, account: Account, trunk: Trunk) -> None:
    at_home = parts.trunks.add(account, "generic", {})
    text = page.get("/manage/phone")
    assert "may use the server’s local address" in card(text, at_home)
    assert "may use the server’s local address" not in card(text, trunk)


def test_where_we_connect_ourselves_the_address_is_a_spare(
    page: Page, parts: Parts, account: Account
) -> None:
    trunk = parts.trunks.add(account, "generic", {})
    assert "Enter it in the company’s cabinet" in card(page.get("/manage/phone"), trunk)
    put(trunk, state="connected", state_at=time.time())
    assert "We connect ourselves." in card(page.get("/manage/phone"), trunk)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sheet_has_everything_on_one_page(page: Page, parts: Parts, trunk: Trunk, lang: str) -> None:
    text = page.get(f"/manage/sheet/{trunk.id}", lang=lang)
    assert page.status == 200
    assert "pechera" in text
    assert words(lang)["sheet.title"].format(name="Exchange") in text
    assert text.count("<svg") == 1, "only addresses have a code"
    assert f"{parts.trunks.hook_url(trunk)}/ring?r=$remote&id=$call" in text
    assert "[dzvinok]" not in text
    assert words(lang)["sheet.left_out"] in text
    assert " style=" not in text
    assert f"/manage/sheet/{trunk.id}?lang=pl" in text, "another language is another sheet, not another page"


def test_a_bare_address_is_a_sheet_too(page: Page, parts: Parts, account: Account) -> None:
    trunk = parts.trunks.add(account, "generic", {})
    text = page.get(f"/manage/sheet/{trunk.id}")
    assert text.count("<svg") == 1
    assert parts.trunks.hook_url(trunk) in text


@pytest.mark.parametrize("of_what", ["", "0", "999999", "x", "1/2", "٣"])
def test_a_sheet_of_nothing_is_told(page: Page, of_what: str) -> None:
    text = page.get(f"/manage/sheet/{of_what}")
    assert page.status == 422
    assert note(text, "trunks") == "There is no such connection any more."


def test_a_sheet_needs_the_pages_token(page: Page, trunk: Trunk) -> None:
    response = page.client.get(f"/manage/sheet/{trunk.id}")
    assert response.status_code == 200
    assert trunk.token not in response.text


# What the company sent


def test_what_was_sent_is_shown_the_newest_first_and_not_for_ever(
    page: Page, parts: Parts, account: Account, trunk: Trunk
) -> None:
    for number in range(30):
        parts.diary.note(account.id, trunk.id, "POST", f"event-{number:02}!", "taken", "ring")
    parts.diary.note(account.id, trunk.id, "POST", f"key={SECRET}&from=0671112233&name={HOSTILE}",
                     "nothing done: odd", "odd", [SECRET])  # fmt: skip
    parts.diary.write_down()
    text = card(page.get("/manage/phone"), trunk)
    assert re.findall(r"event-(\d+)!", text) == [f"{number:02}" for number in range(29, 10, -1)]
    assert "not needed: odd" in text
    assert SECRET not in text
    assert "0671112233" not in text
    assert page.last
    assert "<img src=x" not in page.last.text
    assert f'data-copy="trunk-{trunk.id}-report"' in text


def test_nothing_sent_is_told(page: Page, trunk: Trunk) -> None:
    assert "Nothing has come yet." in card(page.get("/manage/phone"), trunk)


# One account never sees another's


@pytest.mark.parametrize("verb", ["change", "remove", "pause", "test", "prepare", "numbers", "give"])
def test_no_form_reaches_another_accounts_trunk(
    page: Page, far: Far, parts: Parts, restaurant: Restaurant, verb: str
) -> None:
    other = restaurant("kaffka", "700124")
    theirs = parts.trunks.add(other, "exchange", {"host": "theirs.lan", "key": SECRET})
    text = page.post(f"/manage/phone/{verb}", part="x", id=theirs.id, paused="1",
                     **{"set.host": "mine.lan", "line.0": "177", "owner.0": "5"})  # fmt: skip
    assert page.status == 422
    assert note(text, "trunks") == "There is no such connection any more."
    assert far.heard == []
    with reading():
        still = Trunk.get_by_id(theirs.id)
        assert (still.settings, still.paused) == (theirs.settings, False)
        assert of(other.id, EMPLOYEE, 5) == ["101"]


def test_no_page_shows_another_accounts_trunk(page: Page, parts: Parts, restaurant: Restaurant) -> None:
    other = restaurant("kaffka", "700124")
    theirs = parts.trunks.add(other, "exchange", {"host": "theirs.lan", "key": SECRET})
    parts.diary.note(other.id, theirs.id, "POST", "their event", "taken", "ring")
    parts.diary.write_down()
    with transaction():
        Employee.update(name="Stranger").where(Employee.account == other).execute()
    seen = page.get("/manage/phone") + page.get(f"/manage/sheet/{theirs.id}")
    for secret in (theirs.token, "theirs.lan", "their event", "Stranger"):
        assert secret not in seen


@pytest.mark.parametrize("verb", ["pause", "test", "prepare", "numbers", "give"])
def test_nothing_is_done_without_a_token(page: Page, far: Far, trunk: Trunk, verb: str) -> None:
    response = page.client.post(f"/manage/phone/{verb}", data={"id": trunk.id, "paused": "1"})
    assert response.status_code == 401
    assert far.heard == []
    with reading():
        assert not Trunk.get_by_id(trunk.id).paused


@pytest.mark.parametrize("name", sorted(PROVIDERS))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_provider_can_be_chosen_in_every_language(page: Page, name: str, lang: str) -> None:
    text = page.get("/manage/phone", lang=lang, add=name)
    assert page.status == 200
    assert set(re.findall(r'name="set\.(\w+)"', text)) == {field.name for field in PROVIDERS[name].fields}


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_every_providers_trunk_can_be_seen_whatever_is_set(page: Page, account: Account, name: str) -> None:
    trunk = add_trunk(account, name)
    mine = card(page.get("/manage/phone", lang="pl"), trunk)
    for one in PROVIDERS[name].fields:
        assert one.label["pl"] in mine
    page.get(f"/manage/sheet/{trunk.id}", lang="pl")
    assert page.status == (200 if PROVIDERS[name].methods else 422)
