"""Parsers under atheris: `python -m tests.fuzz.guided <target> <corpus folder> [libFuzzer's options]`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

TARGETS = ("companies", "pbx", "sip", "numbers", "frames", "notices")


def companies() -> tuple[Callable[[bytes], None], Iterator[bytes]]:
    """Byte 0 says whose request it is and byte 1 which, the rest is its body."""
    from dataclasses import replace

    from tests.fuzz import mutants
    from tests.fuzz.test_companies import can_be_kept, proved, told

    def one(data: bytes) -> None:
        if len(data) < 2:
            return
        name = mutants.COMPANIES[data[0] % len(mutants.COMPANIES)]
        known = mutants.steps(name)
        sent, settings = mutants.original(name, *known[data[1] % len(known)])
        sent = replace(sent, body=data[2:]) if sent.body else replace(sent, query=data[2:].decode("latin-1"))
        proved(name, sent, settings)
        for event in told(name, sent, settings):
            can_be_kept(event, sent.at)

    def seeds() -> Iterator[bytes]:
        for place, name in enumerate(mutants.COMPANIES):
            for number, step in enumerate(mutants.steps(name)):
                sent, _ = mutants.original(name, *step)
                yield bytes([place, number % 256]) + (sent.body or sent.query.encode())

    return one, seeds()


def pbx() -> tuple[Callable[[bytes], None], Iterator[bytes]]:
    from tests.fuzz.test_streams import HERE, T0, TAPES, is_a_step, linked

    def one(data: bytes) -> None:
        link = linked("asterisk")
        link.opened(T0, HERE)
        for place in range(0, len(data), 700):
            is_a_step(link.received(data[place : place + 700], T0 + place), T0 + place)

    tapes = TAPES["asterisk"]
    return one, (
        tapes[0] + tapes[1] + b"".join(tapes[at : at + 8]) for at in range(2, min(len(tapes), 400), 8)
    )


def sip() -> tuple[Callable[[bytes], None], Iterator[bytes]]:
    from tests.fuzz.test_streams import HERE, T0, TAPES, is_a_step, linked

    def one(data: bytes) -> None:
        link = linked("sip")
        link.opened(T0, HERE)
        is_a_step(link.received(data, T0), T0)

    return one, iter(TAPES["sip"])


def numbers() -> tuple[Callable[[bytes], None], Iterator[bytes]]:
    from server import phones

    def one(data: bytes) -> None:
        raw = data.decode("utf-8", "surrogateescape")
        number = phones.read(raw, "UA")
        number.e164.encode()
        assert phones.read(number.e164, "UA") == number or not number.matchable

    return one, iter(
        [b"+380671112233", b'"Olena" <sip:0671112233@pbx>', b"tel:067 111-22-33;ext=5", b"anonymous"]
    )


def frames() -> tuple[Callable[[bytes], None], Iterator[bytes]]:
    import json

    from server import messages

    def one(data: bytes) -> None:
        json.dumps(messages.read(data), ensure_ascii=False).encode()
        messages.read_hello(data)

    return one, iter(
        [b'{"type":"hello","ticket":"x","protocol":1,"employee":5}', b'{"type":"look","call":"\\ud800"}']
    )


def notices() -> tuple[Callable[[bytes], None], Iterator[bytes]]:
    from server.poster import bodies, webhooks, wire

    def one(data: bytes) -> None:
        with suppress(webhooks.HookRefused):
            webhooks.read(data, "secret")
        webhooks.claimed(data)
        wire.parse(data)
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            bodies.parse(data, kind)
            list(bodies.spellings(data, kind))

    good = b'{"account":"acme","object":"client","object_id":1,"action":"changed","time":"1","verify":"x","data":"{}"}'
    return one, iter([good, b"p=eyJ9&a[b][]=1"])


def main() -> None:
    import atheris

    name, folder, *options = sys.argv[1:]
    with atheris.instrument_imports(
        include=["server.providers", "server.phones", "server.messages", "server.poster"]
    ):
        made: Any = globals()[name]()
    one, seeds = made
    corpus = Path(folder) / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds):
        (corpus / f"{number:05}").write_bytes(seed[:20000])
    atheris.Setup([sys.argv[0], str(corpus), *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
