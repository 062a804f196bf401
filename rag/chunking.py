"""Cut blocks into passages: one page, one heading, whole sentences, whole table rows."""

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
            piece = Piece(text=text, page=page, heading=heading, length=0)
            length = len(terms_of(piece.searchable))
            if length:
                yield Piece(text=text, page=page, heading=heading, length=length)


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


def weight_of(text: str) -> int:
    wide = sum("\u2e80" <= character <= "\ud7af" for character in text)
    return len(text) + wide * (_CJK_WEIGHT - 1)


def _packed(section: Iterable[Block]) -> Iterator[str]:
    """Fill passages with the section's parts, in order, as long as they fit."""
    packed = ""
    for part in _parts(section):
        joined = f"{packed}\n\n{part}" if packed else part
        if packed and weight_of(joined) > PASSAGE_WEIGHT_MAX:
            yield packed
            packed = part
        else:
            packed = joined
    if packed:
        yield packed


def _parts(section: Iterable[Block]) -> Iterator[str]:
    for block in section:
        weight = weight_of(block.text)
        if weight <= PASSAGE_WEIGHT_MAX:
            yield block.text.strip()
        elif block.is_table:
            yield from _cut_table(block.text)
        else:
            chars_max = max(1, PASSAGE_WEIGHT_MAX * len(block.text) // weight)
            yield from TextSplitter(chars_max).chunks(block.text)


def _cut_table(text: str) -> Iterator[str]:
    """Cut a long table between rows; every part opens with the header again."""
    header, separator, *rows = text.split("\n")
    top = f"{header}\n{separator}"
    part = top
    for row in rows:
        if part != top and weight_of(part) + weight_of(row) > PASSAGE_WEIGHT_MAX:
            yield part
            part = top
        part += f"\n{row[:PASSAGE_WEIGHT_MAX]}"
    yield part
