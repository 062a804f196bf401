"""The sentences of an answer, line by line, and those of them that nothing supports.

A line end always ends a sentence, and no sentence is longer than a bound: so what a sentence
costs never depends on how long the answer is.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from rag.sentences import split_sentences

SENTENCE_CHARS_MAX = 1_000
_WORDS_MIN_CHARS = 4
_NO_CLAIM = re.compile(r"[ \t]*(#{1,6}[ \t]|\|)")
_LINE = re.compile(r"[^\n]+")


class Stretch(Protocol):
    """A part of the answer's text, in characters."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def unsupported_spans(text: str, citations: Sequence[Stretch]) -> list[tuple[int, int]]:
    """Return the sentences that state something and that no citation touches."""
    waiting = sorted(citations, key=lambda cited: cited.start)
    spans: list[tuple[int, int]] = []
    taken, supported_until = 0, 0
    for start, end in sentences_of(text):
        while taken < len(waiting) and waiting[taken].start < end:
            supported_until = max(supported_until, waiting[taken].end)
            taken += 1
        if supported_until <= start and _is_claim(text[start:end]):
            spans.append((start, end))
    return spans


def sentences_of(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of each line begin and end."""
    for line in _LINE.finditer(text):
        for at in range(line.start(), line.end(), SENTENCE_CHARS_MAX):
            piece = text[at : min(at + SENTENCE_CHARS_MAX, line.end())]
            for span in split_sentences(piece):
                yield at + span.start, at + span.end


def _is_claim(sentence: str) -> bool:
    """Tell a statement from a heading, a table's row, a lead-in to a list or a stray mark."""
    if _NO_CLAIM.match(sentence) or sentence.rstrip().endswith((":", "：")):
        return False
    return sum(map(str.isalnum, sentence)) >= _WORDS_MIN_CHARS
