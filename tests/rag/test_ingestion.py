"""From an uploaded file to passages that are found, and back to nothing."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from assistant.models import Citation, Conversation, Message
from edge_agent.contract.levels import Level
from rag import documents, files, ingestion, leases
from rag.embeddings import ScriptedEmbedder
from rag.errors import (
    DocumentBusy,
    DocumentMissing,
    EmbeddingsUnavailable,
    StorageFull,
    UploadTooLarge,
    WorkInterrupted,
)
from rag.judging import FileLevel
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
from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.hosts import TenantRef
from tenants.models import WorkItem
from tenants.people.models import Person
from tests.harness.fixtures import AsPerson
from tests.rag import samples
from tests.trials.live import eventually

PUBLIC = FileLevel(Level.L0, (), 1)


@pytest.fixture
def inside(tenant: TenantRef) -> Iterator[TenantRef]:
    with scope(platform_scope(tenant.schema)):
        yield tenant


def upload(name: str, content: bytes) -> Document:
    path = documents.begin_upload(len(content))
    path.write_bytes(content)
    return documents.accept_upload(name, "application/octet-stream", path)


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


def test_abandoned_document_is_taken_over_and_the_slow_worker_stops(inside: TenantRef) -> None:
    document = upload("handbook.md", samples.MARKDOWN.encode())
    slow = leases.claim_document(str(document.pk))
    assert slow is not None
    Document.objects.update(lease_expires_at="2000-01-01T00:00:00Z")

    ingestion.ingest_document(str(document.pk))

    with pytest.raises(leases.LeaseLost):
        ingestion._begin_embedding(slow, passages=1, pages=None, level=PUBLIC)
    document.refresh_from_db()
    assert (document.state, document.attempt) == (DocumentState.READY, 2)


def test_held_document_is_left_alone(inside: TenantRef) -> None:
    document = upload("handbook.md", samples.MARKDOWN.encode())
    assert leases.claim_document(str(document.pk)) is not None

    assert leases.claim_document(str(document.pk)) is None

    document.refresh_from_db()
    assert (document.state, document.attempt) == (DocumentState.PARSING, 1)


def test_interruptions_are_nobodys_fault_and_the_pauses_grow(inside: TenantRef) -> None:
    document = upload("handbook.md", samples.MARKDOWN.encode())
    due = []
    for _ in range(8):
        assert leases.claim_document(str(document.pk)) is not None
        due.append(_seconds_until_due(document))
        Document.objects.update(lease_expires_at="2000-01-01T00:00:00Z")

    ingestion.ingest_document(str(document.pk))

    document.refresh_from_db()
    assert (document.state, document.attempt, document.tries) == (DocumentState.READY, 9, 0)
    lease = settings.INGEST_LEASE_SECONDS + 1
    assert [round(seconds - lease) for seconds in due] == [0, 0, 0, 30, 60, 120, 240, 480]


@pytest.mark.parametrize("days", [-2, 2])
def test_dur_06_a_worker_whose_clock_is_wrong_takes_and_leaves_the_same(
    inside: TenantRef, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    document = upload("handbook.md", samples.MARKDOWN.encode())
    wrong = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: wrong)

    assert leases.claim_document(str(document.pk)) is not None
    assert leases.claim_document(str(document.pk)) is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM lease_expires_at - now()) FROM rag_document")
        [left_seconds] = cursor.fetchone() or (0,)
    Document.objects.update(lease_expires_at=Now() - timedelta(seconds=1))
    ingestion.ingest_document(str(document.pk))

    document.refresh_from_db()
    assert (document.state, document.attempt) == (DocumentState.READY, 2)
    assert 0 < left_seconds <= settings.INGEST_LEASE_SECONDS


def test_lease_is_kept_while_a_step_is_within_its_time(
    inside: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "INGEST_LEASE_SECONDS", 1)
    document = upload("handbook.md", samples.MARKDOWN.encode())
    claim = leases.claim_document(str(document.pk))
    assert claim is not None

    with leases.Keeper(claim) as keeper:
        keeper.allow(60)
        time.sleep(1.6)
        assert leases.claim_document(str(document.pk)) is None
        keeper.allow(0)
        time.sleep(1.6)
        assert leases.claim_document(str(document.pk)) is not None
        keeper.allow(60)
        eventually(lambda: keeper.is_lost, "the keeper does not see that it was overtaken")
        with pytest.raises(leases.LeaseLost):
            keeper.allow(60)


def test_a_child_that_is_ended_from_outside_is_not_the_files_fault(
    inside: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object, **_options: object) -> object:
        raise WorkInterrupted

    document = upload("handbook.md", samples.MARKDOWN.encode())
    with monkeypatch.context() as during:
        during.setattr(ingestion, "found_in", interrupted)
        ingestion.ingest_document(str(document.pk))
    document.refresh_from_db()
    assert (document.state, document.reason_code) == (DocumentState.QUEUED, "")

    ingestion.ingest_document(str(document.pk))

    document.refresh_from_db()
    assert document.state == DocumentState.READY


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


class Away(ScriptedEmbedder):
    def embed_passages(self, texts: object) -> list[list[float]]:
        raise EmbeddingsUnavailable


def test_document_waits_for_an_embedder_that_is_away(
    inside: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = upload("later.md", b"Some words.")
    due = []
    with monkeypatch.context() as during:
        during.setattr(ingestion, "embedder_for", lambda _origin: Away())
        for _ in range(4):
            ingestion.ingest_document(str(document.pk))
            due.append(round(_seconds_until_due(document)))
    document.refresh_from_db()
    assert (document.state, document.reason_code) == ("QUEUED", "EMBEDDINGS_UNAVAILABLE")
    assert due == [5, 10, 20, 40]
    assert Chunk.objects.count() == 0

    ingestion.ingest_document(str(document.pk))

    document.refresh_from_db()
    assert (document.state, document.reason_code, document.tries) == ("READY", "", 0)


def test_document_fails_and_keeps_nothing_when_the_embedder_is_away_for_hours(
    inside: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingestion, "EMBEDDER_TRIES_MAX", 2)
    monkeypatch.setattr(ingestion, "embedder_for", lambda _origin: Away())
    document = upload("later.md", b"Some words.")

    for _ in range(2):
        ingestion.ingest_document(str(document.pk))

    document.refresh_from_db()
    assert (document.state, document.reason_code) == ("FAILED", "EMBEDDINGS_UNAVAILABLE")
    assert Chunk.objects.count() == 0


def _seconds_until_due(document: Document) -> float:
    with scope(REGISTRY):
        item = WorkItem.objects.get(object_id=str(document.pk))
    return (item.due_at - timezone.now()).total_seconds()


def _files_of(tenant: TenantRef) -> list[Path]:
    folder = Path(settings.FILES_ROOT) / tenant.schema
    return [path for path in folder.rglob("*") if path.is_file()]
