"""Archives: the names of what is packed, and each member looked into, nested archives once."""

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

from rag.loaders.blocks import Aside, Block, Unread, Unreadable, What, Where

MEMBER_BYTES_MAX = 32 * 1024 * 1024
Look = Callable[[BinaryIO, str], Iterator[Block | Aside | Unread]]
_BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError)
_NAME_IS_UTF8 = 0x800
_ENCRYPTED = 0x1


def inspect(archive: zipfile.ZipFile, look: Look) -> Iterator[Block | Aside | Unread]:
    """Yield names, remarks and what `look` finds in each member; what cannot be read is unread."""
    yield Aside(_text(archive.comment), Where.COMMENT)
    for member in archive.infolist():
        yield from (Aside(name, Where.ATTACHMENT) for name in _names(member))
        yield Aside(_text(member.comment), Where.COMMENT)
        if member.flag_bits & _ENCRYPTED:
            yield Unread(What.ENCRYPTED)
        elif not member.is_dir():
            yield from _member(archive, member, look)


def _names(member: zipfile.ZipInfo) -> Iterator[str]:
    yield member.filename
    if not member.flag_bits & _NAME_IS_UTF8 and not member.filename.isascii():
        # Older programs wrote the name in the alphabet of their own country.
        for encoding in ("utf-8", "gb18030"):
            yield member.filename.encode("cp437", "replace").decode(encoding, "replace")


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, look: Look
) -> Iterator[Block | Aside | Unread]:
    if member.file_size > MEMBER_BYTES_MAX:
        yield Unread(What.ATTACHMENT)
        return
    try:
        content = archive.read(member)
    except _BROKEN:
        yield Unread(What.ATTACHMENT)
        return
    if not content.strip():
        return
    try:
        yield from look(io.BytesIO(content), member.filename.rpartition("/")[2])
    except Unreadable:
        yield Unread(What.ATTACHMENT)
