"""Numbers that were cut in pieces and spread over messages, fields or table cells.

Only what proves itself counts here: a resident ID with its region, date and check digit, or a
card in its four groups. Any other run of numbers in a conversation would add up to something.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading, plain_reading

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
# The first digit is found first and what stands before it after, so that the search runs fast.
_GROUP = re.compile(r"[0-9](?<![A-Za-z0-9].)[0-9]{0,16}[Xx]?(?![A-Za-z0-9])")

Find = Callable[[Reading], Iterator[Finding]]
# A group of digits: in which text it stands, from where to where in its reading, and how many
# groups before it, in a row, stand near each other.
Piece = tuple[int, int, int, int]


def split_numbers(
    readings: Sequence[Reading], finders: Sequence[Find]
) -> Iterator[tuple[int, Finding]]:
    """Yield the index of a text and what of a cut-up number stands in it."""
    for taken, kind in _candidates(_pieces(readings)):
        digits = (readings[index].text[start:end] for index, start, end, _ in taken)
        if not _proves_itself("".join(digits), kind, finders):
            continue
        for index, start, end, _ in taken:
            yield index, Finding(*readings[index].span(start, end), kind, SURE, RULE)


def _pieces(readings: Sequence[Reading]) -> list[Piece]:
    pieces: list[Piece] = []
    before_index, before_end, row = -PIECES_MAX - 1, 0, 0
    for index, reading in enumerate(readings):
        for match in _GROUP.finditer(reading.text):
            start, end = match.span()
            if index == before_index:
                is_near = start - before_end <= GAP_CHARS_MAX
            else:
                is_near = index - before_index <= PIECES_MAX
            row = row + 1 if is_near else 0
            pieces.append((index, start, end, row))
            before_index, before_end = index, end
    return pieces


def _candidates(pieces: Sequence[Piece]) -> Iterator[tuple[Sequence[Piece], Kind]]:
    """Yield runs of neighbouring pieces that are together as long as a number we know."""
    # How many digits there are before each piece: the difference of two is the length of a run.
    before = [0, *accumulate(end - start for _, start, end, _ in pieces)]
    places = {length: place for place, length in enumerate(before)}
    for first, length in enumerate(before[:-1]):
        for wanted, kind in _LENGTHS.items():
            last = places.get(length + wanted, 0)
            if 1 < last - first <= PIECES_MAX and pieces[last - 1][3] >= last - first - 1:
                taken = pieces[first:last]
                # One in ten other runs has the check digit of a card, so it must be cut as printed.
                if kind is not Kind.BANK_CARD or _are_fours(taken):
                    yield taken, kind


def _are_fours(pieces: Sequence[Piece]) -> bool:
    return all(end - start == CARD_GROUP_CHARS for _, start, end, _ in pieces)


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
