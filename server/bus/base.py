"""A worker that is alone, and the face of every bus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from server.bus.slips import Slips

Json = dict[str, Any]
Handler = Callable[[int, Json], None]  # (account, 0 for what is nobody's in particular; the body)


class Bus:
    """This process serves everybody: there is nobody to tell, and nothing is asked of the network."""

    shared = False
    worker = ""

    def __init__(self) -> None:
        self.slips = Slips()

    def on(self, topic: str, handler: Handler) -> None:
        """What is done here when another worker tells of this topic."""

    def on_gap(self, handler: Callable[[], None]) -> None:
        """What is done when words of others may have been missed."""

    def tell(self, account: int, topic: str, body: Callable[[], Json]) -> None:
        """To every other worker that has listeners of the account. Never waits."""

    def tell_all(self, topic: str, body: Json) -> None:
        """To every other worker. Never waits."""

    def hear(self, account: int) -> None:
        """From the return of this on, what others tell about the account arrives here."""

    def hear_only(self, accounts: Callable[[], set[int]]) -> None:
        """Of other accounts nobody listens here any more."""

    def ask(self, topic: str, body: Json, seconds: float) -> Json | None:
        """The first answer of another worker whose handler has one; None when nobody has."""
        return None

    def answer(self, topic: str, handler: Callable[[Json], Json | None]) -> None:
        """Answers such a question, or leaves it to the others with None."""

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    @property
    def away_since(self) -> float | None:
        """Since when (Unix seconds) the other workers are out of reach; None while all is well."""
        return None
