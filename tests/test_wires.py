"""Connections that we open: TCP, TLS and UDP to a real other side; silence is no fault, a hang-up is."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.providers.abilities import Failed, Place
from server.wires import Gone, open_wire
from tests.wire import free_port

HOST = "127.0.0.1"


@pytest.fixture
def own_certificate(tmp_path: Path) -> Path:
    """As a PBX makes one for itself: nobody in the world has signed it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pbx.lan")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path / "pbx.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return file


class Greeter:
    """Says hello to whoever connects, repeats what it hears, and hangs up on "bye"."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._door = socket.create_server((HOST, 0))
        self._context = context
        self.port = int(self._door.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        caller, _ = self._door.accept()
        try:
            with self._context.wrap_socket(caller, server_side=True) if self._context else caller as line:
                line.sendall(b"hello")
                while (heard := line.recv(100)) not in (b"", b"bye"):
                    line.sendall(heard)
        except ssl.SSLError:
            caller.close()  # it did not like our certificate

    def close(self) -> None:
        self._door.close()
        self._thread.join(5)


@pytest.fixture
def plain() -> Iterator[Greeter]:
    greeter = Greeter()
    yield greeter
    greeter.close()


@pytest.fixture
def secured(own_certificate: Path) -> Iterator[Greeter]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate)
    greeter = Greeter(context)
    yield greeter
    greeter.close()


def talks(place: Place) -> None:
    wire = open_wire(place)
    assert wire.receive(5) == b"hello"
    assert wire.receive(0.01) is None
    wire.send("how are you")
    assert wire.receive(5) == b"how are you"
    wire.send(b"bye")
    with pytest.raises(Gone):
        wire.receive(5)
    wire.close()


def test_a_plain_connection_carries_bytes_both_ways(plain: Greeter) -> None:
    talks(Place("tcp", host=HOST, port=plain.port))


def test_a_pbx_with_a_certificate_of_its_own_is_talked_to_when_the_owner_says_so(secured: Greeter) -> None:
    talks(Place("tls", host=HOST, port=secured.port, trust=False))


def test_else_a_certificate_that_nobody_signed_is_refused(secured: Greeter) -> None:
    with pytest.raises(Failed) as why:
        open_wire(Place("tls", host=HOST, port=secured.port))
    assert why.value.word == "tls"


def test_nobody_at_the_address_is_unreachable() -> None:
    for kind in ("tcp", "tls"):
        with pytest.raises(Failed) as why:
            open_wire(Place(kind, host=HOST, port=free_port()))
        assert why.value.word == "unreachable"


def test_packets_from_elsewhere_are_not_heard() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as pbx, socket.socket(
        socket.AF_INET, socket.SOCK_DGRAM
    ) as stranger:  # fmt: skip
        pbx.bind((HOST, 0))
        wire = open_wire(Place("udp", host=HOST, port=int(pbx.getsockname()[1])))
        wire.send(b"REGISTER")
        heard, address = pbx.recvfrom(100)
        assert (heard, address) == (b"REGISTER", wire.local)
        stranger.sendto(b"INVITE", wire.local)
        pbx.sendto(b"200", wire.local)
        assert wire.receive(5) == b"200"
        wire.close()
