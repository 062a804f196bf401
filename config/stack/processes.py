"""Child processes that die with us, whatever kills us."""

import ctypes
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from config.stack.errors import StackError
from config.stack.places import NOBODY
from config.stack.progress import NothingMoves, Signs, Wait, Work

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_TAIL_CHARS = 600
PORTS_TRIED_MAX = 50
LOOPBACK = "127.0.0.1"
# Whoever shares a server's user may read its environment; ours holds keys and passwords.
BARE_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    death_signal: int = signal.SIGTERM,
    as_nobody: bool = False,
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[str]:
    """Start a child; without a log file its output comes through a pipe.

    It must be called from the main thread: the kernel's death signal follows that thread.
    """
    parent = os.getpid()

    def hold_on_to_parent() -> None:
        """Run after the identity has changed, which would forget the signal."""
        # A blocked signal would be inherited, and the death of the parent go unheard.
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        _LIBC.prctl(_PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    identity: dict[str, Any] = {}
    if as_nobody and os.geteuid() == 0:
        identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    output = log.open("a") if log else None
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=cwd or "/",
            env=dict(environ) if environ is not None else None,
            start_new_session=True,
            preexec_fn=hold_on_to_parent,  # noqa: PLW1509
            **identity,
        )
    except OSError as error:
        raise StackError(f"{command[0]} cannot be started: {error.strerror}") from error
    finally:
        if output:
            output.close()


def stop(child: subprocess.Popen[str], *, with_signal: int, seconds: float) -> None:
    """Ask a child and all it started to stop; insist when it does not."""
    for signal_number, patience in ((with_signal, seconds), (signal.SIGKILL, 5.0)):
        if child.poll() is not None:
            return
        child.send_signal(signal_number)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def stop_gently(child: subprocess.Popen[str], *, with_signal: int, name: str, log: Path) -> None:
    """Let a server that keeps data write them, however long its disk takes."""
    if child.poll() is not None:
        return
    child.send_signal(with_signal)
    wait = Wait(f"{name} to stop", Work(lambda: [child.pid], log))
    try:
        while child.poll() is None:
            wait.look_and_rest()
    except NothingMoves:
        stop(child, with_signal=signal.SIGKILL, seconds=5.0)


def wait_until(
    is_ready: Callable[[], bool],
    child: subprocess.Popen[str],
    *,
    name: str,
    log: Path,
    signs: Signs | None = None,
    doing: Callable[[], str] = str,
) -> None:
    """Wait for a child to answer, as long as it works or its log grows, or `signs` change.

    Raises: StackError with the end of its log when it died or does nothing at all.
    """
    wait = Wait(name, signs or Work(lambda: [child.pid], log))
    while not is_ready():
        if child.poll() is not None:
            raise StackError(f"{name} ended at once (status {child.returncode}): {tail(log)}")
        try:
            wait.look_and_rest(doing())
        except NothingMoves as error:
            raise NothingMoves(f"{error}; its log ends: {tail(log)}") from error


def wait_for_orphan(pid_file: Path, mark: bytes, *, name: str) -> None:
    """Let a server whose parent was killed finish its own shutdown, then forget its file.

    `mark` stands in the command line of a server of ours, and of no stranger's that was
    given its number since. Raises: StackError.
    """
    wait = Wait(
        f"an older {name} (process {_pid_in(pid_file)}) to end",
        Work(lambda: filter(None, [_pid_in(pid_file)])),
        advice="kill it and try again",
    )
    while (pid := _pid_in(pid_file)) and _has_mark(pid, mark):
        wait.look_and_rest()
    pid_file.unlink(missing_ok=True)


def _pid_in(pid_file: Path) -> int:
    try:
        return int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return 0


def _has_mark(pid: int, mark: bytes) -> bool:
    try:
        return mark in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def tail(log: Path) -> str:
    if not log.exists():
        return f"nothing in {log}"
    lines = log.read_text(errors="replace")[-_TAIL_CHARS:].strip().splitlines()
    return " | ".join(lines[-3:]) or f"nothing in {log}"


def free_port(wanted: int = 0) -> int:
    """Return the wanted port, else the next one that is free; 0 stands for any."""
    for port in (*range(wanted, min(wanted + PORTS_TRIED_MAX, 65536)), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise StackError("no port is free on the loopback address")
