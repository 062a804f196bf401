"""DUR-07: a worker that is stopped past its lease is overtaken, and what it writes later is refused."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db.models import Max

from rag import documents
from rag.models import Chunk, Collection, Document, DocumentState, Posting
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tests.harness.processes import LiveWorker
from tests.harness.servers import located
from tests.trials.live import WAIT_SECONDS, eventually

LEASE_SECONDS = 3
# So many that no machine is through with them before it is stopped.
PASSAGES_MIN = 1200
TEXT = "\n\n".join(
    f"# Locker {number}\n\nLocker {number} opens at seven and closes at eight."
    + " It is grey." * 40
    for number in range(PASSAGES_MIN)
)
# What the stopped worker meets when it goes on: the fence, or a connection that was ended meanwhile.
# By the fence, or by the database, which ended the connection that held the locks meanwhile.
REFUSALS = (b"ingest_lost", b"OperationalError", b"InternalError: terminating connection")
WRITERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
)


@contextmanager
def ingesting_worker(name: str) -> Iterator[LiveWorker]:
    worker = LiveWorker(DRAWBRIDGE_INGEST_LEASE_SECONDS=str(LEASE_SECONDS))
    worker.log = worker.log.with_name(f"{name}-{worker.log.name}")
    with worker:
        yield worker


def uploaded(tenant: TenantRef) -> str:
    with scope(platform_scope(tenant.schema, "trials")):
        path = documents.begin_upload(len(TEXT))
        path.write_text(TEXT)
        return str(documents.accept_upload("lockers.md", "text/markdown", path).pk)


def stop_while(worker: LiveWorker, *, is_writing: bool) -> None:
    """Stop the worker inside a transaction, or outside of any."""
    url = located().database_url("postgres", settings.DATABASES["default"]["NAME"])
    with psycopg.connect(url, autocommit=True) as connection:
        ends_at = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < ends_at:
            os.kill(worker.pid, signal.SIGSTOP)
            # What was on its way to the database is done by then.
            time.sleep(0.05)
            [writers] = connection.execute(WRITERS).fetchone() or (0,)
            if bool(writers) == is_writing:
                return
            os.kill(worker.pid, signal.SIGCONT)
            time.sleep(0.01)
    raise AssertionError("the worker is never met there")


def document_of(tenant: TenantRef, document_id: str) -> Document:
    with scope(platform_scope(tenant.schema, "trials")):
        return Document.objects.get(pk=document_id)


def assert_one_set_of_passages(tenant: TenantRef, document_id: str) -> None:
    document = document_of(tenant, document_id)
    assert (document.state, document.attempt, document.tries) == (DocumentState.READY, 2, 0)
    assert document.chunks_done == document.chunks_total >= PASSAGES_MIN
    with scope(platform_scope(tenant.schema, "trials")):
        ordinals = list(Chunk.objects.order_by("ordinal").values_list("ordinal", flat=True))
        assert ordinals == list(range(document.chunks_total))
        [collection] = Collection.objects.all()
        assert collection.chunk_count == document.chunks_total
        assert Posting.objects.values("chunk").distinct().count() == document.chunks_total


@pytest.mark.slow
@pytest.mark.parametrize("is_writing", [False, True])
def test_dur_07_a_stopped_worker_is_overtaken_and_its_late_writes_are_refused(
    tenant: TenantRef, is_writing: bool
) -> None:
    """It is stopped while it embeds, or in a transaction that holds the locks of the document."""
    with ingesting_worker("stopped") as stopped:
        document_id = uploaded(tenant)
        eventually(
            lambda: document_of(tenant, document_id).chunks_done > 0,
            "the first worker does not embed",
        )
        stop_while(stopped, is_writing=is_writing)
        try:
            with ingesting_worker("second"):
                eventually(
                    lambda: document_of(tenant, document_id).state == DocumentState.READY,
                    "nobody takes over",
                    timeout_seconds=120,
                )
                newest = _newest_passage(tenant)
                os.kill(stopped.pid, signal.SIGCONT)
                eventually(
                    lambda: any(said in stopped.log.read_bytes() for said in REFUSALS),
                    "the stopped worker does not notice",
                    timeout_seconds=30,
                )
        finally:
            os.kill(stopped.pid, signal.SIGCONT)

    assert_one_set_of_passages(tenant, document_id)
    assert _newest_passage(tenant) == newest


def _newest_passage(tenant: TenantRef) -> int | None:
    with scope(platform_scope(tenant.schema, "trials")):
        newest: int | None = Chunk.objects.aggregate(newest=Max("pk"))["newest"]
        return newest
