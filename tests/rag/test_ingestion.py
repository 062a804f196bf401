"""From an uploaded file to passages that are found, and back to nothing."""

from pathlib import Path

import pytest
from django.conf import settings

from assistant.models import Citation, Conversation, Message
from rag import documents, files, ingestion
from rag.errors import (
    DocumentBusy,
    DocumentMissing,
    StorageFull,
    UploadTooLarge,
)
from rag.models import (
    Chunk,
    ChunkVector,
    Collection,
    Document,
    DocumentState,
    Posting,
    SentenceVector,
)
from rag.retrieval import search
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.fixtures import AsPerson
from tests.rag import samples
from tests.rag.uploads import upload


def ingested(name: str, content: bytes) -> Document:
    document = upload(name, content)
    ingestion.ingest_document(str(document.pk))
    document.refresh_from_db()
    return document


def test_document_becomes_ready_and_is_found(inside: TenantRef) -> None:
    document = ingested("handbook.pdf", samples.pdf())

    assert document.state == DocumentState.READY
    assert (document.pages, document.chunks_done) == (2, document.chunks_total)
    result = search("Which nightly limit holds in Berlin?", collection_ids=None)
    assert result.passages[0].page == 1
    assert "| Berlin | 140 euros |" in result.passages[0].text
    assert result.passages[0].document_id == str(document.pk)
    collection = Collection.objects.get(pk=document.collection_id)
    assert collection.chunk_count == Chunk.objects.count() == document.chunks_total
    assert collection.token_total == sum(Chunk.objects.values_list("length", flat=True))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("nothing.txt", b"", "EMPTY"),
        ("locked.pdf", samples.encrypted_pdf(), "ENCRYPTED"),
        ("broken.pdf", b"%PDF-1.7 nothing more", "CORRUPT"),
        ("really.pdf", samples.word(), "MISLABELLED"),
        ("bomb.docx", samples.zip_bomb(unpacked_bytes=320 * 1024 * 1024), "BOMB"),
        ("photo.png", b"\x89PNG", "UNSUPPORTED"),
        ("scan.pdf", samples.blank_pdf(), "NO_TEXT"),
    ],
)
def test_bad_file_fails_with_its_reason(
    inside: TenantRef, name: str, content: bytes, reason: str
) -> None:
    document = ingested(name, content)

    assert (document.state, document.reason_code) == (DocumentState.FAILED, reason)
    assert Chunk.objects.count() == 0


def test_three_runs_write_once(inside: TenantRef) -> None:
    document = upload("handbook.md", samples.MARKDOWN.encode())

    for _ in range(3):
        ingestion.ingest_document(str(document.pk))

    document.refresh_from_db()
    assert (document.state, document.attempt) == (DocumentState.READY, 1)
    assert Chunk.objects.count() == document.chunks_total


def test_retry_is_for_failed_documents_only(inside: TenantRef) -> None:
    document = ingested("handbook.md", samples.MARKDOWN.encode())

    with pytest.raises(DocumentBusy):
        documents.retry_document(str(document.pk))


def test_delete_leaves_nothing(inside: TenantRef) -> None:
    kept = ingested("kept.md", b"# Kept\n\nThe kept document speaks of lighthouses.")
    gone = ingested("handbook.md", samples.MARKDOWN.encode())
    path = files.path_of(gone.storage_key)
    assert path.is_file()

    documents.delete_document(str(gone.pk))

    assert all(
        passage.document_id == str(kept.pk)
        for passage in search("work from home", collection_ids=None).passages
    )
    ingestion.remove_document(str(gone.pk))
    numbers = set(Chunk.objects.values_list("pk", flat=True))
    assert not path.exists()
    assert list(Document.objects.values_list("pk", flat=True)) == [kept.pk]
    for table in (Posting, ChunkVector, SentenceVector):
        assert set(table.objects.values_list("chunk_id", flat=True)) == numbers
    collection = Collection.objects.get()
    assert (collection.chunk_count, collection.token_total) == (
        1,
        Chunk.objects.get().length,
    )
    with pytest.raises(DocumentMissing):
        documents.delete_document(str(gone.pk))


def test_deletion_by_one_person_keeps_the_answers_of_another(
    tenant: TenantRef, owner: Person, member: Person, as_person: AsPerson
) -> None:
    with scope(platform_scope(tenant.schema)):
        document = ingested("handbook.md", samples.MARKDOWN.encode())
    with as_person(tenant, member):
        conversation = Conversation.objects.create(owner=member, title="Leave")
        answer = Message.objects.create(
            conversation=conversation, role="ASSISTANT", text="24 days.", position=2
        )
        Citation.objects.create(
            message=answer,
            ordinal=1,
            chunk=Chunk.objects.earliest("pk"),
            document_id=document.pk,
            document_name=document.name,
            start=0,
            end=8,
            quote="24",
            score=1,
        )

    with as_person(tenant, owner):
        documents.delete_document(str(document.pk))
    with scope(platform_scope(tenant.schema)):
        ingestion.remove_document(str(document.pk))

    with as_person(tenant, member):
        [citation] = Citation.objects.all()
        assert (citation.chunk_id, citation.document_name) == (None, "handbook.md")
        assert not Document.objects.exists()


def test_missing_file_is_said_so(inside: TenantRef) -> None:
    document = upload("handbook.md", samples.MARKDOWN.encode())
    files.remove(document.storage_key)

    ingestion.ingest_document(str(document.pk))

    document.refresh_from_db()
    assert (document.state, document.reason_code) == (DocumentState.FAILED, "FILE_MISSING")


def test_full_disk_refuses_before_acceptance(
    inside: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "STORAGE_RESERVE_BYTES", 2**60, raising=False)

    with pytest.raises(StorageFull):
        upload("handbook.md", b"text")

    assert Document.objects.count() == 0
    assert _files_of(inside) == []


def test_large_file_is_refused(inside: TenantRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "UPLOAD_BYTES_MAX", 10)

    with pytest.raises(UploadTooLarge):
        upload("handbook.md", b"eleven bytes")

    assert _files_of(inside) == []


def _files_of(tenant: TenantRef) -> list[Path]:
    folder = Path(settings.FILES_ROOT) / tenant.schema
    return [path for path in folder.rglob("*") if path.is_file()]
