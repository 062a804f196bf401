"""How a file becomes searchable: claim, parse, cut and judge, embed and index, finish.

What others wrote is looked at in children, in portions; this thread hands them on, embeds passages
of a bounded length and writes them under the fence of its lease (`leases.py`). Only what the file
does in a child can make it fail: an interruption, a database that is away or an embedder that does
not answer leave it to a later attempt. Running this three times at once is safe.
"""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from rag import digest, files
from rag.chunking import Piece
from rag.digest import Wanted, digested
from rag.embeddings import Embedder, embedder_for
from rag.enums import Reason
from rag.errors import DocumentUnreadable, EmbeddingsUnavailable, WorkInterrupted
from rag.indexing import embedded, index_passages, remove_passages
from rag.judging import FileLevel, Tally, origin_of
from rag.leases import Claim, Keeper, LeaseLost, claim_document, end, fenced, leave, pause_after
from rag.models import Document, DocumentState
from rag.parsing import DEADLINE_SECONDS, found_in
from rag.spool import Spool, new_spool
from tenants.base import work
from tenants.base.jobs import DELETE_FILES

logger = logging.getLogger(__name__)

BATCH_PASSAGES = 8
PASSAGES_MAX = 10_000
# A remote embedder is asked three times, half a minute each.
BATCH_SECONDS = 180.0
# What a step may take beside its child: reading back what that wrote.
_SPARE_SECONDS = 30.0
# An embedder that is away is asked again after 5 s, 10 s … 5 min: for about three hours.
EMBEDDER_TRIES_MAX = 40
_EMBEDDER_PAUSE_SECONDS, _EMBEDDER_PAUSE_SECONDS_MAX = 5, 300


@dataclass(frozen=True, slots=True)
class _Read:
    """What was found in a file, beside the passages that lie in the spool."""

    pages: int | None
    level: FileLevel


def ingest_document(document_id: str) -> None:
    """Bring one document from QUEUED to READY or FAILED; do nothing when it is not ours."""
    claim = claim_document(document_id)
    if claim is None:
        return
    try:
        _ingest_or_fail(claim)
    except LeaseLost:
        logger.info("ingest_lost id=%s fence=%s", document_id, claim.fence)


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


def _ingest_or_fail(claim: Claim) -> None:
    try:
        with Keeper(claim) as keeper, new_spool() as spool:
            _ingest(claim, keeper, spool, embedder_for(origin_of(claim.document)))
    except DocumentUnreadable as error:
        _fail(claim, error.reason, error.detail)
    except EmbeddingsUnavailable:
        _wait_for_embedder(claim)
    except WorkInterrupted:
        leave(claim, pause_after(claim.document.tries))
        logger.info("ingest_interrupted id=%s fence=%s", claim.document_id, claim.fence)


def _ingest(claim: Claim, keeper: Keeper, spool: Spool, with_embedder: Embedder) -> None:
    read = _read(claim, keeper, spool)
    keeper.allow(BATCH_SECONDS)
    _begin_embedding(claim, passages=spool.count, pages=read.pages, level=read.level)
    first_ordinal = 0
    for pieces in spool.batches(BATCH_PASSAGES):
        keeper.allow(BATCH_SECONDS)
        _index_batch(claim, pieces, first_ordinal, with_embedder)
        first_ordinal += len(pieces)
    end(claim, state=DocumentState.READY, reason_code="", reason_detail="")
    logger.info("ingest_ready id=%s fence=%s", claim.document_id, claim.fence)


def _read(claim: Claim, keeper: Keeper, spool: Spool) -> _Read:
    """Parse, cut and judge the file; its passages go to the spool.

    Raises:
        DocumentUnreadable, WorkInterrupted, LeaseLost
    """
    document, origin = claim.document, origin_of(claim.document)
    path = files.path_of(document.storage_key)
    if not path.is_file():
        raise DocumentUnreadable(Reason.FILE_MISSING)
    tally, pages = Tally(), 0
    found = found_in(path, name=document.name)
    keeper.allow(DEADLINE_SECONDS + digest.deadline_seconds() + _SPARE_SECONDS)
    for portion in digested(found, Wanted(tally.document, origin)):
        spool.add(portion.pieces)
        if spool.count > PASSAGES_MAX:
            raise DocumentUnreadable(Reason.TOO_LARGE)
        tally.add(portion)
        pages = max(pages, portion.pages)
        keeper.allow(digest.deadline_seconds() + _SPARE_SECONDS)
    if not spool.count:
        raise DocumentUnreadable(Reason.NO_TEXT)
    return _Read(pages or None, tally.level())


def _begin_embedding(claim: Claim, *, passages: int, pages: int | None, level: FileLevel) -> None:
    with fenced(
        claim,
        state=DocumentState.EMBEDDING,
        chunks_total=passages,
        chunks_done=0,
        pages=pages,
        **level.as_fields(),
    ):
        # What an attempt before this one left behind.
        remove_passages(claim.document)


def _index_batch(
    claim: Claim, pieces: list[Piece], first_ordinal: int, with_embedder: Embedder
) -> None:
    vectors = embedded(pieces, with_embedder)
    with fenced(claim, chunks_done=F("chunks_done") + len(pieces)):
        index_passages(
            claim.document, vectors, first_ordinal=first_ordinal, model_name=with_embedder.name
        )


def _wait_for_embedder(claim: Claim) -> None:
    """Leave the document until the embedder may be back; after hours somebody must look at it."""
    code = Reason.EMBEDDINGS_UNAVAILABLE
    is_again = claim.document.reason_code == code
    tries = claim.document.tries if is_again else 1
    if tries >= EMBEDDER_TRIES_MAX:
        _fail(claim, code)
        return
    pause = min(_EMBEDDER_PAUSE_SECONDS << (tries - 1), _EMBEDDER_PAUSE_SECONDS_MAX)
    with fenced(claim):
        remove_passages(claim.document)
        leave(claim, pause, tries=tries, reason_code=code.value, chunks_done=0)
    logger.info("ingest_waits id=%s tries=%s", claim.document_id, tries)


def _fail(claim: Claim, reason: Reason, detail: str = "") -> None:
    with fenced(claim):
        remove_passages(claim.document)
        end(
            claim,
            state=DocumentState.FAILED,
            reason_code=reason.value,
            reason_detail=detail[:300],
        )
    logger.info("ingest_failed id=%s reason=%s", claim.document_id, reason.value)
