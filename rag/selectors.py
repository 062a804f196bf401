"""What pages, API and the assistant read of documents; nothing here changes anything."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from edge_agent.contract.levels import Level
from rag.errors import DocumentMissing
from rag.models import Chunk, Collection, Document, DocumentState
from rag.reasons import WAITING_SENTENCE, reason_sentence
from tenants.base.errors import NotFound

# Measured on two cores: about four passages a second with their sentences.
SECONDS_PER_PASSAGE = 0.25


@dataclass(frozen=True, slots=True)
class PassageContext:
    """A passage with its neighbours, for the sheet beside an answer."""

    chunk_id: int
    document_id: str
    document_name: str
    collection_name: str
    page: int | None
    heading: str
    text: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Passages and documents that the reader may see now."""

    chunk_ids: frozenset[int]
    document_ids: frozenset[UUID]


def collections() -> QuerySet[Collection]:
    return Collection.objects.order_by("-is_default", "name", "pk")


def documents_of(
    collection_id: int | None = None, level: Level | None = None
) -> QuerySet[Document]:
    """Return the documents people see, newest first; None means of all collections and levels."""
    documents = Document.objects.exclude(state=DocumentState.DELETING)
    if collection_id is not None:
        documents = documents.filter(collection_id=collection_id)
    if level is not None:
        documents = documents.filter(level=level)
    return documents.select_related("collection", "uploaded_by").order_by("-created_at", "pk")


def document(document_id: str) -> Document:
    """Raises: DocumentMissing."""
    found = documents_of().filter(pk=document_id).first()
    if found is None:
        raise DocumentMissing
    return found


def has_documents() -> bool:
    return Document.objects.filter(state=DocumentState.READY).exists()


def seconds_left(of: Document) -> int | None:
    """Estimate how long embedding still takes; None while that cannot be said."""
    if of.state != DocumentState.EMBEDDING:
        return None
    return round((of.chunks_total - of.chunks_done) * SECONDS_PER_PASSAGE)


def failure_sentence(of: Document) -> str:
    """Return why the document failed or what it waits for, in the reader's language."""
    if of.state == DocumentState.QUEUED and of.reason_code:
        return str(WAITING_SENTENCE)
    return str(reason_sentence(of.reason_code))


def readable_sources(chunk_ids: AbstractSet[int], document_ids: AbstractSet[UUID]) -> Sources:
    """Return those that are still there: a passage where it opens, a document where it shows."""
    if not document_ids:
        return Sources(frozenset(), frozenset())
    chunks = Chunk.objects.filter(pk__in=chunk_ids, document__state=DocumentState.READY)
    documents = Document.objects.filter(pk__in=document_ids).exclude(state=DocumentState.DELETING)
    return Sources(
        frozenset(chunks.values_list("pk", flat=True)),
        frozenset(documents.values_list("pk", flat=True)),
    )


def passage_context(chunk_id: int) -> PassageContext:
    """Raises: NotFound."""
    chunk = (
        Chunk.objects.select_related("document", "collection")
        .filter(pk=chunk_id, document__state=DocumentState.READY)
        .first()
    )
    if chunk is None:
        raise NotFound
    beside = Chunk.objects.filter(
        document_id=chunk.document_id, ordinal__in=[chunk.ordinal - 1, chunk.ordinal + 1]
    )
    neighbours = dict(beside.values_list("ordinal", "text"))
    return PassageContext(
        chunk_id=chunk.pk,
        document_id=str(chunk.document_id),
        document_name=chunk.document.name,
        collection_name=chunk.collection.name,
        page=chunk.page,
        heading=chunk.heading,
        text=chunk.text,
        before=neighbours.get(chunk.ordinal - 1, ""),
        after=neighbours.get(chunk.ordinal + 1, ""),
    )
