"""The verbs of the registers' door: orders that calls bring."""

from __future__ import annotations

from server.web.registers_ask import Verb

VERBS: dict[str, Verb] = {}
