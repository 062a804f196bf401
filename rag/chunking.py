"""Cut blocks into passages: one page, one heading, whole sentences, whole table rows.

The time grows with the text and no faster, whatever the text is: a block is looked at in
windows of a bounded length, and a weight is taken once.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from semantic_text_splitter import TextSplitter

from rag.loaders.blocks import Block
from rag.sentences import Span, split_sentences
from rag.terms import terms_of

# A passage holds about 350 tokens: a CJK character carries as much as three Latin letters.
PASSAGE_WEIGHT_MAX = 1600
_CJK_WEIGHT = 3
SENTENCE_GROUPS_MAX = 5
# The splitter looks at all that is left of a text for each passage it cuts.
_WINDOW_PASSAGES = 8
# Above this a table's header is a text of its own: rows below it would have no room.
_HEADER_WEIGHT_MAX = PASSAGE_WEIGHT_MAX // 2
_ROW_WEIGHT_MIN = 200
_WIDE = re.compile("[\u2e80-\ud7af]+")
# PostgreSQL holds neither in a text.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage to be; `length` counts its search terms, heading included."""

    text: str
    page: int | None
    heading: str
    length: int

    @property
    def searchable(self) -> str:
        """What is indexed and embedded: a passage is often only clear under its heading."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text


def cut_into_pieces(blocks: Iterable[Block]) -> Iterator[Piece]:
    for (page, heading), section in groupby(blocks, key=lambda block: (block.page, block.heading)):
        for text in _packed(section):
            piece = Piece(_kept(text), page, _kept(heading), length=0)
            length = len(terms_of(piece.searchable))
            if length:
                yield Piece(piece.text, page, piece.heading, length)


def sentence_groups(text: str) -> list[Span]:
    """Return at most five spans that cover the passage, each of whole sentences."""
    sentences = split_sentences(text)
    if len(sentences) <= SENTENCE_GROUPS_MAX:
        return sentences
    total = sum(sentence.end - sentence.start for sentence in sentences)
    groups: list[Span] = []
    passed = 0
    last_place = -1
    for sentence in sentences:
        length = sentence.end - sentence.start
        place = int((passed + length / 2) * SENTENCE_GROUPS_MAX / total)
        passed += length
        if place == last_place:
            groups[-1] = Span(groups[-1].start, sentence.end)
        else:
            groups.append(sentence)
        last_place = place
    return groups


def header_of(table: str) -> str:
    """Return the first two lines of a table; nothing where rows would have no room below them."""
    top = "\n".join(table.split("\n", 2)[:2])
    return top if weight_of(top) <= _HEADER_WEIGHT_MAX else ""


def weight_of(text: str) -> int:
    return len(text) + sum(map(len, _WIDE.findall(text))) * (_CJK_WEIGHT - 1)


def _packed(section: Iterable[Block]) -> Iterator[str]:
    """Fill passages with the section's parts, in order, as long as they fit."""
    packed: list[str] = []
    weight = 0
    for part in filter(None, _parts(section)):
        part_weight = weight_of(part)
        if packed and weight + len("\n\n") + part_weight > PASSAGE_WEIGHT_MAX:
            yield "\n\n".join(packed)
            packed, weight = [], 0
        weight += part_weight + (len("\n\n") if packed else 0)
        packed.append(part)
    if packed:
        yield "\n\n".join(packed)


def _parts(section: Iterable[Block]) -> Iterator[str]:
    for block in section:
        if weight_of(block.text) <= PASSAGE_WEIGHT_MAX:
            yield block.text.strip()
        elif block.is_table:
            yield from _cut_table(block.text)
        else:
            yield from _cut_text(block.text, PASSAGE_WEIGHT_MAX)


def _cut_text(text: str, weight_max: int) -> Iterator[str]:
    """Cut between sentences, or words, or wherever there is neither.

    The last passage of a window is cut anew with what follows it: it may only have ended there
    because the window did.
    """
    start = 0
    while start < len(text):
        window = text[start : start + weight_max * _WINDOW_PASSAGES]
        chars_max = max(1, weight_max * len(window) // weight_of(window))
        window = window[: chars_max * _WINDOW_PASSAGES]
        chunks = TextSplitter(chars_max).chunk_indices(window)
        is_last = start + len(window) == len(text)
        if is_last or len(chunks) < 2:
            yield from (chunk for _, chunk in chunks)
            start += len(window)
        else:
            yield from (chunk for _, chunk in chunks[:-1])
            start += chunks[-1][0]


def _cut_table(text: str) -> Iterator[str]:
    """Cut a long table between rows; every part opens with the header again."""
    top = header_of(text)
    if not top:
        # Nothing is lost of a table that is too wide, but its form.
        yield from _cut_text(text, PASSAGE_WEIGHT_MAX)
        return
    top_weight, below = weight_of(top), text[len(top) + 1 :]
    rows: list[str] = []
    weight = top_weight
    for row in _short_rows(below, max(PASSAGE_WEIGHT_MAX - top_weight, _ROW_WEIGHT_MIN)):
        row_weight = weight_of(row) + len("\n")
        if rows and weight + row_weight > PASSAGE_WEIGHT_MAX:
            yield "\n".join([top, *rows])
            rows, weight = [], top_weight
        rows.append(row)
        weight += row_weight
    yield "\n".join([top, *rows])


def _short_rows(rows: str, weight_max: int) -> Iterator[str]:
    """Yield each row, a long one in several: every word of it is found under the header."""
    for row in rows.split("\n") if rows else ():
        if weight_of(row) < weight_max:
            yield row
        else:
            yield from _cut_text(row, weight_max - 1)


def _kept(text: str) -> str:
    return _UNKEEPABLE.sub(" ", text)
