"""SIP phones over UDP: what a person does with one, and a diary of what truly happened.

A phone rings by itself as soon as it is called; everything else it does when it is told: `leg.answer()`. So a test
waits for events and never sleeps.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Address = tuple[str, int]
PATIENCE = 8.0
MOMENT = 0.15  # what a person needs to pick up, to say a word, to press a key
REASONS = {100: "Trying", 180: "Ringing", 200: "OK", 302: "Moved Temporarily", 480: "Temporarily Unavailable",
           486: "Busy Here", 487: "Request Terminated", 603: "Decline"}  # fmt: skip
SHORT = {"i": "call-id", "m": "contact", "v": "via", "f": "from", "t": "to"}
HUM = bytes(range(0xF0, 0x100)) * 10


class Message:
    def __init__(self, start: str, headers: list[tuple[str, str]], body: str = "") -> None:
        self.start, self.headers, self.body = start, headers, body

    @classmethod
    def read(cls, data: bytes) -> Message:
        head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        start, *lines = head.split("\r\n")
        pairs = [line.partition(":") for line in lines]
        named = [
            (SHORT.get(name.strip().lower(), name.strip().lower()), value.strip()) for name, _, value in pairs
        ]
        return cls(start, named, body)

    def bytes(self) -> bytes:
        kind = [("Content-Type", "application/sdp")] if self.body.startswith("v=0") else []
        lines = [f"{name}: {value}\r\n" for name, value in [*self.headers, *kind]]
        length = f"Content-Length: {len(self.body.encode())}\r\n"
        return f"{self.start}\r\n{''.join(lines)}{length}\r\n{self.body}".encode()

    def get(self, name: str) -> str:
        return next((value for its, value in self.headers if its == name), "")

    def all(self, name: str) -> list[str]:
        return [value for its, value in self.headers if its == name]

    @property
    def code(self) -> int:
        """0 of a request."""
        return int(self.start.split()[1]) if self.start.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        return self.get("cseq").split()[1] if self.code else self.start.split()[0]

    @property
    def branch(self) -> str:
        found = re.search(r"branch=([^;\s]+)", self.get("via"))
        return found[1] if found else ""


@dataclass(eq=False)
class Leg:
    """One call as one phone had it. `state`: new, ringing, up, over. `final` is the code that ended its INVITE."""

    phone: Phone
    id: str
    calling: bool
    number: str = ""  # who is at the other end, as the phone shows it
    state: str = "new"
    final: int = 0
    rang: float = 0.0
    answered: float = 0.0
    ended: float = 0.0
    cancelled: bool = False
    picked_up: bool = False
    hung_up: str = ""  # "here" or "there"
    local: str = ""
    remote: str = ""
    target: str = ""
    sequence: int = 1
    branch: str = ""
    invite: Message | None = None
    media: Address | None = None
    heard: list[str] = field(default_factory=list)
    nonces: int = 0

    def answer(self, alone: bool = False) -> Leg:
        """Picks up; returns when the other side can be heard, unless nobody is there yet."""
        time.sleep(MOMENT)
        self.pick_up()
        self.up()
        return self if alone else self.hears()

    def hears(self) -> Leg:
        """Until somebody is connected: a phone that is up hums, and no announcement sounds so."""
        self.phone.hear()
        time.sleep(MOMENT)
        return self

    def pick_up(self) -> None:
        self.picked_up = True
        self.phone.reply(self.invite, 200, self, self.phone.sdp())

    def refuse(self, code: int) -> None:
        """At once."""
        self.final, self.ended, self.state = code, time.time(), "over"
        self.phone.reply(self.invite, code, self)

    def redirect(self, number: str) -> None:
        """The phone's own forwarding."""
        self.final, self.ended, self.state = 302, time.time(), "over"
        host = "{}:{}".format(*self.phone.pbx)
        self.phone.reply(self.invite, 302, self, contact=f"<sip:{number}@{host}>")

    def give_up(self) -> Leg:
        """Hangs up before anybody answered."""
        time.sleep(MOMENT)
        self.cancelled = True
        self.phone.send(self._request("CANCEL", self.branch, self.sequence))
        return self.over()

    def hang_up(self) -> Leg:
        time.sleep(MOMENT)
        self.hung_up, self.ended, self.state = "here", time.time(), "over"
        self.phone.ask(self, "BYE")
        return self

    def hold(self) -> None:
        self._offer("sendonly")

    def resume(self) -> None:
        self._offer("sendrecv")

    def presses(self, digits: str) -> None:
        """After listening for a while."""
        time.sleep(2 * MOMENT)
        for digit in digits:
            kind = ("Content-Type", "application/dtmf-relay")
            self.phone.ask(self, "INFO", [kind], f"Signal={digit}\r\nDuration=100\r\n")

    def refer(self, number: str) -> int:
        """Hands the other side on; returns what the PBX said to that. The PBX hangs up, or not."""
        return self._refer(f"<sip:{number}@{self.phone.pbx[0]}>")

    def refer_and_go(self, number: str) -> None:
        """As a desk phone does: it hangs up as soon as it hears that it rings there."""
        self.refer(number)
        there = re.compile("SIP/2.0 (180|200)")
        self.wait(lambda: self.state == "over" or any(map(there.search, self.heard)))
        if self.state == "up":
            self.hang_up()

    def refer_to(self, other: Leg) -> int:
        """Joins the other side with that of another leg of this phone."""
        tags = f"{other.id}%3Bto-tag%3D{_tag(other.remote)}%3Bfrom-tag%3D{_tag(other.local)}"
        return self._refer(f"<sip:{other.number}@{self.phone.pbx[0]}?Replaces={tags}>")

    def ringing(self) -> Leg:
        return self.wait(lambda: self.state == "ringing")

    def up(self) -> Leg:
        return self.wait(lambda: self.state == "up")

    def over(self) -> Leg:
        return self.wait(lambda: self.state == "over")

    def wait(self, there: Callable[[], object], seconds: float = PATIENCE) -> Leg:
        with self.phone.news:
            assert self.phone.news.wait_for(there, seconds), f"waited in vain: {self}"
        return self

    def __repr__(self) -> str:
        way = "calls" if self.calling else "called by"
        return f"<{self.phone.name} {way} {self.number}: {self.state} {self.final or ''} {self.heard}>"

    def _offer(self, direction: str) -> None:
        self.phone.ask(self, "INVITE", body=self.phone.sdp(direction))

    def _refer(self, to: str) -> int:
        by = f"<sip:{self.phone.name}@{self.phone.pbx[0]}>"
        return self.phone.ask(self, "REFER", [("Refer-To", to), ("Referred-By", by)])

    def _request(
        self, method: str, branch: str, number: int, more: list[tuple[str, str]] | None = None, body: str = ""
    ) -> Message:
        headers = [
            ("Via", f"SIP/2.0/UDP {self.phone.at};rport;branch={branch}"), ("Max-Forwards", "70"),
            ("From", self.local), ("To", self.remote), ("Call-ID", self.id), ("CSeq", f"{number} {method}"),
            ("Contact", self.phone.contact), *(more or []),
        ]  # fmt: skip
        return Message(f"{method} {self.target} SIP/2.0", headers, body)


class Phone:
    """One SIP address. `password` "" is a provider's, who has none.

    `refuses` is the code for whoever calls, 0 rings. A `late` one picks up just when the PBX has given up.
    """

    def __init__(self, name: str, pbx: Address, password: str = "", host: str = "127.0.0.1") -> None:
        self.name, self.pbx, self.password = name, pbx, password
        self.legs: list[Leg] = []
        self.refuses, self.late = 0, False
        self.news = threading.Condition(threading.RLock())
        self._answers: dict[str, Message] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._sound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sound.bind((host, 0))
        self.host, self.port = self._socket.getsockname()
        self.at = f"{self.host}:{self.port}"
        self.contact = f"<sip:{name.lstrip('+')}@{self.at}>"
        self._closed = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def register(self, seconds: int = 3600) -> Phone:
        """0 seconds: not there any more."""
        me = f"<sip:{self.name}@{self.pbx[0]}>"
        leg = Leg(self, secrets.token_hex(8), True, local=f"{me};tag={secrets.token_hex(4)}", remote=me)
        leg.target = "sip:{}:{}".format(*self.pbx)
        assert self.ask(leg, "REGISTER", [("Expires", str(seconds))]) == 200
        return self

    def dial(
        self,
        number: str,
        caller: str = "",
        shows: str = "",
        host: str = "",
        more: list[tuple[str, str]] | None = None,
    ) -> Leg:
        """Calls; `caller` is the number that a provider gives, `shows` the name with it."""
        leg = Leg(self, secrets.token_hex(8), True, number)
        leg.local = f'"{shows}" <sip:{caller or self.name}@{host or self.pbx[0]}>;tag={secrets.token_hex(4)}'
        leg.remote = f"<sip:{number}@{self.pbx[0]}>"
        leg.target = "sip:{}@{}:{}".format(number, *self.pbx)
        leg.branch = _branch()
        leg.invite = leg._request("INVITE", leg.branch, leg.sequence, more, self.sdp())
        with self.news:
            self.legs.append(leg)
        self.send(leg.invite)
        return leg

    def called(self, by: str = "", nth: int = 0) -> Leg:
        """The next call that comes in, by this number; waits for it."""

        def found() -> list[Leg]:
            return [leg for leg in self.legs if not leg.calling and by in leg.number][nth:]

        with self.news:
            assert self.news.wait_for(found, PATIENCE), f"{self.name} was not called by {by or 'anybody'}"
            return found()[0]

    def ask(self, leg: Leg, method: str, more: list[tuple[str, str]] | None = None, body: str = "") -> int:
        """Sends a request, with the password when that is wanted; returns the final answer's code."""
        extra = list(more or [])
        for _ in range(2):
            leg.sequence += 1
            branch = _branch()
            request = leg._request(method, branch, leg.sequence, extra, body)
            answer = self._answered(request, branch)
            if method == "INVITE":
                self.send(leg._request("ACK", _branch(), leg.sequence))
            if answer.code not in (401, 407):
                return answer.code
            extra = [*(more or []), self._proof(answer, request)]
        return answer.code

    def send(self, message: Message) -> None:
        if not self._closed.is_set():
            self._socket.sendto(message.bytes(), self.pbx)

    def reply(
        self, to: Message | None, code: int, leg: Leg | None = None, body: str = "", contact: str = ""
    ) -> None:
        assert to
        tagged = (
            f"{to.get('to')};tag={_tag(leg.local)}"
            if leg and code > 100 and ";tag=" not in to.get("to")
            else ""
        )
        headers = [("Via", via) for via in to.all("via")]
        headers += [("From", to.get("from")), ("To", tagged or to.get("to")), ("Call-ID", to.get("call-id"))]
        headers += [("CSeq", to.get("cseq")), ("Contact", contact or self.contact)]
        self.send(Message(f"SIP/2.0 {code} {REASONS[code]}", headers, body))

    def sdp(self, direction: str = "sendrecv") -> str:
        host, port = self._sound.getsockname()
        lines = ["v=0", f"o=p 1 {time.time_ns()} IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0",
                 f"m=audio {port} RTP/AVP 0", "a=rtpmap:0 PCMU/8000", f"a={direction}"]  # fmt: skip
        return "".join(f"{line}\r\n" for line in lines)

    def hear(self) -> None:
        """Another phone's hum, from now on."""
        self._sound.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while self._sound.recv(2048):
                pass
        self._sound.settimeout(PATIENCE)
        while self._sound.recv(2048)[12:] != HUM:
            pass

    def forget(self) -> None:
        """Before the next call: nothing is left of the last ones, which must be over."""
        with self.news:
            self.refuses, self.late = 0, False
            self.legs.clear()

    def close(self) -> None:
        self._closed.set()
        self._socket.sendto(b"", (self.host, self.port))
        self._sound.close()

    # What comes in.

    def _listen(self) -> None:
        while not self._closed.is_set():
            data = self._socket.recv(65535)
            if len(data) > 20:
                message = Message.read(data)
                with self.news:
                    self._answer_came(message) if message.code else self._asked(message)
                    self.news.notify_all()
        self._socket.close()

    def _leg(self, message: Message) -> Leg | None:
        wanted = message.get("call-id")
        return next((leg for leg in reversed(self.legs) if leg.id == wanted), None)

    def _asked(self, message: Message) -> None:
        leg = self._leg(message)
        if message.method == "INVITE":
            self._invited(message, leg)
        elif message.method == "CANCEL":
            self.reply(message, 200, leg)
            if leg and leg.state == "ringing" and self.late:
                leg.pick_up()
            elif leg and leg.state in ("new", "ringing") and not leg.picked_up:
                self._end(leg, "there")
                leg.cancelled = True
                leg.heard = message.all("reason")
                self.reply(leg.invite, 487, leg)
        elif message.method == "ACK":
            if leg and leg.state == "ringing":
                leg.state, leg.answered, leg.final = "up", time.time(), 200
                self._hum_along(leg)
        else:
            self.reply(message, 200, leg)
            if message.method == "BYE" and leg:
                self._end(leg, "there")
            elif leg:
                leg.heard.append(f"{message.method} {message.body.strip()}")

    def _invited(self, message: Message, leg: Leg | None) -> None:
        if leg and ";tag=" in message.get("to"):
            return self.reply(message, 200, leg, self.sdp())
        if leg:
            return None
        leg = Leg(self, message.get("call-id"), False, _user(message.get("from")), invite=message)
        leg.remote, leg.target = message.get("from"), _uri(message.get("contact"))
        leg.local = f"{message.get('to')};tag={secrets.token_hex(4)}"
        leg.media = _media(message.body)
        self.legs.append(leg)
        if self.refuses:
            return leg.refuse(self.refuses)
        leg.state, leg.rang = "ringing", time.time()
        return self.reply(message, 180, leg)

    def _answer_came(self, message: Message) -> None:
        leg = self._leg(message)
        if not leg or message.branch != leg.branch or message.method != "INVITE":
            if message.code >= 200:
                self._answers[message.branch] = message
        elif message.code < 200:
            leg.state = "ringing" if message.code > 100 else leg.state
        else:
            self._dialled(leg, message)

    def _dialled(self, leg: Leg, message: Message) -> None:
        """The final answer to our own INVITE; it may come twice."""
        leg.remote = message.get("to")
        if message.code < 300:
            leg.target = _uri(message.get("contact"))
            self.send(leg._request("ACK", _branch(), leg.sequence))
            if leg.state != "over":
                leg.state, leg.answered, leg.final, leg.media = "up", time.time(), 200, _media(message.body)
                self._hum_along(leg)
            return
        self.send(leg._request("ACK", leg.branch, leg.sequence))
        if message.code in (401, 407) and leg.nonces == 0 and leg.invite:
            proof = self._proof(message, leg.invite)
            leg.nonces, leg.sequence, leg.branch = 1, leg.sequence + 1, _branch()
            leg.remote = leg.remote.partition(";tag=")[0]
            leg.invite = leg._request("INVITE", leg.branch, leg.sequence, [proof], leg.invite.body)
            self.send(leg.invite)
        elif leg.state != "over":
            leg.final = message.code
            self._end(leg, "here" if leg.cancelled else "there")

    def _end(self, leg: Leg, by: str) -> None:
        if leg.state != "over":
            leg.state, leg.hung_up, leg.ended = "over", by, time.time()

    def _answered(self, request: Message, branch: str) -> Message:
        for patience in (0.5, 1.0, 2.0, 4.0):
            self.send(request)
            with self.news:
                if self.news.wait_for(lambda: branch in self._answers, patience):
                    return self._answers.pop(branch)
        raise AssertionError(f"{self.name}: no answer to {request.start}")

    def _proof(self, answer: Message, request: Message) -> tuple[str, str]:
        asked = answer.get("www-authenticate") or answer.get("proxy-authenticate")
        wants = {
            name: quoted or plain
            for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', asked)
        }
        uri, once = request.start.split()[1], secrets.token_hex(8)
        who = _md5(self.name, wants["realm"], self.password)
        what = _md5(request.method, uri)
        given = _md5(who, wants["nonce"], "00000001", once, "auth", what)
        value = (
            f'Digest username="{self.name}", realm="{wants["realm"]}", nonce="{wants["nonce"]}", uri="{uri}", '
            f'response="{given}", algorithm=MD5, qop=auth, nc=00000001, cnonce="{once}"'
        )
        opaque = f', opaque="{wants["opaque"]}"' if "opaque" in wants else ""
        return ("Proxy-Authorization" if answer.code == 407 else "Authorization", value + opaque)

    def _hum_along(self, leg: Leg) -> None:
        threading.Thread(target=self._hum, args=(leg,), daemon=True).start()

    def _hum(self, leg: Leg) -> None:
        number = 0
        while leg.state == "up" and leg.media and not self._closed.wait(0.02):
            number += 1
            stamp = (number & 0xFFFF).to_bytes(2, "big") + (number * 160).to_bytes(4, "big")
            with contextlib.suppress(OSError):
                self._sound.sendto(b"\x80\x00" + stamp + b"HUM!" + HUM, leg.media)


def _branch() -> str:
    return "z9hG4bK" + secrets.token_hex(8)


def _md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode()).hexdigest()


def _tag(address: str) -> str:
    return address.partition(";tag=")[2].partition(";")[0]


def _uri(address: str) -> str:
    found = re.search(r"<([^>]*)>", address)
    return found[1] if found else address


def _user(address: str) -> str:
    return _uri(address).partition("@")[0].removeprefix("sip:")


def _media(sdp: str) -> Address | None:
    host, port = re.search(r"^c=IN IP4 (\S+)", sdp, re.M), re.search(r"^m=audio (\d+)", sdp, re.M)
    return (host[1], int(port[1])) if host and port else None
