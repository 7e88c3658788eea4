"""What each make of phone wants to be told, and how it is asked to dial. Part of `server.providers.phone`."""

from __future__ import annotations

import ipaddress
import re
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode, urlsplit

from server.providers import values
from server.providers.abilities import Answer, Ask, Failed, Paste, Talk
from server.providers.base import Words

MODELS = ("yealink", "grandstream", "snom", "fanvil", "microsip", "other")
MICROSIP_ON = {
    "en": "MicroSIP on a PC",
    "ua": "MicroSIP на ПК",
    "ru": "MicroSIP на ПК",
    "pl": "MicroSIP na komputerze",
}
OTHER = {"en": "Another", "ua": "Інша", "ru": "Другая", "pl": "Inna"}
MODEL_WORDS: Mapping[str, Words] = {
    **{make.casefold(): dict.fromkeys(OTHER, make) for make in ("Yealink", "Grandstream", "Snom", "Fanvil")},
    "microsip": MICROSIP_ON,
    "other": OTHER,
}

# The phone's name of the event on its web page, our word for it, and its name in the phone's own settings file.
Lines = tuple[tuple[str, str, str], ...]
YEALINK: Lines = (
    ("Incoming Call", "ring", "action_url.incoming_call"),
    ("Outgoing Call", "out", "action_url.outgoing_call"),
    ("Established", "answer", "action_url.call_established"),
    ("Terminated", "end", "action_url.call_terminated"),
    ("Missed Call", "missed", "action_url.missed_call"),
    ("Reject Incoming Call", "reject", "action_url.reject_incoming_call"),
    ("Cancel Call Out", "gone", "action_url.cancel_callout"),
    ("Call Remote Canceled", "gone", "action_url.call_remote_canceled"),
)
GRANDSTREAM: Lines = (
    ("Incoming Call", "ring", "P8310"),
    ("Outgoing Call", "out", "P8311"),
    ("Missed Call", "missed", "P8312"),
    ("Established Call", "answer", "P8313"),
    ("Terminated Call", "end", "P8314"),
)
SNOM: Lines = (
    ("Incoming call", "ring", "action_incoming_url"),
    ("Outgoing call", "out", "action_outgoing_url"),
    ("On connected", "answer", "action_connected_url"),
    ("On disconnected", "end", "action_disconnected_url"),
    ("Missed call", "missed", "action_missed_url"),
)
FANVIL: Lines = (
    ("Incoming Call", "ring", ""),
    ("Outgoing Call", "out", ""),
    ("Call Established", "answer", ""),
    ("Call Terminated", "end", ""),
    ("Missed Call", "missed", ""),
)
MICROSIP = (
    ("cmdIncomingCall", "ring"),
    ("cmdOutgoingCall", "out"),
    ("cmdCallStart", "answer"),
    ("cmdCallEnd", "end"),
)

# `$remote` is the last, because it may come unescaped. The caller's display name is not asked for: a phone that
# puts "Olena K" into the address as it is makes a request that no web server can read, and the ring is lost.
WITH_ID = "mac=$mac&ext=$active_user&id=$call_id&r=$remote"
WITHOUT_ID = "mac=$mac&ext=$active_user&r=$remote"
SNOM_SPELLING = "mac=$mac&ext=$active_user&id=$call-id&r=$remote"

MOST_PHONES = 50
HOME = tuple(ipaddress.ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def at_home(value: str) -> str:
    """`101=192.168.1.21, 102=…`: dialling is plain http with a password, so never a step outside the house."""
    found: dict[str, str] = {}
    for one in filter(None, re.split(r"[\s,;]+", re.sub(r"\s*=\s*", "=", value))):
        line, equals, address = one.partition("=")
        home = ipaddress.IPv4Address(address) if equals else None
        if not values.line(line) or home is None or not any(home in network for network in HOME):
            raise ValueError
        found[line] = str(home)
    if len(found) > MOST_PHONES:
        raise ValueError
    return ", ".join(f"{line}={address}" for line, address in found.items())


def pastes(settings: Mapping[str, str], hook_url: str) -> list[Paste]:
    model = settings.get("model") or MODELS[0]
    if model == "yealink":
        return [Paste("Auto provisioning (.cfg)", _yealink(settings, hook_url)),
                *_page(YEALINK, f"{hook_url}?e={{}}&{WITH_ID}")]  # fmt: skip
    if model == "grandstream":
        address = f"{hook_url.removeprefix('http://')}?e={{}}&{WITHOUT_ID}"
        return [*_page(GRANDSTREAM, address), Paste("XML: P-values", _xml(GRANDSTREAM, address, ""))]
    if model == "snom":
        address = f"{hook_url}?e={{}}&{SNOM_SPELLING}"
        return [*_page(SNOM, address), Paste("XML", _xml(SNOM, address, ' perm="RW"'))]
    if model == "microsip":
        ini = "\n".join(f'{key}="C:\\Dzvinok\\{word}.vbs"' for key, word in MICROSIP)
        return [Paste("dzvinok.vbs", f'Const ADDRESS = "{hook_url}"\nConst EXTENSION = "101"'),
                Paste("microsip.ini, [Settings]", ini)]  # fmt: skip
    return _page(FANVIL, f"{hook_url}?e={{}}&{WITH_ID}")


def _page(lines: Lines, address: str) -> list[Paste]:
    return [Paste(title, address.format(word)) for title, word, _ in lines]


def _xml(lines: Lines, address: str, more: str) -> str:
    return "\n".join(f"<{key}{more}>{escape(address.format(word))}</{key}>" for _, word, key in lines)


def _yealink(settings: Mapping[str, str], hook_url: str) -> str:
    lines = [f"{key} = {hook_url}?e={word}&{WITH_ID}" for _, word, key in YEALINK]
    host = urlsplit(hook_url).hostname or ""
    if settings.get("phones") and re.fullmatch(r"[\d.]+", host):
        lines.append(f"features.action_uri_limit_ip = {host}")
    return "\n".join(lines)


def dial(settings: Mapping[str, str], line: str, number: str) -> Talk[str]:
    """The phone rings or goes to its loudspeaker and calls; nobody tells an id, the phone's `out` follows."""
    model = settings.get("model") or MODELS[0]
    home = dict(one.split("=", 1) for one in at_home(settings.get("phones", "")).split(", ") if one)
    if model not in DIALS:
        raise Failed("refused", f"{model} phones are not asked to dial")
    if line not in home:
        raise Failed("unset", "phones")
    path, query, header = DIALS[model]
    user, password = settings.get("user", ""), settings.get("password", "")
    login = {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}
    asked = query.format(number=number) if header else _grandstream(number, user, password)
    answer = yield Ask("GET", f"http://{home[line]}{path}", login if header and user else {}, asked)
    _check(answer, password)
    return ""


# Where a phone is asked, with what, and whether it wants name and password in the header.
DIALS = {
    "yealink": ("/servlet", "key=number={number}", True),
    "grandstream": ("/cgi-bin/api-make_call", "", False),
    "snom": ("/command.htm", "number={number}", True),
}


def _grandstream(number: str, user: str, password: str) -> str:
    named = {"username": user} if user else {}
    return urlencode({"phonenumber": number, "account": "0", **named, "password": password})


def _check(answer: Answer, password: str) -> None:
    if answer.status == 401:
        raise Failed("login")
    if answer.status == 403:
        raise Failed("rights", "the phone does not let this box dial")
    if answer.status != 200:
        raise Failed("odd", f"HTTP {answer.status}")
    said = values.text(answer.body.decode("utf-8", "replace"), 200)
    if re.search(r'"response"\s*:\s*"error"', said, re.IGNORECASE):
        wrong = re.search(r"auth|passw|login", said, re.IGNORECASE)
        raise Failed("login") if wrong else Failed("refused", said.replace(password or "\0", "…"))
