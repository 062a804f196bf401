"""The words of an answer as they come, and the passage behind each sentence they close."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.claims import SENTENCE_CHARS_MAX
from rag.citing import cite
from rag.quoting import QuotedSentence
from rag.retrieval import Passage
from rag.sentences import split_sentences

_ENDINGS = frozenset(".!?。！？…\n")
# An open sentence in which no end was found is looked at again when it is longer by so much.
_GROWTH = 1.25


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
    """The words so far, and which passage each closed sentence rests on.

    Looked at again is only the open sentence, which is bounded and ends with its line.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.supports: list[Support] = []
        self._passages = passages
        self._parts: list[str] = []
        self._length = 0
        self._open = ""
        self._looked_at_chars = 0

    @property
    def text(self) -> str:
        self._parts = ["".join(self._parts)]
        return self._parts[0]

    @property
    def is_empty(self) -> bool:
        return not self._length

    @property
    def passages_used(self) -> int:
        return len({support.passage.chunk_id for support in self.supports})

    def add(self, words: str) -> list[Support]:
        """Append words and return the support of each sentence they closed."""
        if not self._passages:
            self._append(words)
            return []
        found: list[Support] = []
        at = 0
        while at < len(words):
            line_end = words.find("\n", at) + 1 or len(words)
            until = min(line_end, at + SENTENCE_CHARS_MAX - len(self._open))
            found += self._take(words[at:until])
            at = until
        return found

    def add_quote(self, quoted: QuotedSentence) -> tuple[str, Support]:
        """Append a verbatim sentence; it is cited by where it was taken from."""
        gap = "" if self.is_empty else "\n\n"
        start = self._length + len(gap)
        self._append(gap + quoted.text)
        self._open = ""
        support = Support(
            ordinal=len(self.supports) + 1,
            start=start,
            end=self._length,
            passage=quoted.passage,
            quote=quoted.passage.text[quoted.start : quoted.end],
            score=quoted.score,
        )
        self.supports.append(support)
        return gap + quoted.text, support

    def close(self) -> list[Support]:
        """Cite what the last words left open."""
        return self._cite(closed_only=False) if self._passages else []

    def _append(self, words: str) -> None:
        self._parts.append(words)
        self._length += len(words)

    def _take(self, words: str) -> list[Support]:
        """Append words of one line that leave the open sentence within its bound."""
        self._append(words)
        self._open += words
        if words.endswith("\n"):
            return self._cite(closed_only=False)
        if len(self._open) < SENTENCE_CHARS_MAX:
            return self._cite(closed_only=True) if self._may_have_ended(words) else []
        found = self._cite(closed_only=True)
        return found if len(self._open) < SENTENCE_CHARS_MAX else self._cite(closed_only=False)

    def _may_have_ended(self, words: str) -> bool:
        has_grown = len(self._open) >= self._looked_at_chars * _GROWTH
        return has_grown and not _ENDINGS.isdisjoint(words)

    def _cite(self, *, closed_only: bool) -> list[Support]:
        base, rest = self._length - len(self._open), self._open
        spans = split_sentences(rest)
        # The last sentence may still grow: "3." may become "3.5".
        if closed_only:
            spans = spans[:-1]
            self._open = rest[spans[-1].end :] if spans else rest
        else:
            self._open = ""
        self._looked_at_chars = len(self._open) if self._open == rest else 0
        fresh: list[Support] = []
        for span in spans:
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
