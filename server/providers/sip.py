"""The box as one more phone of any PBX or SIP company: it rings along and never answers. See docs/providers/sip.md."""

from __future__ import annotations

import re
from collections.abc import Mapping

from server.providers import checks
from server.providers import sip_messages as messages
from server.providers.abilities import NOTHING, Place, Step
from server.providers.base import OUT, Deaf, Field, Settings, Words
from server.providers.sip_register import Registration
from server.providers.sip_rings import Rings

PORT = "5060"
METHODS = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "NOTIFY")

HOST: Words = {
    "en": "Server (domain)",
    "ua": "Сервер (домен)",
    "ru": "Сервер (домен)",
    "pl": "Serwer (domena)",
}
HOST_HINT: Words = {
    "en": "Give the box an extension of its own in the ring group. Never a phone’s login: the phone would fall silent.",
    "ua": "Дайте боксу власний внутрішній номер у групі дзвінка. Ніколи не логін телефону: той телефон замовкне.",
    "ru": "Дайте боксу собственный внутренний номер в группе вызова. Никогда не логин телефона: тот телефон замолчит.",
    "pl": "Daj urządzeniu własny numer wewnętrzny w grupie dzwonienia. Nigdy login telefonu: ten telefon by zamilkł.",
}
HOST_MUST: Words = {
    "en": "a name or an address, such as sip.example.com or 192.168.1.5",
    "ua": "ім’я або адреса, наприклад sip.example.com чи 192.168.1.5",
    "ru": "имя или адрес, например sip.example.com или 192.168.1.5",
    "pl": "nazwa lub adres, na przykład sip.example.com albo 192.168.1.5",
}
PORT_HINT: Words = {
    "en": "Leave it empty if nobody told you one: 5060.",
    "ua": "Залиште порожнім, якщо вам його не казали: 5060.",
    "ru": "Оставьте пустым, если вам его не называли: 5060.",
    "pl": "Zostaw puste, jeśli nikt go nie podał: 5060.",
}
USER: Words = {
    "en": "Extension (user)",
    "ua": "Внутрішній номер (логін)",
    "ru": "Внутренний номер (логин)",
    "pl": "Numer wewnętrzny (login)",
}
USER_HINT: Words = {
    "en": "One that you made for the box alone, such as 190.",
    "ua": "Створений лише для боксу, наприклад 190.",
    "ru": "Созданный только для бокса, например 190.",
    "pl": "Utworzony tylko dla tego urządzenia, na przykład 190.",
}
USER_MUST: Words = {
    "en": "letters, digits and . _ - + only",
    "ua": "лише літери, цифри та . _ - +",
    "ru": "только буквы, цифры и . _ - +",
    "pl": "tylko litery, cyfry oraz . _ - +",
}
SECRET: Words = {"en": "Its password", "ua": "Його пароль", "ru": "Его пароль", "pl": "Jego hasło"}
SECRET_MUST: Words = {
    "en": "one line, as the PBX or the company shows it",
    "ua": "один рядок, як показує АТС або компанія",
    "ru": "одна строка, как показывает АТС или компания",
    "pl": "jeden wiersz, jak podaje centrala lub operator",
}
LOGIN: Words = {
    "en": "Login, if it is another one",
    "ua": "Логін, якщо він інший",
    "ru": "Логин, если он другой",
    "pl": "Login, jeśli jest inny",
}
LOGIN_HINT: Words = {
    "en": "Some companies call it auth ID or authorization user. Mostly empty.",
    "ua": "Деякі компанії звуть його auth ID або authorization user. Зазвичай порожньо.",
    "ru": "Некоторые компании называют его auth ID или authorization user. Обычно пусто.",
    "pl": "Niektórzy operatorzy nazywają go auth ID lub authorization user. Zwykle puste.",
}
LINE: Words = {
    "en": "A name for what rings here",
    "ua": "Назва для того, що тут дзвонить",
    "ru": "Название для того, что здесь звонит",
    "pl": "Nazwa tego, co tu dzwoni",
}
LINE_HINT: Words = {
    "en": "Only with several restaurants: a word such as podil, given to its registers on Lines. Empty: all ring.",
    "ua": "Лише для кількох закладів: слово, як-от podil, яке на «Лініях» належить його касам. Порожньо: дзвонять усі.",
    "ru": "Только для нескольких заведений: слово вроде podil, которое на «Линиях» дано его кассам. Пусто: звонят все.",
    "pl": "Tylko przy kilku lokalach: słowo, np. podil, na Liniach przypisane do jego kas. Puste: dzwonią wszystkie.",
}


def _user(value: str) -> str:
    cleaned = value.strip()
    if not re.fullmatch(r"[A-Za-z0-9_.+-]{0,64}", cleaned):
        raise ValueError
    return cleaned


def _line(value: str) -> str:
    cleaned = value.strip()
    if not re.fullmatch(r"[\w.+-]{0,32}", cleaned):
        raise ValueError
    return cleaned


class Sip(Deaf):
    name = "sip"
    title = "SIP: one more phone in the group"
    reach = frozenset({OUT})
    tried = True

    def __init__(self) -> None:
        self.fields: tuple[Field, ...] = (
            Field("host", HOST, HOST_HINT, HOST_MUST, required=True, check=checks.host),
            Field("port", checks.PORT, PORT_HINT, checks.PORT_MUST, check=checks.port),
            Field("user", USER, USER_HINT, USER_MUST, required=True, check=_user),
            Field("secret", SECRET, {}, SECRET_MUST, secret=True, required=True, check=checks.word),
            Field("auth_user", LOGIN, LOGIN_HINT, USER_MUST, check=_user),
            Field("line", LINE, LINE_HINT, USER_MUST, check=_line),
        )

    def link(self, settings: Settings) -> SipLink:
        return SipLink(settings)


class SipLink:
    """One socket, one registration, the calls that ring at it."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.place = Place("udp", host=settings["host"], port=int(settings.get("port") or PORT))
        self._registration = Registration(settings)
        self._rings = Rings(settings["user"], settings.get("line", ""), lambda: self._registration.contact)

    def opened(self, now: float, local: tuple[str, int]) -> Step:
        return self._registration.opened(now, local)

    def received(self, data: bytes | str, now: float) -> Step:
        message = messages.read(data.encode() if isinstance(data, str) else data)
        if message is None:
            return NOTHING
        if message.code:
            return self._answered(message, now)
        if message.method == "INVITE":
            return self._rings.invited(message, now)
        if message.method == "CANCEL":
            return self._rings.cancelled(message, now)
        if message.method == "ACK":
            return self._rings.acknowledged(message)
        return Step(send=(_reply(message),))

    def tick(self, now: float) -> Step:
        one, other = self._registration.tick(now), self._rings.tick(now)
        return Step(send=one.send + other.send, events=other.events, trouble=one.trouble, detail=one.detail,
                    close=one.close)  # fmt: skip

    def _answered(self, message: messages.Message, now: float) -> Step:
        """The first yes after a new start also says which calls there still are: those that we know of."""
        if message.method != "REGISTER":
            return NOTHING
        step = self._registration.answered(message, now)
        return Step(ready=True, live=self._rings.live) if step.ready else step


def _reply(request: messages.Message) -> bytes:
    allow = [("Allow", ", ".join(METHODS)), ("Accept", "application/sdp")]
    code = {"OPTIONS": 200, "NOTIFY": 200, "BYE": 481, "PRACK": 481, "UPDATE": 481, "INFO": 481}
    return messages.reply(request, code.get(request.method, 405), "x", allow)
