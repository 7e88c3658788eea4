"""What every page of the sandbox is given."""

from __future__ import annotations

from typing import Any

from flask import request

from sandbox.account import Account
from sandbox.parts import origins, sandbox
from sandbox.rows import LANGUAGES

APPLICATION = "Dzvinok"


def accesses() -> list[str]:
    """Sections of the Web API that the developer account grants to the application."""
    return ["access", "application", "clients", "dash", "incomingOrders", "menu", "settings", "spots"]


def account_words(account: Account) -> dict[str, str]:
    code, symbol = account.currency
    return {
        "name": account.name,
        "number": account.number,
        "title": account.word(account.title),
        "lang": str(account.fault("lang")),
        "country": account.country,
        "currency": code,
        "currencySymbol": symbol,
        "timezone": account.timezone,
    }


def common(account: Account) -> dict[str, Any]:
    asked = request.args.get("lang", "")
    pages, platform = origins()
    return {
        "lang": asked if asked in LANGUAGES else str(account.fault("lang")),
        "account": account_words(account),
        "accounts": [account_words(row) for row in sandbox().world.accounts.values()],
        "origin": pages,
        "platform": platform,
        "server": sandbox().settings.server,
    }
