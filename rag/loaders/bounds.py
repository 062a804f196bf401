"""Keep what is found within bounds, and say so where something beside the text was left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from rag.loaders.blocks import Aside, Block, Unread, What

ASIDES_MAX = 10_000
ASIDE_CHARS_MAX = 20_000
ASIDES_CHARS_MAX = 2_000_000
UNREADS_MAX = 1_000
# What lies across a cut is whole in one of the two pieces: as much as the contract's own overlap.
OVERLAP_CHARS = 8_000
# No reader of the parser's lines ever holds more than this of somebody else's text at once.
BLOCK_CHARS_MAX = 20_000
_BREAK_WITHIN_CHARS = 2_000
_BREAKS = ("\n", "。", ". ", " ")


def bounded(found: Iterable[Block | Aside | Unread]) -> Iterator[Block | Aside | Unread]:
    """Yield all blocks, long ones in lines, and each aside once, in pieces, until a bound is hit.

    What lies beyond the bound becomes one unknown part, the last that is yielded.
    """
    room = _Room()
    for each in found:
        if isinstance(each, Block):
            yield from _lines_of(each)
        elif isinstance(each, Unread):
            if room.holds_unread():
                yield Unread(str(each.what))
        else:
            yield from filter(room.holds, _pieces(each))
    if room.is_exceeded:
        yield Unread(str(What.PART))


@dataclass(slots=True)
class _Room:
    """What was let through so far; a text that was let through once is not asked for again."""

    seen: set[Aside] = field(default_factory=set)
    chars: int = 0
    unreads: int = 0
    is_exceeded: bool = False

    def holds(self, aside: Aside) -> bool:
        if aside in self.seen:
            return False
        if len(self.seen) >= ASIDES_MAX or self.chars + len(aside.text) > ASIDES_CHARS_MAX:
            self.is_exceeded = True
            return False
        self.seen.add(aside)
        self.chars += len(aside.text)
        return True

    def holds_unread(self) -> bool:
        if self.unreads >= UNREADS_MAX:
            self.is_exceeded = True
            return False
        self.unreads += 1
        return True


def _lines_of(block: Block) -> Iterator[Block]:
    start, goes_on = 0, block.goes_on
    while len(block.text) - start > BLOCK_CHARS_MAX:
        end = _end_of_line(block.text, start + BLOCK_CHARS_MAX)
        yield replace(block, text=block.text[start:end], goes_on=goes_on)
        start, goes_on = end, True
    yield replace(block, text=block.text[start:], goes_on=goes_on)


def _end_of_line(text: str, end: int) -> int:
    """Return the last break shortly before this place, after a row or a sentence if there is one."""
    for sign in _BREAKS:
        at = text.rfind(sign, end - _BREAK_WITHIN_CHARS, end)
        if at >= 0:
            return at + len(sign)
    return end


def _pieces(aside: Aside) -> Iterator[Aside]:
    text = aside.text.strip()
    step = ASIDE_CHARS_MAX - OVERLAP_CHARS
    for start in range(0, max(len(text) - OVERLAP_CHARS, 1), step):
        piece = text[start : start + ASIDE_CHARS_MAX]
        if piece:
            yield Aside(piece, str(aside.where))
