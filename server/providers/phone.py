"""Desk phones and softphones that open an address when something happens (Action URL). See docs/providers/phone.md.

One connection is all phones of the restaurant. Several of them ring for one guest and know nothing of each other,
so the guest's number is the call's key. A phone's own number of the call is only an alias, and it has two: one
from the ring on, and one from the answer on. Only the second finds the call for an `end`: the phones that
stopped ringing because another one answered say `end` too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from server.calls import ANSWER, END, IN, INTERNAL, MISS, OUT, RING, CallEvent
from server.phones import bare, digits
from server.providers import checks, phone_models, values
from server.providers.abilities import Paste, Talk
from server.providers.base import (
    CLOUD,
    LAN,
    Delivery,
    Field,
    Foreign,
    KnownGuest,
    Reply,
    Text,
    Unreadable,
    Words,
)

# What stands in `e`, and in a phone's own words: it rings, it calls out, it was picked up, the talk is over,
# it rang in vain, it stopped ringing and does not know why, somebody pressed Reject.
EVENTS = {
    "ring": RING,
    "out": RING,
    "answer": ANSWER,
    "end": END,
    "missed": MISS,
    "gone": MISS,
    "reject": MISS,
}
OUTCOMES = {"missed": "missed", "gone": "unknown", "reject": "declined"}
UNUSED = {"hold", "unhold", "transfer", "offhook", "onhook", "busy", "idle", "setup", "registered", "failed"}

MOST_FIELDS = 100
EXTENSION = 4  # digits that a colleague's number has at most
SUBSCRIBER = 9  # last digits that are the same however the country is spelled

_REMOTE = re.compile(r"(?:^|&)(?:amp;)?r=")
_UNFILLED = re.compile(r"^\$+[A-Za-z_-]+")
_IP = re.compile(r"^(?:\d{1,3}\.){3}\d{1,3}$")

MODEL: Words = {
    "en": "Make of the phones",
    "ua": "Марка телефонів",
    "ru": "Марка телефонов",
    "pl": "Marka telefonów",
}
MODEL_HINT: Words = {
    "en": "Decides which lines you copy. Several makes share one connection: choose one, copy, then choose the next.",
    "ua": "Від неї залежать рядки для телефонів. Кілька марок – одне з’єднання: оберіть, скопіюйте, оберіть наступну.",
    "ru": "От неё зависят строки для телефонов. Марок несколько – соединение одно: выберите, скопируйте, затем другую.",
    "pl": "Od niej zależą wiersze do telefonów. Kilka marek to jedno połączenie: wybierz, skopiuj, wybierz następną.",
}
PHONES: Words = {
    "en": "Which phone is where",
    "ua": "Де який телефон",
    "ru": "Где какой телефон",
    "pl": "Który telefon gdzie jest",
}
PHONES_HINT: Words = {
    "en": "Only for calling guests from the register: each extension and its phone’s address in your network.",
    "ua": "Лише щоб телефонувати гостям з каси: внутрішній номер і адреса його телефону у вашій мережі.",
    "ru": "Только чтобы звонить гостям с кассы: внутренний номер и адрес его телефона в вашей сети.",
    "pl": "Tylko do dzwonienia do gości z kasy: numer wewnętrzny i adres jego telefonu w Twojej sieci.",
}
PHONES_MUST: Words = {
    "en": "such as 101=192.168.1.21, 102=192.168.1.22; only addresses inside your own network",
    "ua": "наприклад 101=192.168.1.21, 102=192.168.1.22; лише адреси вашої власної мережі",
    "ru": "например 101=192.168.1.21, 102=192.168.1.22; только адреса вашей собственной сети",
    "pl": "na przykład 101=192.168.1.21, 102=192.168.1.22; tylko adresy Twojej własnej sieci",
}
USER: Words = {
    "en": "The phones’ user",
    "ua": "Користувач телефонів",
    "ru": "Пользователь телефонов",
    "pl": "Użytkownik telefonów",
}
USER_HINT: Words = {
    "en": "The name for the phone’s own web page, mostly admin. Only for calling from the register.",
    "ua": "Ім’я для вебсторінки телефону, зазвичай admin. Лише для дзвінків з каси.",
    "ru": "Имя для веб-страницы телефона, обычно admin. Только для звонков с кассы.",
    "pl": "Nazwa do strony telefonu, zwykle admin. Tylko do dzwonienia z kasy.",
}
SECRET: Words = {
    "en": "The phones’ password",
    "ua": "Пароль телефонів",
    "ru": "Пароль телефонов",
    "pl": "Hasło telefonów",
}
PLAIN_MUST: Words = {
    "en": "one line, as on the phone’s web page",
    "ua": "один рядок, як на вебсторінці телефону",
    "ru": "одна строка, как на веб-странице телефона",
    "pl": "jeden wiersz, jak na stronie telefonu",
}


class Phone:
    name = "phone"
    title = "Desk phones: Yealink, Grandstream, Snom, Fanvil"
    methods = frozenset({"GET"})
    reach = frozenset({LAN, CLOUD})
    tried = False

    def __init__(self) -> None:
        models, named = phone_models.MODELS, phone_models.MODEL_WORDS
        make = Field(
            "model", MODEL, MODEL_HINT, check=checks.one_of(*models), choices=models, choice_words=named
        )
        self.fields: tuple[Field, ...] = (
            make,
            Field("phones", PHONES, PHONES_HINT, PHONES_MUST, check=phone_models.at_home),
            Field("user", USER, USER_HINT, PLAIN_MUST, check=checks.word),
            Field("password", SECRET, USER_HINT, PLAIN_MUST, secret=True, check=checks.word),
        )

    def verify(self, delivery: Delivery, settings: Mapping[str, str]) -> None:
        """Nothing to check: phones sign nothing, the token is the proof."""

    def events(self, delivery: Delivery, settings: Mapping[str, str]) -> list[CallEvent]:
        fields = _read(delivery)
        word = values.text(fields.get("e")).casefold()
        if not word:
            raise Unreadable(f"There is no e in this address; e is one of: {', '.join(EVENTS)}.")
        if word in UNUSED:
            raise Foreign(f"{word} changes nothing here")
        if word not in EVENTS:
            raise Foreign(f"{word[:40]} is not an event that is used here", word[:40])
        return [_event(word, _Told.of(fields), delivery.at)]

    def reply(self, delivery: Delivery, settings: Mapping[str, str], known: KnownGuest) -> Reply:
        """Nothing: some phones would show whatever stands in the answer."""
        return Text("")

    def doubts(self, delivery: Delivery, settings: Mapping[str, str]) -> tuple[str, str] | None:
        fields = _read(delivery)
        for name in ("r", "ext", "mac", "id"):
            match = _UNFILLED.match(fields.get(name, "").strip())
            if match:
                return "unfilled", match[0][:40]
        return None

    def pastes(self, settings: Mapping[str, str], hook_url: str) -> list[Paste]:
        return phone_models.pastes(settings, hook_url)

    def originate(self, settings: Mapping[str, str], line: str, number: str, mark: str) -> Talk[str]:
        return phone_models.dial(settings, line, digits(number))


@dataclass(frozen=True)
class _Told:
    """What one request says. `number` is None when it does not say who, "" when that is hidden."""

    number: str | None
    name: str
    line: str
    phone: str
    id: str

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> _Told:
        mac = values.text(fields.get("mac"), 40)
        mac = "" if _UNFILLED.match(mac) else re.sub(r"[^0-9a-z]", "", mac.casefold())[:16]
        line = values.line(values.first(dict(fields), "ext"))
        number = _number(fields)
        call = values.key(values.first(dict(fields), "id"))
        return cls(number, _name(fields), line or mac, mac or line, call)

    @property
    def colleague(self) -> bool:
        return 0 < len(digits(bare(self.number or ""))) <= EXTENSION

    @property
    def rung(self) -> str:
        """This phone's own word for the call."""
        return values.key(f"{self.phone}:{self.id}") if self.id else ""

    @property
    def talked(self) -> str:
        """The same, from the answer on; of phones that have no ids, the number must do."""
        return values.key(f"talk:{self.phone}:{self.id or _tail(self.number or '')}")

    def key(self, kind: str) -> str:
        if self.colleague:
            return "in:" + "-".join(sorted((self.line, digits(self.number or ""))))
        if self.number is None and kind != RING:
            if not self.rung:
                raise Unreadable("There is neither r nor id in this address; without them it is no call's.")
            return self.rung
        return "from:" + _tail(self.number or "")


def _event(word: str, told: _Told, at: float) -> CallEvent:
    kind = EVENTS[word]
    if kind == END:
        # Under a key that no call has: it ends the call that this phone answered, or none.
        return CallEvent(values.key(f"end:{told.talked}:{at:.3f}"), END, at, outcome="unknown", reused=True,
                         alias=told.talked)  # fmt: skip
    direction = {"ring": IN, "missed": IN, "reject": IN, "out": OUT}.get(word, "")
    caller, line = told.number, told.line
    if kind == RING and caller is None:
        caller = ""
    if told.colleague:
        direction, other = INTERNAL, digits(bare(told.number or ""))
        caller, line = (told.line, other) if word == "out" else (other if kind == RING else None, line)
    alias = told.talked if kind == ANSWER else told.rung
    return CallEvent(told.key(kind), kind, at, direction, caller, line=line, name=told.name,
                     outcome=OUTCOMES.get(word, ""), reused=True, alias=alias)  # fmt: skip


def _read(delivery: Delivery) -> dict[str, str]:
    """`r` is the last: a phone may leave it as it is, with all that an address has, so it goes to the end.

    Of two fields with one name the first counts: the later one may be out of a caller's name.
    """
    raw = delivery.raw_url.partition("?")[2] or delivery.query
    text = raw.encode("latin-1", "replace").decode("utf-8", "replace")
    last = _REMOTE.search(text)
    head = text[: last.start()] if last else text
    try:
        pairs = parse_qsl(head, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Unreadable(f"There are more than {MOST_FIELDS} fields in this address.") from None
    fields = {name.removeprefix("amp;"): value for name, value in reversed(pairs)}
    return fields | ({"r": unquote(text[last.end() :], errors="replace")} if last else {})


def _number(fields: Mapping[str, str]) -> str | None:
    """Who is on the other side; what the display shows counts only where the address itself is not told."""
    told = fields.get("r", "").strip()
    if "r" in fields and not _UNFILLED.match(told):
        inside = re.search(r"<([^<>]*)>", told)
        address = re.split(r"[&?#]", inside[1] if inside else told)[0]
        return "" if _IP.match(re.sub(r"^sips?:|:\d+$", "", address)) else values.number(address)
    shown = values.text(fields.get("dr"))
    return shown if re.match(r"^\+?[\d ()-]{7,20}$", shown) else None


def _name(fields: Mapping[str, str]) -> str:
    """What stands before the number, or on the phone's display; a number is no name."""
    shown = values.name(fields.get("r")) or values.text(fields.get("dr"))
    return "" if _UNFILLED.match(shown) or not re.search(r"[^\W\d_]", shown) else shown


def _tail(number: str) -> str:
    return digits(bare(number))[-SUBSCRIBER:]
