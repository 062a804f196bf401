"""The parser's child process: reads one file from its standard input, writes JSON lines.

Started as `python -m rag.loaders.child NAME MODE` by `rag.parsing`. Everything is imported
first, then every right is given up, and only then is the file looked at. A line is a block,
an aside, something unread, the reason of a refusal, or the end.
"""

import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO

from rag.enums import Reason
from rag.loaders import trial
from rag.loaders.blocks import Aside, Block, Unread, Unreadable
from rag.loaders.bounds import bounded
from rag.loaders.confinement import Limits, give_up_rights
from rag.loaders.detection import kind_of
from rag.loaders.reading import beside_of, blocks_of

LIMITS = Limits(memory_bytes=1024**3, cpu_seconds=20, output_bytes=64 * 1024**2)


class Mode(StrEnum):
    """What is asked for: the text alone, all there is, or all of a file no upload may be."""

    BLOCKS = "blocks"
    ALL = "all"
    TRIAL = "trial"


def main() -> None:
    name, mode = sys.argv[1], Mode(sys.argv[2])
    give_up_rights(LIMITS)
    try:
        for found in bounded(_found(sys.stdin.buffer, name, mode)):
            _write(_line(found))
        _write({"end": True})
    except Unreadable as error:
        _write({"refused": error.reason.value})
    except (MemoryError, RecursionError):
        _write({"refused": Reason.OUT_OF_MEMORY.value})


def _found(file: BinaryIO, name: str, mode: Mode) -> Iterator[Block | Aside | Unread]:
    if mode == Mode.TRIAL:
        yield from trial.inspect(file, name)
        return
    kind = kind_of(file, name)
    yield from blocks_of(file, kind)
    if mode == Mode.ALL:
        yield from beside_of(file, kind)


def _line(found: Block | Aside | Unread) -> dict[str, object]:
    if isinstance(found, Aside):
        return {"aside": found.text, "where": found.where}
    if isinstance(found, Unread):
        return {"unread": found.what}
    return {
        "text": found.text,
        "page": found.page,
        "heading": found.heading,
        "is_table": found.is_table,
        "goes_on": found.goes_on,
    }


def _write(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
