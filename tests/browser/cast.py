"""Who plays in the scenes: the guests, employees and dishes of a restaurant in each language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cast:
    guest: str
    others: tuple[str, str, str]
    long: str
    """A name of forty letters."""
    employee: str
    colleague: str
    group: str
    street: str
    flat: str
    dishes: tuple[str, str, str]
    size: str
    allergy: str
    careful: str
    prepay: str
    refuse: str
    note: str
    complaint: str


CASTS = {
    "ua": Cast(
        "Коваленко Олена", ("Шевчук Ірина", "Шевчук Петро", "Бондар Андрій"),
        "Добровольська-Шевчук Олександра-Вікторія", "Марта", "Тарас", "Постійні гості", "вул. Садова", "кв. 12",
        ("Маргарита", "Цезар з куркою", "Домашній квас"), "30 см", "горіхи, кунжут", "двічі не відчинила кур’єру",
        "тільки передоплата", "не обслуговувати: образив кур’єра", "телефонувати за годину", "Квас був теплий",
    ),
    "ru": Cast(
        "Коваленко Елена", ("Шевчук Ирина", "Шевчук Пётр", "Бондарь Андрей"),
        "Добровольская-Шевчук Александра-Виктория", "Марта", "Тарас", "Постоянные гости", "ул. Садовая", "кв. 12",
        ("Маргарита", "Цезарь с курицей", "Домашний квас"), "30 см", "орехи, кунжут", "дважды не открыла курьеру",
        "только предоплата", "не обслуживать: оскорбил курьера", "звонить за час", "Квас был тёплый",
    ),
    "en": Cast(
        "Kovalenko Olena", ("Shevchuk Iryna", "Shevchuk Petro", "Bondar Andrii"),
        "Featherstonehaugh-Cholmondeley Alexandra", "Marta", "Taras", "Regular guests", "Sadova", "flat 12",
        ("Margherita", "Chicken Caesar", "House kvass"), "30 cm", "nuts, sesame", "did not open to the courier twice",
        "prepayment only", "do not serve: insulted a courier", "call an hour before", "The kvass was warm",
    ),
    "pl": Cast(
        "Kowalska Anna", ("Nowak Irena", "Nowak Piotr", "Wójcik Andrzej"),
        "Brzęczyszczykiewicz-Szczebrzeszyńska Ola", "Marta", "Tadeusz", "Stali goście", "ul. Ogrodowa", "m. 12",
        ("Margherita", "Cezar z kurczakiem", "Domowy kwas"), "30 cm", "orzechy, sezam",
        "dwa razy nie otworzyła kurierowi", "tylko przedpłata", "nie obsługiwać: obraził kuriera",
        "dzwonić godzinę wcześniej", "Kwas był ciepły",
    ),
}  # fmt: skip
