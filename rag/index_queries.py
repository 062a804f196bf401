"""The four questions that retrieval asks the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from rag import bm25
from rag.embeddings import Vector
from rag.indexing import halfvec
from rag.models import Collection, DocumentState, EmbeddingModel

# Lists are read only as far as they may count: one more than that marks the term as common.
_LEXICAL = """
WITH total AS (
    SELECT sum(chunk_count)::float8 AS chunks,
           greatest(sum(token_total)::float8 / greatest(sum(chunk_count), 1), 1) AS mean_length,
           greatest(sum(chunk_count) * %(share)s, %(floor)s)::bigint AS common
    FROM rag_collection WHERE id = ANY(%(collections)s)
), hit AS MATERIALIZED (
    SELECT asked.term, found.chunk_id, found.tf
    FROM unnest(%(terms)s::bigint[]) AS asked(term), total, LATERAL (
        SELECT chunk_id, tf FROM posting
        WHERE collection_id = ANY(%(collections)s) AND term = asked.term
        LIMIT CASE WHEN %(all)s THEN NULL ELSE total.common + 1 END
    ) AS found
), kept AS (
    SELECT hit.term,
           ln(1 + (total.chunks - count(*) + 0.5) / (count(*) + 0.5)) AS weight
    FROM hit, total GROUP BY hit.term, total.chunks, total.common
    HAVING %(all)s OR count(*) <= total.common
)
SELECT hit.chunk_id,
       sum(kept.weight * hit.tf * (%(k1)s + 1) / (hit.tf + %(k1)s
           * (1 - %(b)s + %(b)s * chunk.length / total.mean_length))) AS score
FROM hit JOIN kept USING (term) JOIN rag_chunk AS chunk ON chunk.id = hit.chunk_id
     CROSS JOIN total
GROUP BY hit.chunk_id ORDER BY score DESC, hit.chunk_id LIMIT %(limit)s
"""
_DENSE = """
SELECT vector.chunk_id, -(vector.vector <#> %(query)s::halfvec) AS score
FROM rag_chunkvector AS vector JOIN rag_chunk AS chunk ON chunk.id = vector.chunk_id
WHERE vector.model_id = %(model)s AND chunk.collection_id = ANY(%(collections)s)
ORDER BY score DESC, vector.chunk_id LIMIT %(limit)s
"""
_CANDIDATES = """
SELECT chunk.id, document.id, document.name, chunk.page, chunk.heading, chunk.text,
       coalesce((SELECT -(vector.vector <#> %(query)s::halfvec) FROM rag_chunkvector AS vector
                 WHERE vector.chunk_id = chunk.id AND vector.model_id = %(model)s), 0),
       coalesce((SELECT max(-(sentence.vector <#> %(query)s::halfvec))
                 FROM rag_sentencevector AS sentence
                 WHERE sentence.chunk_id = chunk.id AND sentence.model_id = %(model)s), 0)
FROM rag_chunk AS chunk JOIN rag_document AS document ON document.id = chunk.document_id
WHERE chunk.id = ANY(%(chunks)s) AND document.state = %(ready)s
ORDER BY chunk.id
"""

_SENTENCES = """
SELECT chunk_id, start, "end", -(vector <#> %(query)s::halfvec)
FROM rag_sentencevector WHERE chunk_id = ANY(%(chunks)s) AND model_id = %(model)s
ORDER BY chunk_id, ordinal
"""
_FREQUENCIES = """
SELECT asked.term, (
    SELECT count(*) FROM (
        SELECT FROM posting
        WHERE collection_id = ANY(%(collections)s) AND term = asked.term LIMIT %(limit)s
    ) AS found)
FROM unnest(%(terms)s::bigint[]) AS asked(term)
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


def visible_collections(wanted: Sequence[int] | None) -> list[int]:
    """Return the collections this search may look into: within a tenant, all that were asked."""
    collections = Collection.objects.filter(chunk_count__gt=0)
    if wanted is not None:
        collections = collections.filter(pk__in=wanted)
    return list(collections.order_by("pk").values_list("pk", flat=True))


def model_number(name: str) -> int | None:
    return EmbeddingModel.objects.filter(name=name).values_list("pk", flat=True).first()


def lexical_scores(
    terms: Sequence[int], collections: Sequence[int], *, limit: int
) -> dict[int, float]:
    """Return BM25 by passage, best first; common terms only when there are no others."""
    asked = {
        "terms": list(terms),
        "collections": list(collections),
        "share": bm25.COMMON_SHARE,
        "floor": bm25.COMMON_FLOOR,
        "k1": bm25.K1,
        "b": bm25.B,
        "limit": limit,
    }
    rows = _rows(_LEXICAL, {**asked, "all": False})
    return dict(rows or _rows(_LEXICAL, {**asked, "all": True}))


def dense_scores(
    query: Vector, model: int, collections: Sequence[int], *, limit: int
) -> dict[int, float]:
    """Return the likeness of the nearest passages, best first, by an exact scan."""
    asked = {
        "query": halfvec(query),
        "model": model,
        "collections": list(collections),
        "limit": limit,
    }
    return dict(_rows(_DENSE, asked))


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


def term_weights(terms: Sequence[int], collections: Sequence[int]) -> dict[int, float]:
    """Return the BM25 weight of each term over the collections; common ones weigh nothing."""
    passages = sum(
        Collection.objects.filter(pk__in=collections).values_list("chunk_count", flat=True)
    )
    common = max(int(passages * bm25.COMMON_SHARE), bm25.COMMON_FLOOR)
    asked = {"terms": list(terms), "collections": list(collections), "limit": common + 1}
    weights = {
        term: bm25.inverse_frequency(passages, min(frequency, passages))
        for term, frequency in _rows(_FREQUENCIES, asked)
        if frequency <= common
    }
    return weights or dict.fromkeys(terms, 1.0)


def _rows(statement: str, asked: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows: list[Any] = cursor.fetchall()
    return rows
