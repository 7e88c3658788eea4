"""Files of people's data: what is known of somebody, and what a phone system sent, for whoever helps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from server import persons
from server.downloads import File
from server.models import Account
from server.parts import Parts

JSON = "application/json; charset=utf-8"


def person(parts: Parts, account: Account, facts: Mapping[str, Any]) -> File:
    """The file's name does not say whose it is."""
    country = account.country or parts.settings.default_country
    somebody = persons.who(account.id, facts["number"], country)
    told = persons.document(somebody, persons.find(somebody), account.title or account.name)
    word = persons.digest(parts.settings.persons_key, account.id, somebody.numbers[0])[:8]
    return File(f"person-{word}.json", JSON, iter([told]))


def raw(parts: Parts, account: Account, facts: Mapping[str, Any]) -> File:
    """Numbers and keys were taken out before anything was kept. Raises Unfit for another account's trunk."""
    trunk = parts.trunks.one(account, facts["trunk"])
    told = [
        {"at": datetime.fromtimestamp(row.at, UTC).isoformat(timespec="milliseconds"), "way": row.way,
         "word": row.word, "verdict": row.verdict, "text": row.text}
        for row in parts.diary.of(trunk.id)
    ]  # fmt: skip
    text = json.dumps({"provider": trunk.provider, "sent": told}, ensure_ascii=False, indent=2)
    return File(f"{trunk.provider}-{trunk.id}.json", JSON, iter([text.encode()]))
