"""Placeholders in place of what must not travel, and the book that says what each stands for.

A placeholder reads `[PHONE_7Q2KX]`. Its code is drawn from the caller's entropy, never from the
value: who sees the placeholder learns the kind and nothing else, and cannot test a guess.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from edge_agent.contract.errors import ContractError
from edge_agent.contract.findings import Finding, Kind

SCHEMA = "drawbridge-masks/1"
# Neither 0 and O nor 1 and I; 32 letters, so five bits of a digest draw one without bias.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_CHARS = 5
ENTROPY_BYTES_MIN = 16
DRAWS_MAX = 1_000
# What a model may put where an underscore stood; a code must not stand in a text through these.
SEPARATORS = "_-\\ \u00a0"
_WITHOUT_SEPARATORS = str.maketrans("", "", SEPARATORS)
# With a digit and a letter a code is never a word, which a model might translate or correct.
_CODE = re.compile(rf"(?=.*[0-9])(?=.*[A-Z])[{ALPHABET}]{{{CODE_CHARS}}}")


@dataclass(frozen=True, slots=True)
class Mask:
    """`code` names the mask within its book, whatever its kind."""

    kind: Kind
    code: str
    value: str

    @property
    def name(self) -> str:
        return f"{self.kind}_{self.code}"

    def __repr__(self) -> str:
        return f"Mask({self.name})"


@dataclass(frozen=True, slots=True)
class MaskBook:
    """All masks of one session, in the order they were given out."""

    masks: tuple[Mask, ...] = ()

    def __repr__(self) -> str:
        return f"MaskBook({len(self.masks)} masks)"


EMPTY_BOOK = MaskBook()


def mask(
    text: str, findings: Sequence[Finding], book: MaskBook, *, entropy: bytes
) -> tuple[str, MaskBook]:
    """Return the text with a placeholder for each finding, and the book that can undo it.

    A value that the book knows under the same kind keeps its placeholder. A placeholder given
    out earlier that already stands in the text is text like any other, and will be restored.

    Raises: ContractError where findings overlap or lie outside the text, or entropy is short.
    """
    if len(entropy) < ENTROPY_BYTES_MIN:
        raise ContractError(f"entropy: at least {ENTROPY_BYTES_MIN} bytes")
    if not findings:
        return text, book
    draw = _Draw(text, book, entropy)
    names = {(each.kind, each.value): each for each in book.masks}
    pieces: list[str] = []
    done = 0
    for finding in _in_order(text, findings):
        key = (finding.kind, text[finding.start : finding.end])
        if key not in names:
            names[key] = Mask(finding.kind, draw.code(), key[1])
        pieces += text[done : finding.start], f"[{names[key].name}]"
        done = finding.end
    return "".join((*pieces, text[done:])), MaskBook(tuple(names.values()))


def book_to_json(book: MaskBook) -> bytes:
    """Return the book with all its values, for the caller to encrypt and keep."""
    rows = [[each.kind, each.code, each.value] for each in book.masks]
    return json.dumps({"schema": SCHEMA, "masks": rows}, separators=(",", ":")).encode()


def book_from_json(data: bytes) -> MaskBook:
    """Return the book that `book_to_json` wrote.

    Raises: ContractError for anything that `book_to_json` does not write, byte for byte.
    """
    try:
        document = json.loads(data)
        book = MaskBook(tuple(_mask_of(row) for row in document["masks"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        # Not chained: the parser's message may repeat what stands in the book.
        raise ContractError(f"mask book: not readable ({type(error).__name__})") from None
    codes = {each.code for each in book.masks}
    values = {(each.kind, each.value) for each in book.masks}
    if not len(codes) == len(values) == len(book.masks):
        raise ContractError("mask book: names something twice")
    if book_to_json(book) != data:
        raise ContractError("mask book: not as it was written")
    return book


class _Draw:
    """Draws codes for one text: each new to the book, and nowhere in the text."""

    def __init__(self, text: str, book: MaskBook, entropy: bytes) -> None:
        self._plain = text.translate(_WITHOUT_SEPARATORS).upper()
        self._taken = {each.code for each in book.masks}
        self._entropy = entropy
        # The same entropy may serve a whole session: begin where the book ended.
        self._count = len(book.masks)

    def code(self) -> str:
        for _ in range(DRAWS_MAX):
            code = _code(self._entropy, self._count)
            self._count += 1
            if _CODE.fullmatch(code) and code not in self._taken and code not in self._plain:
                self._taken.add(code)
                return code
        raise ContractError("no placeholder is free")


def _code(entropy: bytes, count: int) -> str:
    digest = hmac.digest(entropy, f"{SCHEMA} {count}".encode(), hashlib.sha256)
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:CODE_CHARS])


def _in_order(text: str, findings: Sequence[Finding]) -> list[Finding]:
    ordered = sorted(findings, key=lambda each: each.start)
    done = 0
    for each in ordered:
        if not done <= each.start < each.end <= len(text):
            raise ContractError("findings: overlap, are empty or lie outside the text")
        done = each.end
    return ordered


def _mask_of(row: object) -> Mask:
    match row:
        case [str(kind), str(code), str(value)] if value and _CODE.fullmatch(code):
            return Mask(Kind(kind), code, value)
    raise ValueError("a mask is a kind, a code and a value")
