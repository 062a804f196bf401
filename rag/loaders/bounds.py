"""Keep what is found beside the text within bounds, and say so where something was left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rag.loaders.blocks import Aside, Block, Unread, What

ASIDES_MAX = 10_000
ASIDE_CHARS_MAX = 20_000
ASIDES_CHARS_MAX = 2_000_000
UNREADS_MAX = 1_000
# A number that lies across the cut is whole in one of the two pieces.
_OVERLAP_CHARS = 200


def bounded(found: Iterable[Block | Aside | Unread]) -> Iterator[Block | Aside | Unread]:
    """Yield blocks as they are and each aside once, in pieces, until a bound is hit.

    What lies beyond the bound becomes one unknown part, the last that is yielded.
    """
    room = _Room()
    for each in found:
        if isinstance(each, Block):
            yield each
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


def _pieces(aside: Aside) -> Iterator[Aside]:
    text = aside.text.strip()
    step = ASIDE_CHARS_MAX - _OVERLAP_CHARS
    for start in range(0, max(len(text) - _OVERLAP_CHARS, 1), step):
        piece = text[start : start + ASIDE_CHARS_MAX]
        if piece:
            yield Aside(piece, str(aside.where))
