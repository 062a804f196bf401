"""Long texts in pieces that overlap, so that judging takes so much longer only and hides nothing.

What lies over a cut stands whole in one of two pieces; what it needs from far above, a heading or
the first groups of a number, is brought along. What stands within the overlap counts once, in the
piece that has more of what is around it.
"""

from collections.abc import Iterator, Sequence

from edge_agent.contract.carrying import row_before
from edge_agent.contract.excerpts import (
    BROUGHT_SHARE,
    Excerpt,
    brought_along,
    excerpts_of,
    size_of,
    whole,
)
from edge_agent.contract.flattening import flat
from edge_agent.contract.windows import PIECES_MAX, groups_of

# Of UTF-8. A process that judges one is done with it in seconds, whatever is written there.
PIECE_BYTES_MAX = 200_000
# The longest that is read as one: a key of 512 letters, or an address with a password, each letter
# of which is written as an escape of ten signs, and then encoded once more in four for three, with
# the words beside it. A number spelt out, a list of recovery codes, words of a wallet are shorter.
OVERLAP_CHARS = 8_000
TEXTS_MAX = 5_000

Piece = tuple[Excerpt, ...]


def pieces_of(
    texts: Sequence[str],
    *,
    bytes_max: int = PIECE_BYTES_MAX,
    overlap_chars: int = OVERLAP_CHARS,
) -> Iterator[Piece]:
    """Yield texts that travel together in pieces of so many bytes at most, in their order."""
    piece: list[Excerpt] = []
    room = bytes_max
    for index, text in enumerate(texts):
        size = size_of(text)
        if piece and (size > room or len(piece) >= TEXTS_MAX):
            yield tuple(piece)
            piece = _row_before(texts, index, bytes_max)
            room = bytes_max - _size(piece)
        if size <= room:
            piece.append(whole(index, text))
            room -= size
            continue
        excerpts = excerpts_of(index, text, bytes_max=room, overlap_chars=overlap_chars)
        *full, piece = _with_row(piece, excerpts)
        yield from map(tuple, full)
        room = bytes_max - _size(piece)
    if piece:
        yield tuple(piece)


def _size(piece: Sequence[Excerpt]) -> int:
    return sum(size_of(excerpt.text) for excerpt in piece)


def _row_before(texts: Sequence[str], index: int, bytes_max: int) -> list[Excerpt]:
    """Return of the texts before this one what a number that goes on here may begin with."""
    spans = row_before(texts[max(0, index - PIECES_MAX * PIECES_MAX) : index])
    row = [
        brought_along(before, texts[before], span or (0, 0))
        for before, span in enumerate(spans, index - len(spans))
    ]
    return row if _size(row) <= bytes_max // BROUGHT_SHARE else []


def _with_row(row: list[Excerpt], excerpts: Iterator[Excerpt]) -> Iterator[list[Excerpt]]:
    """Yield the excerpts of a text, each after the row as long as it has no digits of its own."""
    for excerpt in excerpts:
        yield [*row, excerpt]
        row = [] if row and groups_of(flat(excerpt.text)) else row
