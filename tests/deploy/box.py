"""A clean Debian in a folder, with processes, mounts and network of its own; nothing in it reaches the outside."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Beside pip's own cache: a clone's build folder is gone with the clone, and this takes a minute to make.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dzvinok"
MIRROR = "http://deb.debian.org/debian"
PACKAGES = "python3 python3-venv ca-certificates caddy"
LEFT_OUT = (
    *(".*", "build", "data", "node_modules", "__pycache__", "postgresql*"),
    *("tests", "bench", "pictures", "screens"),
)
# Debian 12 has Python 3.11.2, for which a newer one does not fetch what redis needs there.
OLDER_NEEDS = "async-timeout==5.0.1"
ROOM = 3_000_000_000
PATIENCE = 240  # seconds for the mirror


class Unfit(Exception):
    """There can't be a box here; the message says why."""


def prepared() -> tuple[Path, Path]:
    """The packed root with the packages that install.sh asks apt for lying in apt's own cache, and the wheels."""
    for tool in ("mmdebstrap", "unshare", "nsenter", "setpriv"):
        if not shutil.which(tool):
            raise Unfit(f"{tool} is not here: apt install mmdebstrap util-linux")
    if os.geteuid() != 0:
        raise Unfit("only root can make a root")
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _root(), _wheels()


def _root() -> Path:
    root = CACHE / "bookworm.tar"
    if not root.exists():
        fill = f'chroot "$1" apt-get install -y -q --download-only --no-install-recommends {PACKAGES}'
        _made(
            "the mirror of Debian",
            *("mmdebstrap", "-q", "--variant=minbase", "--skip=cleanup/apt/lists,cleanup/apt/cache"),
            *(f"--customize-hook={fill}", "bookworm", f"{root}.part", MIRROR, "--format=tar"),
        )
        Path(f"{root}.part").rename(root)
    return root


def _wheels() -> Path:
    """What requirements.lock names, as pip fetches it here; in the box there is no network to fetch it again."""
    lock = ROOT / "requirements.lock"
    wheels = CACHE / f"wheels-{hashlib.sha256(lock.read_bytes()).hexdigest()[:8]}"
    if not wheels.exists():
        part = wheels.with_suffix(".part")
        fetch = (sys.executable, "-m", "pip", "download", "-q", "-d", str(part))
        _made("PyPI", *fetch, "--require-hashes", "-r", str(lock))
        _made("PyPI", *fetch, "--no-deps", OLDER_NEEDS)
        part.rename(wheels)
    return wheels


def _made(whose: str, *command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise Unfit(f"{whose} took more than {PATIENCE} s") from None
    except subprocess.CalledProcessError as wrong:
        raise Unfit(f"{whose} did not give what was asked for: {wrong.stderr.strip()[-300:]}") from None


class Box:
    def __init__(self) -> None:
        packed, wheels = prepared()
        # In memory where there is some: dpkg waits for the disk after every file.
        memory = Path("/dev/shm")
        roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
        self.root = Path(tempfile.mkdtemp(prefix="dzvinok-box-", dir=memory if roomy else None))
        self.root.chmod(0o755)
        subprocess.run(["tar", "-xf", packed, "-C", self.root], check=True)
        (self.root / "run/systemd/system").mkdir(parents=True)
        shutil.copy(HERE / "systemctl", self.root / "usr/bin/systemctl")
        shutil.copytree(wheels, self.root / "wheels")
        self.init = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "sh", "-c",
             f"mount --bind {self.root} {self.root} && cd {self.root} && mount -t proc proc proc && "
             "mount --rbind /dev dev && ip link set lo up && echo up && while :; do sleep 0.2; done"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.init.stdout is not None
        if self.init.stdout.readline() != "up\n":
            raise Unfit("no namespaces of one's own can be made here")
        self.inside = int(Path(f"/proc/{self.init.pid}/task/{self.init.pid}/children").read_text().split()[0])

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """A command in the box, as root."""
        command = ["nsenter", "-t", str(self.inside), "-m", "-p", "-n", "chroot", str(self.root), *words]
        words_of_pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels"}
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        clean = {"PATH": path, "LC_ALL": "C.UTF-8", "HOME": "/root"}
        return subprocess.run(command, env=clean | words_of_pip | env, capture_output=True, text=True, timeout=180,
                              stdin=subprocess.DEVNULL)  # fmt: skip

    def lay(self, name: str) -> Path:
        """A copy of this tree as somebody would unpack it in the box."""
        target = self.root / "root" / name
        shutil.copytree(
            ROOT,
            target,
            ignore=shutil.ignore_patterns(*LEFT_OUT),
        )
        shutil.copy(ROOT / ".env.example", target)
        return target

    def end(self) -> None:
        """Everything in it ends with its first process."""
        self.init.kill()
        self.init.wait()
        if self.init.stdout:
            self.init.stdout.close()
        shutil.rmtree(self.root)
