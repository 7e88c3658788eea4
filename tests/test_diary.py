"""What companies sent is kept for a while: bounded, without secrets and without whole numbers."""

from __future__ import annotations

import pytest
from flask import Flask

from server.db import reading
from server.diary import KEPT, Diary, redacted
from server.models import Raw
from server.parts import Parts
from tests.conftest import Restaurant, add_trunk


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("from=0671112233&line=101", "from=067*****33&line=101"),
        ('{"caller":"+380671112233","to":"101"}', '{"caller":"+380*******33","to":"101"}'),
        ("caller_id=%2B380671112233", "caller_id=%2B380*******33"),
        ("sip:0671112233@pbx.example.com", "sip:067*****33@pbx.example.com"),
        ("crm_token=T0ken&cmd=event", "crm_token=•••&cmd=event"),
        ('{"password": "sip secret","x":1}', '{"password": "•••","x":1}'),
        ("vpbx_api_key=demo-key&sign=18942d&json={}", "vpbx_api_key=•••&sign=•••&json={}"),
        ("startTime=1795436400", "startTime=1795436400"),
        ("when=1795436400123", "when=1795436400123"),
        ("src=sip%3A0671512187%40pbx", "src=sip%3A067*****87%40pbx"),
        ("%22Olena%22+%3C0671512136%3E", "%22Olena%22+%3C067*****36%3E"),
        ("json=%7B%22from%22%3A%22%2B380671512149%22", "json=%7B%22from%22%3A%22%2B380*******49%22"),
        ("tel%3A%2B380671512149", "tel%3A%2B380*******49"),
        ("tel380671512149", "tel380*******49"),
        ("uuid=0f1e2d3c4b5a69788796a5b4c3d2e1f0", "uuid=0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        ("call=5120034567", "call=512*****67"),
        ("caller: +38 (067) 111-22-33, 101", "caller: +38 (0**) ***-**-33, 101"),
        ("from=067-111-2233", "from=067-***-**33"),
        ("call_start=2026-11-23 12:30:01", "call_start=2026-11-23 12:30:01"),
        ("call_id=1795436400.1234567", "call_id=1795436400.1234567"),
    ],
)
def test_what_is_kept_names_nobody(sent: str, kept: str) -> None:
    assert redacted(sent) == kept


def test_the_trunks_own_secrets_are_taken_out_wherever_they_stand() -> None:
    assert redacted("hello my-key-1 and my-key-12", ["my-key-1", "my-key-12"]) == "hello ••• and •••"


def test_a_name_in_brackets_is_no_reason_to_keep_its_number() -> None:
    assert "671112233" not in redacted('"Olena" <380671112233>, callDetails[externalNumber]=380671112233')


def test_the_newest_are_kept_and_the_first_of_each_word(database: None, restaurant: Restaurant) -> None:
    account = restaurant()
    trunk, diary = add_trunk(account), Diary()
    for count in range(KEPT + 30):
        diary.note(account.id, trunk.id, "POST", f"n={count}", "taken", "ring" if count else "odd one")
        if count % 40 == 0:
            diary.write_down()
            diary.trim()
    diary.write_down()
    diary.trim()
    with reading():
        texts = [row.text for row in diary.of(trunk.id)]
    assert texts[0] == "n=0"
    assert texts[1] == "n=1"  # the first ring
    assert texts[-1] == f"n={KEPT + 29}"
    assert len(texts) == KEPT + 2


def test_a_removed_trunk_takes_its_diary_along(database: None, restaurant: Restaurant) -> None:
    account = restaurant()
    trunk, diary = add_trunk(account), Diary()
    diary.note(account.id, trunk.id, "POST", "a", "taken")
    diary.write_down()
    diary.note(account.id, trunk.id, "POST", "b", "taken")
    trunk.delete_instance()
    diary.write_down()
    with reading():
        assert not Raw.select().count()


def test_a_webhook_is_written_down_without_its_token_and_number(
    app: Flask, parts: Parts, restaurant: Restaurant
) -> None:
    trunk = add_trunk(restaurant(), "generic")
    app.test_client().get(f"/hooks/generic/{trunk.token}?event=ring&from=0671112233&name={trunk.token}")
    app.test_client().get(f"/hooks/generic/{trunk.token}?event=dance")
    parts.diary.write_down()
    with reading():
        rows = [(row.word, row.verdict, row.text) for row in parts.diary.of(trunk.id)]
    assert rows[0] == ("ring", "taken", "?event=ring&from=067*****33&name=•••\n")
    assert rows[1][0] == "dance"
    assert rows[1][1].startswith("nothing done")


def test_an_unknown_event_is_told_to_the_owner_once(app: Flask, parts: Parts, restaurant: Restaurant) -> None:
    trunk = add_trunk(restaurant(), "generic")
    client = app.test_client()
    client.get(f"/hooks/generic/{trunk.token}?event=dance&from=0671112233")
    with reading():
        fresh = parts.trunks.one(trunk.account, trunk.id)
    assert (fresh.trouble, fresh.trouble_detail) == ("unknown_word", "dance")
    parts.health.well(trunk.id)
    client.get(f"/hooks/generic/{trunk.token}?event=dance&from=0671112233")
    with reading():
        assert parts.trunks.one(trunk.account, trunk.id).trouble == ""
