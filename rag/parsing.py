"""Read a file in a child process, and hand on what it finds line by line."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from rag.confined import Ending, run_confined
from rag.enums import Reason
from rag.errors import DocumentUnreadable
from rag.loaders.blocks import Aside, Block, Unread
from rag.loaders.bounds import bounded
from rag.loaders.child import LIMITS, Mode

DEADLINE_SECONDS = 60.0
# A block of the longest that comes in one line, every letter of it escaped.
_LINE_BYTES_MAX = 1024 * 1024
_LAST_LINE_BYTES_MAX = 200


def parse(path: Path, *, name: str, deadline_seconds: float = DEADLINE_SECONDS) -> list[Block]:
    """Return the blocks of text of the file.

    Raises:
        DocumentUnreadable: with the named reason.
    """
    found = _read(path, name, Mode.BLOCKS, deadline_seconds)
    return [each for each in found if isinstance(each, Block)]


def found_in(
    path: Path,
    *,
    name: str,
    deadline_seconds: float = DEADLINE_SECONDS,
    is_trial: bool = False,
) -> Iterator[Block | Aside | Unread]:
    """Yield the blocks of the file and what lies beside them, within the bounds of `bounds.py`.

    Nothing is held but the line at hand, however long the file is. With `is_trial`, spreadsheets,
    slides, archives and pictures are looked into as well, though no upload may be one; then a file
    without any text is no error.

    Raises:
        DocumentUnreadable: with the named reason, before anything is yielded, and WorkInterrupted.
    """
    mode = Mode.TRIAL if is_trial else Mode.ALL
    return bounded(_read(path, name, mode, deadline_seconds))


def _read(
    path: Path, name: str, mode: Mode, deadline_seconds: float
) -> Iterator[Block | Aside | Unread]:
    with path.open("rb") as source, tempfile.TemporaryFile() as output:
        ending = run_confined(
            "rag.loaders.child",
            name,
            mode,
            source=source,
            output=output,
            deadline_seconds=deadline_seconds,
        )
        _check_ending(ending)
        _check_last_line(output, ending.output_bytes)
        yield from _lines(output)


def _check_ending(ending: Ending) -> None:
    if ending.is_late:
        raise DocumentUnreadable(Reason.TIMEOUT)
    if ending.exit_code == 0:
        return
    if ending.is_out_of_time():
        raise DocumentUnreadable(Reason.TIMEOUT)
    if ending.is_out_of_room(LIMITS):
        raise DocumentUnreadable(Reason.TOO_LARGE)
    if ending.is_out_of_memory(LIMITS):
        raise DocumentUnreadable(Reason.OUT_OF_MEMORY)
    raise DocumentUnreadable(Reason.CORRUPT, detail=f"exit {ending.exit_code}")


def _check_last_line(output: BinaryIO, output_bytes: int) -> None:
    """Look at the end first: a file that is refused is not begun with."""
    output.seek(max(0, output_bytes - _LAST_LINE_BYTES_MAX))
    last = output.read().rsplit(b"\n", 2)[-2:]
    fields = _fields_of(last[0]) if last[1:] == [b""] else {}
    if "refused" in fields:
        raise DocumentUnreadable(Reason(fields["refused"]))
    if "end" not in fields:
        raise DocumentUnreadable(Reason.CORRUPT, detail="no end")
    output.seek(0)


def _fields_of(line: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _lines(output: BinaryIO) -> Iterator[Block | Aside | Unread]:
    while line := output.readline(_LINE_BYTES_MAX):
        fields = _fields_of(line)
        if "end" in fields:
            return
        if not fields:
            raise DocumentUnreadable(Reason.CORRUPT, detail="no line")
        if "aside" in fields:
            yield Aside(fields["aside"], fields["where"])
        elif "unread" in fields:
            yield Unread(fields["unread"])
        else:
            yield Block(**fields)
