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
CARD_GROUPS, CARD_GROUP_CHARS = 4, 4
SURE = 0.95
RULE = "put together from its pieces"
# Looked at before the detectors are asked: most runs of numbers are nothing at first sight.
_IDENTITY_CHARS = 18
_FOURS = bytes([CARD_GROUP_CHARS]) * CARD_GROUPS
_IDENTITY = re.compile(r"[1-8](?=[0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx])")
_CARD = re.compile(r"[2-6][0-9]{15}")
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
    if sum(reading.digits for reading in readings) < CARD_GROUPS * CARD_GROUP_CHARS:
        return
    groups = [group for reading in readings for group in _GROUP.findall(reading.text)]
    candidates = [*_candidates(groups)]
    # Where they stand is asked only of those few that look like something.
    pieces = _pieces(readings) if candidates else []
    for first, last, kind in candidates:
        taken = pieces[first:last]
        is_near = last - first <= PIECES_MAX and taken[-1][3] >= last - first - 1
        if is_near and _proves_itself("".join(groups[first:last]), kind, finders):
            for index, start, end, _ in taken:
                yield index, Finding(*readings[index].span(start, end), kind, SURE, RULE)


def groups_of(reading: Reading) -> list[tuple[int, int]]:
    """Return where groups of digits stand of which a number may be made."""
    return [match.span() for match in _GROUP.finditer(reading.text)]


def _pieces(readings: Sequence[Reading]) -> list[Piece]:
    pieces: list[Piece] = []
    before_index, before_end, row = -PIECES_MAX - 1, 0, 0
    for index, reading in enumerate(readings):
        for start, end in groups_of(reading):
            if index == before_index:
                is_near = start - before_end <= GAP_CHARS_MAX
            else:
                is_near = index - before_index <= PIECES_MAX
            row = row + 1 if is_near else 0
            pieces.append((index, start, end, row))
            before_index, before_end = index, end
    return pieces


def _candidates(groups: Sequence[str]) -> Iterator[tuple[int, int, Kind]]:
    """Yield from where to where groups, more than one, are together what a number looks like."""
    if len(groups) < 2:
        return
    sizes = bytes(map(len, groups))
    together = "".join(groups)
    places: dict[int, int] = {}
    for match in _IDENTITY.finditer(together):
        places = places or {length: at for at, length in enumerate([0, *accumulate(sizes)])}
        first, last = places.get(match.start()), places.get(match.start() + _IDENTITY_CHARS)
        if first is not None and last is not None and last - first > 1:
            yield first, last, Kind.RESIDENT_ID
    # One in ten other runs has the check digit of a card, so it must be cut as printed.
    at = sizes.find(_FOURS)
    while at >= 0:
        if _CARD.fullmatch("".join(groups[at : at + CARD_GROUPS])):
            yield at, at + CARD_GROUPS, Kind.BANK_CARD
        at = sizes.find(_FOURS, at + 1)


def _proves_itself(number: str, kind: Kind, finders: Sequence[Find]) -> bool:
    reading = plain_reading(number)
    return any(
        finding.kind is kind
        and finding.score >= SURE
        and finding.end - finding.start == len(number)
        for find in finders
        for finding in find(reading)
    )
