"""Plain text: paragraphs parted by blank lines, wrapped lines joined."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from rag.enums import Reason
from rag.loaders.blocks import Block, Unreadable, joined_lines

# Tried in this order; the last knows every Chinese character of the older standards.
_ENCODINGS = ("utf-8-sig", "gb18030")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_LIST_ITEM = re.compile(r"\s*(?:[-*•·]|\d{1,3}[.)、])\s*\S")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]")


def load(file: BinaryIO) -> Iterator[Block]:
    file.seek(0)
    text = decoded(file.read())
    for paragraph in _BLANK_LINE.split(text):
        joined = unwrapped(paragraph)
        if joined:
            yield Block(joined)


def decoded(raw: bytes) -> str:
    """Return the text with simple line ends and without control characters."""
    encodings = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else _ENCODINGS
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    raise Unreadable(Reason.CORRUPT)


def unwrapped(paragraph: str) -> str:
    """Join the wrapped lines of a paragraph; list items keep lines of their own."""
    lines: list[list[str]] = []
    for line in paragraph.split("\n"):
        if not lines or _LIST_ITEM.match(line):
            lines.append([line])
        else:
            lines[-1].append(line)
    return "\n".join(filter(None, map(joined_lines, lines)))
