"""The files a stack keeps: its secrets, the lock that says it lives, and how to reach it."""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config.stack.errors import StackError
from config.stack.places import Places, default_state_dir
from config.stack.progress import Wait, Work

_SECRETS = ("superuser", "owner", "app", "valkey", "model", "secret_key")
_SECRET_BYTES = 36


def write_private(path: Path, content: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as output:
        output.write(content)
    fresh.replace(path)


def secrets_of(places: Places) -> dict[str, str]:
    """Return the passwords of this stack, made on its first start."""
    if places.secrets.exists():
        kept: dict[str, str] = json.loads(places.secrets.read_text())
        return kept
    made = {name: secrets.token_urlsafe(_SECRET_BYTES) for name in _SECRETS}
    write_private(places.secrets, json.dumps(made))
    return made


def take_lock(places: Places) -> IO[str]:
    """Hold the stack's lock until the file is closed or this process ends, however it ends."""
    descriptor = os.open(places.lock, os.O_RDWR | os.O_CREAT, 0o600)
    lock = os.fdopen(descriptor, "r+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise StackError(
            f"the stack in {places.state} already runs (process {holder}); stop it first"
        ) from None
    lock.seek(0)
    lock.truncate()
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def attached(root: Path, state_dir: Path | None = None) -> dict[str, str] | None:
    """Return the environment of the stack that runs for this project, or None.

    One that is just being started is waited for.
    """
    state = state_dir or default_state_dir(root)
    record, lock = state / "stack.json", state / "lock"
    wait = Wait(
        f"the stack that process {_holder_of(lock)} starts",
        Work(lambda: filter(None, [_holder_of(lock)]), *(state / "logs").glob("*.log")),
        advice=f"look into {state / 'logs'}, or end that process and try again",
    )
    while is_held(lock):
        if record.exists():
            environ: dict[str, str] = json.loads(record.read_text())["environ"]
            return environ
        wait.look_and_rest()
    return None


@contextmanager
def guest_of(state: Path) -> Iterator[None]:
    """Ask a stack that was started for another command not to end under ours."""
    with (state / "guests").open("a") as guests:
        fcntl.flock(guests, fcntl.LOCK_SH)
        yield


def wait_for_guests(state: Path) -> None:
    """Return when the last guest has left; the kernel sends away those that died."""
    wait = Wait("the other commands that use this stack", time.monotonic)
    while is_held(state / "guests", fcntl.LOCK_EX):
        wait.look_and_rest()


def is_held(path: Path, kind: int = fcntl.LOCK_SH) -> bool:
    """Tell whether another process holds a lock; the kernel lets go of a dead one's."""
    try:
        with path.open("r") as lock:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _holder_of(lock: Path) -> int:
    try:
        return int(lock.read_text())
    except (OSError, ValueError):
        return 0
