"""What an account may give as the address of an alert. Pure.

An address of Apprise may name any host, a file, a header: what accounts type goes only to services whose host stands
in Apprise's own code, unless whoever runs the box allows more with `ALERT_SCHEMAS`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import parse_qsl, quote, urlsplit

from server.unfit import Unfit

# Looked up in Apprise 2.2: each posts to one fixed address of its company, whatever the rest of the address says.
FIXED = frozenset(
    {
        *("tgram", "viber", "whatsapp", "line", "threema", "slack", "discord", "gchat", "webex", "wxteams", "zoom"),
        *("groupme", "pover", "pbul", "prowl", "simplepush", "spush", "signl4", "pagerduty", "opsgenie"),
        *("twilio", "vonage", "nexmo", "bulksms", "clicksend", "telnyx", "plivo", "msgbird", "seven"),
        *("serwersms", "smsmanager", "smsmgr", "sendgrid", "brevo", "resend", "mailersend", "postmark"),
    }
)  # fmt: skip
# What may stand behind the question mark. Others can name files, templates, formats or time limits.
QUERY = frozenset({"to", "from", "name", "topic", "thread", "silent", "priority", "sound", "device"})
LONGEST = 600

TELEGRAM, EMAIL, OTHER, BOX = "telegram", "email", "other", "box"
KINDS = (TELEGRAM, EMAIL, OTHER)

_SCHEMA = re.compile(r"^([a-z0-9]{2,20})://\S+$", re.IGNORECASE)
_BOT = re.compile(r"^[0-9]{5,16}:[A-Za-z0-9_-]{30,60}$")
_CHAT = re.compile(r"^(?:-?[0-9]{3,20}|@[A-Za-z][A-Za-z0-9_]{3,40})$")
_MAIL = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}$")


def schema(address: str) -> str:
    found = _SCHEMA.match(address)
    return found[1].casefold() if found else ""


def telegram(bot: str, chat: str) -> str:
    """The address for a bot's key and a chat."""
    return f"tgram://{bot_key(bot)}/{chat_id(chat)}"


def bot_key(text: str) -> str:
    text = text.strip()
    if not _BOT.match(text):
        raise Unfit("alert_bot")
    return text


def chat_id(text: str) -> str:
    text = text.strip()
    if not _CHAT.match(text):
        raise Unfit("alert_chat", value=text)
    return text


def email(text: str) -> str:
    text = text.strip()
    if len(text) > 200 or not _MAIL.match(text):
        raise Unfit("alert_email", value=text)
    return text


def other(address: str, allowed: Collection[str]) -> str:
    """An address of Apprise that accounts may use. `allowed`: what the box allows besides `FIXED`."""
    address = address.strip()
    named = schema(address)
    if not named or len(address) > LONGEST or not address.isprintable():
        raise Unfit("alert_address")
    if named not in FIXED and named not in allowed:
        raise Unfit("alert_service", value=f"{named}://")
    for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True):
        if name.casefold() not in QUERY:
            raise Unfit("alert_query", value=name)
    return address


def is_fixed(address: str) -> bool:
    return schema(address) in FIXED


def mail_to(smtp: str, address: str) -> str:
    """The box's own mail server (an Apprise address), with one reader."""
    return f"{smtp}{'&' if '?' in smtp else '?'}to={quote(address, safe='')}"


def shortened_mail(address: str) -> str:
    """`olena@gmail.com` -> `ol…@gmail.com`."""
    name, _, host = address.partition("@")
    return f"{name[:2]}…@{host}"


def tail(text: str) -> str:
    """What is left of a secret where somebody must tell two of them apart."""
    return f"…{text[-3:]}" if len(text) > 8 else "…"
