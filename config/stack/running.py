"""Who runs the stack of a folder, and what others must know to use it meanwhile."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TextIO

from config.stack.errors import AlreadyRunning
from config.stack.passwords import write_private

STATE_FILE = "state.json"
LOCK_FILE = "stack.lock"
GUESTS_FILE = "guests.lock"
GUESTS_SECONDS = 600.0
PREDECESSOR_SECONDS = 5.0
PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class StackAddress:
    """What a process needs in its environment to use the stack, and who serves it."""

    environ: Mapping[str, str] = field(repr=False)
    pids: Mapping[str, int]


class StackLock:
    """Held while a stack runs; the kernel lets go of it however its holder ends."""

    def __init__(self, state: Path) -> None:
        self._path = state / LOCK_FILE
        self._file: TextIO | None = None

    def take(self) -> None:
        """Raises: AlreadyRunning."""
        file = self._path.open("a+")
        ends_at = time.monotonic() + PREDECESSOR_SECONDS
        while not _locked(file, fcntl.LOCK_EX):
            if time.monotonic() > ends_at:
                file.seek(0)
                holder = file.read().strip() or "another process"
                file.close()
                raise AlreadyRunning(f"the stack of {self._path.parent} is run by {holder}")
            time.sleep(PAUSE_SECONDS)
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def publish(state: Path, address: StackAddress) -> None:
    """Let other commands find the stack; the file holds passwords."""
    write_private(state / STATE_FILE, json.dumps(asdict(address), indent=1))


def withdraw(state: Path) -> None:
    (state / STATE_FILE).unlink(missing_ok=True)


def attached(state_dir: Path) -> StackAddress | None:
    """Return the address of the stack somebody is running now; what a dead one left is ignored."""
    state = state_dir.resolve()
    if not is_locked(state):
        return None
    try:
        found = json.loads((state / STATE_FILE).read_text())
        return StackAddress(environ=found["environ"], pids=found["pids"])
    except (OSError, ValueError, KeyError):
        return None


def is_locked(state: Path) -> bool:
    try:
        with (state / LOCK_FILE).open("a+") as file:
            return not _locked(file, fcntl.LOCK_SH)
    except OSError:
        return False


@contextlib.contextmanager
def guest_of(state_dir: Path) -> Iterator[None]:
    """Ask a stack that was started for one command not to end under ours."""
    with (state_dir.resolve() / GUESTS_FILE).open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def wait_for_guests(state_dir: Path) -> None:
    """Return when the last guest has left, or patience ends."""
    with (state_dir.resolve() / GUESTS_FILE).open("a+") as file:
        ends_at = time.monotonic() + GUESTS_SECONDS
        while not _locked(file, fcntl.LOCK_EX) and time.monotonic() < ends_at:
            time.sleep(PAUSE_SECONDS)


def _locked(file: TextIO, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
