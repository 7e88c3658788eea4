from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.signing import manage_verify
from tests.sandbox.stand import SECRET, Application, Poster, parsed, query_of


def manage(poster: Poster, code: str, **more: str) -> dict[str, object]:
    fields = {"application_id": "4242", "application_secret": SECRET, "code": code}
    fields |= {"verify": manage_verify("4242", SECRET, code), **more}
    return dict(requests.post(f"{poster.url}/api/v2/auth/manage", data=fields, timeout=10).json())


def authorize(poster: Poster, host: str = "", **more: str) -> requests.Response:
    query = {
        "application_id": "4242",
        "redirect_uri": poster.settings.redirect_uri,
        "response_type": "code",
    } | more
    return requests.get(f"{poster.url}{host}/api/auth", params=query, timeout=10)


def test_consent_page_opens_with_the_saved_redirect_uri(poster: Poster) -> None:
    assert authorize(poster).status_code == 200
    assert authorize(poster, "/pechera", client_id="4242").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "http://evil.example/"},
        {"application_id": "1"},
        {"client_id": "7"},
        {"response_type": "token"},
    ],
)
def test_consent_page_refuses_what_the_developer_account_does_not_hold(
    poster: Poster, wrong: dict[str, str]
) -> None:
    assert authorize(poster, **wrong).status_code == 400


def test_approval_brings_code_and_account_but_no_state(poster: Poster) -> None:
    back = poster.code(state="abc")
    assert len(back["code"]) == 32
    assert back["account"] == "pechera"
    assert "state" not in back


def test_state_comes_back_only_by_the_switch(poster: Poster) -> None:
    poster.faults(state_echo="yes")
    assert poster.code(state="abc")["state"] == "abc"


def test_declining_brings_no_code(poster: Poster) -> None:
    assert "code" not in poster.code(decision="decline")


def test_exchange_gives_a_token_of_the_account_without_a_wrapper(poster: Poster) -> None:
    reply = poster.exchange(poster.code()["code"])
    number, _, secret = reply["access_token"].partition(":")
    assert number == reply["account_number"] == "700123"
    assert len(secret) == 32
    assert reply["user"]["role_id"] == 3
    assert reply["ownerInfo"]["country"] == "UA"


def test_urlencoded_and_the_common_host_are_as_good(poster: Poster) -> None:
    fields = {"application_id": "4242", "application_secret": SECRET, "grant_type": "authorization_code"}
    fields |= {"redirect_uri": poster.settings.redirect_uri, "code": poster.code()["code"]}
    reply = requests.post(f"{poster.url}/api/v2/auth/access_token", data=fields, timeout=10).json()
    assert reply["access_token"].startswith("700123:")


def test_strict_poster_takes_multipart_only_and_keeps_the_code(poster: Poster) -> None:
    poster.faults(exchange_encoding="multipart")
    code = poster.code()["code"]
    fields = {"application_id": "4242", "application_secret": SECRET, "grant_type": "authorization_code"}
    fields |= {"redirect_uri": poster.settings.redirect_uri, "code": code}
    reply = requests.post(f"{poster.url}/pechera/api/v2/auth/access_token", data=fields, timeout=10).json()
    assert (reply["error"], reply["field"]) == (34, "application_id")
    assert "access_token" in poster.exchange(code)


def test_code_is_good_once(poster: Poster) -> None:
    code = poster.code()["code"]
    poster.exchange(code)
    assert poster.exchange(code)["error_type"] == "OAuthException"


def test_code_may_be_reused_by_the_switch_and_gives_the_same_token(poster: Poster) -> None:
    poster.faults(code_reuse="allow")
    code = poster.code()["code"]
    assert poster.exchange(code)["access_token"] == poster.exchange(code)["access_token"]


@pytest.mark.parametrize(
    "wrong", [{"redirect_uri": "http://x/"}, {"application_secret": "no"}, {"grant_type": "x"}]
)
def test_wrong_fields_are_refused(poster: Poster, wrong: dict[str, str]) -> None:
    assert "access_token" not in poster.exchange(poster.code()["code"], **wrong)


def test_the_other_accounts_host_does_not_take_the_code(poster: Poster) -> None:
    assert poster.exchange(poster.code("pechera")["code"], "kaffka")["error"] == 143


@pytest.mark.parametrize(
    ("shape", "keys"),
    [("a", {"error", "message", "field"}), ("b", {"code", "error_type", "error_message"}), ("c", {"error"})],
)
def test_three_shapes_of_refusal(poster: Poster, shape: str, keys: set[str]) -> None:
    poster.faults(exchange_error=shape)
    assert set(poster.exchange(poster.code()["code"])) == keys


def test_install_started_at_poster_lands_on_the_redirect_uri_with_a_code(poster: Poster) -> None:
    reply = requests.get(
        f"{poster.url}/marketplace/install?account=kaffka", allow_redirects=False, timeout=10
    )
    back = query_of(reply.headers["Location"])
    assert "access_token" in poster.exchange(back["code"], "kaffka")


def test_bare_connect_opens_manage_with_unsigned_words_and_no_code(
    poster: Poster, application: Application
) -> None:
    reply = requests.get(f"{poster.url}/marketplace/open", allow_redirects=False, timeout=10)
    assert reply.headers["Location"].startswith(f"{application.url}/manage?")
    words = query_of(reply.headers["Location"])
    assert words == {"poster_url": "pechera", "account_number": "700123", "lang": "ua"}


def iframe(poster: Poster) -> str:
    """The address that the console page puts into its frame."""
    page = requests.get(f"{poster.url}/manage/applications/dzvinok", timeout=10).text
    found = re.search(re.escape(poster.settings.server) + r"/manage[^\"'\s<]*", page)
    assert found
    return html.unescape(found[0])


def test_manage_code_is_exchanged_once_with_verify(poster: Poster) -> None:
    code = query_of(iframe(poster))["code"]
    assert manage(poster, code, verify="0" * 32)["error"] == 142
    assert str(manage(poster, code)["access_token"]).startswith("700123:")
    assert manage(poster, code)["error"] == 143


def test_manage_code_is_no_oauth_code(poster: Poster) -> None:
    assert "access_token" not in poster.exchange(query_of(iframe(poster))["code"])


@pytest.mark.parametrize(
    ("switch", "start"),
    [
        ("query", "/manage?code="),
        ("alias", "/manage?posterToken="),
        ("path", "/manage/"),
        ("bare", "/manage?"),
        ("doubled", "/manage?code=?code="),
    ],
)
def test_manage_code_is_glued_to_whatever_was_saved(poster: Poster, switch: str, start: str) -> None:
    poster.faults(manage_code=switch)
    parts = urlsplit(iframe(poster))
    rest = f"{parts.path}?{parts.query}" if parts.query else parts.path
    assert rest.startswith(start)
    assert len(rest.removeprefix(start)) == 32


def test_connecting_is_told_by_the_application_hook(poster: Poster, application: Application) -> None:
    token = poster.connect()
    hook = parsed(application.wait_for(1)[0])
    assert (hook["object"], hook["action"]) == ("application", "added")
    assert token in hook["data"]
