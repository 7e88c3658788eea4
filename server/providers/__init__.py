"""The providers, by the word that stands in their webhook address. One line each."""

from __future__ import annotations

from server.providers.base import Provider
from server.providers.binotel import Binotel
from server.providers.generic import Generic

PROVIDERS: dict[str, Provider] = {one.name: one for one in (Binotel(), Generic())}
