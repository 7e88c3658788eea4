"""What the owner may want of a trunk's company: a test, its list of extensions, our address entered there."""

from __future__ import annotations

from dataclasses import dataclass

from server.asking import Asking
from server.models import Trunk
from server.providers import PROVIDERS
from server.providers.abilities import Connects, Extension, Failed, Looks, Paste, Pastes, Prepares, Suggests
from server.trunks import Trunks


@dataclass(frozen=True)
class Tested:
    """`word`: works, connected, connecting, waiting (nothing to test: the company calls us), or a trouble."""

    word: str
    detail: str = ""
    count: int = 0

    @property
    def good(self) -> bool:
        return self.word in ("works", "connected", "waiting")


class Companies:
    def __init__(self, trunks: Trunks, asking: Asking) -> None:
        self._trunks = trunks
        self._asking = asking

    def test(self, trunk: Trunk) -> Tested:
        """Asks the company something harmless; else says how the trunk's own connection is."""
        adapter = PROVIDERS[trunk.provider]
        try:
            if isinstance(adapter, Suggests):
                return Tested("works", count=len(self.extensions(trunk)))
        except Failed as why:
            if why.word != "unset":
                return Tested(why.word, why.detail)
        if trunk.trouble:
            return Tested(trunk.trouble, trunk.trouble_detail)
        if isinstance(adapter, Connects | Looks) and trunk.state:
            return Tested(trunk.state)
        return Tested("waiting")

    def extensions(self, trunk: Trunk) -> list[Extension]:
        """The company's internal numbers, [] where it has no such list. Raises `Failed`."""
        adapter = PROVIDERS[trunk.provider]
        if not isinstance(adapter, Suggests):
            return []
        return self._asking.ask(adapter.extensions(self._trunks.settings_of(trunk)))

    def prepare(self, trunk: Trunk) -> bool:
        """Enters our address at the company; False where that is done by hand. Raises `Failed`."""
        adapter = PROVIDERS[trunk.provider]
        if not isinstance(adapter, Prepares):
            return False
        self._asking.ask(adapter.prepare(self._trunks.settings_of(trunk), self._trunks.hook_url(trunk)))
        return True

    def pastes(self, trunk: Trunk) -> list[Paste]:
        adapter = PROVIDERS[trunk.provider]
        if not isinstance(adapter, Pastes):
            return []
        return adapter.pastes(self._trunks.settings_of(trunk), self._trunks.hook_url(trunk))
