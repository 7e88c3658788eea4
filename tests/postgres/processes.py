"""Programs that use a database beside the tests' own process."""

from __future__ import annotations

import subprocess
import sys

from tests.wire import ROOT

PROGRAMS = {
    "START": """
from server import db
db.open_database(sys.argv[1])
print("started")
""",
    # The same thirty events as everybody else, at the same moment, beginning with another one.
    "TAKE": """
from server import create_app
from server.calls import IN, RING, CallEvent
from server.config import load
from tests import wire
from pathlib import Path
env = wire.environment(8080, Path("/nowhere/x.db")) | {"DATABASE_URL": sys.argv[1]}
app = create_app(load(env, Path("/nowhere/no.env")))
intake = app.extensions["dzvinok"].intake
account, trunk, first = (int(word) for word in sys.argv[2:5])
print("ready", flush=True)
sys.stdin.readline()
for number in range(30):
    key = (number + first * 4) % 30
    event = CallEvent(f"c{key}", RING, 1795436500.0 + key, IN, f"+38067111220{key % 10}", line="101")
    intake.take(account, trunk, [event])
print("done", flush=True)
""",
}


def program(name: str, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "import sys\n" + PROGRAMS[name], *words]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)  # fmt: skip


def in_processes(name: str, *words: str) -> str:
    """What one of them says."""
    with program(name, *words) as running:
        said, wrong = running.communicate(timeout=60)
    return said or wrong
