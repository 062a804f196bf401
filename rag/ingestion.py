"""How a file becomes searchable: claim, parse, cut, embed and index, finish.

A worker holds a document by a lease that every step renews under its fence, the attempt
number. Whoever finds the lease run out takes over with the next number; the writes of
the slower one then match no row, and it stops. Running this three times at once is safe.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from rag import files
from rag.chunking import Piece, cut_into_pieces
from rag.documents import ATTEMPTS_PER_ROUND
from rag.embeddings import Embedder, embedder_for
from rag.enums import Reason
from rag.errors import DocumentUnreadable, EmbeddingsUnavailable
from rag.indexing import embedded, index_passages, remove_passages
from rag.judging import FileLevel, level_of_file, origin_of
from rag.models import Document, DocumentState
from rag.parsing import DEADLINE_SECONDS, inspect
from tenants.base import work
from tenants.base.jobs import DELETE_FILES, INGEST_DOCUMENT

logger = logging.getLogger(__name__)

LEASE_SECONDS = DEADLINE_SECONDS + 30
BATCH_PASSAGES = 8
PASSAGES_MAX = 10_000


class LeaseLost(Exception):
    """Somebody else has taken the document over, or deleted it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A document held by this worker; `fence` is the attempt that holds it."""

    document: Document
    fence: int


def ingest_document(document_id: str) -> None:
    """Bring one document from QUEUED to READY or FAILED; do nothing when it is not ours."""
    claim = _claim(document_id)
    if claim is None:
        return
    try:
        _ingest(claim, embedder_for(origin_of(claim.document)))
    except LeaseLost:
        logger.info("ingest_lost id=%s fence=%s", document_id, claim.fence)
    except DocumentUnreadable as error:
        _fail(claim, error.reason, error.detail)
    except EmbeddingsUnavailable:
        _fail(claim, Reason.EMBEDDINGS_UNAVAILABLE)


def remove_document(document_id: str) -> None:
    """Remove all that a deleted document left: passages, file and, last, its row."""
    with transaction.atomic():
        document = Document.objects.select_for_update().filter(pk=document_id).first()
        if document is None or document.state != DocumentState.DELETING:
            work.complete(DELETE_FILES, document_id)
            return
        remove_passages(document)
        # A crash after this leaves a row that asks for all of it again.
        files.remove(document.storage_key)
        document.delete()
        work.complete(DELETE_FILES, document_id)


def _ingest(claim: Claim, with_embedder: Embedder) -> None:
    document = claim.document
    path = files.path_of(document.storage_key)
    if not path.is_file():
        raise DocumentUnreadable(Reason.FILE_MISSING)
    inspection = inspect(path, name=document.name)
    blocks = inspection.blocks
    pieces = list(cut_into_pieces(blocks))
    if not pieces:
        raise DocumentUnreadable(Reason.NO_TEXT)
    if len(pieces) > PASSAGES_MAX:
        raise DocumentUnreadable(Reason.TOO_LARGE)
    pages = max((block.page or 0 for block in blocks), default=0)
    level = level_of_file(origin_of(document), inspection, between=lambda: _renew(claim))
    _begin_embedding(claim, passages=len(pieces), pages=pages or None, level=level)
    for start in range(0, len(pieces), BATCH_PASSAGES):
        _index_batch(claim, pieces[start : start + BATCH_PASSAGES], start, with_embedder)
    _finish(claim)


def _claim(document_id: str) -> Claim | None:
    now = timezone.now()
    lease_ends_at = now + timedelta(seconds=LEASE_SECONDS)
    is_abandoned = Q(
        state__in=[DocumentState.PARSING, DocumentState.EMBEDDING], lease_expires_at__lte=now
    )
    with transaction.atomic():
        document = (
            Document.objects.select_for_update(of=("self",))
            .select_related("collection")
            .filter(pk=document_id)
            .first()
        )
        if document is None or document.state in {
            DocumentState.READY,
            DocumentState.FAILED,
            DocumentState.DELETING,
        }:
            work.complete(INGEST_DOCUMENT, document_id)
            return None
        if not Document.objects.filter(
            Q(state=DocumentState.QUEUED) | is_abandoned, pk=document_id
        ).exists():
            # Another worker holds it; the promise stays until its lease has run out.
            _come_back_at(document_id, document.lease_expires_at or lease_ends_at)
            return None
        is_worn_out = (
            document.state != DocumentState.QUEUED and document.attempt % ATTEMPTS_PER_ROUND == 0
        )
        document.attempt += 1
        document.state = DocumentState.PARSING
        document.lease_expires_at = lease_ends_at
        document.save(update_fields=["attempt", "state", "lease_expires_at", "updated_at"])
        _come_back_at(document_id, lease_ends_at)
    claim = Claim(document, document.attempt)
    if is_worn_out:
        _fail(claim, Reason.INTERRUPTED)
        return None
    return claim


def _come_back_at(document_id: str, moment: datetime) -> None:
    work.hold(INGEST_DOCUMENT, document_id, seconds=(moment - timezone.now()).total_seconds())


def _begin_embedding(claim: Claim, *, passages: int, pages: int | None, level: FileLevel) -> None:
    with transaction.atomic():
        _renew(
            claim,
            state=DocumentState.EMBEDDING,
            chunks_total=passages,
            chunks_done=0,
            pages=pages,
            **level.as_fields(),
        )
        # What an attempt before this one left behind.
        remove_passages(claim.document)


def _index_batch(
    claim: Claim, pieces: list[Piece], first_ordinal: int, with_embedder: Embedder
) -> None:
    vectors = embedded(pieces, with_embedder)
    with transaction.atomic():
        _renew(claim, chunks_done=F("chunks_done") + len(pieces))
        index_passages(
            claim.document, vectors, first_ordinal=first_ordinal, model_name=with_embedder.name
        )


def _renew(claim: Claim, **changes: object) -> None:
    """Write under the fence and prolong the lease.

    Raises:
        LeaseLost: the row is no longer this attempt's.
    """
    lease_ends_at = timezone.now() + timedelta(seconds=LEASE_SECONDS)
    renewed = Document.objects.filter(
        pk=claim.document.pk,
        attempt=claim.fence,
        state__in=[DocumentState.PARSING, DocumentState.EMBEDDING],
    ).update(lease_expires_at=lease_ends_at, updated_at=timezone.now(), **changes)
    if not renewed:
        raise LeaseLost
    _come_back_at(str(claim.document.pk), lease_ends_at)


def _finish(claim: Claim) -> None:
    with transaction.atomic():
        _renew(claim, state=DocumentState.READY, reason_code="", reason_detail="")
        work.complete(INGEST_DOCUMENT, str(claim.document.pk))
    logger.info("ingest_ready id=%s fence=%s", claim.document.pk, claim.fence)


def _fail(claim: Claim, reason: Reason, detail: str = "") -> None:
    try:
        with transaction.atomic():
            _renew(
                claim,
                state=DocumentState.FAILED,
                reason_code=reason.value,
                reason_detail=detail[:300],
            )
            remove_passages(claim.document)
            work.complete(INGEST_DOCUMENT, str(claim.document.pk))
    except LeaseLost:
        return
    logger.info("ingest_failed id=%s reason=%s", claim.document.pk, reason.value)
