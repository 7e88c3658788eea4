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
    streets: tuple[str, str]
    flat: str
    way: str
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
        "Добровольська-Шевчук Олександра-Вікторія", "Марта", "Тарас", "Постійні гості", "вул. Садова",
        ("вул. Лесі Українки", "вул. Саксаганського"), "кв. 12", "під’їзд 2, поверх 3, код 12",
        ("Маргарита", "Цезар з куркою", "Домашній квас"), "30 см", "горіхи, кунжут", "двічі не відчинила кур’єру",
        "тільки передоплата", "образив кур’єра", "телефонувати за годину", "Квас був теплий",
    ),
    "ru": Cast(
        "Коваленко Елена", ("Шевчук Ирина", "Шевчук Пётр", "Бондарь Андрей"),
        "Добровольская-Шевчук Александра-Виктория", "Марта", "Тарас", "Постоянные гости", "ул. Садовая",
        ("ул. Леси Украинки", "ул. Саксаганского"), "кв. 12", "подъезд 2, этаж 3, код 12",
        ("Маргарита", "Цезарь с курицей", "Домашний квас"), "30 см", "орехи, кунжут", "дважды не открыла курьеру",
        "только предоплата", "оскорбил курьера", "звонить за час", "Квас был тёплый",
    ),
    "en": Cast(
        "Kovalenko Olena", ("Shevchuk Iryna", "Shevchuk Petro", "Bondar Andrii"),
        "Featherstonehaugh-Cholmondeley Alexandra", "Marta", "Taras", "Regular guests", "Sadova",
        ("Lesi Ukrainky", "Saksahanskoho"), "flat 12", "entrance 2, floor 3, code 12",
        ("Margherita", "Chicken Caesar", "House kvass"), "30 cm", "nuts, sesame", "did not open to the courier twice",
        "prepayment only", "insulted a courier", "call an hour before", "The kvass was warm",
    ),
    "pl": Cast(
        "Kowalska Anna", ("Nowak Irena", "Nowak Piotr", "Wójcik Andrzej"),
        "Brzęczyszczykiewicz-Szczebrzeszyńska Ola", "Marta", "Tadeusz", "Stali goście", "ul. Ogrodowa",
        ("ul. Sienkiewicza", "ul. Mickiewicza"), "m. 12", "klatka 2, piętro 3, kod 12",
        ("Margherita", "Cezar z kurczakiem", "Domowy kwas"), "30 cm", "orzechy, sezam",
        "dwa razy nie otworzyła kurierowi", "tylko przedpłata", "obraził kuriera",
        "dzwonić godzinę wcześniej", "Kwas był ciepły",
    ),
}  # fmt: skip
