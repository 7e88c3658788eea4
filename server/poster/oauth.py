"""Codes become tokens: at the end of an install (OAuth), and when the back office opens our page."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from urllib3.filepost import encode_multipart_formdata

from server.config import Settings
from server.poster.rows import as_dict, to_text
from server.poster.trouble import EMPTY_FIELD, PosterDown, PosterError
from server.poster.wire import SPAN, Wire, error_of, parse

TOKEN = re.compile(r"([0-9]{1,20}):\S{1,200}")
COUNTRY = re.compile(r"[A-Za-z]{2}")

Prepared = tuple[str, MutableMapping[str, str], str | bytes]


@dataclass(frozen=True)
class Grant:
    """What Poster gives for a code. `owner` and `company` are for the eye; `country` is two letters or ""."""

    token: str
    number: str
    owner: str = ""
    company: str = ""
    country: str = ""


class OAuth:
    """Raises PosterError where Poster refuses, with its words inside, and PosterDown where nobody knows."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._wire = Wire()

    @property
    def redirect_uri(self) -> str:
        return f"{self._settings.public_url}/poster/callback"

    def authorize_url(self, state: str) -> str:
        """Where the browser goes. Poster documents `application_id`, its library sends `client_id`."""
        url, _ = self._session(_as_multipart).create_authorization_url(
            f"{self._settings.poster_url}/api/auth",
            state=state,
            application_id=self._settings.application_id,
        )
        return str(url)

    def exchange(self, account: str, code: str) -> Grant:
        """The grant for the code that a browser brought back; `account` must be validated before."""
        url = f"{self._settings.account_url(account)}/api/v2/auth/access_token"
        try:
            return self._fetch(url, code, _as_multipart)
        except PosterError as error:
            if error.code != EMPTY_FIELD:
                raise
            # It did not find our fields, so the code is not used up: say it again the other way.
            return self._fetch(url, code, _as_form)

    def manage(self, code: str) -> Grant:
        """The grant for the code with which the back office opened our page."""
        fields = self._manage_fields(code)
        try:
            return self._post({"files": {name: (None, value) for name, value in fields.items()}})
        except PosterError as error:
            if error.code != EMPTY_FIELD:
                raise
            return self._post({"data": fields})

    def _manage_fields(self, code: str) -> dict[str, str]:
        identity, secret = self._settings.application_id, self._settings.application_secret
        verify = hashlib.md5(f"{identity}:{secret}:{code}".encode(), usedforsecurity=False).hexdigest()
        return {"application_id": identity, "application_secret": secret, "code": code, "verify": verify}

    def _post(self, content: dict[str, Any]) -> Grant:
        url = f"{self._settings.poster_url}/api/v2/auth/manage"
        reply = self._wire.send("POST", url, time.monotonic() + SPAN, **content)
        return grant_of(reply.body, reply.status)

    def _session(self, how: Any) -> OAuth2Session:
        return OAuth2Session(
            self._settings.application_id,
            self._settings.application_secret,
            token_endpoint_auth_method=how,
            redirect_uri=self.redirect_uri,
        )

    def _fetch(self, url: str, code: str, how: Any) -> Grant:
        grants: list[Grant] = []

        def read(answer: requests.Response) -> requests.Response:
            # Before Authlib reads it: of Poster's three error shapes Authlib would take one for a token.
            grants.append(grant_of(parse(answer.content), answer.status_code))
            return answer

        with self._session(how) as session:
            session.register_compliance_hook("access_token_response", read)
            try:
                session.fetch_token(
                    url, grant_type="authorization_code", code=code, timeout=SPAN, allow_redirects=False
                )
            except (requests.RequestException, OAuthError, ValueError) as why:
                if not grants:
                    raise PosterDown(type(why).__name__) from None
        return grants[0]


def _fields(client: Any, body: str | bytes) -> dict[str, str]:
    text = body.decode() if isinstance(body, bytes) else body
    return {
        **dict(parse_qsl(text, keep_blank_values=True)),
        "application_id": client.client_id,
        "application_secret": client.client_secret,
    }


def _as_multipart(client: Any, method: str, uri: str, headers: Any, body: Any) -> Prepared:
    content, content_type = encode_multipart_formdata(_fields(client, body))
    headers["Content-Type"] = content_type
    headers.pop("Content-Length", None)
    return uri, headers, content


def _as_form(client: Any, method: str, uri: str, headers: Any, body: Any) -> Prepared:
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    headers.pop("Content-Length", None)
    return uri, headers, urlencode(_fields(client, body))


def grant_of(body: Any, status: int) -> Grant:
    """A grant is a JSON object with a token that names its account; all else is a refusal or an outage."""
    body = as_dict(body) or body
    if isinstance(body, dict) and isinstance(body.get("response"), dict):
        body = body["response"]
    token = body.get("access_token") if isinstance(body, dict) else None
    if not isinstance(token, str) or not token:
        raise _refusal(body, status)
    number = to_text(body.get("account_number"))
    match = TOKEN.fullmatch(token)
    if not match or match[1] != number:
        raise PosterError(0, "The token is not of the account that it came with.")
    owner, user = as_dict(body.get("ownerInfo")), as_dict(body.get("user"))
    country = to_text(owner.get("country"))
    return Grant(
        token=token,
        number=number,
        owner=to_text(owner.get("name") or user.get("name") or owner.get("email"), 200),
        company=to_text(owner.get("company_name"), 200),
        country=country.upper() if COUNTRY.fullmatch(country) else "",
    )


def _refusal(body: Any, status: int) -> Exception:
    refusal = error_of(body)
    if refusal and status < 500:
        return refusal
    if not isinstance(body, dict) or status >= 500:
        return PosterDown(f"HTTP {status}")
    return PosterError(0, "")
