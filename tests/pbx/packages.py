"""A real Asterisk for the tests: Debian's packages, unpacked into `build/pbx`. Nothing is installed, no root is needed.

apt fetches them into folders of its own and checks Debian's signatures; here each package's SHA256 is compared with
apt's index once more. What an old Asterisk does matters as well: of bullseye comes 16, of testing 22.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.wire import ROOT

CACHE = ROOT / "build" / "pbx"
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SOURCES = ("/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list")
SUITES = {16: ("bullseye",), 22: ("forky", "sid")}
WANTED = {16: ("asterisk", "asterisk-voicemail", "sip-tester"), 22: ("asterisk", "sip-tester")}
# Of all that these depend on only what the modules of `etc/modules.conf` are linked with.
LINKED = re.compile(
    r"asterisk(-modules|-voicemail|-core-sounds-en-gsm)?|sip-tester|libc6|libzstd1|zlib1g|liblzma5|libssl\d.*|libxslt1.*"
    r"|libxml2.*|libicu\d+|libuuid1|liburiparser.*|libtinfo\d|libncurses.*|libsystemd0|libstdc\+\+6|libsqlite3-0|libmd0"
    r"|libjansson4|libgsm1|libgcc-s1|libedit2|libcrypt1|libcap2|libbsd0|libpcap.*|libpugixml.*|libsctp1|libgsl.*|libdbus-1-3"
    r"|libgcrypt\d+|libgpg-error0|liblz4-1|libibverbs1|libnl-.*"
)
LIBRARIES = "usr/lib/x86_64-linux-gnu"


class Missing(Exception):
    """Why there can be no Asterisk here: what pytest says of the tests that it skips."""


def fetched(version: int) -> Path:
    """The folder with this Asterisk; fetched the first time. Raises `Missing`."""
    root = CACHE / str(version)
    if (root / "complete").exists():
        return root
    _can_run_here()
    reasons = []
    for suite in SUITES[version]:
        try:
            _fetch(suite, WANTED[version], root)
            return root
        except Missing as reason:
            reasons.append(str(reason))
    raise Missing("; ".join(reasons))


def program(root: Path, name: str) -> list[str]:
    """A command for a program of this folder, with the folder's own libraries."""
    libraries = root / LIBRARIES
    paths = f"{libraries}:{root / 'usr/lib'}"
    return [str(libraries / "ld-linux-x86-64.so.2"), "--library-path", paths, str(root / name)]


def _can_run_here() -> None:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise Missing(f"Debian's Asterisk is fetched for Linux on x86_64 only, this is {platform.platform()}")
    for needed in ("apt-get", "dpkg-deb"):
        if not shutil.which(needed):
            raise Missing(f"no {needed} here to fetch Asterisk with (it comes from Debian's packages)")
    if not KEYS.exists():
        raise Missing("Debian's keys are not here to check its packages: install debian-archive-keyring")


def _fetch(suite: str, wanted: tuple[str, ...], root: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        apt = _Apt(Path(folder), suite)
        fresh = Path(folder) / "root"
        fresh.mkdir()
        for package in apt.download(wanted):
            _unpack(package, fresh)
        _tidy(fresh)
        _try(fresh)
        (fresh / "complete").write_text(f"{suite}\n")
        shutil.rmtree(root, ignore_errors=True)
        fresh.rename(root)


class _Apt:
    """apt-get with lists, cache and state of its own."""

    def __init__(self, folder: Path, suite: str) -> None:
        self.folder, self.debs = folder, folder / "debs"
        for name in ("lists/partial", "cache/archives/partial", "debs"):
            (folder / name).mkdir(parents=True)
        (folder / "status").touch()
        source = f"deb [arch=amd64 signed-by={KEYS}] {_mirror()} {suite} main\n"
        (folder / "sources.list").write_text(source)
        self.suite = suite

    def run(self, *words: str) -> str:
        options = {
            "Dir::Etc::sourcelist": self.folder / "sources.list", "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null", "Dir::State::lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache", "Dir::State::status": self.folder / "status",
            "APT::Architecture": "amd64", "APT::Architectures": "amd64", "APT::Install-Recommends": "false",
            "APT::Sandbox::User": "", "Acquire::Languages": "none", "Acquire::Check-Valid-Until": "false",
            "Acquire::http::Timeout": "20", "Acquire::Retries": "2", "Debug::NoLocking": "1",
            "APT::Update::Error-Mode": "any",
        }  # fmt: skip
        command = ["apt-get", "-q=2", *(f"-o{name}={value}" for name, value in options.items()), *words]
        told = subprocess.run(command, cwd=self.debs, capture_output=True, text=True, timeout=300)
        if told.returncode:
            last = (told.stderr.strip().splitlines() or ["nothing said"])[0]
            raise Missing(f"Debian's {self.suite} cannot be fetched: {last}")
        return told.stdout

    def download(self, wanted: tuple[str, ...]) -> list[Path]:
        """The packages, each as the index has it."""
        self.run("update")
        planned = self.run("install", "-y", "--print-uris", *wanted)
        names = [line.split("'")[2].split("_")[0].strip() for line in planned.splitlines() if line[:1] == "'"]
        linked = [name for name in names if LINKED.fullmatch(name)]
        index = [line.split() for line in self.run("download", "--print-uris", *linked).splitlines()]
        self.run("download", *linked)
        for _, name, _, digest in index:
            data = (self.debs / name).read_bytes()
            if digest != f"SHA256:{hashlib.sha256(data).hexdigest()}":
                raise Missing(f"{name} is not what Debian's index says")
        return [self.debs / name for _, name, _, _ in index]


def _mirror() -> str:
    """The one that this machine uses for Debian's own packages."""
    for path in map(Path, SOURCES):
        text = path.read_text("utf-8") if path.exists() else ""
        found = re.search(r"^(?:URIs:|deb(?: \[[^]]*])?)\s*(https?://\S+/debian)/?\s", text, re.MULTILINE)
        if found:
            return found[1]
    return "http://deb.debian.org/debian"


def _unpack(package: Path, root: Path) -> None:
    data = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], capture_output=True, check=True).stdout
    skip = [f"--exclude=./usr/share/{name}" for name in ("doc", "man", "locale", "lintian")]
    subprocess.run(["tar", "-x", "-C", root, "--keep-directory-symlink", *skip], input=data, check=True)


def _tidy(root: Path) -> None:
    """Packages of bullseye have some libraries in /lib, those of today all in /usr/lib."""
    for name in ("lib", "lib64"):
        old = root / name
        if old.is_dir() and not old.is_symlink():
            shutil.copytree(old, root / "usr" / name, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(old)
    sounds = root / "usr/share/asterisk/sounds"
    if not (sounds / "en").exists():  # a package that is not needed makes this name when it is installed
        (sounds / "en").symlink_to("en_US_f_Allison")


def _try(root: Path) -> None:
    for name in ("usr/sbin/asterisk", "usr/bin/sipp"):
        command = [*program(root, name), "-V" if "asterisk" in name else "-v"]
        told = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "TERM": "dumb"})
        if "not found" in told.stderr + told.stdout or "cannot open" in told.stderr:
            raise Missing(f"Debian's {name} does not run here: {told.stderr.strip()[:200]}")
