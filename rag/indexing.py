"""Write passages, postings and vectors, and take them out again; counters move with them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Sum

from rag.chunking import Piece, sentence_groups
from rag.embeddings import Embedder, Vector
from rag.models import (
    Chunk,
    ChunkVector,
    Collection,
    Document,
    EmbeddingModel,
    Posting,
    SentenceVector,
)
from rag.sentences import Span
from rag.terms import term_counts

_TF_MAX = 32_767
_ARRAYS = {"halfvec": "text"}


@dataclass(frozen=True, slots=True)
class Embedded:
    """A piece with its vector and those of its groups of sentences."""

    piece: Piece
    vector: Vector
    sentences: tuple[tuple[Span, Vector], ...]


def embedded(pieces: Sequence[Piece], with_embedder: Embedder) -> list[Embedded]:
    """Embed the pieces and their sentences in one call; this is what takes the time."""
    texts: list[str] = []
    groups = [sentence_groups(piece.text) for piece in pieces]
    for piece, spans in zip(pieces, groups, strict=True):
        texts.append(piece.searchable)
        texts.extend(piece.text[span.start : span.end] for span in spans)
    # A passage of one sentence, or a line that comes back, is embedded once.
    distinct = list(dict.fromkeys(texts))
    vector_of = dict(zip(distinct, with_embedder.embed_passages(distinct), strict=True))
    return [
        Embedded(
            piece=piece,
            vector=vector_of[piece.searchable],
            sentences=tuple((span, vector_of[piece.text[span.start : span.end]]) for span in spans),
        )
        for piece, spans in zip(pieces, groups, strict=True)
    ]


def index_passages(
    document: Document, passages: Sequence[Embedded], *, first_ordinal: int, model_name: str
) -> None:
    """Write the passages in the caller's transaction."""
    model = embedding_model(model_name, dimension=len(passages[0].vector))
    chunks = Chunk.objects.bulk_create(
        Chunk(
            document=document,
            collection_id=document.collection_id,
            ordinal=first_ordinal + offset,
            page=passage.piece.page,
            heading=passage.piece.heading,
            text=passage.piece.text,
            length=passage.piece.length,
        )
        for offset, passage in enumerate(passages)
    )
    pairs = list(zip(chunks, passages, strict=True))
    _insert(
        "posting",
        {"collection_id": "int", "term": "bigint", "chunk_id": "bigint", "tf": "int"},
        [
            (chunk.collection_id, term, chunk.pk, min(count, _TF_MAX))
            for chunk, passage in pairs
            for term, count in sorted(term_counts(passage.piece.searchable).items())
        ],
    )
    _insert(
        "rag_chunkvector",
        {"chunk_id": "bigint", "model_id": "int", "vector": "halfvec"},
        [(chunk.pk, model.pk, halfvec(passage.vector)) for chunk, passage in pairs],
    )
    _insert(
        "rag_sentencevector",
        {
            "chunk_id": "bigint",
            "model_id": "int",
            "ordinal": "int",
            "start": "int",
            '"end"': "int",
            "vector": "halfvec",
        },
        [
            (chunk.pk, model.pk, ordinal, span.start, span.end, halfvec(vector))
            for chunk, passage in pairs
            for ordinal, (span, vector) in enumerate(passage.sentences)
        ],
    )
    _count(document.collection_id, len(chunks), sum(chunk.length for chunk in chunks))


def remove_passages(document: Document) -> None:
    """Remove all passages of the document in the caller's transaction."""
    chunks = Chunk.objects.filter(document=document)
    numbers = list(chunks.values_list("pk", flat=True))
    if not numbers:
        return
    tokens = chunks.aggregate(total=Sum("length"))["total"] or 0
    Posting.objects.filter(chunk_id__in=numbers).delete()
    SentenceVector.objects.filter(chunk_id__in=numbers).delete()
    ChunkVector.objects.filter(chunk_id__in=numbers).delete()
    # By the model layer, which also takes the chunk out of the citations that name it.
    chunks.delete()
    _count(document.collection_id, -len(numbers), -tokens)


def embedding_model(name: str, *, dimension: int) -> EmbeddingModel:
    model, _created = EmbeddingModel.objects.get_or_create(
        name=name, defaults={"dimension": dimension}
    )
    return model


def halfvec(vector: Iterable[float]) -> str:
    """Return the vector as PostgreSQL reads it."""
    return json.dumps([round(value, 5) for value in vector])


def _insert(table: str, types: Mapping[str, str], rows: Sequence[tuple[object, ...]]) -> None:
    """Write the rows in one statement, a list for each column.

    Not by COPY: whoever is stopped in the middle of one keeps its locks for ever, for the database
    waits for the rest of it and for no timeout.
    """
    if not rows:
        return
    columns = ", ".join(types)
    # A vector comes as text, which has to be read as one.
    lists = ", ".join(f"%s::{_ARRAYS.get(kind, kind)}[]" for kind in types.values())
    values = ", ".join(f"{name}::{kind}" for name, kind in types.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM unnest({lists}) AS row ({columns})",  # noqa: S608 - names of our own
            [list(column) for column in zip(*rows, strict=True)],
        )


def _count(collection_id: int, chunks: int, tokens: int) -> None:
    Collection.objects.filter(pk=collection_id).update(
        chunk_count=F("chunk_count") + chunks, token_total=F("token_total") + tokens
    )
