"""The four questions that retrieval asks the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from rag import bm25
from rag.embeddings import Vector
from rag.indexing import halfvec
from rag.models import Collection, DocumentState, EmbeddingModel
from rag.vector_index import INDEX_FROM_PASSAGES

_LEXICAL = """
SELECT found.chunk_id, sum(asked.weight * found.tf / (found.tf + %(k1)s::float8
    * (1 - %(b)s::float8 + %(b)s::float8 * chunk.length / %(mean_length)s::float8))) AS score
FROM unnest(%(terms)s::bigint[], %(weights)s::float8[]) AS asked(term, weight)
JOIN posting AS found ON found.term = asked.term AND found.collection_id = ANY(%(collections)s)
JOIN rag_chunk AS chunk ON chunk.id = found.chunk_id
GROUP BY found.chunk_id ORDER BY score DESC, found.chunk_id LIMIT %(limit)s
"""
# Lists are counted only as far as they may count: one more marks the term as common.
_FREQUENCIES = """
SELECT asked.term, (
    SELECT count(*) FROM (
        SELECT FROM posting
        WHERE collection_id = ANY(%(collections)s) AND term = asked.term LIMIT %(limit)s
    ) AS found)
FROM unnest(%(terms)s::bigint[]) AS asked(term)
"""
# In a whole tenant every vector may be named; fewer collections have to be looked up.
_DENSE = """
SELECT vector.chunk_id, -(vector.vector <#> %(query)s::halfvec) AS score
FROM rag_chunkvector AS vector {join}
WHERE vector.model_id = %(model)s {condition}
ORDER BY score DESC, vector.chunk_id LIMIT %(limit)s
"""
# Worded as the index of large tenants is (rag.vector_index), else it would not be used.
_DENSE_BY_INDEX = """
SELECT near.chunk_id, near.score FROM (
    SELECT vector.chunk_id,
           -(vector.vector::halfvec({dimension}) <#> %(query)s::halfvec({dimension})) AS score
    FROM rag_chunkvector AS vector {join}
    WHERE vector.model_id = {model} {condition}
    ORDER BY vector.vector::halfvec({dimension}) <#> %(query)s::halfvec({dimension})
    LIMIT %(limit)s
) AS near ORDER BY near.score DESC, near.chunk_id
"""
_JOIN = "JOIN rag_chunk AS chunk ON chunk.id = vector.chunk_id"
_CONDITION = "AND chunk.collection_id = ANY(%(collections)s)"
_SCAN_SETTINGS = """
SELECT set_config('hnsw.ef_search', %(limit)s::text, true),
       set_config('hnsw.iterative_scan', 'relaxed_order', true)
"""
_CANDIDATES = """
SELECT chunk.id, document.id, document.name, chunk.page, chunk.heading, chunk.text,
       coalesce((SELECT -(vector.vector <#> %(query)s::halfvec) FROM rag_chunkvector AS vector
                 WHERE vector.chunk_id = chunk.id AND vector.model_id = %(model)s), 0),
       coalesce((SELECT max(-(sentence.vector <#> %(query)s::halfvec))
                 FROM rag_sentencevector AS sentence
                 WHERE sentence.chunk_id = chunk.id AND sentence.model_id = %(model)s), 0),
       document.label, collection.name
FROM rag_chunk AS chunk JOIN rag_document AS document ON document.id = chunk.document_id
JOIN rag_collection AS collection ON collection.id = chunk.collection_id
WHERE chunk.id = ANY(%(chunks)s) AND document.state = %(ready)s
ORDER BY chunk.id
"""

_SENTENCES = """
SELECT chunk_id, start, "end", -(vector <#> %(query)s::halfvec)
FROM rag_sentencevector WHERE chunk_id = ANY(%(chunks)s) AND model_id = %(model)s
ORDER BY chunk_id, ordinal
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage in question, with its likeness and that of its best sentence."""

    chunk_id: int
    document_id: str
    document_name: str
    page: int | None
    heading: str
    text: str
    dense: float
    sentence: float
    label: str
    collection: str


@dataclass(frozen=True, slots=True)
class Visible:
    """The collections a search may look into; `is_all` when they are all there are."""

    ids: tuple[int, ...] = ()
    passages: int = 0
    tokens: int = 0
    is_all: bool = False

    @property
    def mean_length(self) -> float:
        return max(self.tokens / max(self.passages, 1), 1.0)


def visible_collections(wanted: Sequence[int] | None) -> Visible:
    """Return the collections this search may look into: within a tenant, all that were asked."""
    rows = Collection.objects.filter(chunk_count__gt=0).order_by("pk")
    found = list(rows.values_list("pk", "chunk_count", "token_total"))
    kept = [row for row in found if wanted is None or row[0] in wanted]
    return Visible(
        ids=tuple(row[0] for row in kept),
        passages=sum(row[1] for row in kept),
        tokens=sum(row[2] for row in kept),
        is_all=len(kept) == len(found),
    )


def model_number(name: str) -> int | None:
    return EmbeddingModel.objects.filter(name=name).values_list("pk", flat=True).first()


def term_weights(terms: Sequence[int], visible: Visible) -> dict[int, float]:
    """Return the BM25 weight of the terms that occur; common ones only when alone."""
    common = max(int(visible.passages * bm25.COMMON_SHARE), bm25.COMMON_FLOOR)
    asked = {"terms": list(terms), "collections": list(visible.ids), "limit": common + 1}
    frequencies = {term: count for term, count in _rows(_FREQUENCIES, asked) if count}
    weights = {
        term: bm25.inverse_frequency(visible.passages, min(count, visible.passages))
        for term, count in frequencies.items()
        if count <= common
    }
    return weights or dict.fromkeys(frequencies, 1.0)


def lexical_scores(weights: dict[int, float], visible: Visible, *, limit: int) -> dict[int, float]:
    """Return BM25 by passage, best first."""
    asked = {
        "terms": list(weights),
        "weights": [weight * (bm25.K1 + 1) for weight in weights.values()],
        "collections": list(visible.ids),
        "mean_length": visible.mean_length,
        "k1": bm25.K1,
        "b": bm25.B,
        "limit": limit,
    }
    return dict(_rows(_LEXICAL, asked))


def dense_scores(query: Vector, model: int, visible: Visible, *, limit: int) -> dict[int, float]:
    """Return the likeness of the nearest passages, best first: exact in small tenants."""
    asked = {
        "query": halfvec(query),
        "model": model,
        "collections": list(visible.ids),
        "limit": limit,
    }
    parts = {"join": "", "condition": ""}
    if not visible.is_all:
        parts = {"join": _JOIN, "condition": _CONDITION}
    if visible.passages < INDEX_FROM_PASSAGES:
        return dict(_rows(_DENSE.format(**parts), asked))
    statement = _DENSE_BY_INDEX.format(dimension=len(query), model=int(model), **parts)
    with transaction.atomic():
        _rows(_SCAN_SETTINGS, {"limit": limit})
        return dict(_rows(statement, asked))


def candidates(chunks: Sequence[int], query: Vector | None, model: int | None) -> list[Candidate]:
    """Read the passages of ready documents; without a query vector likeness is zero."""
    asked = {
        "chunks": list(chunks),
        "query": halfvec(query) if query is not None else None,
        "model": model,
        "ready": DocumentState.READY,
    }
    return [
        Candidate(number, str(document), *rest)
        for number, document, *rest in _rows(_CANDIDATES, asked)
    ]


def sentence_likeness(
    query: Vector, model: int, chunks: Sequence[int]
) -> dict[int, list[tuple[int, int, float]]]:
    """Return start, end and likeness of the groups of sentences of each passage."""
    found: dict[int, list[tuple[int, int, float]]] = {chunk: [] for chunk in chunks}
    asked = {"query": halfvec(query), "model": model, "chunks": list(chunks)}
    for chunk, start, end, likeness in _rows(_SENTENCES, asked):
        found[chunk].append((start, end, likeness))
    return found


def _rows(statement: str, asked: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows: list[Any] = cursor.fetchall()
    return rows
