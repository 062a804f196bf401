"""Numbers that were cut in pieces and spread over messages, fields or table cells.

Only what proves itself counts here: a resident ID with its region, date and check digit, or a
card in its four groups. Any other run of numbers in a conversation would add up to something.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading, plain_reading

GROUPS_MAX = 400
GAP_CHARS_MAX = 60
PIECES_MAX = 8
CARD_GROUP_CHARS = 4
SURE = 0.95
RULE = "put together from its pieces"
_LENGTHS = {18: Kind.RESIDENT_ID, 16: Kind.BANK_CARD}
# Looked at before the detectors are asked: most runs of numbers are nothing at first sight.
_LOOKS_LIKE = {
    Kind.RESIDENT_ID: re.compile(r"[1-8][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx]"),
    Kind.BANK_CARD: re.compile(r"[2-6][0-9]{15}"),
}
_GROUP = re.compile(r"(?<![A-Za-z0-9])[0-9]{1,17}[Xx]?(?![A-Za-z0-9])")

Find = Callable[[Reading], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A group of digits: in which text, where in the original, and how far into its reading."""

    text_index: int
    start: int
    end: int
    digits: str
    place: int
    place_end: int


def split_numbers(
    readings: Sequence[Reading], finders: Sequence[Find]
) -> Iterator[tuple[int, Finding]]:
    """Yield the index of a text and what of a cut-up number stands in it."""
    pieces = [piece for index, each in enumerate(readings) for piece in _pieces(index, each)]
    for first in range(min(len(pieces), GROUPS_MAX)):
        for taken, kind in _candidates(pieces, first):
            number = "".join(piece.digits for piece in taken)
            if not _proves_itself(number, kind, finders):
                continue
            for piece in taken:
                yield piece.text_index, Finding(piece.start, piece.end, kind, SURE, RULE)


def _pieces(index: int, reading: Reading) -> Iterator[Piece]:
    for match in _GROUP.finditer(reading.text):
        yield Piece(index, *reading.span(*match.span()), match.group(), *match.span())


def _candidates(pieces: Sequence[Piece], first: int) -> Iterator[tuple[Sequence[Piece], Kind]]:
    """Yield runs of neighbouring pieces that are together as long as a number we know."""
    length = len(pieces[first].digits)
    for last in range(first + 1, min(first + PIECES_MAX, len(pieces))):
        before, piece = pieces[last - 1], pieces[last]
        length += len(piece.digits)
        if length > max(_LENGTHS) or not _are_neighbours(before, piece):
            return
        kind, taken = _LENGTHS.get(length), pieces[first : last + 1]
        if kind and (kind is not Kind.BANK_CARD or _are_groups_of_four(taken)):
            yield taken, kind


def _are_groups_of_four(pieces: Sequence[Piece]) -> bool:
    """Say whether they are cut as a card is printed: one in ten other runs has its check digit."""
    return all(len(piece.digits) == CARD_GROUP_CHARS for piece in pieces)


def _are_neighbours(before: Piece, after: Piece) -> bool:
    if before.text_index == after.text_index:
        return after.place - before.place_end <= GAP_CHARS_MAX
    return after.text_index - before.text_index <= PIECES_MAX


def _proves_itself(number: str, kind: Kind, finders: Sequence[Find]) -> bool:
    if not _LOOKS_LIKE[kind].fullmatch(number):
        return False
    reading = plain_reading(number)
    return any(
        finding.kind is kind
        and finding.score >= SURE
        and finding.end - finding.start == len(number)
        for find in finders
        for finding in find(reading)
    )
