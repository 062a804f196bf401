"""The verbs on documents: accept, retry, delete. The work itself is done by `ingestion`."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from edge_agent.contract.levels import Level
from rag import files
from rag.collections import CollectionMissing
from rag.errors import (
    DocumentBusy,
    DocumentMissing,
    LabelLowered,
    LabelUnknown,
    UploadTooLarge,
)
from rag.models import Collection, Document, DocumentState
from tenants.base import work
from tenants.base.jobs import DELETE_FILES, INGEST_DOCUMENT, JUDGE_DOCUMENTS
from tenants.policies.standing import policy_in_force

DEFAULT_COLLECTION = "Documents"
LABEL_CHARS_SHOWN = 40
_MEDIA_TYPE_CHARS_MAX = 120
_MEGABYTE = 1024 * 1024


def begin_upload(size_bytes: int) -> Path:
    """Return a temporary file to write an upload of about this size to.

    Raises:
        UploadTooLarge, StorageFull: before a byte is taken.
    """
    check_size(size_bytes)
    files.check_free_space(size_bytes)
    return files.new_temp_path()


def accept_upload(
    name: str,
    media_type: str,
    temp_path: Path,
    *,
    collection: Collection | int | None = None,
    uploaded_by: str | None = None,
    label: str = "",
) -> Document:
    """Keep the file and promise to index it; file, row and promise stand or fall together.

    Raises:
        UploadTooLarge, StorageFull, CollectionMissing, LabelUnknown
    """
    level_of_label(label)
    size_bytes = temp_path.stat().st_size
    check_size(size_bytes)
    files.check_free_space(0)
    kept_in = collection_of(collection)
    digest = files.sha256_of(temp_path)
    key = files.keep(temp_path)
    try:
        with transaction.atomic():
            document = Document.objects.create(
                collection=kept_in,
                uploaded_by_id=uploaded_by,
                name=files.shown_name(name),
                media_type=media_type[:_MEDIA_TYPE_CHARS_MAX],
                size_bytes=size_bytes,
                sha256=digest,
                storage_key=key,
                label=label,
                state=DocumentState.QUEUED,
            )
            work.enqueue(INGEST_DOCUMENT, str(document.pk))
    except BaseException:
        # Whatever went wrong, no row knows this file.
        files.remove(key)
        raise
    return document


def check_size(size_bytes: int) -> None:
    if size_bytes > settings.UPLOAD_BYTES_MAX:
        raise UploadTooLarge(megabytes=settings.UPLOAD_BYTES_MAX // _MEGABYTE)


def label_document(document_id: str, label: str) -> Document:
    """Say how secret a document is; its passages have the label from now on.

    Raises:
        DocumentMissing, LabelUnknown, LabelLowered
    """
    with transaction.atomic():
        document = _locked(document_id)
        level = level_of_label(label)
        # A label that the policy has forgotten means the strictest.
        if document.label and level < policy_in_force().labels.get(document.label, Level.L2):
            raise LabelLowered
        document.label = label
        document.save(update_fields=["label", "updated_at"])
        if document.state == DocumentState.READY:
            Document.objects.filter(pk=document.pk).update(judged_version=None)
            work.enqueue(JUDGE_DOCUMENTS, str(document.pk))
    return document


def level_of_label(label: str) -> Level:
    """Raises: LabelUnknown."""
    known = policy_in_force().labels
    if not label:
        return Level.L0
    if label not in known:
        raise LabelUnknown(label=label[:LABEL_CHARS_SHOWN], known=", ".join(known), field="label")
    return known[label]


def retry_document(document_id: str) -> Document:
    """Try a failed document again.

    Raises:
        DocumentMissing, DocumentBusy
    """
    with transaction.atomic():
        document = _locked(document_id)
        if document.state != DocumentState.FAILED:
            raise DocumentBusy
        document.tries = 0
        document.state = DocumentState.QUEUED
        document.reason_code = document.reason_detail = ""
        document.chunks_done = document.chunks_total = 0
        document.save()
        work.enqueue(INGEST_DOCUMENT, str(document.pk))
    return document


def delete_document(document_id: str) -> None:
    """Take the document out of every search at once; a worker removes all that it left.

    The worker acts as the platform: answers of other people may cite its passages, and
    nobody else may touch those rows.

    Raises:
        DocumentMissing
    """
    with transaction.atomic():
        document = _locked(document_id)
        document.state = DocumentState.DELETING
        document.attempt += 1
        document.save(update_fields=["state", "attempt", "updated_at"])
        work.complete(INGEST_DOCUMENT, str(document.pk))
        work.enqueue(DELETE_FILES, str(document.pk))


def default_collection() -> Collection:
    collection, _created = Collection.objects.get_or_create(
        is_default=True, defaults={"name": DEFAULT_COLLECTION}
    )
    return collection


def collection_of(collection: Collection | int | None) -> Collection:
    if isinstance(collection, Collection):
        return collection
    if collection is None:
        return default_collection()
    found = Collection.objects.filter(pk=collection).first()
    if found is None:
        raise CollectionMissing
    return found


def _locked(document_id: str) -> Document:
    found = Document.objects.select_for_update().filter(pk=document_id).first()
    if found is None or found.state == DocumentState.DELETING:
        raise DocumentMissing
    return found
