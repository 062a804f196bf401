"""How an answer comes about: find passages, choose who answers, hear the words, cite them.

Nothing here knows of runs: the turn of a conversation and the stateless `/v1` twin both take
these steps, each keeping the words in its own way.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings

from assistant.llm.protocol import ChatMessage, ChatModel, ChatRequest, Delta, Usage
from assistant.llm.routing import QuoteMode, route
from assistant.models import RunMode
from assistant.prompting import chat_request
from assistant.questions import is_chinese, is_open_talk, not_found_text, retrieval_query
from rag.citing import cite
from rag.quoting import QuotedSentence, best_sentences
from rag.retrieval import Passage, SearchResult, search
from rag.selectors import has_documents
from rag.sentences import split_sentences

PASSAGES_MAX = 6
QUOTES_MAX = 3
# A sentence that answers much less well than the best one only distracts from it.
QUOTE_SCORE_SHARE = 0.8
NEAREST_NAMED_MAX = 3
QUOTE_MODEL = "quote"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ENDINGS = frozenset(".!?。！？…\n")


@dataclass(frozen=True, slots=True)
class Support:
    """The passage behind one sentence; `start` and `end` lie in the answer's text."""

    ordinal: int
    start: int
    end: int
    passage: Passage
    quote: str
    score: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Who answers and from what: a model with its request, or sentences to quote."""

    found: SearchResult
    passages: tuple[Passage, ...]
    mode: RunMode
    model_name: str
    chat: tuple[ChatModel, ChatRequest] | None = None
    quotes: tuple[QuotedSentence, ...] = ()
    plain_text: str = ""


Piece = Delta | QuotedSentence | Usage


def find_passages(
    question: str, *, previous_question: str = "", collection_ids: Sequence[int] = ()
) -> SearchResult:
    return search(
        retrieval_query(question, previous_question),
        collection_ids=list(collection_ids) or None,
        limit=PASSAGES_MAX,
    )


def plan_answer(
    question: str,
    found: SearchResult,
    *,
    history: Sequence[ChatMessage] = (),
    wanted_model: str | None = None,
) -> Plan:
    """Choose who answers; what the documents do not hold is said plainly, by nobody's model."""
    if found.answerable:
        return _plan_from_documents(question, found, history, wanted_model)
    if is_open_talk(question) or not has_documents():
        language = "zh" if is_chinese(question) else "en"
        model = route("OPEN", wanted=wanted_model, language=language)
        if not isinstance(model, QuoteMode):
            return _chat_plan(model, question, found, (), history)
    return Plan(
        found=found,
        passages=(),
        mode=RunMode.QUOTE,
        model_name=QUOTE_MODEL,
        plain_text=not_found_text(question, _nearest_names(found)),
    )


def words_of(plan: Plan, *, cancelled: Callable[[], bool]) -> Iterator[Piece]:
    """Yield the answer as it comes, then what it cost.

    Raises: ProviderError.
    """
    if plan.chat is not None:
        model, request = plan.chat
        stream = model.stream(
            request, deadline_seconds=settings.MODEL_DEADLINE_SECONDS, cancelled=cancelled
        )
        for piece in stream:
            yield Delta(_storable(piece.text)) if isinstance(piece, Delta) else piece
        return
    if plan.plain_text:
        yield Delta(plan.plain_text)
    yield from plan.quotes
    yield Usage(tokens_in=0, tokens_out=0, estimated=False)


class AnswerText:
    """The words so far, and which passage each closed sentence rests on."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.text = ""
        self.supports: list[Support] = []
        self._passages = passages
        self._cited_until = 0

    @property
    def passages_used(self) -> int:
        return len({support.passage.chunk_id for support in self.supports})

    def add(self, words: str) -> list[Support]:
        """Append words and return the support of each sentence they closed."""
        self.text += words
        if not self._passages or _ENDINGS.isdisjoint(words):
            return []
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


def _storable(words: str) -> str:
    """Replace what no database keeps: a model may say anything."""
    return _UNSTORABLE.sub("\ufffd", words)


def _plan_from_documents(
    question: str,
    found: SearchResult,
    history: Sequence[ChatMessage],
    wanted_model: str | None,
) -> Plan:
    model = route("DOCUMENTS", wanted=wanted_model)
    if not isinstance(model, QuoteMode):
        return _chat_plan(model, question, found, found.passages, history)
    quotes = _worth_saying(best_sentences(question, found, limit=QUOTES_MAX))
    return Plan(
        found=found,
        passages=tuple(quote.passage for quote in quotes),
        mode=RunMode.QUOTE,
        model_name=QUOTE_MODEL,
        quotes=quotes,
        plain_text="" if quotes else not_found_text(question, _nearest_names(found)),
    )


def _worth_saying(quotes: tuple[QuotedSentence, ...]) -> tuple[QuotedSentence, ...]:
    if not quotes:
        return ()
    least = quotes[0].score * QUOTE_SCORE_SHARE
    return tuple(quote for quote in quotes if quote.score >= least)


def _chat_plan(
    model: ChatModel,
    question: str,
    found: SearchResult,
    passages: Sequence[Passage],
    history: Sequence[ChatMessage],
) -> Plan:
    request, kept = chat_request(model, question, passages=passages, history=history)
    return Plan(
        found=found,
        passages=tuple(kept),
        mode=RunMode.CHAT,
        model_name=model.name,
        chat=(model, request),
    )


def _nearest_names(found: SearchResult) -> tuple[str, ...]:
    names = dict.fromkeys(passage.document_name for passage in found.passages)
    return tuple(names)[:NEAREST_NAMED_MAX]
