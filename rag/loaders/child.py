"""The parser's child process: reads one file from its standard input, writes JSON lines.

Started as `python -m rag.loaders.child NAME` by `rag.parsing`. Everything is imported
first, then every right is given up, and only then is the file looked at.
"""

import codecs
import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from typing import BinaryIO

from rag.enums import Kind, Reason
from rag.loaders import docx, html, markdown, pdf, text
from rag.loaders.blocks import Block, Unreadable
from rag.loaders.detection import kind_of

MEMORY_BYTES_MAX = 1024**3
CPU_SECONDS_MAX = 20
OUTPUT_BYTES_MAX = 64 * 1024**2
# Not `nobody`: as root the embedded servers run as that user, and their files are its own.
PARSER_USER_ID = 65533

_LOADERS: dict[Kind, Callable[[BinaryIO], Iterator[Block]]] = {
    Kind.PDF: pdf.load,
    Kind.DOCX: docx.load,
    Kind.MARKDOWN: markdown.load,
    Kind.TEXT: text.load,
    Kind.HTML: html.load,
}
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def main() -> None:
    name = sys.argv[1]
    give_up_rights()
    try:
        for block in blocks_of(sys.stdin.buffer, name):
            _write(
                {
                    "text": block.text,
                    "page": block.page,
                    "heading": block.heading,
                    "is_table": block.is_table,
                }
            )
        _write({"end": True})
    except Unreadable as error:
        _write({"refused": error.reason.value})
    except (MemoryError, RecursionError):
        _write({"refused": Reason.OUT_OF_MEMORY.value})


def blocks_of(file: BinaryIO, name: str) -> Iterator[Block]:
    """Yield what the file holds.

    Raises:
        Unreadable: it cannot be read, or holds no text at all.
    """
    kind = kind_of(file, name)
    is_blank = True
    for block in _LOADERS[kind](file):
        if block.text.strip():
            is_blank = False
            yield block
    if is_blank:
        raise Unreadable(Reason.NO_TEXT)


def give_up_rights() -> None:
    """Leave network, privileges and room to grow behind."""
    # Codecs are modules, found by name when first used: by then the disk may be out of reach.
    for encoding in ("utf-8-sig", "utf-16", "gb18030", "idna", "latin-1", "cp437"):
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
