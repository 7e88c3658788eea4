"""Your own PBX: Asterisk and FreePBX, by their manager interface (AMI). See docs/providers/asterisk.md."""

from __future__ import annotations

import re

from server.providers import checks
from server.providers.abilities import Link, Paste, Place
from server.providers.asterisk_link import AsteriskLink
from server.providers.base import OUT, Deaf, Field, Settings, Words

PLAIN, TRUSTED, ANY = "no", "yes", "any certificate"
PORT, TLS_PORT = 5038, 5039
CONTEXT = "from-internal"
_CONTEXT = re.compile(r"^[\w.-]{1,79}$")
_TRUNKS = re.compile(r"^[\w.@+-]{1,79}$")

HOST: Words = {
    "en": "Address of the PBX",
    "ua": "Адреса АТС",
    "ru": "Адрес АТС",
    "pl": "Adres centrali",
}
HOST_HINT: Words = {
    "en": "As this box sees it in your network: 192.168.1.5 or pbx.lan.",
    "ua": "Як її видно з цього пристрою у вашій мережі: 192.168.1.5 або pbx.lan.",
    "ru": "Как её видно с этого устройства в вашей сети: 192.168.1.5 или pbx.lan.",
    "pl": "Tak, jak widzi ją to urządzenie w Waszej sieci: 192.168.1.5 albo pbx.lan.",
}
HOST_MUST: Words = {
    "en": "a name or an address without http:// and without a port, such as 192.168.1.5",
    "ua": "ім’я або адреса без http:// і без порту, наприклад 192.168.1.5",
    "ru": "имя или адрес без http:// и без порта, например 192.168.1.5",
    "pl": "nazwa lub adres bez http:// i bez portu, np. 192.168.1.5",
}
PORT_HINT: Words = {
    "en": "Leave empty: 5038, with encryption 5039.",
    "ua": "Залиште порожнім: 5038, з шифруванням 5039.",
    "ru": "Оставьте пустым: 5038, с шифрованием 5039.",
    "pl": "Zostaw puste: 5038, z szyfrowaniem 5039.",
}
USER: Words = {
    "en": "Manager user",
    "ua": "Користувач manager",
    "ru": "Пользователь manager",
    "pl": "Użytkownik manager",
}
SECRET: Words = {
    "en": "Its password (secret)",
    "ua": "Його пароль (secret)",
    "ru": "Его пароль (secret)",
    "pl": "Jego hasło (secret)",
}
KEY_HINT: Words = {
    "en": "As in manager_custom.conf, see the lines below.",
    "ua": "Як у manager_custom.conf, див. рядки нижче.",
    "ru": "Как в manager_custom.conf, см. строки ниже.",
    "pl": "Jak w manager_custom.conf, patrz wiersze niżej.",
}
KEY_MUST: Words = {
    "en": "one word without spaces, in Latin letters and digits",
    "ua": "одне слово без пробілів, латиницею та цифрами",
    "ru": "одно слово без пробелов, латиницей и цифрами",
    "pl": "jedno słowo bez spacji, z liter łacińskich i cyfr",
}
TLS: Words = {
    "en": "Encryption (TLS)",
    "ua": "Шифрування (TLS)",
    "ru": "Шифрование (TLS)",
    "pl": "Szyfrowanie (TLS)",
}
TLS_HINT: Words = {
    "en": "Not needed inside your own network.",
    "ua": "У власній мережі не потрібне.",
    "ru": "В собственной сети не нужно.",
    "pl": "We własnej sieci niepotrzebne.",
}
TLS_NAMES: dict[str, Words] = {
    PLAIN: {"en": "no", "ua": "ні", "ru": "нет", "pl": "nie"},
    TRUSTED: {
        "en": "yes, with a certificate that the world trusts",
        "ua": "так, із загальновизнаним сертифікатом",
        "ru": "да, с общепризнанным сертификатом",
        "pl": "tak, z powszechnie uznanym certyfikatem",
    },
    ANY: {
        "en": "yes, with a certificate that the PBX has made itself",
        "ua": "так, із сертифікатом, який АТС зробила сама",
        "ru": "да, с сертификатом, который АТС сделала сама",
        "pl": "tak, z certyfikatem, który centrala wystawiła sobie sama",
    },
}
TRUNKS: Words = {
    "en": "Names of the outside trunks",
    "ua": "Назви зовнішніх транків",
    "ru": "Названия внешних транков",
    "pl": "Nazwy linii miejskich (trunków)",
}
TRUNKS_HINT: Words = {
    "en": "Only if a trunk’s name is 2–6 digits and looks like an extension. Several: with commas.",
    "ua": "Лише якщо назва транка — 2–6 цифр і схожа на внутрішній номер. Кілька — через кому.",
    "ru": "Только если название транка — 2–6 цифр и похоже на внутренний номер. Несколько — через запятую.",
    "pl": "Tylko gdy nazwa trunku ma 2–6 cyfr i wygląda jak numer wewnętrzny. Kilka: po przecinku.",
}
TRUNKS_MUST: Words = {
    "en": "names as on the PBX, with commas between them, such as 123456, gsm1",
    "ua": "назви, як на АТС, через кому, наприклад 123456, gsm1",
    "ru": "названия, как на АТС, через запятую, например 123456, gsm1",
    "pl": "nazwy jak w centrali, rozdzielone przecinkami, np. 123456, gsm1",
}
CONTEXT_WORDS: Words = {
    "en": "Context for our own calls",
    "ua": "Контекст для наших дзвінків",
    "ru": "Контекст для наших звонков",
    "pl": "Kontekst dla naszych połączeń",
}
CONTEXT_HINT: Words = {
    "en": "Where your phones dial from. Leave empty on FreePBX: from-internal.",
    "ua": "Звідки набирають ваші телефони. На FreePBX залиште порожнім: from-internal.",
    "ru": "Откуда набирают ваши телефоны. На FreePBX оставьте пустым: from-internal.",
    "pl": "Skąd dzwonią Wasze telefony. W FreePBX zostaw puste: from-internal.",
}
CONTEXT_MUST: Words = {
    "en": "a context’s name from extensions.conf, such as from-internal",
    "ua": "назва контексту з extensions.conf, наприклад from-internal",
    "ru": "название контекста из extensions.conf, например from-internal",
    "pl": "nazwa kontekstu z extensions.conf, np. from-internal",
}
HOME: Words = {
    "en": "Country code that is not dialled",
    "ua": "Код країни, який не набирають",
    "ru": "Код страны, который не набирают",
    "pl": "Numer kierunkowy kraju, którego się nie wybiera",
}
HOME_HINT: Words = {
    "en": "With 380, +380671112233 is dialled as 0671112233. Empty: 380671112233.",
    "ua": "З 380 номер +380671112233 набирається як 0671112233. Порожнє: 380671112233.",
    "ru": "С 380 номер +380671112233 набирается как 0671112233. Пусто: 380671112233.",
    "pl": "Przy 48 numer +48512345678 jest wybierany jako 512345678. Puste: 48512345678.",
}
HOME_MUST: Words = {
    "en": "one to three digits, such as 380",
    "ua": "від однієї до трьох цифр, наприклад 380",
    "ru": "от одной до трёх цифр, например 380",
    "pl": "od jednej do trzech cyfr, np. 48",
}


class Asterisk(Deaf):
    name = "asterisk"
    title = "Asterisk / FreePBX"
    reach = frozenset({OUT})
    tried = True
    fields: tuple[Field, ...]

    def __init__(self) -> None:
        self.fields = (
            Field("host", HOST, HOST_HINT, HOST_MUST, required=True, check=checks.host),
            Field("port", checks.PORT, PORT_HINT, checks.PORT_MUST, check=checks.port),
            Field("user", USER, KEY_HINT, KEY_MUST, required=True, check=checks.key),
            Field("secret", SECRET, KEY_HINT, KEY_MUST, secret=True, required=True, check=checks.key),
            Field(
                "tls",
                TLS,
                TLS_HINT,
                check=checks.one_of(*TLS_NAMES),
                choices=tuple(TLS_NAMES),
                choice_words=TLS_NAMES,
            ),
            Field("trunk_names", TRUNKS, TRUNKS_HINT, TRUNKS_MUST, check=_trunks),
            Field("dial_context", CONTEXT_WORDS, CONTEXT_HINT, CONTEXT_MUST, check=_context),
            Field("home_code", HOME, HOME_HINT, HOME_MUST, check=checks.digits(3)),
        )

    def link(self, settings: Settings) -> Link | None:
        if not (settings.get("host") and settings.get("user")):
            return None
        tls = settings.get("tls") or PLAIN
        port = int(settings.get("port") or (PORT if tls == PLAIN else TLS_PORT))
        kind = "tcp" if tls == PLAIN else "tls"
        place = Place(kind, host=settings["host"], port=port, trust=tls != ANY)
        names = frozenset(name for name in settings.get("trunk_names", "").split(",") if name)
        return AsteriskLink(place, settings, names)

    def pastes(self, settings: Settings, hook_url: str) -> list[Paste]:
        """The least rights that serve: hear calls and queues, list the channels, place calls."""
        own = settings.get("host") in ("127.0.0.1", "localhost", "::1")
        lines = (
            f"[{settings.get('user') or 'dzvinok'}]",
            "secret = THE_PASSWORD_TYPED_ABOVE",
            "deny = 0.0.0.0/0.0.0.0",
            f"permit = {'127.0.0.1' if own else 'ADDRESS_OF_THIS_BOX'}/255.255.255.255",
            "read = call,agent",
            "write = reporting,originate",
            "writetimeout = 5000",
        )
        return [
            Paste("/etc/asterisk/manager_custom.conf", "\n".join(lines) + "\n"),
            Paste("Linux", "asterisk -rx 'manager reload'\n"),
        ]


def _trunks(value: str) -> str:
    """Names alone: `PJSIP/123456` is 123456."""
    names = [part.strip().rpartition("/")[2] for part in value.split(",") if part.strip()]
    if not all(_TRUNKS.match(name) for name in names) or len(names) > 20:
        raise ValueError
    return ",".join(names)


def _context(value: str) -> str:
    cleaned = value.strip()
    if cleaned and not _CONTEXT.match(cleaned):
        raise ValueError
    return cleaned
