"""Run one of our modules in a child process that has little memory, little time and no rights.

What it reads and what it writes are files without a name: no pipe can fill up, and the kernel
bounds what a child can write.
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rag.errors import WorkInterrupted
from rag.loaders.confinement import Limits

_PROJECT = Path(__file__).resolve().parents[1]
_POLL_SECONDS = 0.02
_CRASHED_FOR_MEMORY = 0.6
# What a machine or an operator sends to whatever runs, when they want it to end.
_ENDED_FROM_OUTSIDE = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended: its exit code (negative: a signal), and what it took."""

    exit_code: int
    memory_bytes: int
    output_bytes: int
    is_late: bool

    def is_out_of_time(self) -> bool:
        return self.is_late or -self.exit_code in {signal.SIGXCPU, signal.SIGKILL}

    def is_out_of_room(self, limits: Limits) -> bool:
        return -self.exit_code == signal.SIGXFSZ or self.output_bytes >= limits.output_bytes

    def is_out_of_memory(self, limits: Limits) -> bool:
        """A library that is refused memory mostly crashes instead of saying so."""
        return self.memory_bytes > limits.memory_bytes * _CRASHED_FOR_MEMORY


def run_confined(
    module: str,
    *arguments: str,
    source: BinaryIO,
    output: BinaryIO,
    deadline_seconds: float,
) -> Ending:
    """Run the module over the source; wait until it ends, by itself or for its deadline.

    Raises:
        WorkInterrupted: somebody ended it from outside; what it read is not to blame.
    """
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", module, *arguments],
        stdin=source,
        stdout=output,
        stderr=subprocess.DEVNULL,
        cwd=_PROJECT,
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    )
    is_late, memory_bytes = _wait(child, deadline_seconds)
    if -child.returncode in _ENDED_FROM_OUTSIDE and not is_late:
        raise WorkInterrupted
    output_bytes = os.fstat(output.fileno()).st_size
    return Ending(child.returncode, memory_bytes, output_bytes, is_late)


def _wait(child: subprocess.Popen[bytes], deadline_seconds: float) -> tuple[bool, int]:
    """Wait for the child; return whether it was killed for its deadline, and its largest memory."""
    deadline = time.monotonic() + deadline_seconds
    is_late = False
    while True:
        process_id, status, usage = os.wait4(child.pid, os.WNOHANG)
        if process_id:
            child.returncode = os.waitstatus_to_exitcode(status)
            return is_late, usage.ru_maxrss * 1024
        if not is_late and time.monotonic() > deadline:
            os.killpg(child.pid, signal.SIGKILL)
            is_late = True
        time.sleep(_POLL_SECONDS)
