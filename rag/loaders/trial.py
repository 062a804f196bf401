"""Look into files that no upload may be: spreadsheets, slides, archives and pictures as well."""

import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import PurePath
from typing import BinaryIO

from rag.enums import Kind, Reason
from rag.loaders import archives, pictures, slides, spreadsheets
from rag.loaders.blocks import Aside, Block, Unread, Unreadable
from rag.loaders.detection import HEAD_BYTES, KIND_OF_ENDING, check_archive, kind_of
from rag.loaders.reading import beside_of, blocks_of

NESTED_MAX = 1
_PICTURE_BYTES_MAX = 64 * 1024 * 1024


def inspect(file: BinaryIO, name: str, nested: int = 0) -> Iterator[Block | Aside | Unread]:
    """Yield all that is found; the file's first bytes say what it is, for the most part.

    Raises:
        Unreadable: nothing of it can be read. A file without any text is no error here.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _packed(file, name, nested)
    elif head.startswith(pictures.FIRST_BYTES):
        file.seek(0)
        yield from pictures.beside(file.read(_PICTURE_BYTES_MAX))
    else:
        yield from _known(file, name, head)


def _packed(file: BinaryIO, name: str, nested: int) -> Iterator[Block | Aside | Unread]:
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Unreadable(Reason.CORRUPT) from error
    with archive:
        names = set(archive.namelist())
        if "word/document.xml" in names:
            check_archive(archive.infolist())
            yield from _read(file, Kind.DOCX)
        elif spreadsheets.MAIN_PART in names:
            check_archive(archive.infolist())
            yield from spreadsheets.inspect(archive)
        elif slides.MAIN_PART in names:
            check_archive(archive.infolist())
            yield from slides.inspect(archive)
        elif nested > NESTED_MAX:
            raise Unreadable(Reason.UNSUPPORTED)
        else:
            check_archive(archive.infolist(), may_be_locked=True)
            yield from archives.inspect(archive, partial(inspect, nested=nested + 1))


def _known(file: BinaryIO, name: str, head: bytes) -> Iterator[Block | Aside | Unread]:
    if b"%PDF-" in head[:1024]:
        kind = Kind.PDF
    elif PurePath(name.lower()).suffix in KIND_OF_ENDING:
        kind = kind_of(file, name)
    else:
        # Tables, code and letters are text under another name; binary files are refused.
        kind = kind_of(file, "unknown.txt")
    yield from _read(file, kind)


def _read(file: BinaryIO, kind: Kind) -> Iterator[Block | Aside | Unread]:
    try:
        yield from blocks_of(file, kind)
    except Unreadable as error:
        if error.reason != Reason.NO_TEXT:
            raise
    yield from beside_of(file, kind)
