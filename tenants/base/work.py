"""What must still happen: written in the caller's transaction, rung for after its commit.

The row is the promise, in the name of whoever asked; every moment is PostgreSQL's, so that no
clock of ours matters. Whatever Celery or Valkey lose, each worker process finds again by itself
(tenants.base.poller).
"""

from functools import partial

from django.db import connection, transaction

from tenants.base.bell import ring
from tenants.base.jobs import Job, kinds_of

_ENQUEUE = "SELECT public.enqueue_work(%s, %s, clock_timestamp() + make_interval(secs => %s))"


def enqueue(job: Job, object_id: str, *, delay_seconds: float = 0) -> None:
    """Remember the job in the caller's transaction; it comes due after the delay.

    What was being done is given back to the line. A worker is woken on commit if it is due now.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE, [job.kind, object_id, delay_seconds])
    if delay_seconds <= 0:
        transaction.on_commit(partial(ring, job.queue))


def hold(job: Job, object_id: str, *, seconds: float) -> None:
    """Keep a job that is being done from coming due for so long; nothing if it was forgotten."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.hold_work(%s, %s, %s)", [job.kind, object_id, seconds])


def complete(job: Job, object_id: str) -> None:
    """Forget the job, in the transaction that did it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.complete_work(%s, %s)", [job.kind, object_id])


def place_in_line(job: Job, object_id: str) -> int:
    """Return how many are begun before this one, itself counted; 0 once it does not wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public.place_of_work(%s, %s, %s)",
            [job.kind, object_id, kinds_of(job.queue) or [job.kind]],
        )
        [place] = cursor.fetchone() or (0,)
    return int(place)
