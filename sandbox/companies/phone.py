"""Desk phones: each one opens an address of its own accord when something happens to it."""

from __future__ import annotations

from base64 import b64decode

from sandbox.companies.base import Asked, Company, Desk, Ends, Key, Keys, PhoneCall, Push, Said, Scene

WORDS = ("ring", "answer", "end", "missed", "out", "reject", "gone")
MODELS = ("yealink", "grandstream", "snom")
PBX = "pbx.example.com"
HOME = "192.168.1."
REUSED = 60_000
"""Ids are small, and come again."""


def mac(line: str) -> str:
    return f"805ec0aa{int(line) % 10000:04d}" if line.isdigit() else "805ec0aabbcc"


def call_id(call: PhoneCall, line: str, make: str) -> str:
    own = (int(call.id) * 7 + int(line or 0)) % REUSED if line.isdigit() else int(call.id) % REUSED
    return f"{own:08x}-{line}@{HOME}{line}" if make == "snom" else str(own)


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    lines = call.rings if call.incoming else (call.line,)
    return [_told("ring" if call.incoming else "out", call, line, scene) for line in lines]


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    """A phone whose call a colleague took says the same as one whose caller gave up."""
    over = [_told("missed", call, line, scene) for line in call.lost] if call.incoming else []
    return [_told("answer", call, call.line, scene), *over]


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    return [
        _told("ring", call, call.line, scene),
        _told("answer", call, call.line, scene),
        _told("end", call, call.before, scene),
    ]


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    if call.answered:
        return [_told("end", call, call.line, scene)]
    if not call.incoming:
        return [_told("gone", call, call.line, scene)]
    return [_told(str(call.disposition), call, line, scene) for line in call.rings]


def _told(word: str, call: PhoneCall, line: str, scene: Scene) -> Push:
    """`r`, the other side's address, stands last."""
    make = str(scene.keys["model"])
    fields = {"e": word, "mac": mac(line), "ext": line}
    if make != "grandstream":
        fields["id"] = call_id(call, line, make)
    if call.said:
        fields["dr"] = call.said
    silent = word == "end" and make == "yealink"
    return Push(word, fields | ({} if silent else {"r": _remote(call)}), "query", method="GET")


def _remote(call: PhoneCall) -> str:
    return f"sip:{call.external or 'anonymous'}@{PBX}"


# Dialling: our server asks the phone itself


def admits(asked: Asked, keys: Keys) -> bool:
    if asked.words.get("password"):
        return bool(asked.words["password"] == keys["password"])
    given = asked.headers.get("authorization", "").removeprefix("Basic ")
    try:
        return b64decode(given).decode() == f"{keys['user']}:{keys['password']}"
    except ValueError:
        return False


def rest(asked: Asked, desk: Desk) -> Said | None:
    line = asked.host.removeprefix(HOME)
    words = asked.words
    number = words.get("phonenumber") or words.get("number") or words.get("key", "").removeprefix("number=")
    if asked.path not in ("servlet", "cgi-bin/api-make_call", "command.htm") or not number:
        return None
    desk.dial(line, number)
    if asked.path.startswith("cgi-bin"):
        return Said({"response": "success", "body": True})
    return Said("", content_type="text/html")


COMPANY = Company(
    "phone",
    "Desk phones (Yealink, Grandstream, Snom)",
    sends=WORDS,
    ends=Ends(("missed", "reject"), ("end",), "reject"),
    began=began,
    answered=answered,
    moved=moved,
    ended=ended,
    keys=(
        Key("model", "yealink", MODELS),
        Key("phones", ", ".join(f"{line}={HOME}{line}" for line in range(101, 105))),
        Key("user", "admin"),
        Key("password", "phones-password-{account}"),
    ),
    hosts=tuple(f"{HOME}{line}" for line in range(101, 120)),
    admits=admits,
    refusal=Said("", 401, {"WWW-Authenticate": 'Basic realm="phone"'}, "text/html"),
    answer=rest,
)
