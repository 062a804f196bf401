"""Find blocks of encoded bytes in a text, and decode them."""

import base64
import re
import string
import zlib
from binascii import Error as BinasciiError
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from edge_agent.contract.readings import RUN_CHARS_MIN, Reading

DECODED_BYTES_MAX = 200_000
_PRINTABLE_SHARE = 0.95
_SCRIPTS_MAX = 4
_GZIP, _ZLIB = b"\x1f\x8b", (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_DECOMPRESS = {_GZIP: 31, **dict.fromkeys(_ZLIB, 15)}


@dataclass(frozen=True, slots=True)
class Decoded:
    """`text` is what stood at start … end of the encoded text; `how` names the encoding."""

    start: int
    end: int
    text: str
    how: str


def _base64(run: str) -> bytes:
    plain = run.translate(_URL_SAFE).rstrip("=")
    return base64.b64decode(plain + "=" * (-len(plain) % 4))


def _base32(run: str) -> bytes:
    plain = run.rstrip("=").upper()
    return base64.b32decode(plain + "=" * (-len(plain) % 8))


def _hex(run: str) -> bytes:
    return bytes.fromhex("".join(_HEX_DIGITS.findall(run.removeprefix("0x"))))


def _base85(run: str) -> bytes:
    return base64.b85decode(run)


def _ascii85(run: str) -> bytes:
    return base64.a85decode(run.removeprefix("<~").removesuffix("~>"))


_URL_SAFE = str.maketrans("-_", "+/", "\r\n \t")
_HEX_DIGITS = re.compile(r"[0-9A-Fa-f]+")
_SPACED_HEX = re.compile(r" [0-9A-Fa-f]{2} [0-9A-Fa-f]{2} [0-9A-Fa-f]{2} [0-9A-Fa-f]{2}")
# Words, alone or joined, and plain numbers: what is encoded looks like neither, but by chance.
# The class of the first letter comes first, so that the search runs fast.
_NOT_WORDS = (
    r"(?<![A-Za-z0-9].)(?!(?<=[A-Za-z])[a-z]+(?:[/_-][A-Za-z]?[a-z]+)*+"
    r"(?![A-Za-z0-9+/=_!#$%&()*;<>?@^`{|}~-])|(?<=[0-9])[0-9]+(?![A-Za-z0-9+/=]))"
)
_SIGN85 = "[0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]"
# The surest first: what is hexadecimal is also base64, and means something else then.
_BLOCKS: tuple[tuple[str, re.Pattern[str], Callable[[str], bytes]], ...] = (
    (
        "hex",
        re.compile(
            r"[0-9A-Fa-f](?<![0-9A-Za-z].)(?:(?<=0)x[0-9A-Fa-f])?[0-9A-Fa-f]"
            r"(?P<sign>[ :,-]?)[0-9A-Fa-f]{2}(?:(?P=sign)[0-9A-Fa-f]{2}){4,}(?![0-9A-Za-z])"
        ),
        _hex,
    ),
    (
        "base32",
        re.compile(r"[A-Za-z2-7](?<![0-9A-Za-z].)(?:[A-Z2-7]{13,}|[a-z2-7]{13,})={0,6}"),
        _base32,
    ),
    (
        "base64",
        re.compile(
            r"[A-Za-z0-9+/_-]"
            + _NOT_WORDS
            + r"[A-Za-z0-9+/_-]{7,}(?:\r?\n[ \t]{0,4}[A-Za-z0-9+/_-]{2,})*={0,2}"
        ),
        _base64,
    ),
    ("base85", re.compile(_SIGN85 + _NOT_WORDS + _SIGN85 + "{11,}"), _base85),
    (
        "ascii85",
        re.compile(r"[!-uz](?:(?<=<)~[!-uz\s]{5,}~>|" + _NOT_WORDS + r"[!-uz]{11,})"),
        _ascii85,
    ),
)
_CHARS_MIN = {"hex": 12, "base32": 14, "base64": 8, "base85": 12, "ascii85": 12}
# Signs that are letters of an encoding, but also stand between words.
_PARTS = {
    "hex": re.compile(r"(?:[0-9A-Fa-f]{2}){6,}"),
    "base32": re.compile(r"(?!)"),
    "base64": re.compile(r"[A-Za-z0-9+]{8,}={0,2}"),
}
OPENINGS_MAX = 3
_OPENING = re.compile(r"[=;:,({\[|]")
_LEADING = ".,;:!?)]}>|("
_CLOSING = ".,;:!?)]}>|\"'`"
_CLASSES = str.maketrans(
    string.digits + string.ascii_uppercase + string.ascii_lowercase + string.punctuation,
    "0" * 10 + "A" * 26 + "a" * 26 + "-" * 32,
)
_CHANGES_SHARE = 0.3
_DATA_URI = re.compile(r"data:[A-Za-z0-9.+/-]{0,60}(?:;[A-Za-z0-9=-]{1,40}){0,3},\Z")
_DATA_URI_REACH = 160


def blocks(reading: Reading) -> Iterator[Decoded]:
    """Yield what of it is readable once decoded; one run may be so in more than one way."""
    for how, start, run, decode in _candidates(reading):
        plain = decoded(run, decode)
        if plain is not None:
            # "data:text/plain;base64," says nothing beside what it holds.
            uri = _DATA_URI.search(reading.text, max(0, start - _DATA_URI_REACH), start)
            yield Decoded(uri.start() if uri else start, start + len(run), plain, how)


def decoded(run: str, decode: Callable[[str], bytes]) -> str | None:
    """Return the run as text, or None where it is no such encoding, or of nothing readable."""
    try:
        return text_of(decode(run))
    except (BinasciiError, ValueError, OverflowError):
        return None


def _candidates(reading: Reading) -> Iterator[tuple[str, int, str, Callable[[str], bytes]]]:
    if not (reading.coded_runs or reading.digits or "<~" in reading.text):
        return
    for how, pattern, decode in _BLOCKS:
        for match in _matches(reading, how, pattern):
            for start, run in _runs(match, how):
                yield how, start, run, decode


def _matches(reading: Reading, how: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Search where an encoding may stand: hexadecimal bytes may have spaces, what is framed too."""
    text = reading.text
    if (how == "hex" and _SPACED_HEX.search(text)) or (how == "ascii85" and "<~" in text):
        yield from pattern.finditer(text)
        return
    done = 0
    # Of hexadecimal bytes all digits may be no letters.
    for start, end in reading.runs if how == "hex" else reading.coded_runs:
        if end - start < _CHARS_MIN[how]:
            continue
        match = pattern.search(text, max(done, start), end)
        while match is not None:
            if match.end() == end and text[end : end + 1] in {"\r", "\n"}:
                # A block may go on in the next line.
                match = pattern.match(text, match.start()) or match
            yield match
            done = match.end()
            match = pattern.search(text, done, end) if done < end else None


def _runs(match: re.Match[str], how: str) -> Iterator[tuple[int, str]]:
    """Yield the run, then parts of it: its first and last signs may not belong to it."""
    run, parts = match[0], _PARTS.get(how)
    if parts is not None:
        yield match.start(), run
        for part in parts.finditer(run):
            if len(part[0]) < len(run):
                yield match.start() + part.start(), part[0]
    elif _is_mixed(run):
        yield match.start(), run
        for start, end in _bounds(run):
            if end - start >= RUN_CHARS_MIN:
                yield match.start() + start, run[start:end]


def _bounds(run: str) -> Iterator[tuple[int, int]]:
    """Yield what may be left without the signs that part words: all of them are letters here."""
    starts = [0, *(each.end() for each in islice(_OPENING.finditer(run), OPENINGS_MAX))]
    leading = len(run) - len(run.lstrip(_LEADING))
    starts += {leading, min(1, leading)}
    ends = {len(run), len(run.rstrip(_CLOSING)), len(run) - 1}
    ends.update(at for at in (run.rfind(sign) for sign in ";|),") if at > 0)
    yield from ((start, end) for start in starts for end in ends if (start, end) != (0, len(run)))


def _is_mixed(run: str) -> bool:
    """Say whether letters, digits and signs change as they do in no word and no address."""
    classes = run.translate(_CLASSES)
    changes = sum(one != other for one, other in pairwise(classes))
    return changes >= _CHANGES_SHARE * len(run)


def text_of(data: bytes, *, is_short: bool = False) -> str | None:
    """Return bytes as text where they are text, unpacked if they were packed."""
    window = _DECOMPRESS.get(data[:2])
    if window is not None:
        try:
            packed = zlib.decompressobj(window)
            data = packed.decompress(data, DECODED_BYTES_MAX)
        except zlib.error:
            return None
        if packed.unconsumed_tail:
            # What nobody read to its end is no text, and counts as opaque.
            return None
    for encoding in _encodings(data, is_short=is_short):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text and _is_readable(text):
            return text
    return None


def _encodings(data: bytes, *, is_short: bool) -> Iterator[str]:
    """Yield what bytes may be; of UTF-16 every second one is zero in most texts."""
    yield "utf-8"
    if is_short:
        yield "gb18030"
    elif data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        yield "utf-16"
    elif 3 * data.count(0) >= len(data):
        yield "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"


def _is_readable(text: str) -> bool:
    if text.isprintable():
        return text.isascii() or _is_usual(text)
    readable = sum(letter.isprintable() or letter in "\t\r\n\u200b\u200c\u200d" for letter in text)
    return readable >= _PRINTABLE_SHARE * len(text) and (text.isascii() or _is_usual(text))


def _is_usual(text: str) -> bool:
    """Say whether its letters are of few scripts, as in a text and not in bytes taken for one."""
    scripts = {_script(ord(letter)) for letter in text if not letter.isascii()}
    return len(scripts) <= _SCRIPTS_MAX


def _script(codepoint: int) -> int:
    """Return a block of Unicode; all that Chinese, Japanese and Korean texts use is one."""
    return 0x2E if 0x2E00 <= codepoint < 0xE000 or codepoint >= 0xF900 else codepoint >> 8
