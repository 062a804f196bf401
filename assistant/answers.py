"""The words of an answer as they come, and the passage behind each sentence they close."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.citing import cite
from rag.quoting import QuotedSentence
from rag.retrieval import Passage
from rag.sentences import split_sentences

_ENDINGS = frozenset(".!?。！？…\n")
# A sentence that goes on is read anew at each of its signs only while it is short; a longer one
# when it has grown by an eighth, or a line has ended.
_SHORT_CHARS, _GROWN_SHARE = 256, 8


@dataclass(frozen=True, slots=True)
class Support:
    """The passage behind one sentence; `start` and `end` lie in the answer's text."""

    ordinal: int
    start: int
    end: int
    passage: Passage
    quote: str
    score: float


class AnswerText:
    """The words so far, and which passage each closed sentence rests on."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.text = ""
        self.supports: list[Support] = []
        self._passages = passages
        self._cited_until = 0
        self._read_until = 0
        self._has_new_words = False

    @property
    def passages_used(self) -> int:
        return len({support.passage.chunk_id for support in self.supports})

    def add(self, words: str) -> list[Support]:
        """Append words and return the support of each sentence they closed."""
        self.text += words
        self._has_new_words = self._has_new_words or any(map(str.isalnum, words))
        if not self._passages or _ENDINGS.isdisjoint(words) or not self._is_due(words):
            return []
        self._read_until, self._has_new_words = len(self.text), False
        return self._cite(closed_only=True)

    def add_quote(self, quoted: QuotedSentence) -> tuple[str, Support]:
        """Append a verbatim sentence; it is cited by where it was taken from."""
        gap = "\n\n" if self.text else ""
        start = len(self.text) + len(gap)
        self.text += gap + quoted.text
        self._cited_until = len(self.text)
        support = Support(
            ordinal=len(self.supports) + 1,
            start=start,
            end=len(self.text),
            passage=quoted.passage,
            quote=quoted.passage.text[quoted.start : quoted.end],
            score=quoted.score,
        )
        self.supports.append(support)
        return gap + quoted.text, support

    def close(self) -> list[Support]:
        """Cite what the last words left open."""
        return self._cite(closed_only=False) if self._passages else []

    def _is_due(self, words: str) -> bool:
        """Say whether what is open may have closed: to ask each time takes time by its square."""
        read, rest = self._read_until - self._cited_until, len(self.text) - self._cited_until
        is_grown = rest <= _SHORT_CHARS or rest - read >= read // _GROWN_SHARE
        # Where a line ends a block may end, and its sentences must be cited before.
        return is_grown or ("\n" in words and self._has_new_words)

    def _cite(self, *, closed_only: bool) -> list[Support]:
        base, rest = self._cited_until, self.text[self._cited_until :]
        spans = split_sentences(rest)
        # The last sentence may still grow: "3." may become "3.5".
        if closed_only:
            spans = spans[:-1]
        fresh: list[Support] = []
        for span in spans:
            self._cited_until = base + span.end
            cited = cite(rest[span.start : span.end], self._passages)
            if cited is None:
                continue
            fresh.append(
                Support(
                    ordinal=len(self.supports) + len(fresh) + 1,
                    start=base + span.start,
                    end=base + span.end,
                    passage=cited.passage,
                    quote=cited.passage.text[cited.start : cited.end],
                    score=cited.score,
                )
            )
        self.supports += fresh
        return fresh
