"""UniTalk (Ukraine): its "Standard JSON" events. What is asked of it is in `unitalk_rest`."""

from __future__ import annotations

import hmac

from server.calls import ANSWER, END, RING, CallEvent
from server.providers import checks, forms, values
from server.providers.base import (
    CLOUD,
    Delivery,
    Field,
    Foreign,
    KnownGuest,
    Refused,
    Reply,
    Settings,
    Unreadable,
    Words,
)
from server.providers.unitalk_calls import read
from server.providers.unitalk_rest import Rest

EVENTS = {"CALL_NEW": RING, "CALL_REDIRECT": RING, "CALL_ANSWER": ANSWER, "CALL_END": END}
TOKEN_HEADER = "X-Dzvinok-Token"  # noqa: S105 - a header's name
SHORTEST_TOKEN = 16

KEY: Words = {"en": "API key", "ua": "Ключ API", "ru": "Ключ API", "pl": "Klucz API"}
KEY_HINT: Words = {
    "en": "From the cabinet’s API page. For calls from the register, the history and missed calls; "
    "calls ring without it too.",
    "ua": "Зі сторінки API в кабінеті. Для дзвінків із каси, історії та пропущених; дзвінки надходять і без нього.",
    "ru": "Со страницы API в кабинете. Для звонков с кассы, истории и пропущенных; звонки поступают и без него.",
    "pl": "Ze strony API w panelu. Do dzwonienia z kasy, historii i nieodebranych; połączenia docierają i bez niego.",
}
KEY_MUST: Words = {
    "en": "the key as it stands in the cabinet, without spaces",
    "ua": "ключ, як у кабінеті, без пробілів",
    "ru": "ключ, как в кабинете, без пробелов",
    "pl": "klucz taki jak w panelu, bez spacji",
}
TOKEN: Words = {
    "en": "Header X-Dzvinok-Token",
    "ua": "Заголовок X-Dzvinok-Token",
    "ru": "Заголовок X-Dzvinok-Token",
    "pl": "Nagłówek X-Dzvinok-Token",
}
TOKEN_HINT: Words = {
    "en": "If you like: any 16 characters or more, the same here and in the headers of UniTalk’s handlers. "
    "Requests without it are then refused.",
    "ua": "За бажання: будь-які 16 символів або більше, ті самі тут і в заголовках обробників UniTalk. "
    "Запити без них відхилятимуться.",
    "ru": "По желанию: любые 16 символов или больше, те же здесь и в заголовках обработчиков UniTalk. "
    "Запросы без них будут отклоняться.",
    "pl": "Jeśli chcesz: dowolne 16 znaków lub więcej, te same tu i w nagłówkach zdarzeń UniTalk. "
    "Żądania bez nich będą odrzucane.",
}
TOKEN_MUST: Words = {
    "en": "at least 16 characters, without spaces",
    "ua": "щонайменше 16 символів, без пробілів",
    "ru": "не меньше 16 символов, без пробелов",
    "pl": "co najmniej 16 znaków, bez spacji",
}


class UniTalk(Rest):
    name = "unitalk"
    title = "UniTalk"
    methods = frozenset({"POST"})
    reach = frozenset({CLOUD})
    tried = False

    def __init__(self) -> None:
        self.fields: tuple[Field, ...] = (
            Field("key", KEY, KEY_HINT, KEY_MUST, secret=True, check=checks.key),
            Field("token", TOKEN, TOKEN_HINT, TOKEN_MUST, secret=True, check=_token),
        )

    def verify(self, delivery: Delivery, settings: Settings) -> None:
        """UniTalk signs nothing, but it sends a header of the owner's wish."""
        token, told = settings.get("token", ""), delivery.headers.get(TOKEN_HEADER.lower(), "").strip()
        if token and not hmac.compare_digest(told.encode("utf-8", "replace"), token.encode()):
            raise Refused("token" if told else "no token")

    def events(self, delivery: Delivery, settings: Settings) -> list[CallEvent]:
        fields = forms.body(delivery)
        word = values.text(fields.get("event"))
        if not word:
            raise Unreadable(
                "There is no event in this request; choose Standard JSON as the body of the handler."
            )
        if word not in EVENTS:
            raise Foreign(f"{word[:40]} is not an event that is used here", word[:40])
        return read(EVENTS[word], forms.nested(fields.get("call")), delivery.at)

    def reply(self, delivery: Delivery, settings: Settings, known: KnownGuest) -> Reply:
        return {"status": "success"}


def _token(value: str) -> str:
    cleaned = checks.key(value)
    if cleaned and len(cleaned) < SHORTEST_TOKEN:
        raise ValueError
    return cleaned
