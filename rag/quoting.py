"""Answer with the best-supporting sentences, word for word: cannot invent, takes milliseconds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from rag import index_queries
from rag.bm25 import bm25
from rag.embeddings import embedder
from rag.retrieval import Passage, SearchResult
from rag.scores import z_scores
from rag.sentences import Span, split_sentences
from rag.tables import is_table_header, with_table_header
from rag.terms import term_counts

PASSAGES_MAX = 3
PASSAGE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class QuotedSentence:
    """A sentence of a passage; `start` and `end` are its place in the passage's text.

    `text` is what to show: the sentence itself, and a table's row with its header.
    """

    text: str
    passage: Passage
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class _Sentence:
    passage: Passage
    span: Span
    counts: Counter[int]
    likeness: float


def best_sentences(
    question: str, result: SearchResult, *, limit: int = 3
) -> tuple[QuotedSentence, ...]:
    """Return the sentences that answer best, best first.

    A sentence counts by its words, its meaning, and half by its passage's place.
    """
    passages = result.passages[:PASSAGES_MAX]
    sentences = _sentences(passages, _likeness(result, passages))
    if not sentences:
        return ()
    terms = list(term_counts(f"{question}\n{result.query}"))
    visible = index_queries.visible_collections(result.collection_ids)
    weights = index_queries.term_weights(terms, visible)
    lengths = [sum(sentence.counts.values()) for sentence in sentences]
    mean_length = fmean(lengths)
    words = z_scores(
        [
            bm25(weights, sentence.counts, length=length, mean_length=mean_length)
            for sentence, length in zip(sentences, lengths, strict=True)
        ]
    )
    meanings = z_scores([sentence.likeness for sentence in sentences])
    quoted = [
        QuotedSentence(
            text=with_table_header(sentence.passage.text, sentence.span),
            passage=sentence.passage,
            start=sentence.span.start,
            end=sentence.span.end,
            score=word + meaning + PASSAGE_SHARE * sentence.passage.score,
        )
        for sentence, word, meaning in zip(sentences, words, meanings, strict=True)
    ]
    return tuple(sorted(quoted, key=_place))[:limit]


def _place(quoted: QuotedSentence) -> tuple[float, int, int]:
    return (-quoted.score, quoted.passage.chunk_id, quoted.start)


def _sentences(
    passages: Sequence[Passage], likeness: dict[int, list[tuple[int, int, float]]]
) -> list[_Sentence]:
    found = []
    for passage in passages:
        groups = likeness.get(passage.chunk_id, [])
        for span in split_sentences(passage.text):
            # A row is judged under its header: questions name columns as well as rows.
            counts = term_counts(with_table_header(passage.text, span))
            if counts and not is_table_header(passage.text, span):
                found.append(_Sentence(passage, span, counts, _likeness_at(span, groups)))
    return found


def _likeness(
    result: SearchResult, passages: Sequence[Passage]
) -> dict[int, list[tuple[int, int, float]]]:
    model = index_queries.model_number(embedder().name)
    if not result.query_vector or model is None:
        return {}
    return index_queries.sentence_likeness(
        list(result.query_vector), model, [passage.chunk_id for passage in passages]
    )


def _likeness_at(span: Span, groups: Sequence[tuple[int, int, float]]) -> float:
    """Return the likeness of the group of sentences that holds this one."""
    return next(
        (value for start, end, value in groups if start <= span.start and span.end <= end), 0.0
    )
