"""How passages are found: by words, by meaning, and by the sum of both.

1. The visible collections are settled once.
2. BM25 over the postings and the vectors of passages each name their best hundred.
3. The candidates get three scores: BM25, likeness of the passage, of its best sentence.
4. Each is set in units of its own spread (z-score), and the three are added up.
5. A calibrated gate says whether the documents hold an answer at all.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from rag import index_queries
from rag.embeddings import Embedder, Vector, embedder
from rag.errors import EmbeddingsUnavailable
from rag.gate import is_answerable
from rag.index_queries import Candidate, Visible
from rag.scores import z_scores
from rag.terms import term_counts

logger = logging.getLogger(__name__)

Mode = Literal["lexical", "dense", "fused"]

CANDIDATES_MAX = 100
# Scores are read deeper than candidates are taken, so that those named by meaning have theirs.
LEXICAL_ROWS_MAX = 500
QUERY_CHARS_MAX = 2_000
QUERY_TERMS_MAX = 300


@dataclass(frozen=True, slots=True)
class Passage:
    chunk_id: int
    document_id: str
    document_name: str
    page: int | None
    heading: str
    text: str
    score: float
    lexical: float
    dense: float
    label: str = ""
    collection: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best passages, best first; `collection_ids` are those that were looked into.

    `mode` is lexical where the embedder did not answer, whatever was asked for.
    """

    query: str
    passages: tuple[Passage, ...]
    answerable: bool
    mode: Mode
    collection_ids: tuple[int, ...]
    timings_ms: dict[str, float]
    query_vector: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class _Question:
    """What is looked for, where, and by which vectors; no vector means by words alone."""

    query: str
    mode: Mode
    visible: Visible
    model_name: str
    model: int | None = None
    vector: Vector | None = None


def search(
    query: str, *, collection_ids: Sequence[int] | None, limit: int = 6, mode: Mode = "fused"
) -> SearchResult:
    """Find the best passages in the collections, None meaning all of this tenant's."""
    timings: dict[str, float] = {}
    question = _prepared(query[:QUERY_CHARS_MAX], collection_ids, mode, timings)
    with _timed(timings, "lexical"):
        lexical = _lexical(question)
    with _timed(timings, "dense"):
        dense = _dense(question)
    with _timed(timings, "fuse"):
        named = dict.fromkeys([*islice(lexical, CANDIDATES_MAX), *dense])
        candidates = index_queries.candidates(list(named), question.vector, question.model)
        passages = _ranked(candidates, lexical, question.mode)
    return SearchResult(
        query=question.query,
        passages=tuple(passages[:limit]),
        answerable=_is_answerable(question, candidates, has_words=bool(lexical)),
        mode=question.mode,
        collection_ids=question.visible.ids,
        timings_ms=timings,
        query_vector=tuple(question.vector or ()),
    )


def _prepared(
    query: str, wanted: Sequence[int] | None, mode: Mode, timings: dict[str, float]
) -> _Question:
    visible = index_queries.visible_collections(wanted)
    with_embedder = embedder()
    words_only = _Question(query, "lexical", visible, with_embedder.name)
    if mode == "lexical" or not visible.ids:
        return words_only
    model = index_queries.model_number(with_embedder.name)
    with _timed(timings, "embed"):
        vector = _query_vector(query, with_embedder)
    if vector is None or model is None:
        return words_only
    return replace(words_only, mode=mode, model=model, vector=vector)


def _query_vector(query: str, with_embedder: Embedder) -> Vector | None:
    try:
        return with_embedder.embed_query(query)
    except EmbeddingsUnavailable:
        # Words alone still find most of it; better than no answer at all.
        logger.warning("embedder_away name=%s", with_embedder.name)
        return None


def _lexical(question: _Question) -> dict[int, float]:
    if question.mode == "dense" or not question.visible.ids:
        return {}
    terms = list(islice(term_counts(question.query), QUERY_TERMS_MAX))
    weights = index_queries.term_weights(terms, question.visible)
    return index_queries.lexical_scores(weights, question.visible, limit=LEXICAL_ROWS_MAX)


def _dense(question: _Question) -> dict[int, float]:
    if question.vector is None or question.model is None:
        return {}
    return index_queries.dense_scores(
        question.vector, question.model, question.visible, limit=CANDIDATES_MAX
    )


def _is_answerable(
    question: _Question, candidates: Sequence[Candidate], *, has_words: bool
) -> bool:
    if question.vector is None:
        return bool(candidates)
    likeness = max(((each.dense + each.sentence) / 2 for each in candidates), default=0.0)
    return bool(candidates) and is_answerable(
        question.model_name, question.query, likeness=likeness, has_words=has_words
    )


def _ranked(
    candidates: Sequence[Candidate], lexical: dict[int, float], mode: Mode
) -> list[Passage]:
    words = [lexical.get(each.chunk_id, 0.0) for each in candidates]
    if mode == "lexical":
        scores = words
    elif mode == "dense":
        scores = [each.dense for each in candidates]
    else:
        kinds = (words, [each.dense for each in candidates], [each.sentence for each in candidates])
        scores = [sum(triple) for triple in zip(*map(z_scores, kinds), strict=True)]
    passages = [
        Passage(
            chunk_id=each.chunk_id,
            document_id=each.document_id,
            document_name=each.document_name,
            page=each.page,
            heading=each.heading,
            text=each.text,
            score=score,
            lexical=word,
            dense=each.dense,
            label=each.label,
            collection=each.collection,
        )
        for each, word, score in zip(candidates, words, scores, strict=True)
    ]
    return sorted(passages, key=lambda passage: (-passage.score, passage.chunk_id))


@contextmanager
def _timed(timings: dict[str, float], step: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        timings[step] = (time.perf_counter() - started) * 1000
