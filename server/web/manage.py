"""The door of Poster's back office: `/manage`, shown in its frame, without cookies.

Poster glues a code to our address; it is exchanged once, and from then on the page itself carries a signed
token that its script sends as `Authorization: Bearer`. Nothing that a query or a form says about accounts is
believed: the token alone says whose page this is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from server import acting, leaving, limits, logins, members
from server.acting import NOBODY, Actor
from server.locks import Tries
from server.models import Account, Parked
from server.parts import Parts
from server.unfit import Unfit
from server.web import limiting
from server.web.manage_facts import Json
from server.web.manage_pages import STATIC, Page, Pages, Said
from server.web.manage_room import Room
from server.web.manage_rooms import FORMS, ROOMS, home
from server.web.manage_unlock import LOCK, UNLOCK, doors
from server.web.manage_words import TONGUES, Say, language, speaker, unfit
from server.web.pagetoken import PageTokens, Pass

LARGEST = 64 * 1024
CODE = re.compile(r"^[0-9a-f]{32}$")
# Where a thing is gone, and its form with it, that is told beside the list it was in.
LISTS = {"trunk_unknown": "trunks", "provider_unknown": "trunks", "member_unknown": "members"}
CODE_NAMES = ("code", "posterToken", "poster_token", "poster_auth_code", "auth_code")


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("manage", __name__, static_folder=str(STATIC), static_url_path="/manage/static")
    manage = Manage(parts)

    @blueprint.get("/manage")
    @blueprint.get("/manage/")
    @blueprint.get("/manage/<path:rest>")
    def page(rest: str = "") -> Response:
        return manage.show(rest)

    @blueprint.get("/manage/<room>/events")
    def events(room: str) -> Response:
        return manage.events(room)

    @blueprint.post("/manage/<path:verb>")
    def form(verb: str) -> Response:
        return manage.obey(verb)

    @blueprint.before_request
    def limit() -> None:
        request.max_content_length = LARGEST

    @blueprint.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response:
        return manage.failed(error)

    @blueprint.after_request
    def guard(response: Response) -> Response:
        return manage.pages.guard(response)

    return blueprint


class Manage:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._tokens = PageTokens(parts.settings.secret_key)
        self.pages = Pages(parts.settings)
        self._forms = FORMS | {verb: (NOBODY, form) for verb, form in doors(Tries()).items()}

    def show(self, rest: str) -> Response:
        """A page of the account that the token opens; else whatever the code brings; else the way in."""
        if request.authorization is not None:
            return self._opened(lambda account, actor: self._view(account, actor, rest, None))
        code = code_in(request.query_string.decode("latin-1"), request.args.to_dict(), rest)
        if code:
            limiting.counted(self._parts, limits.CODE)
            return self._arrived(code)
        known = rest.partition("/")[0] in ("", UNLOCK, *ROOMS)
        return self._welcome("welcome") if known else self._welcome("missing", 404)

    def obey(self, verb: str) -> Response:
        """Does what a form asks and shows the page afterwards. A mistake is told beside its field."""
        if verb == "confirm":
            return self._confirm()
        if verb not in self._forms:
            return self._welcome("missing", 404)
        return self._opened(lambda account, actor: self._do(account, actor, verb))

    def events(self, name: str) -> Response:
        """Asked every two seconds; does not prolong the token, so that a forgotten page closes in time."""
        opens, room = self._pass(), ROOMS.get(name)
        account = Account.get_or_none(Account.id == opens.account) if opens else None
        if account is None or opens is None or room is None or room.events is None:
            return Response(status=401)
        actor = members.actor(account.id, opens.member, opens.login)
        if not actor.may(room.role):
            return Response(status=403)
        with acting.as_(actor):
            return jsonify(room.events(self._parts, account, self._say(account)))

    def failed(self, error: HTTPException) -> Response:
        return self._welcome("missing" if error.code == 404 else "broken", error.code or 500)

    def _arrived(self, code: str) -> Response:
        entered = self._parts.connecting.enter_manage(code)
        if entered.account is not None:
            return self._view(entered.account, members.actor(entered.account.id, 0), "", None)
        if entered.parked is not None:
            return self._parked(entered.parked, Pass(parked=entered.parked.id, browser=entered.browser))
        return self._welcome(entered.problem, told=entered.told)

    def _confirm(self) -> Response:
        opens = self._pass()
        if opens is None or not opens.parked:
            return self._welcome("expired", 401)
        account = self._parts.connecting.confirm(opens.parked, opens.browser)
        if account is None:
            return self._welcome("used", 409)
        return self._view(account, members.actor(account.id, 0), "", None)

    def _opened(self, answer: Callable[[Account, Actor], Response]) -> Response:
        opens = self._pass()
        if opens is None:
            return self._welcome("expired", 401)
        if opens.parked:
            parked = Parked.get_or_none(Parked.id == opens.parked, Parked.used_at.is_null())
            return self._parked(parked, opens) if parked else self._welcome("used", 409)
        account = Account.get_or_none(Account.id == opens.account)
        if account is None:
            return self._welcome("expired", 401)
        limiting.of_anybody(self._parts, limits.MANAGE, "account", account.id)
        actor = members.actor(account.id, opens.member, opens.login)
        with acting.as_(actor):
            return answer(account, actor)

    def _do(self, account: Account, actor: Actor, verb: str) -> Response:
        role, form = self._forms[verb]
        say, room = self._say(account), "" if verb in (UNLOCK, LOCK) else verb.split("/")[0]
        if role != NOBODY and not actor.may(role):
            said = Said(request.form.get("part", ""), say("not_allowed"), good=False, mistake=True)
            return self._view(account, actor, room, said, 403)
        try:
            said = form(self._parts, account, request.form, say)
        except Unfit as wrong:
            said = _wrong(wrong, unfit(say, wrong))
        return self._view(account, _after(account, actor, said), said.there or room, said)

    def _view(
        self, account: Account, actor: Actor, name: str, said: Said | None, status: int = 200
    ) -> Response:
        with acting.as_(actor):
            return self._seen(account, actor, name, said, status)

    def _seen(self, account: Account, actor: Actor, name: str, said: Said | None, status: int) -> Response:
        say = self._say(account)
        token = self._tokens.issue(Pass(account=account.id, member=actor.member, login=actor.login))
        facts: Json = {"token": token, "account": account, "actor": actor, "rooms": _listed(actor),
                       "locked": members.locked(account.id)}  # fmt: skip
        if not account.rings:
            gone = Page("disconnected", self._lang(account))
            return self.pages.render(gone, until=leaving.day(account), **facts)
        name, _, rest = (name or home(account, actor)).partition("/")
        room = ROOMS.get(name) or ROOMS[home(account, actor)]
        if not actor.may(room.role) or (name == UNLOCK and facts["locked"]):
            asked = actor.role == NOBODY or name == UNLOCK
            return self._shut("unlock" if asked else "forbidden", account, room, said, facts)
        try:
            template, context = room.view(self._parts, account, say, {**request.args.to_dict(), "of": rest})
        except Unfit as wrong:
            lost = Said("trunks", unfit(say, wrong), good=False, mistake=True)
            return self._view(account, actor, room.within or home(account, actor), lost)
        page = Page(template, self._lang(account), 422 if said and said.mistake and status == 200 else status)
        return self.pages.render(page, said=said, room=room, **facts, **context)

    def _shut(self, page: str, account: Account, room: Room, said: Said | None, facts: Json) -> Response:
        """Who somebody is is asked, or said that this is not for them."""
        shut = Page(page, self._lang(account), 429 if said and said.wait else 403)
        people = [(one.id, one.name) for one in members.of(account.id)]
        response = self.pages.render(shut, said=said, room=room, people=people, **facts)
        if said and said.wait:
            response.headers["Retry-After"] = str(math.ceil(said.wait))
        return response

    def _parked(self, parked: Parked, opens: Pass) -> Response:
        page = Page("parked", self._lang(None))
        left = Account.get_or_none(Account.number == parked.number)
        until = leaving.day(left) if left else ""
        return self.pages.render(page, token=self._tokens.issue(opens), parked=parked, until=until)

    def _welcome(self, reason: str, status: int = 200, told: str = "") -> Response:
        """The page without an account: what happened, how to go on. The query's names are only displayed."""
        shown = {name: request.args.get(name, "")[:64] for name in ("poster_url", "account_number")}
        page = Page("welcome", self._lang(None), status)
        return self.pages.render(page, reason=reason, told=told[:200], shown=shown)

    def _pass(self) -> Pass | None:
        given = request.authorization
        if given is None or given.type != "bearer" or not given.token:
            return None
        return self._tokens.read(given.token)

    def _lang(self, account: Account | None) -> str:
        browser = request.accept_languages.best_match(TONGUES.values(), "en")
        spoken = next(code for code, tongue in TONGUES.items() if tongue == browser)
        return language(request.args.get("lang"), account.lang if account else None, spoken)

    def _say(self, account: Account | None) -> Say:
        return speaker(self._lang(account))


def _listed(actor: Actor) -> list[Room]:
    return [room for room in ROOMS.values() if room.listed and actor.may(room.role)]


def _after(account: Account, actor: Actor, said: Said) -> Actor:
    """What was done may have been about whoever did it; somebody else's page is another login, and this one is over."""
    if said.member is None:
        return members.actor(account.id, actor.member, actor.login)
    logins.end(account.id, actor.login)
    return members.actor(account.id, said.member)


def _wrong(wrong: Unfit, text: str) -> Said:
    """Beside the field, or the form; beside the list where the form's own thing is gone."""
    part = LISTS.get(wrong.word, request.form.get("part", ""))
    setting = wrong.values["value"] if wrong.word in ("setting_missing", "setting_wrong") else ""
    return Said(part, text, good=False, mistake=True, typed=request.form, setting=str(setting))


def code_in(query: str, args: dict[str, str], rest: str) -> str:
    """Poster's code, wherever the address saved in the developer account made it land, or ""."""
    named = next((args[name] for name in CODE_NAMES if args.get(name)), "")
    bare = query.strip("?=/&").split("&")[0]
    last = rest.rstrip("/").rsplit("/", 1)[-1]
    for text in (named.rsplit("=", 1)[-1], bare, last, *args.values()):
        if CODE.match(text):
            return text
    return named.rsplit("=", 1)[-1][:128]
