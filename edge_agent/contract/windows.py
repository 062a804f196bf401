"""Numbers that were cut in pieces and spread over messages, fields or table cells.

Only what proves itself counts here: a resident ID with its region, date and check digit, or a
card in its four groups. Any other run of numbers in a conversation would add up to something.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading, plain_reading

GAP_CHARS_MAX = 60
PIECES_MAX = 8
CARD_GROUP_CHARS = 4
SURE = 0.95
RULE = "put together from its pieces"
_LENGTHS = {18: Kind.RESIDENT_ID, 16: Kind.BANK_CARD}
_LENGTH_MAX = max(_LENGTHS)
# Looked at before the detectors are asked: most runs of numbers are nothing at first sight.
_LOOKS_LIKE = {
    Kind.RESIDENT_ID: re.compile(r"[1-8][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx]"),
    Kind.BANK_CARD: re.compile(r"[2-6][0-9]{15}"),
}
_GROUP = re.compile(r"(?<![A-Za-z0-9])[0-9]{1,17}[Xx]?(?![A-Za-z0-9])")

Find = Callable[[Reading], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A group of digits: in which text it stands, and from where to where in its reading.

    `is_near` says whether it stands near the piece before it.
    """

    text_index: int
    start: int
    end: int
    is_near: bool


def split_numbers(
    readings: Sequence[Reading], finders: Sequence[Find]
) -> Iterator[tuple[int, Finding]]:
    """Yield the index of a text and what of a cut-up number stands in it."""
    pieces = _pieces(readings)
    for taken, kind in _candidates(pieces):
        digits = (readings[each.text_index].text[each.start : each.end] for each in taken)
        if not _proves_itself("".join(digits), kind, finders):
            continue
        for piece in taken:
            span = readings[piece.text_index].span(piece.start, piece.end)
            yield piece.text_index, Finding(*span, kind, SURE, RULE)


def _pieces(readings: Sequence[Reading]) -> list[Piece]:
    pieces: list[Piece] = []
    before_index, before_end = -PIECES_MAX, 0
    for index, reading in enumerate(readings):
        for match in _GROUP.finditer(reading.text):
            start, end = match.span()
            if index == before_index:
                is_near = start - before_end <= GAP_CHARS_MAX
            else:
                is_near = index - before_index <= PIECES_MAX
            pieces.append(Piece(index, start, end, is_near))
            before_index, before_end = index, end
    return pieces


def _candidates(pieces: Sequence[Piece]) -> Iterator[tuple[Sequence[Piece], Kind]]:
    """Yield runs of neighbouring pieces that are together as long as a number we know."""
    sizes = [piece.end - piece.start for piece in pieces]
    for first in range(len(pieces)):
        length = sizes[first]
        for last in range(first + 1, min(first + PIECES_MAX, len(pieces))):
            length += sizes[last]
            if length > _LENGTH_MAX or not pieces[last].is_near:
                break
            kind = _LENGTHS.get(length)
            # One in ten other runs has the check digit of a card, so it must be cut as printed.
            if kind and (kind is not Kind.BANK_CARD or _are_fours(sizes[first : last + 1])):
                yield pieces[first : last + 1], kind


def _are_fours(sizes: Sequence[int]) -> bool:
    return all(size == CARD_GROUP_CHARS for size in sizes)


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
