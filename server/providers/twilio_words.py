"""What Manage says about the settings of Twilio."""

from __future__ import annotations

from server.providers.base import Words

SID: Words = {"en": "Account SID", "ua": "Account SID", "ru": "Account SID", "pl": "Account SID"}
SID_MUST: Words = {
    "en": "AC and 32 characters after it, as on Twilio’s first page",
    "ua": "AC і ще 32 символи, як на першій сторінці Twilio",
    "ru": "AC и ещё 32 символа, как на первой странице Twilio",
    "pl": "AC i 32 znaki po nim, jak na pierwszej stronie Twilio",
}
AUTH_TOKEN: Words = {"en": "Auth Token", "ua": "Auth Token", "ru": "Auth Token", "pl": "Auth Token"}
AUTH_TOKEN_HINT: Words = {
    "en": "Next to the Account SID. Twilio signs with it; unsigned requests are refused.",
    "ua": "Поруч з Account SID. Ним Twilio підписує запити; непідписані відхиляються.",
    "ru": "Рядом с Account SID. Им Twilio подписывает запросы; неподписанные отклоняются.",
    "pl": "Obok Account SID. Twilio podpisuje nim żądania; niepodpisane są odrzucane.",
}
AUTH_TOKEN_MUST: Words = {
    "en": "the token as Twilio shows it, without spaces",
    "ua": "токен, як його показує Twilio, без пробілів",
    "ru": "токен, как его показывает Twilio, без пробелов",
    "pl": "token taki, jak pokazuje go Twilio, bez spacji",
}
DIAL: Words = {
    "en": "Phones to ring",
    "ua": "Які телефони мають дзвонити",
    "ru": "Какие телефоны должны звонить",
    "pl": "Telefony, które mają dzwonić",
}
DIAL_HINT: Words = {
    "en": "SIP addresses or numbers, at most ten. Leave empty if a flow of yours already answers calls at Twilio.",
    "ua": "SIP-адреси або номери, до десяти. Залиште порожнім, якщо дзвінки в Twilio вже приймає ваш сценарій.",
    "ru": "SIP-адреса или номера, до десяти. Оставьте пустым, если звонки в Twilio уже принимает ваш сценарий.",
    "pl": "Adresy SIP lub numery, najwyżej dziesięć. Zostaw puste, jeśli w Twilio odbiera je już Twój scenariusz.",
}
DIAL_MUST: Words = {
    "en": "such as sip:kasa1@pechera.sip.twilio.com, +48221234567",
    "ua": "наприклад sip:kasa1@pechera.sip.twilio.com, +48221234567",
    "ru": "например sip:kasa1@pechera.sip.twilio.com, +48221234567",
    "pl": "np. sip:kasa1@pechera.sip.twilio.com, +48221234567",
}
NUMBER: Words = {
    "en": "Number to show to guests",
    "ua": "Номер, який бачать гості",
    "ru": "Номер, который видят гости",
    "pl": "Numer widoczny dla gości",
}
NUMBER_HINT: Words = {
    "en": "One of your numbers at Twilio. Needed to call from the register.",
    "ua": "Один із ваших номерів у Twilio. Потрібен, щоб дзвонити з каси.",
    "ru": "Один из ваших номеров в Twilio. Нужен, чтобы звонить с кассы.",
    "pl": "Jeden z Twoich numerów w Twilio. Potrzebny, by dzwonić z kasy.",
}
NUMBER_MUST: Words = {
    "en": "digits only, with the country, such as 48221234567",
    "ua": "лише цифри, з кодом країни, наприклад 48221234567",
    "ru": "только цифры, с кодом страны, например 48221234567",
    "pl": "same cyfry, z kodem kraju, np. 48221234567",
}
