"""The parser's child process: reads one file from its standard input, writes JSON lines.

Started as `python -m rag.loaders.child NAME MODE` by `rag.parsing`. Everything is imported
first, then every right is given up, and only then is the file looked at. A line is a block,
an aside, something unread, the reason of a refusal, or the end.
"""

import codecs
import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO

from rag.enums import Reason
from rag.loaders import trial
from rag.loaders.blocks import Aside, Block, Unread, Unreadable
from rag.loaders.bounds import bounded
from rag.loaders.detection import kind_of
from rag.loaders.reading import beside_of, blocks_of

MEMORY_BYTES_MAX = 1024**3
CPU_SECONDS_MAX = 20
OUTPUT_BYTES_MAX = 64 * 1024**2
# Not `nobody`: as root the embedded servers run as that user, and their files are its own.
PARSER_USER_ID = 65533

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


class Mode(StrEnum):
    """What is asked for: the text alone, all there is, or all of a file no upload may be."""

    BLOCKS = "blocks"
    ALL = "all"
    TRIAL = "trial"


def main() -> None:
    name, mode = sys.argv[1], Mode(sys.argv[2])
    give_up_rights()
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
    }


def give_up_rights() -> None:
    """Leave network, privileges and room to grow behind."""
    # Codecs are modules, found by name when first used: by then the disk may be out of reach.
    for encoding in (
        "utf-8-sig",
        "utf-16",
        "gb18030",
        "idna",
        "latin-1",
        "cp437",
        "utf-16-le",
        "utf-16-be",
    ):
        codecs.lookup(encoding)
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        libc.unshare(_CLONE_NEWNET)
        os.setgroups([])
        os.setresgid(PARSER_USER_ID, PARSER_USER_ID, PARSER_USER_ID)
        os.setresuid(PARSER_USER_ID, PARSER_USER_ID, PARSER_USER_ID)
    else:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES_MAX, OUTPUT_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    os.chdir("/")


def _write(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
