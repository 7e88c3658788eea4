"""Sends messages, in a process of its own: `python -m server.alerts`, a question as JSON on its input.

Neither Apprise's import nor a mail server that hangs can delay a ring from here. The answer is one line of JSON for
each message, as soon as its fate is known. Addresses stand nowhere but on the input: not in arguments, not in a log.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import Any

# Before the imports, which are most of the work: a ring comes first.
with contextlib.suppress(OSError):
    os.nice(10)

from server.alerts import apprising, fence


def main() -> None:
    asked: dict[str, Any] = json.load(sys.stdin)
    if asked.get("fenced"):
        fence.raise_()
    if "check" in asked:
        say(apprising.check(asked["check"]))
    elif "chats" in asked:
        say(apprising.chats(asked["chats"], asked["from"]))
    else:
        apprising.send_all(asked["messages"], asked["seconds"], say)
    os._exit(0)  # a thread that still waits for an answer must not keep us


def say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
