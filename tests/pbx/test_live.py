"""Every scene is played on an Asterisk of 2019 and on today's: our journal must say what the phones know.

Both play at the same time. What went over the wire of a scene that our journal got wrong is kept in
`build/pbx/wrong`, to be read and replayed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.pbx.conftest import VERSIONS
from tests.pbx.packages import CACHE
from tests.pbx.product import Product
from tests.pbx.scenes import SCENES, Stage
from tests.pbx.truth import Truth


class Plays:
    """The scenes of this run, each version's one after another in a thread of its own."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.played: dict[int, list[Truth]] = {version: [] for version in VERSIONS}
        self._stages = {version: Stage(product, version) for version in product.joined}
        self._threads = {version: ThreadPoolExecutor(1) for version in VERSIONS}
        self._results: dict[tuple[str, int], Future[list[str]]] = {}

    def result(self, name: str, version: int) -> list[str]:
        for one in VERSIONS:
            if (name, one) not in self._results:
                self._results[name, one] = self._threads[one].submit(self._play, name, one)
        return self._results[name, version].result(timeout=60)

    def close(self) -> None:
        for thread in self._threads.values():
            thread.shutdown()

    def _play(self, name: str, version: int) -> list[str]:
        joined, stage = self.product.joined[version], self._stages[version]
        joined.lab.forget()
        began = time.time()
        try:
            truths = SCENES[name](stage)
            stage.calm()
        except BaseException:
            stage.clear()
            raise
        self.played[version] += truths
        wrong = self.product.agrees(joined.trunk, began, truths)
        if wrong:
            self._keep(name, version, began, truths, wrong)
        return wrong

    def _keep(self, name: str, version: int, began: float, truths: list[Truth], wrong: list[str]) -> None:
        joined = self.product.joined[version]
        told = [
            [round(at - began, 4), data.decode("utf-8", "replace")] for at, data in joined.tape.since(began)
        ]
        folder = CACHE / "wrong"
        folder.mkdir(exist_ok=True)
        kept = {"what": name, "wrong": wrong, "truth": [str(one) for one in truths],
                "journal": self.product.calls(joined.trunk, began), "told": told}  # fmt: skip
        text = json.dumps(kept, indent=1, ensure_ascii=False)
        (folder / f"{version}-{name}.json").write_text(text + "\n", "utf-8")


@pytest.fixture(scope="module")
def plays(product: Product) -> Iterator[Plays]:
    plays = Plays(product)
    yield plays
    plays.close()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", SCENES)
def test_journal_says_what_the_phones_know(plays: Plays, name: str, version: int) -> None:
    assert plays.result(name, version) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_journal_has_no_call_that_nobody_made(plays: Plays, version: int) -> None:
    """After all scenes: nothing was journaled late, twice, or out of the blue."""
    calls = plays.product.calls(plays.product.joined[version].trunk)
    assert len(calls) == len(plays.played[version])
    assert {call["state"] for call in calls} <= {"ended"}
