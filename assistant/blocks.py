"""An answer as it grows, block by block: each closed piece of Markdown is rendered once.

The text is read line by line, so that cutting it differently over deltas changes nothing, and
`render_markdown` of the whole is the same code fed at once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.marks import Cited, Places, disarm, marked_html
from assistant.markup import parse
from rag.sentences import split_sentences

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_WORDS_MIN_CHARS = 4
_NO_CLAIM = re.compile(r"[ \t]*(#{1,6}[ \t]|\|)")


@dataclass(frozen=True, slots=True)
class Block:
    """A closed piece of the answer; `end` is where it ends in the text, in characters."""

    index: int
    html: str
    end: int


class BlockStream:
    """Feed it deltas and, before they close, the citations of their sentences."""

    def __init__(self) -> None:
        self._open_line = ""
        self._lines: list[str] = []
        self._start = 0
        self._index = 0
        self._fence = ""
        self._citations: list[Cited] = []
        self._unsupported: Sequence[tuple[int, int]] = ()

    def cite(self, citations: Sequence[Cited]) -> None:
        self._citations.extend(citations)

    def doubt(self, spans: Sequence[tuple[int, int]]) -> None:
        """Name the sentences that nothing supports, by offsets in the text."""
        self._unsupported = spans

    def feed(self, text: str) -> list[Block]:
        *whole, self._open_line = (self._open_line + disarm(text)).split("\n")
        closed = (self._take_line(f"{line}\n") for line in whole)
        return [block for block in closed if block is not None]

    def close(self) -> list[Block]:
        """Close what is open; the stream is spent."""
        blocks: list[Block] = []
        if self._open_line:
            closed = self._take_line(self._open_line)
            blocks = [closed] if closed else []
        self._open_line = ""
        if "".join(self._lines).strip():
            blocks.append(self._emit(len(self._lines)))
        return blocks

    def _take_line(self, line: str) -> Block | None:
        """Add a line; return the block before it when this line begins another one."""
        follows_blank = bool(self._lines) and not self._lines[-1].strip()
        self._lines.append(line)
        if not self._fence and follows_blank and line.strip() and self._begins_block():
            block = self._emit(len(self._lines) - 1)
            self._note_fence(line)
            return block
        self._note_fence(line)
        return None

    def _begins_block(self) -> bool:
        tops = [token for token in parse("".join(self._lines)) if token.level == 0 and token.map]
        last = len(self._lines) - 1
        return bool(tops) and tops[-1].map is not None and 0 < last == tops[-1].map[0]

    def _note_fence(self, line: str) -> None:
        match = _FENCE.match(line)
        if match is None:
            return
        sign = match[1]
        rest = line[match.end() :]
        if not self._fence:
            # Backticks after backticks are code within a line, not a fence.
            self._fence = "" if sign[0] in rest and sign[0] == "`" else sign
        elif sign.startswith(self._fence) and not rest.strip():
            self._fence = ""

    def _emit(self, count: int) -> Block:
        text = "".join(self._lines[:count])
        self._lines = self._lines[count:]
        start, self._start = self._start, self._start + len(text)
        block = Block(self._index, marked_html(text, self._places(start, self._start)), self._start)
        self._index += 1
        return block

    def _places(self, start: int, end: int) -> Places:
        return Places(
            chips=tuple(
                (cited.end - start, cited) for cited in self._citations if start < cited.end <= end
            ),
            unsupported=tuple(
                (max(first, start) - start, min(last, end) - start)
                for first, last in self._unsupported
                if first < end and last > start
            ),
        )


def render_markdown(text: str, citations: Sequence[Cited] = ()) -> str:
    """Return the whole answer as safe HTML, with chips where its sentences are supported.

    Once any sentence is supported, those that are not get a dotted line.
    """
    stream = BlockStream()
    stream.cite(citations)
    stream.doubt(unsupported_spans(text, citations))
    blocks = [*stream.feed(text), *stream.close()]
    return "".join(block.html for block in blocks)


def unsupported_spans(text: str, citations: Sequence[Cited]) -> list[tuple[int, int]]:
    """Return the sentences that no citation touches; none where nothing was cited at all."""
    if not citations:
        return []
    return [
        (span.start, span.end)
        for span in split_sentences(text)
        if _is_claim(text[span.start : span.end])
        and not any(cited.start < span.end and span.start < cited.end for cited in citations)
    ]


def _is_claim(sentence: str) -> bool:
    """Tell a statement from a heading, a table's row, a lead-in to a list or a stray mark."""
    if _NO_CLAIM.match(sentence) or sentence.rstrip().endswith((":", "：")):
        return False
    return sum(map(str.isalnum, sentence)) >= _WORDS_MIN_CHARS
