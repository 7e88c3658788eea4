"""What Manage says about the settings of UIS."""

from __future__ import annotations

from server.providers.base import Words

EMPLOYEES: Words = {
    "en": "Employees and their lines",
    "ua": "Співробітники та їхні лінії",
    "ru": "Сотрудники и их линии",
    "pl": "Pracownicy i ich linie",
}
EMPLOYEES_HINT: Words = {
    "en": "UIS calls employees by an ID. Write ID=extension for each, such as 25=101, 26=102.",
    "ua": "UIS називає співробітників за ID. Для кожного вкажіть ID=внутрішній номер: 25=101, 26=102.",
    "ru": "UIS называет сотрудников по ID. Для каждого укажите ID=внутренний номер: 25=101, 26=102.",
    "pl": "UIS rozpoznaje pracowników po ID. Dla każdego wpisz ID=numer wewnętrzny: 25=101, 26=102.",
}
EMPLOYEES_MUST: Words = {
    "en": "pairs such as 25=101, 26=102",
    "ua": "пари на зразок 25=101, 26=102",
    "ru": "пары вида 25=101, 26=102",
    "pl": "pary w postaci 25=101, 26=102",
}
TOKEN: Words = {
    "en": "Call API key",
    "ua": "Ключ Call API",
    "ru": "Ключ Call API",
    "pl": "Klucz Call API",
}
TOKEN_HINT: Words = {
    "en": "Lets us see the calls ourselves and dial from the register. UIS must also allow the address of this server.",
    "ua": "Щоб ми самі бачили дзвінки й дзвонили з каси. У UIS треба ще дозволити адресу цього сервера.",
    "ru": "Чтобы мы сами видели звонки и звонили с кассы. В UIS нужно ещё разрешить адрес этого сервера.",
    "pl": "Pozwala nam samym widzieć połączenia i dzwonić z kasy. W UIS trzeba też zezwolić na adres tego serwera.",
}
TOKEN_MUST: Words = {
    "en": "the key as UIS shows it, without spaces",
    "ua": "ключ, як його показує UIS, без пробілів",
    "ru": "ключ, как его показывает UIS, без пробелов",
    "pl": "klucz taki, jak pokazuje go UIS, bez spacji",
}
HOST: Words = {
    "en": "Address of the Call API",
    "ua": "Адреса Call API",
    "ru": "Адрес Call API",
    "pl": "Adres Call API",
}
NUMBER: Words = {
    "en": "Number to show to guests",
    "ua": "Номер, який бачать гості",
    "ru": "Номер, который видят гости",
    "pl": "Numer widoczny dla gości",
}
NUMBER_HINT: Words = {
    "en": "One of your numbers at UIS. Needed to dial from the register.",
    "ua": "Один із ваших номерів в UIS. Потрібен, щоб дзвонити з каси.",
    "ru": "Один из ваших номеров в UIS. Нужен, чтобы звонить с кассы.",
    "pl": "Jeden z Twoich numerów w UIS. Potrzebny, by dzwonić z kasy.",
}
NUMBER_MUST: Words = {
    "en": "digits only, with the country, such as 74951234567",
    "ua": "лише цифри, з кодом країни, наприклад 74951234567",
    "ru": "только цифры, с кодом страны, например 74951234567",
    "pl": "same cyfry, z kodem kraju, np. 74951234567",
}
