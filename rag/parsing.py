"""Read a file in a child process that has little memory, little time and no rights."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rag.enums import Reason
from rag.errors import DocumentUnreadable
from rag.loaders.blocks import Aside, Block, Unread
from rag.loaders.bounds import bounded
from rag.loaders.child import MEMORY_BYTES_MAX, OUTPUT_BYTES_MAX, Mode

DEADLINE_SECONDS = 60.0
_POLL_SECONDS = 0.02
_PROJECT = Path(__file__).resolve().parents[1]
_CRASHED_FOR_MEMORY = 0.6


@dataclass(frozen=True, slots=True)
class Inspection:
    """All a file holds: the text that is searched, the text beside it, and what nobody could read."""

    blocks: tuple[Block, ...]
    asides: tuple[Aside, ...]
    unread: tuple[Unread, ...]


def parse(path: Path, *, name: str, deadline_seconds: float = DEADLINE_SECONDS) -> list[Block]:
    """Return the blocks of text of the file.

    Raises:
        DocumentUnreadable: with the named reason.
    """
    found = _read(path, name, Mode.BLOCKS, deadline_seconds)
    return [each for each in found if isinstance(each, Block)]


def inspect(
    path: Path,
    *,
    name: str,
    deadline_seconds: float = DEADLINE_SECONDS,
    is_trial: bool = False,
) -> Inspection:
    """Return the blocks of the file and what lies beside them, within the bounds of `bounds.py`.

    With `is_trial`, spreadsheets, slides, archives and pictures are looked into as well, though
    no upload may be one; then a file without any text is no error.

    Raises:
        DocumentUnreadable: with the named reason; nothing is known of the file then.
    """
    mode = Mode.TRIAL if is_trial else Mode.ALL
    found = list(bounded(_read(path, name, mode, deadline_seconds)))
    return Inspection(
        tuple(each for each in found if isinstance(each, Block)),
        tuple(each for each in found if isinstance(each, Aside)),
        tuple(each for each in found if isinstance(each, Unread)),
    )


def _read(
    path: Path, name: str, mode: Mode, deadline_seconds: float
) -> list[Block | Aside | Unread]:
    """Let the child read the file.

    The child's output goes to an unnamed file whose size the kernel bounds: no pipe can
    fill up, and no child can write more than is read.
    """
    with path.open("rb") as source, tempfile.TemporaryFile() as output:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "rag.loaders.child", name, mode],
            stdin=source,
            stdout=output,
            stderr=subprocess.DEVNULL,
            cwd=_PROJECT,
            env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
        )
        status, memory_bytes = _wait(child, deadline_seconds)
        _check_end(status, memory_bytes, output_bytes=os.fstat(output.fileno()).st_size)
        output.seek(0)
        return list(_lines(output))


def _wait(child: subprocess.Popen[bytes], deadline_seconds: float) -> tuple[int, int]:
    """Wait for the child; return its exit code (negative: signal) and its largest memory."""
    deadline = time.monotonic() + deadline_seconds
    is_killed = False
    while True:
        process_id, status, usage = os.wait4(child.pid, os.WNOHANG)
        if process_id:
            child.returncode = os.waitstatus_to_exitcode(status)
            break
        if not is_killed and time.monotonic() > deadline:
            os.killpg(child.pid, signal.SIGKILL)
            is_killed = True
        time.sleep(_POLL_SECONDS)
    if is_killed:
        raise DocumentUnreadable(Reason.TIMEOUT)
    return child.returncode, usage.ru_maxrss * 1024


def _check_end(exit_code: int, memory_bytes: int, *, output_bytes: int) -> None:
    if exit_code == 0:
        return
    if -exit_code in {signal.SIGXCPU, signal.SIGKILL}:
        raise DocumentUnreadable(Reason.TIMEOUT)
    if -exit_code == signal.SIGXFSZ or output_bytes >= OUTPUT_BYTES_MAX:
        raise DocumentUnreadable(Reason.TOO_LARGE)
    if memory_bytes > MEMORY_BYTES_MAX * _CRASHED_FOR_MEMORY:
        # A library that is refused memory mostly crashes instead of saying so.
        raise DocumentUnreadable(Reason.OUT_OF_MEMORY)
    raise DocumentUnreadable(Reason.CORRUPT, detail=f"exit {exit_code}")


def _lines(output: BinaryIO) -> Iterator[Block | Aside | Unread]:
    for line in output:
        fields = json.loads(line)
        if "end" in fields:
            return
        if "refused" in fields:
            raise DocumentUnreadable(Reason(fields["refused"]))
        if "aside" in fields:
            yield Aside(fields["aside"], fields["where"])
        elif "unread" in fields:
            yield Unread(fields["unread"])
        else:
            yield Block(**fields)
    raise DocumentUnreadable(Reason.CORRUPT, detail="no end")
