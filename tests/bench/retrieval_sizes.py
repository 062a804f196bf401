"""Fill one tenant with synthetic passages, size by size, and time searches in it."""

import random
import sys
import time
from collections.abc import Iterator
from itertools import accumulate
from statistics import fmean, median, quantiles
from typing import Any

from django.db import connection, connections

from rag.documents import default_collection
from rag.embeddings import ScriptedEmbedder
from rag.indexing import embedding_model
from rag.models import Chunk, Collection, Document, DocumentState
from rag.retrieval import search
from rag.terms import term_counts
from rag.vector_index import build_vector_indexes
from tenants.base.context import platform_scope, scope
from tenants.base.roles import OWNER_ALIAS
from tenants.provisioning import create_tenant

VOCABULARY = 30_000
WORDS_PER_PASSAGE = 120
SENTENCES_PER_PASSAGE = 5
WORDS_PER_QUESTION = 8
QUESTIONS = 200
BATCH = 1_000

_VECTORS = """
INSERT INTO rag_chunkvector (chunk_id, model_id, vector)
SELECT id, %s, l2_normalize((
    SELECT array_agg(random() - 0.5 + 0 * id * n) FROM generate_series(1, 384) AS n)::real[]::vector
)::halfvec FROM rag_chunk WHERE id > %s
"""
# Their values do not matter for time, so sentences borrow the vectors of passages.
_SENTENCES = """
INSERT INTO rag_sentencevector (chunk_id, model_id, ordinal, start, "end", vector)
SELECT chunk_id, model_id, ordinal, ordinal * 100, ordinal * 100 + 100, vector
FROM rag_chunkvector, generate_series(1, %s) AS ordinal WHERE chunk_id > %s
"""
_SIZES = """
SELECT pg_total_relation_size('posting'), pg_relation_size('posting'),
       pg_total_relation_size('rag_chunkvector') + pg_total_relation_size('rag_sentencevector')
"""


class Words:
    """Words drawn by Zipf's law, the same ones in every run."""

    def __init__(self) -> None:
        self._random = random.Random(2)
        self._words = [f"word{number}" for number in range(VOCABULARY)]
        self._sums = list(accumulate(1 / (rank + 2) for rank in range(VOCABULARY)))

    def text(self, words: int) -> str:
        return " ".join(self._random.choices(self._words, cum_weights=self._sums, k=words))


def measure(sizes: list[int]) -> list[dict[str, Any]]:
    tenant = create_tenant("bench", name="Bench", owner_email="owner@bench.example")
    words = Words()
    figures = []
    with scope(platform_scope(tenant.schema, "bench")):
        for size in sizes:
            _fill(words, size)
            started = time.perf_counter()
            built = build_vector_indexes()
            index_seconds = round(time.perf_counter() - started, 1)
            figures.append(
                {
                    "passages": size,
                    "vector_index_seconds": index_seconds if built else None,
                    **_timed(words),
                    **_bytes_per_passage(size),
                }
            )
            sys.stderr.write(f"{figures[-1]}\n")
    return figures


def _fill(words: Words, size: int) -> None:
    collection = default_collection()
    last = Chunk.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    document = Document.objects.create(
        collection=collection,
        name=f"synthetic {size}",
        media_type="text/plain",
        size_bytes=0,
        sha256="",
        storage_key="",
        state=DocumentState.READY,
    )
    missing = size - Chunk.objects.count()
    for first in range(0, missing, BATCH):
        _write(words, document, range(first, min(first + BATCH, missing)))
    model = embedding_model(ScriptedEmbedder.name, dimension=ScriptedEmbedder.dimension)
    with connection.cursor() as cursor:
        cursor.execute(_VECTORS, [model.pk, last])
        cursor.execute(_SENTENCES, [SENTENCES_PER_PASSAGE, last])
    Collection.objects.filter(pk=collection.pk).update(
        chunk_count=size, token_total=size * WORDS_PER_PASSAGE
    )
    # What autovacuum does by itself within a minute or so.
    with connections[OWNER_ALIAS].cursor() as cursor:
        for table in ("rag_chunk", "posting", "rag_chunkvector", "rag_sentencevector"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def _write(words: Words, document: Document, ordinals: range) -> None:
    chunks = Chunk.objects.bulk_create(
        Chunk(
            document=document,
            collection_id=document.collection_id,
            ordinal=ordinal,
            text=words.text(WORDS_PER_PASSAGE),
            length=WORDS_PER_PASSAGE,
        )
        for ordinal in ordinals
    )
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY posting (collection_id, term, chunk_id, tf) FROM STDIN") as copy,
    ):
        for row in _postings(chunks):
            copy.write_row(row)


def _postings(chunks: list[Chunk]) -> Iterator[tuple[int, int, int, int]]:
    for chunk in chunks:
        for term, count in term_counts(chunk.text).items():
            yield chunk.collection_id, term, chunk.pk, count


def _timed(words: Words) -> dict[str, Any]:
    for _ in range(QUESTIONS // 10):
        search(words.text(WORDS_PER_QUESTION), collection_ids=None)
    times: list[float] = []
    steps: dict[str, list[float]] = {}
    for question in (words.text(WORDS_PER_QUESTION) for _ in range(QUESTIONS)):
        started = time.perf_counter()
        found = search(question, collection_ids=None)
        times.append((time.perf_counter() - started) * 1000)
        for step, value in found.timings_ms.items():
            steps.setdefault(step, []).append(value)
    return {
        "p50_ms": round(median(times), 1),
        "p95_ms": round(quantiles(times, n=20)[-1], 1),
        "mean_ms_of_steps": {step: round(fmean(values), 1) for step, values in steps.items()},
    }


def _bytes_per_passage(size: int) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        [(postings, table, vectors)] = cursor.fetchall()
    return {
        "postings_bytes_per_passage": postings // size,
        "of_these_indexes": (postings - table) // size,
        "vector_bytes_per_passage": vectors // size,
    }
