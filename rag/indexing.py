"""Write passages, postings and vectors, and take them out again; counters move with them."""

import json
from collections.abc import Iterable, Sequence
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
    _copy(
        "posting (collection_id, term, chunk_id, tf)",
        (
            (chunk.collection_id, term, chunk.pk, min(count, _TF_MAX))
            for chunk, passage in pairs
            for term, count in sorted(term_counts(passage.piece.searchable).items())
        ),
    )
    _copy(
        "rag_chunkvector (chunk_id, model_id, vector)",
        ((chunk.pk, model.pk, halfvec(passage.vector)) for chunk, passage in pairs),
    )
    _copy(
        'rag_sentencevector (chunk_id, model_id, ordinal, start, "end", vector)',
        (
            (chunk.pk, model.pk, ordinal, span.start, span.end, halfvec(vector))
            for chunk, passage in pairs
            for ordinal, (span, vector) in enumerate(passage.sentences)
        ),
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


def _copy(target: str, rows: Iterable[tuple[object, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {target} FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _count(collection_id: int, chunks: int, tokens: int) -> None:
    Collection.objects.filter(pk=collection_id).update(
        chunk_count=F("chunk_count") + chunks, token_total=F("token_total") + tokens
    )
