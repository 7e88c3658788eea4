"""SIP as text: messages in and out, addresses, digests. Part of `server.providers.sip`; nothing here remembers."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from server.phones import digits
from server.providers import values

Headers = list[tuple[str, str]]

SHORT = {"i": "call-id", "m": "contact", "v": "via", "f": "from", "t": "to", "k": "supported"}
WORDS = {100: "Trying", 180: "Ringing", 200: "OK", 405: "Method Not Allowed", 420: "Bad Extension",
         480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 486: "Busy Here",
         487: "Request Terminated"}  # fmt: skip
NAMES = {"call-id": "Call-ID", "cseq": "CSeq", "www-authenticate": "WWW-Authenticate"}
MOST_HEADERS = 200
LARGEST = 65_535
AGENT = "Dzvinok"

_REQUEST = re.compile(r"^([A-Z]{2,20}) (\S{1,512}) SIP/2\.0\s*$")
_ANSWER = re.compile(r"^SIP/2\.0 ([1-6]\d\d)(?: (.*))?$")
_BRANCH = re.compile(r";\s*branch\s*=\s*([^;,\s]+)", re.IGNORECASE)
_TAG = re.compile(r";\s*tag\s*=\s*([^;,\s>]+)", re.IGNORECASE)
_DIGEST = re.compile(r'([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))', re.IGNORECASE)
_REASON = re.compile(r"(SIP|Q\.850)\s*;[^,]*?cause\s*=\s*(\d+)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"elsewhere", re.IGNORECASE)

HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


@dataclass(frozen=True)
class Message:
    """A request has a `method` and a `uri`; an answer has a `code`, and the method of what it answers."""

    method: str
    uri: str
    code: int
    words: str
    headers: Headers

    def get(self, name: str) -> str:
        return next((value for its, value in self.headers if its == name), "")

    def all(self, name: str) -> list[str]:
        return [value for its, value in self.headers if its == name]

    @property
    def call_id(self) -> str:
        return self.get("call-id")

    @property
    def number(self) -> int:
        found = digits(self.get("cseq").split(" ")[0])[:10]
        return int(found) if found else -1

    @property
    def branch(self) -> str:
        """Of the transaction: an ACK and a CANCEL have that of their INVITE. Old stacks have none worth the name."""
        found = _BRANCH.search(self.get("via"))
        return found[1] if found else f"{self.call_id} {self.number}"

    @property
    def in_dialog(self) -> bool:
        return bool(_TAG.search(self.get("to")))


def read(data: bytes) -> Message | None:
    """None for what is no SIP: a keep-alive, noise, a packet that was cut."""
    head = data[:LARGEST].decode("utf-8", "replace").replace("\r\n", "\n").lstrip("\n").partition("\n\n")[0]
    start, *lines = re.sub(r"\n[ \t]+", " ", head).split("\n")
    request, answer = _REQUEST.match(start), _ANSWER.match(start)
    headers = _headers(lines[:MOST_HEADERS])
    found = dict(reversed(headers))
    if not (request or answer) or not {"via", "from", "to", "call-id", "cseq"} <= found.keys():
        return None
    if request:
        return Message(request[1], request[2], 0, "", headers)
    method = found["cseq"].split()[-1].upper() if found["cseq"].split() else ""
    return Message(method, "", int(answer[1]), values.text(answer[2] or "", 60), headers) if answer else None


def _headers(lines: Iterable[str]) -> Headers:
    pairs = (line.partition(":") for line in lines)
    named = ((name.strip().lower(), value.strip()) for name, colon, value in pairs if colon)
    return [(SHORT.get(name, name), value) for name, value in named]


def write(start: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """Without a body: we never talk."""
    lines = [f"{name}: {_line(value)}\r\n" for name, value in [*headers, ("Content-Length", "0")]]
    return f"{_line(start)}\r\n{''.join(lines)}\r\n".encode("utf-8", "replace")


def _line(text: str) -> str:
    """What came from outside may not begin another header."""
    return re.sub(r"[\x00-\x08\x0a-\x1f\x7f]+", " ", text)


def reply(to: Message, code: int, tag: str = "", more: Iterable[tuple[str, str]] = ()) -> bytes:
    told = to.get("to")
    if tag and code > 100 and not to.in_dialog:
        told = f"{told};tag={tag}"
    headers = [("Via", via) for via in to.all("via")]
    headers += [("Record-Route", route) for route in to.all("record-route")]
    headers += [("From", to.get("from")), ("To", told), ("Call-ID", to.call_id), ("CSeq", to.get("cseq"))]
    return write(f"SIP/2.0 {code} {WORDS[code]}", [*headers, *more, ("Server", AGENT)])


def new_branch() -> str:
    return "z9hG4bK" + secrets.token_hex(8)


# Who calls whom.


@dataclass(frozen=True)
class Address:
    """`"Olena" <sip:0671112233@pbx>`: `user` is "" where there is none or where it says that it is hidden."""

    name: str
    user: str


HIDDEN = ("anonymous", "private", "unknown", "unavailable", "restricted", "withheld", "asterisk")


def address(told: str) -> Address:
    quoted = re.match(r'^\s*"((?:[^"\\]|\\.)*)"\s*(.*)$', told, re.DOTALL)
    name = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else told.partition("<")[0] if "<" in told else ""
    rest = quoted[2] if quoted else told
    inside = re.search(r"<([^<>]*)>", rest)
    uri = re.sub(r"^(?:sips?|tel):", "", (inside[1] if inside else rest).strip(), flags=re.IGNORECASE)
    before, at, _ = uri.partition("@")
    user = before if at else uri if re.match(r"^\+?[\d().-]+(?:;|$)", uri) and uri.count(".") != 3 else ""
    user = values.text(re.split(r"[;:]", user)[0], 64)
    shown = values.text(name)
    named = any(char.isalpha() for char in shown) and shown.casefold() not in HIDDEN
    return Address(shown if named else "", "" if user.casefold() in HIDDEN else user)


def caller(invite: Message) -> Address:
    """Who the network says it is, before what the caller says; but nobody who asked to be hidden."""
    told = address(invite.get("from"))
    if not told.user and re.search(r"\b(id|user|header|full|yes)\b", invite.get("privacy"), re.IGNORECASE):
        return Address("", "")
    for name in ("p-asserted-identity", "remote-party-id"):
        for one in invite.all(name):
            proved = address(one)
            if proved.user:
                return Address(proved.name or told.name, proved.user)
    return told


def stopped_because(cancel: Message) -> tuple[bool, set[tuple[str, int]]]:
    """Whether somebody else answered, and every cause that is given."""
    told = ", ".join(cancel.all("reason"))
    causes = {(kind.upper(), int(cause[:5])) for kind, cause in _REASON.findall(told)}
    elsewhere = bool(_ELSEWHERE.search(told)) or bool(causes & {("SIP", 200), ("Q.850", 26)})
    return elsewhere, causes


# Proving who we are.


def challenge(answer: Message) -> dict[str, str]:
    """The first challenge of a 401 or 407 that we can answer; {} when there is none."""
    for name in ("www-authenticate", "proxy-authenticate"):
        for told in answer.all(name):
            if told[:7].casefold() != "digest ":
                continue
            asked = {key.casefold(): quoted or plain for key, quoted, plain in _DIGEST.findall(told[7:])}
            kinds = {kind.strip().casefold() for kind in asked.get("qop", "auth").split(",")}
            known = asked.get("algorithm", "MD5").upper() in HASHES
            if known and "auth" in kinds and asked.get("realm") is not None and asked.get("nonce"):
                return asked
    return {}


def proof(asked: dict[str, str], user: str, password: str, method: str, uri: str, once: str = "") -> str:
    """The value of an Authorization header."""
    kind = asked.get("algorithm", "MD5").upper()

    def digest(*parts: str) -> str:
        return HASHES[kind](":".join(parts).encode()).hexdigest()

    who, what = digest(user, asked["realm"], password), digest(method, uri)
    told = {"username": user, "realm": asked["realm"], "nonce": asked["nonce"], "uri": uri}
    plain = {"algorithm": kind}
    if "qop" in asked:
        once = once or secrets.token_hex(8)
        told |= {"cnonce": once}
        plain |= {"qop": "auth", "nc": "00000001"}
        told["response"] = digest(who, asked["nonce"], "00000001", once, "auth", what)
    else:
        told["response"] = digest(who, asked["nonce"], what)
    if "opaque" in asked:
        told["opaque"] = asked["opaque"]
    parts = [f'{name}="{value}"' for name, value in told.items()]
    return "Digest " + ", ".join([*parts, *(f"{name}={value}" for name, value in plain.items())])
