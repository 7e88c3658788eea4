"""What everybody must know about a guest before they pick up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from server import preferences
from server.db import rows

REFUSE, PREPAY, CAREFUL, ALLERGY, NOTE, VIP = "refuse", "prepay", "careful", "allergy", "note", "vip"
KINDS = (REFUSE, PREPAY, CAREFUL, ALLERGY, NOTE, VIP)  # the most important first

Json = dict[str, Any]

OF = """SELECT client_id, id, kind, text, by_name, at FROM flag WHERE account_id = ? AND gone_at IS NULL
    AND client_id IN (SELECT value FROM json_each(?)) ORDER BY at DESC, id DESC"""


def of(account: int, guests: Mapping[int, int]) -> dict[int, list[Json]]:
    """The flags of each guest as the wire has them. `guests`: Poster's id -> kopecks paid in all times."""
    found: dict[int, list[Json]] = {client: [] for client in guests}
    for client, id_, kind, text, by, at in rows(OF, account, json.dumps(list(guests))):
        found[client].append({"id": id_, "kind": kind, "text": text, "by": by, "at": at})
    _add_vips(found, guests, preferences.of(account).vip_from)
    for flags in found.values():
        flags.sort(key=lambda flag: KINDS.index(flag["kind"]))
    return found


def _add_vips(found: dict[int, list[Json]], guests: Mapping[int, int], vip_from: int) -> None:
    """The owner's rule: who paid so much (in currency units) is a VIP, unless somebody already said so."""
    for client, paid in guests.items():
        if 0 < 100 * vip_from <= paid and all(flag["kind"] != VIP for flag in found[client]):
            found[client].append({"id": None, "kind": VIP, "text": "", "by": "", "at": 0})
