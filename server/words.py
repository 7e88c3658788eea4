"""Words and looks of the register's program that it need not carry: sent with the greeting, once for each version.

It keeps what it must be able to say without us; everything else stands in pos_bundle/words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from server.config import ROOT

FOLDER = ROOT / "pos_bundle" / "words"
LANGUAGES = ("ua", "ru", "en", "pl")


@cache
def _pack(lang: str) -> dict[str, Any]:
    text, look = (FOLDER / f"{lang}.json").read_bytes(), (FOLDER / "look.css").read_bytes()
    version = f"{lang}-{hashlib.sha256(text + look).hexdigest()[:8]}"
    return {"version": version, "words": json.loads(text), "look": " ".join(look.decode().split())}


def pack(lang: str, has: str) -> dict[str, Any] | None:
    """`{"version", "words", "look"}` in the register's language, None when it has this version already."""
    fresh = _pack(lang if lang in LANGUAGES else "en")
    return None if fresh["version"] == has else fresh


def speaker(lang: str) -> Callable[..., str]:
    """`say("booked", "Table 5")`: a word of the register's in its language, for what is drawn here."""
    texts = _pack(lang if lang in LANGUAGES else "en")["words"]
    return lambda word, what="": str(texts[word]).replace("{0}", what)
