"""The pages inside Poster's back office, in Poster's frame, in a real browser without third-party cookies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import OpenTill
from tests.browser.desk import TOO_SMALL, TOO_WIDE, Desk, go
from tests.browser.stage import MARTA, Phone, Poster, Stage, stranger
from tests.browser.words import say

LANGUAGES = ("ua", "ru", "en", "pl")
Office = Callable[..., Desk]


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="uk-UA")
    yield context
    context.close()


@pytest.fixture
def office(visitor: BrowserContext, poster: Poster, stage: Stage) -> Iterator[Office]:
    thrown: list[str] = []

    def open_office() -> Desk:
        page = visitor.new_page()
        page.on("pageerror", lambda error: thrown.append(str(error)))
        return Desk(page, poster, stage.server.url)

    yield open_office
    assert not thrown


def test_the_page_lifts_posters_spinner_and_takes_the_code_out_of_its_address(office: Office) -> None:
    desk = office()
    expect(desk.page.locator("[data-test=spinner]")).to_be_hidden()
    assert "code=" not in desk.inside.url
    assert desk.page.context.cookies(desk.server_url) == []


def test_a_reload_of_the_frame_finds_the_page_again(office: Office) -> None:
    desk = office()
    desk.go("phone")
    desk.inside.evaluate("location.reload()")
    expect(desk.frame.locator("h1")).to_have_text("Телефонія")


def test_a_line_given_in_the_back_office_rings_at_the_register_at_once(
    office: Office, till: OpenTill, phone: Phone, stage: Stage
) -> None:
    desk, bar = office(), till(1, MARTA)
    ring = phone.ring(stranger(), did="0449990000")
    ring.answer("177")
    bar.sees_no_card()
    field = desk.frame.locator(desk.lines(3))
    field.fill("101, 177")
    field.press("Enter")
    desk.note("employee-3", "Збережено")
    bar.sees(say("talking"))
    field.fill("101")
    field.press("Tab")
    desk.note("employee-3", "Збережено")
    bar.sees_no_card()
    assert extras(stage.poster, 3) == "101"


def extras(poster: Poster, employee: int) -> str:
    people = poster.ask("state", tablet=1)["employees"]
    return str(next(one for one in people if one["id"] == employee)["extras"]["line"])


def test_what_is_typed_is_saved_without_enter_and_the_cursor_stays(office: Office) -> None:
    desk = office()
    field = desk.frame.locator(desk.lines(6))
    field.click()
    field.press("End")
    field.press_sequentially(",9")
    desk.note("employee-6", "Збережено")
    expect(field).to_be_focused()
    field.press_sequentially("9")
    expect(field).to_have_value("104,99")
    field.fill("104")
    field.blur()
    desk.note("employee-6", "Збережено")
    expect(field).to_have_value("104")


def test_a_mistake_stays_in_its_field_while_the_next_one_is_saved(office: Office) -> None:
    desk = office()
    wrong, right = desk.frame.locator(desk.lines(5)), desk.frame.locator(desk.lines(6))
    wrong.fill("10a")
    wrong.press("Tab")
    desk.note("employee-5", "«10a» не схоже на лінію")
    right.fill("104, 104")
    right.blur()
    desk.note("employee-6", "Збережено")
    expect(wrong).to_have_value("10a")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    desk.inside.evaluate("location.reload()")
    expect(wrong).to_have_value("103")


def test_a_server_out_of_reach_is_told_and_nothing_is_lost(office: Office) -> None:
    desk = office()
    desk.page.route("**/manage/lines?*", lambda route: route.abort())
    field = desk.frame.locator(desk.lines(6))
    field.fill("104,7")
    field.press("Enter")
    desk.note("employee-6", "Немає зв’язку з сервером")
    expect(field).to_have_value("104,7")


def test_a_test_ring_shows_at_the_chosen_register(office: Office, till: OpenTill) -> None:
    desk, bar = office(), till(1, MARTA)
    desk.frame.locator("select[name=register]").select_option("1")
    desk.frame.locator("input[name=from]").fill("067 111 22 33")
    desk.frame.locator("[data-part=ring] button").click()
    desk.note("ring", "отримала дзвінок")
    bar.sees("Коваленко Олена")


def test_a_waiting_trunk_hears_its_first_call_without_a_reload(office: Office) -> None:
    desk = office()
    desk.go("phone")
    desk.frame.locator("a[href*='add=binotel']").click()
    desk.frame.locator("form[aria-label=Binotel] .go").click()
    card = desk.frame.locator("section.card").last
    expect(card.locator(".state")).to_have_text("Чекаємо на перший дзвінок…")
    address = card.locator("input.code").input_value()
    card.locator("[data-copy]").click()
    expect(card.locator("[data-copy]")).to_have_text("Скопійовано")
    body = {"requestType": "receivedTheCall", "generalCallID": "1", "callType": "0", "externalNumber": "0671112233",
            "didNumber": "0443334455"}  # fmt: skip
    assert requests.post(address, data=body, timeout=10).ok
    requests.post(address, data={"requestType": "hangupTheCall", "generalCallID": "1"}, timeout=10)
    expect(card.locator(".state")).to_contain_text("Отримано дзвінок з +380…33 на 044 333 4455")
    card.locator("a[href*='remove=']").click()
    desk.frame.locator("form.banner .danger").click()
    desk.note("trunks", "Підключення видалено.")
    assert requests.post(address, data=body, timeout=10).status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [1280, 768, 320])
def test_every_page_fits_and_every_target_can_be_hit(office: Office, lang: str, width: int) -> None:
    desk = office()
    url = re.sub(r"#.*", "", desk.inside.url)
    token = desk.inside.evaluate("location.hash")
    desk.page.set_viewport_size({"width": width, "height": 800})
    desk.page.goto(url + token)
    for name in ("lines", "phone"):
        go(desk.page, name, lang)
        assert desk.page.evaluate(TOO_WIDE) <= 0
        assert desk.page.evaluate(TOO_SMALL) == []
