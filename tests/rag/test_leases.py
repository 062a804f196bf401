"""One worker at a time, whoever dies, hangs or has a wrong clock; and nothing ends for that."""

import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from edge_agent.contract.levels import Level
from rag import ingestion, leases
from rag.embeddings import ScriptedEmbedder
from rag.errors import EmbeddingsUnavailable, WorkInterrupted
from rag.judging import FileLevel
from rag.models import Chunk, Document, DocumentState
from tenants.base.context import REGISTRY, scope
from tenants.hosts import TenantRef
from tenants.models import WorkItem
from tests.rag import samples
from tests.rag.uploads import upload
from tests.trials.live import eventually

PUBLIC = FileLevel(Level.L0, (), 1)


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
