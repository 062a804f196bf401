"""What a picture's file says of itself: EXIF, XMP, comments; what the picture shows stays unread."""

import re
import zlib
from collections.abc import Iterator

from rag.loaders.blocks import Aside, Unread, What, Where

FIRST_BYTES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*", b"BM")
SEGMENTS_MAX = 1_000
SEGMENT_BYTES_MAX = 1024 * 1024
_NARROW = re.compile(rb"(?:[\x20-\x7e\t\r\n]|[\xc2-\xf4][\x80-\xbf]{1,3}){5,}")
# Text of two bytes a letter: Latin and Chinese only, or any bytes at all would make words.
_WIDE_LITTLE = re.compile(rb"(?:[\x20-\x7e]\x00|[\x00-\xff][\x4e-\x9f\xff]){4,}", re.DOTALL)
_WIDE_BIG = re.compile(rb"(?:\x00[\x20-\x7e]|[\x4e-\x9f\xff][\x00-\xff]){4,}", re.DOTALL)
_PNG_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf"})
_WEBP_TEXTS = frozenset({b"EXIF", b"XMP "})


def beside(content: bytes) -> Iterator[Aside | Unread]:
    """Yield the texts of the picture's own notes, then the picture itself as unread."""
    for number, segment in enumerate(_segments(content)):
        if number >= SEGMENTS_MAX or len(segment) > SEGMENT_BYTES_MAX:
            yield Unread(What.PART)
            break
        for text in _texts(segment):
            yield Aside(text, Where.METADATA)
    yield Unread(What.IMAGE)


def _segments(content: bytes) -> Iterator[bytes]:
    if content.startswith(b"\x89PNG"):
        yield from _png(content)
    elif content.startswith(b"\xff\xd8"):
        yield from _jpeg(content)
    elif content.startswith(b"RIFF"):
        yield from _webp(content)
    elif content.startswith(b"GIF8"):
        yield from _gif(content)
    else:
        # The others, drawings in XML among them, keep their notes anywhere.
        yield content[:SEGMENT_BYTES_MAX]


def _png(content: bytes) -> Iterator[bytes]:
    at = 8
    while at + 8 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        name, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        if name in _PNG_TEXTS:
            yield body
            yield from _unpacked(body)
        at += length + 12
        if name == b"IEND":
            break
    yield content[at:]


def _unpacked(body: bytes) -> Iterator[bytes]:
    start = body.find(b"\x78")
    while 0 <= start < 200:
        try:
            yield zlib.decompressobj().decompress(body[start:], SEGMENT_BYTES_MAX)
        except zlib.error:
            start = body.find(b"\x78", start + 1)
        else:
            return


def _jpeg(content: bytes) -> Iterator[bytes]:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA:
            break
        if 0xE0 <= marker <= 0xEF or marker == 0xFE:
            yield content[at + 4 : at + 2 + length]
        at += max(length, 2) + 2
    end = content.rfind(b"\xff\xd9")
    yield content[end + 2 :] if end > 0 else b""


def _webp(content: bytes) -> Iterator[bytes]:
    at = 12
    while at + 8 <= len(content):
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        if content[at : at + 4] in _WEBP_TEXTS:
            yield content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    yield content[at:]


def _gif(content: bytes) -> Iterator[bytes]:
    for opening in re.finditer(rb"\x21[\xfe\x01\xff]", content):
        yield content[opening.end() : opening.end() + 64 * 1024].partition(b"\x00")[0]


def _texts(segment: bytes) -> Iterator[str]:
    for found in _NARROW.finditer(segment):
        yield found[0].decode("utf-8", "replace")
    for pattern, encoding in ((_WIDE_LITTLE, "utf-16-le"), (_WIDE_BIG, "utf-16-be")):
        for found in pattern.finditer(segment):
            yield found[0].decode(encoding, "replace")
