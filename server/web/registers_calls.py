"""The verbs of the registers' door: call-backs, notes, numbers that never pop up."""

from __future__ import annotations

from server.web.registers_ask import Verb

VERBS: dict[str, Verb] = {}
