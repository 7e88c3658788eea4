"""The verbs of the registers' door: what they learn and say about guests."""

from __future__ import annotations

from server.web.registers_ask import Verb

VERBS: dict[str, Verb] = {}
