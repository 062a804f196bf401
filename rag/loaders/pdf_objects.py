"""The strings in a PDF's objects: properties, alternative texts and other things no page prints."""

import re
import zlib
from collections.abc import Iterator

from rag.loaders.blocks import Aside, Unread, What, Where

UNPACKED_BYTES_MAX = 64 * 1024 * 1024
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PACKED = re.compile(rb"/FlateDecode|/Fl\b")
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\s+\d+\s+R)")
_TOKEN = re.compile(
    rb"/([A-Za-z][\w.#:-]*)"
    rb"|\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))*)\)"
    rb"|(?<!<)<([0-9A-Fa-f\s]+)>",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|\r?\n|(.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_MARKUP = re.compile(r"<[^>]*>")
_MARKUP_VALUE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']+)["']""")
_PLACES = {
    **dict.fromkeys(("Alt", "ActualText", "E"), Where.ALTERNATIVE),
    **dict.fromkeys(("Contents", "RC", "Subj", "NM"), Where.ANNOTATION),
    **dict.fromkeys(("V", "DV", "TU", "TM", "T", "Opt", "RV"), Where.FIELD),
    **dict.fromkeys(("F", "UF", "Desc", "EF"), Where.ATTACHMENT),
    "URI": Where.LINK,
    "JS": Where.HIDDEN,
}
# Checksums, signatures and how a font draws or a reader decodes; nobody's words.
_NO_WORDS = frozenset(
    [
        "ID",
        "CheckSum",
        "Cert",
        "ByteRange",
        "DA",
        "DS",
        "Lang",
        "Registry",
        "Ordering",
        "Panose",
        "O",
        "U",
        "OE",
        "UE",
        "Perms",
        "Style",
        "Indexed",
        "Identifier",
        "Differences",
        "CharSet",
        "FontFamily",
        "Lookup",
    ]
)


def strings(raw: bytes) -> Iterator[Aside | Unread]:
    """Yield the strings of the file's objects, and its properties that are written in XML.

    Whoever draws a page does not hand these out, so the file's bytes are looked through. A
    stream of objects or of properties that cannot be unpacked is an unknown part.
    """
    room = UNPACKED_BYTES_MAX
    start = 0
    for opening in _STREAM.finditer(raw):
        if opening.start() < start:
            continue
        outside = raw[start : opening.start()]
        yield from _strings_in(outside)
        header = outside[max(outside.rfind(b" obj"), 0) :]
        start = _end(raw, opening.end(), header)
        if (
            b"/ObjStm" not in header
            and b"/Metadata" not in header
            and b"/EmbeddedFile" not in header
        ):
            continue
        if b"/EmbeddedFile" in header:
            yield Unread(What.ATTACHMENT)
            continue
        content = _unpacked(raw[opening.end() : start], header, room)
        if content is None:
            yield Unread(What.PART)
            continue
        room -= len(content)
        yield from _properties(content) if b"/Metadata" in header else _strings_in(content)
    yield from _strings_in(raw[start:])


def _end(raw: bytes, start: int, header: bytes) -> int:
    """Return where the stream ends: at its length when that holds true, else at its closing word."""
    length = _LENGTH.search(header)
    if length:
        end = start + int(length[1])
        if raw[end : end + 20].lstrip().startswith(b"endstream"):
            return end
    end = raw.find(b"endstream", start)
    return len(raw) if end < 0 else end


def _unpacked(content: bytes, header: bytes, room: int) -> bytes | None:
    if b"/Filter" not in header:
        return content[:room]
    if not _PACKED.search(header) or header.count(b"Decode") > 1 + header.count(b"DecodeParms"):
        return None
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(content, max(room, 1))
    except zlib.error:
        return None
    return None if unpacker.unconsumed_tail else unpacked


def _strings_in(content: bytes) -> Iterator[Aside]:
    key = ""
    for token in _TOKEN.finditer(content):
        name, literal, digits = token.groups()
        if name is not None:
            key = name.decode("latin-1")
        elif key not in _NO_WORDS:
            text = _decoded(_literal(literal) if digits is None else _digits(digits))
            where = _PLACES.get(key, Where.METADATA)
            if text and key and where == Where.METADATA:
                yield Aside(f"{key}: {text}", where)
            elif text:
                yield Aside(text, where)


def _literal(content: bytes) -> bytes:
    def plain(found: re.Match[bytes]) -> bytes:
        octal, letter = found.groups()
        if octal:
            return bytes([int(octal, 8) & 0xFF])
        return _ESCAPED.get(letter, letter) if letter else b""

    return _ESCAPE.sub(plain, content)


def _digits(content: bytes) -> bytes:
    digits = b"".join(content.split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def _decoded(content: bytes) -> str:
    """Return the string as text; empty for bytes that are none."""
    if content.startswith((b"\xfe\xff", b"\xff\xfe")):
        return content.decode("utf-16", "replace")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    printable = sum(letter.isprintable() or letter.isspace() for letter in text)
    return text if printable >= 0.9 * len(text) else ""


def _properties(content: bytes) -> Iterator[Aside]:
    text = content.decode("utf-8", "replace")
    for name, value in _MARKUP_VALUE.findall(text):
        if not name.startswith("xmlns") and name not in {"id", "rdf:about"}:
            yield Aside(f"{name}: {value}", Where.METADATA)
    for line in _MARKUP.sub("\n", text).splitlines():
        yield Aside(line, Where.METADATA)
