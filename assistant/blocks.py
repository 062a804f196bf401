"""An answer as it grows, block by block: each closed piece of Markdown is rendered once.

The text is read line by line, so that cutting it differently over deltas changes nothing, and
`render_markdown` of the whole is the same code fed at once.
"""

import heapq
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.claims import unsupported_spans
from assistant.marks import Cited, Places, disarm, marked_html, plain_html, with_sources
from assistant.outline import Outline, fence_of

# Raise it when the HTML of the same answer changes: what older ones wrote is rendered again.
RENDERER = 1
# Beyond these a block is shown as it was written; only code may be longer.
BLOCK_CHARS_MAX = 20_000
BLOCK_LINES_MAX = 2_000
# What begins behind so many characters of one answer is shown as it was written.
MARKED_CHARS_MAX = 100_000
_TABLE_CELLS_MIN = 200
_TABLE_RULE = re.compile(r"[ \t>|:]*-[-\s>|:]*")


@dataclass(frozen=True, slots=True)
class Block:
    """A closed piece of the answer; `end` is where it ends in the text, in characters.

    The HTML names its sources by their ordinals alone: see `marks.with_sources`.
    """

    index: int
    html: str
    end: int


@dataclass(frozen=True, slots=True, order=True)
class _Stretch:
    end: int
    ordinal: int
    start: int


class BlockStream:
    """Feed it deltas and, before they close, the citations of their sentences.

    One that doubts marks the sentences that nothing supports.
    """

    def __init__(self, *, doubts: bool = False) -> None:
        self._doubts = doubts
        self._outline = Outline()
        self._open_line: list[str] = []
        self._lines: list[str] = []
        self._open_chars = 0
        self._start = 0
        self._index = 0
        self._citations: list[_Stretch] = []

    def cite(self, citations: Iterable[Cited]) -> None:
        for cited in citations:
            stretch = _Stretch(cited.end, cited.ordinal, cited.start)
            heapq.heappush(self._citations, stretch)

    def feed(self, text: str) -> list[Block]:
        first, *others = disarm(text).split("\n")
        self._open_line.append(first)
        blocks: list[Block] = []
        for following in others:
            blocks += self._take_line("".join(self._open_line) + "\n")
            self._open_line = [following]
        return blocks

    def close(self) -> list[Block]:
        """Close what is open; the stream is spent."""
        line, self._open_line = "".join(self._open_line), []
        blocks = self._take_line(line) if line else []
        if "".join(self._lines).strip():
            blocks.append(self._emit())
        return blocks

    def _take_line(self, line: str) -> list[Block]:
        """Add a line; return the block before it when this line begins another one."""
        begins = self._outline.begins_block(line, self._open_chars)
        blocks = [self._emit()] if begins and self._lines else []
        self._lines.append(line)
        self._open_chars += len(line)
        return blocks

    def _emit(self) -> Block:
        lines, self._lines, self._open_chars = self._lines, [], 0
        text = "".join(lines)
        start, self._start = self._start, self._start + len(text)
        places = self._places(text, start)
        if start >= MARKED_CHARS_MAX or _is_beyond_bounds(text, lines):
            html = plain_html(text, places)
        else:
            html = marked_html(text, places)
        block = Block(self._index, html, self._start)
        self._index += 1
        return block

    def _places(self, text: str, start: int) -> Places:
        cited: list[_Stretch] = []
        while self._citations and self._citations[0].end <= self._start:
            cited.append(heapq.heappop(self._citations))
        chips = tuple(
            (max(item.start - start, 0), item.end - start, item.ordinal)
            for item in cited
            if item.end > start
        )
        if not self._doubts:
            return Places(chips)
        # A sentence that was cited over the block's end supports its part in here as well.
        cited += self._citations[:1]
        near = [_Stretch(item.end - start, item.ordinal, item.start - start) for item in cited]
        return Places(chips, tuple(unsupported_spans(text, near)))


def render_markdown(text: str, citations: Sequence[Cited] = ()) -> str:
    """Return the whole answer as safe HTML, with chips where its sentences are supported.

    Once any sentence is supported, those that are not get a dotted line.
    """
    return with_sources(neutral_html(text, citations), {item.ordinal: item for item in citations})


def neutral_html(text: str, citations: Sequence[Cited] = ()) -> str:
    """Return the whole answer as safe HTML without a word of its sources, to be kept."""
    stream = BlockStream(doubts=bool(citations))
    stream.cite(citations)
    blocks = [*stream.feed(text), *stream.close()]
    return "".join(block.html for block in blocks)


def _is_beyond_bounds(text: str, lines: Sequence[str]) -> bool:
    first = next((line for line in lines if line.strip(" \t\n")), "")
    if fence_of(first.rstrip("\n")):
        return False
    is_long = len(text) > BLOCK_CHARS_MAX or len(lines) > BLOCK_LINES_MAX
    return is_long or _is_wide_table(lines, max(len(text), _TABLE_CELLS_MIN))


def _is_wide_table(lines: Sequence[str], cells_max: int) -> bool:
    """Return whether a table has more cells than its words could fill: rows may be short."""
    return any(
        line.count("|") * (len(lines) - number) > cells_max
        for number, line in enumerate(lines)
        if "|" in line and _TABLE_RULE.fullmatch(line)
    )
