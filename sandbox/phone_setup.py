"""How the phone panel of one restaurant is set up: which company it plays, that one's settings, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.companies import COMPANIES
from sandbox.companies.base import Company, Key
from sandbox.companies.wire import e164

RIGHT = "right"
FAULTS: dict[str, Any] = {
    "duplicate": False,
    "shuffle": False,
    "drop": "none",
    "delay": "0",
    "signature": RIGHT,
    "rest": "ok",
}
FAULT_CHOICES = {
    "delay": ["0", "2", "10", "60"],
    "signature": [RIGHT, "wrong"],
    "rest": ["ok", "503", "401", "429", "hang"],
}


class PhoneError(ValueError):
    """Something that can't be done with a call; the text is for the person at the panel."""


class Setup:
    """`room` outlives the process."""

    def __init__(
        self, room: dict[str, Any], account: str, number: str, did: str, dirty: Callable[[], None]
    ) -> None:
        self.room, self.account, self.dirty = room, account, dirty
        self.words = {"{account}": account, "{number}": number[-4:], "{did}": e164(did)}
        self._move_in()

    def _move_in(self) -> None:
        """A room of the time when there was only Binotel had its settings lying about."""
        room = self.room
        old = {key.name: room.pop(key.name) for key in COMPANIES["binotel"].keys if key.name in room}
        hook = {"hook": room.pop("hook")} if "hook" in room else {}
        room.setdefault("companies", {}).setdefault("binotel", {}).update(old | hook)
        room.setdefault("company", "binotel")
        for key, value in FAULTS.items():
            room.setdefault(key, value)

    @property
    def company(self) -> Company:
        return COMPANIES[self.room["company"]]

    def fault(self, name: str) -> Any:
        return self.room[name]

    def keys(self, company: Company) -> dict[str, Any]:
        own = {key.name: self._default(key) for key in company.keys}
        return {"hook": "", **own, **self.room["companies"].get(company.name, {})}

    def _default(self, key: Key) -> Any:
        if not isinstance(key.default, str):
            return key.default
        text = key.default
        for word, meant in self.words.items():
            text = text.replace(word, meant)
        return text

    def keep(self, company: Company, changes: dict[str, Any]) -> None:
        self.room["companies"].setdefault(company.name, {}).update(changes)
        self.dirty()

    def view(self) -> dict[str, Any]:
        return (
            {name: self.room[name] for name in FAULTS}
            | {"company": self.company.name}
            | self.keys(self.company)
        )

    def choices(self) -> dict[str, list[str]]:
        own = {key.name: list(key.choices) for key in self.company.keys if key.choices}
        return FAULT_CHOICES | {"drop": ["none", *self.company.sends]} | own

    def configure(self, asked: dict[str, Any]) -> None:
        """Checks everything before it changes anything."""
        name = str(asked.get("company") or self.room["company"])
        if name not in COMPANIES:
            raise PhoneError(f"There is no company {name[:20]!r} here.")
        company = COMPANIES[name]
        faults, own = {}, {}
        for key, value in asked.items():
            if key == "company":
                continue
            if key in FAULTS:
                faults[key] = _fault(key, value, company)
            else:
                own[key] = _own(key, value, company)
        if name != self.room["company"] and self.room["drop"] not in company.sends:
            faults.setdefault("drop", "none")
        self.room.update(faults, company=name)
        self.keep(company, own)


def _fault(name: str, value: object, company: Company) -> Any:
    if isinstance(FAULTS[name], bool):
        return _flag(name, value)
    return _one_of(name, value, FAULT_CHOICES.get(name, ["none", *company.sends]))


def _own(name: str, value: object, company: Company) -> Any:
    if name == "hook":
        text = str(value or "")
        if text and not text.startswith(("http://", "https://")):
            raise PhoneError("The hook address begins with http:// or https://.")
        return text
    key = next((one for one in company.keys if one.name == name), None)
    if key is None:
        raise PhoneError(f"There is no phone setting {name[:40]!r}.")
    if key.kind == "flag":
        return _flag(name, value)
    if key.kind == "choice":
        return _one_of(name, value, list(key.choices))
    text = str(value or "").strip()
    if key.digits and not text.isdigit():
        raise PhoneError(f"{name} is digits only.")
    return text


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise PhoneError(f"{name} is true or false.")
    return value


def _one_of(name: str, value: object, choices: list[str]) -> str:
    text = str(value or "")
    if text not in choices:
        raise PhoneError(f"{name} may be {', '.join(choices)}.")
    return text
