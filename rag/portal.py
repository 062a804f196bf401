"""What the documents page shows of each file."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from rag.models import Document, DocumentState
from rag.selectors import documents_of, failure_sentence, seconds_left

DOCUMENTS_SHOWN = 200
_BUSY = {DocumentState.QUEUED, DocumentState.PARSING, DocumentState.EMBEDDING}


@dataclass(frozen=True, slots=True)
class DocumentRow:
    id: str
    name: str
    collection_name: str
    state: str
    reason: str
    reason_detail: str
    size_bytes: int
    pages: int | None
    chunks_total: int
    chunks_done: int
    seconds_left: int | None
    created_at: datetime

    @property
    def is_busy(self) -> bool:
        return self.state in _BUSY

    @property
    def is_new(self) -> bool:
        return timezone.now() - self.created_at < timedelta(minutes=1)

    @property
    def minutes_left(self) -> int:
        return -(-(self.seconds_left or 0) // 60)


def documents_shown(collection_id: int | None = None) -> tuple[DocumentRow, ...]:
    """Return the newest documents, of one collection or of all."""
    return tuple(_row(document) for document in documents_of(collection_id)[:DOCUMENTS_SHOWN])


def _row(document: Document) -> DocumentRow:
    return DocumentRow(
        id=str(document.id),
        name=document.name,
        collection_name=document.collection.name,
        state=document.state,
        reason=failure_sentence(document),
        reason_detail=document.reason_detail,
        size_bytes=document.size_bytes,
        pages=document.pages,
        chunks_total=document.chunks_total,
        chunks_done=document.chunks_done,
        seconds_left=seconds_left(document),
        created_at=document.created_at,
    )
