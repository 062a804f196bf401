"""Say what a file is by its first bytes, and refuse one whose name says something else."""

import io
import zipfile
from pathlib import PurePath
from typing import BinaryIO

from rag.enums import Kind, Reason
from rag.loaders.blocks import Unreadable

KIND_OF_ENDING = {
    ".pdf": Kind.PDF,
    ".docx": Kind.DOCX,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
}
HEAD_BYTES = 4096
ARCHIVE_MEMBERS_MAX = 5_000
ARCHIVE_BYTES_MAX = 300 * 1024 * 1024
ARCHIVE_RATIO_MAX = 200
_RATIO_FREE_BYTES = 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_BINARIES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"MZ\x90",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"RIFF",
    b"{\\rtf",
    b"%!PS",
)
_ENCRYPTED = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def kind_of(file: BinaryIO, name: str) -> Kind:
    """Return the kind of the file, read from its start.

    Raises:
        Unreadable: empty, of a kind that cannot be read, or not what its name says.
    """
    promised = KIND_OF_ENDING.get(PurePath(name.lower()).suffix)
    if promised is None:
        raise Unreadable(Reason.UNSUPPORTED)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        # A file of blanks or zero bytes holds as little as one of no bytes.
        if file.seek(0, io.SEEK_END) <= HEAD_BYTES:
            raise Unreadable(Reason.EMPTY)
        raise Unreadable(Reason.CORRUPT)
    found = _family(head)
    if promised in {Kind.MARKDOWN, Kind.TEXT, Kind.HTML}:
        if found is not None:
            raise Unreadable(Reason.MISLABELLED)
        return promised
    if promised == Kind.DOCX:
        _check_docx(file, found)
        return promised
    if found != Kind.PDF:
        raise Unreadable(Reason.CORRUPT if found == "BYTES" else Reason.MISLABELLED)
    return promised


def _family(head: bytes) -> str | None:
    """Return PDF, ZIP, OLE, OTHER, BYTES for unknown binary, or None for what may be text."""
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "ZIP"
    if head.startswith(_OLE):
        return "OLE"
    if head.startswith(_OTHER_BINARIES):
        return "OTHER"
    if b"\x00" in head and not head.startswith(_UTF16):
        return "BYTES"
    return None


def _check_docx(file: BinaryIO, found: str | None) -> None:
    if found == "OLE":
        # Office encrypts by wrapping the archive in its old container.
        file.seek(0)
        inside = file.read(256 * 1024)
        raise Unreadable(Reason.ENCRYPTED if _ENCRYPTED in inside else Reason.MISLABELLED)
    if found != "ZIP":
        raise Unreadable(Reason.CORRUPT if found == "BYTES" else Reason.MISLABELLED)
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Unreadable(Reason.CORRUPT) from error
    check_archive(members)
    if "word/document.xml" not in {member.filename for member in members}:
        raise Unreadable(Reason.MISLABELLED)


def check_archive(members: list[zipfile.ZipInfo], *, may_be_locked: bool = False) -> None:
    """Refuse an archive that unpacks to far more than it weighs.

    The sizes come from its directory; a directory that lies only fails later, because
    the reader stops at the size that was promised.
    """
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if not may_be_locked and any(member.flag_bits & 0x1 for member in members):
        raise Unreadable(Reason.ENCRYPTED)
    too_many = len(members) > ARCHIVE_MEMBERS_MAX or unpacked > ARCHIVE_BYTES_MAX
    too_dense = unpacked > _RATIO_FREE_BYTES and unpacked > packed * ARCHIVE_RATIO_MAX
    if too_many or too_dense:
        raise Unreadable(Reason.BOMB)
