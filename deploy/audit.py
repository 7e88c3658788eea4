"""`make audit`: what we depend on, asked for known holes; and what can be said without asking anybody.

Exit code 1 when something is wrong. Where no database of holes answers (a box without internet, a registry's mirror),
it says so as loudly: silence is not "nothing found".
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[a-z0-9,_-]+\])?==([^\s;\\]+)", re.MULTILINE)

# What may stand in a box that serves restaurants: free to use, change and sell, and nothing of ours has to be opened.
# LGPL: used as it is, as a package of its own, which whoever runs the box can replace.
FREE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|Unlicense|Zope|ZPL|0BSD|LGPL|Lesser|CC0)",
    re.I,
)
IN_ITS_FILE = {"peewee": "MIT"}  # says it in its LICENSE alone
OURS_TO_OPEN = re.compile(r"(?<!L)\b(AGPL|GPL|SSPL|BUSL|GNU General|Affero)|(?<!Lesser )General Public", re.I)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(path: Path) -> dict[str, str]:
    return {normal(name): version for name, version in PIN.findall(path.read_text("utf-8"))}


def licence(name: str) -> str:
    """What a package says of itself: the expression, else the classifiers, else the first line of the old field."""
    said = metadata.metadata(name)
    kinds = [one.split(" :: ")[-1] for one in said.get_all("Classifier", []) if one.startswith("License ::")]
    return (
        said.get("License-Expression")
        or ", ".join(kinds)
        or ((said.get("License") or "").split("\n")[0] or IN_ITS_FILE.get(name, ""))
    )


def table() -> list[tuple[str, str, str]]:
    """Name, version, licence of everything that serves."""
    found = []
    for name, version in sorted(pins(ROOT / "requirements.lock").items()):
        try:
            found.append((name, version, licence(name)))
        except metadata.PackageNotFoundError:  # of another system
            continue
    return found


def fits(said: str) -> bool:
    return bool(FREE.search(said)) and not (OURS_TO_OPEN.search(said) and not re.search(r"LGPL|Lesser", said))


def holes() -> tuple[str, int]:
    """What pip-audit says, and its exit code: 2 where it could not ask."""
    command = [str(Path(sys.executable).with_name("pip-audit")), "--requirement", str(ROOT / "requirements.lock"),
               "--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off"]  # fmt: skip
    told = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603 - ours
    try:
        packages = json.loads(told.stdout)["dependencies"]
    except (ValueError, KeyError):
        return told.stderr.strip().splitlines()[-1] if told.stderr.strip() else "no answer", 2
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    bad = [f"{one['name']} {hole['id']}" for one in packages for hole in one.get("vulns", [])]
    if bad:
        return "\n".join(bad), 1
    return (
        (f"{len(unknown)} of {len(packages)} packages could not be asked for", 2)
        if unknown
        else ("none known", 0)
    )


def npm_holes() -> tuple[str, int]:
    command = ["npm", "audit", "--json"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603
    try:
        counted = json.loads(told.stdout)["metadata"]["vulnerabilities"]
    except (ValueError, KeyError):
        return "the registry's audit does not answer", 2
    worst = {kind: count for kind, count in counted.items() if count and kind != "total"}
    return (str(worst), 1) if worst else ("none known", 0)


def main() -> int:
    wrong = 0
    for name, version, said in table():
        bad = not fits(said)
        wrong |= bad
        print(f"{'!!' if bad else '  '} {name:28} {version:12} {said[:60]}")
    for whose, ask in (("Python", holes), ("npm", npm_holes)):
        said, code = ask()
        loud = {0: "", 1: "HOLES: ", 2: "NOT AUDITED (nobody to ask from here): "}[code]
        print(f"{whose} packages, known holes: {loud}{said}")
        wrong |= code == 1
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
