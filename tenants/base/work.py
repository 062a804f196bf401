"""What must still happen: written in the caller's transaction, woken after its commit.

The row is the promise; Celery is only the quick way to be told. Whatever Celery or
Valkey lose, the poller of each worker process finds again (tenants.base.poller).
"""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from tenants.base.context import Scope, current_scope, scope
from tenants.base.jobs import Job
from tenants.base.tasks import wake

logger = logging.getLogger(__name__)

# The poller leaves a fresh item to the message that is already on its way.
GRACE_SECONDS = 5


def enqueue(job: Job, object_id: str, *, due_at: datetime | None = None) -> None:
    """Remember the job in the caller's transaction and wake a worker on commit."""
    if due_at is not None:
        _write(job, object_id, due_at)
        return
    _write(job, object_id, timezone.now() + timedelta(seconds=GRACE_SECONDS))
    asked_by = current_scope()
    transaction.on_commit(lambda: _wake(asked_by, job, object_id))


def complete(job: Job, object_id: str) -> None:
    """Forget the job, in the transaction that did it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.complete_work(%s, %s)", [job.kind, object_id])


def _write(job: Job, object_id: str, due_at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.enqueue_work(%s, %s, %s)", [job.kind, object_id, due_at])


def _wake(asked_by: Scope, job: Job, object_id: str) -> None:
    with scope(asked_by):
        try:
            wake(job.task, object_id)
        except OperationalError:
            logger.warning("wake_failed kind=%s schema=%s", job.kind, asked_by.schema)
            # Nobody was told, so the poller need not wait.
            _write(job, object_id, timezone.now())
