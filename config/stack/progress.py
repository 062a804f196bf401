"""Waiting: what for is said every few seconds, and only what does not move at all is given up."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from config.stack.errors import StackError

SAID_EVERY_SECONDS = 5.0
STILL_SECONDS = 300.0
ADVICE = "what was made is kept: make up goes on from there"
# Two in a hundred of one core over STILL_SECONDS: less is what a server does while it is idle.
_CPU_STEP_SECONDS = 6.0
_DISK_STEP_BYTES = 1 << 20
_SIGNS_EVERY_SECONDS = 1.0
_QUICK_LOOKS = 100
_QUICK_SECONDS, _LOOK_SECONDS = 0.02, 0.2
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")

Signs = Callable[[], Hashable]
Say = Callable[[str], None]


class NothingMoves(StackError):
    """What is waited for has shown no sign of life for STILL_SECONDS."""


def say_aloud(line: str) -> None:
    """Tell the person at the terminal; what a command answers goes to standard output alone."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


class Wait:
    """One thing that is waited for: since when, and when it last moved."""

    def __init__(
        self,
        what: str,
        signs: Signs,
        *,
        say: Say = say_aloud,
        advice: str = ADVICE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what = what
        self._signs = signs
        self._say = say
        self._advice = advice
        self._clock = clock
        self._began_at = time.strftime("%H:%M:%S")
        self._began = self._said = self._moved = self._asked = clock()
        self._seen = signs()
        self._looks = 0

    def look(self, doing: str = "") -> None:
        """Note whether it has moved, and say what is waited for when that is due.

        Raises: NothingMoves.
        """
        now = self._clock()
        if now - self._asked >= _SIGNS_EVERY_SECONDS:
            self._asked = now
            seen = self._signs()
            if seen != self._seen:
                self._seen, self._moved = seen, now
        still_seconds = now - self._moved
        if still_seconds > STILL_SECONDS:
            raise NothingMoves(
                f"{self._what} has shown no sign of progress for {STILL_SECONDS:.0f} s "
                f"(waited for since {self._began_at}); {self._advice}"
            )
        if now - self._said >= SAID_EVERY_SECONDS:
            self._said = now
            self._say(self._line(now, still_seconds, doing))

    def hear(self) -> None:
        """Take what the thing itself has said for a sign, and for a line of ours."""
        self._said = self._moved = self._clock()

    def look_and_rest(self, doing: str = "") -> None:
        """Look, then sleep: shortly at first, for most waits are over at once."""
        self.look(doing)
        self._looks += 1
        time.sleep(_QUICK_SECONDS if self._looks < _QUICK_LOOKS else _LOOK_SECONDS)

    def _line(self, now: float, still_seconds: float, doing: str) -> str:
        line = f"waiting for {self._what} since {self._began_at} ({now - self._began:.0f} s)"
        if still_seconds > 2 * SAID_EVERY_SECONDS:
            return f"{line}: nothing moves for {still_seconds:.0f} s"
        return f"{line}: {doing}" if doing else line


class Work:
    """What processes have done, in steps that no idle one climbs, and what their logs hold.

    The processes are looked up anew each time, with all that they have started.
    """

    def __init__(self, pids: Callable[[], Iterable[int]], *logs: Path) -> None:
        self._pids = pids
        self._logs = logs
        self._most: dict[int, tuple[int, int]] = {}

    def __call__(self) -> Hashable:
        for pid in self._pids():
            cpu_seconds, disk_bytes = _work_of(pid)
            done = int(cpu_seconds / _CPU_STEP_SECONDS), disk_bytes // _DISK_STEP_BYTES
            before = self._most.get(pid, (0, 0))
            # A grandchild that ends takes its figures along; that is no work done.
            self._most[pid] = max(done[0], before[0]), max(done[1], before[1])
        return tuple(self._most.items()), tuple(_size_of(log) for log in self._logs)


def wait_for_end(child: subprocess.Popen[str], wait: Wait, doing: Callable[[], str] = str) -> int:
    """Return the child's status when it ends; a wait that is given up ends it.

    Raises: NothingMoves.
    """
    try:
        while (status := child.poll()) is None:
            wait.look_and_rest(doing())
    except BaseException:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=5)
        child.kill()
        child.wait()
        raise
    return status


def _work_of(root: int) -> tuple[float, int]:
    ticks = disk_bytes = 0
    for pid in _family_of(root):
        with suppress(OSError, ValueError, IndexError):
            # The name in brackets may hold anything; utime, stime and those of ended children.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
        with suppress(OSError, ValueError):
            disk_bytes += _disk_bytes_of(pid)
    return ticks / _TICKS_A_SECOND, disk_bytes


def _disk_bytes_of(pid: int) -> int:
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    counts = {name: int(value) for name, _, value in (line.partition(":") for line in lines)}
    return counts["read_bytes"] + counts["write_bytes"]


def _family_of(root: int) -> Iterator[int]:
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        with suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
