"""Every worker process looks into the list of work itself, with or without Celery.

A due item is taken by moving its due moment into the future, in a statement of its own
that skips what others are taking. The body then runs here, in a small pool; when it is
done it removes the item in its own transaction. Until then the item comes due again.
"""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from celery import Celery
from django.db import Error as DatabaseFailure
from django.db import close_old_connections, connection

from tenants.base.context import REGISTRY, scope
from tenants.base.jobs import JOBS
from tenants.base.tasks import TenantTask

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
THREADS = 4
ATTEMPTS_MAX = 10
BACKOFF_SECONDS = 5
BACKOFF_SECONDS_MAX = 300
# Far, yet not never: an operator who mends the cause need not touch the row.
BURIED_SECONDS = 7 * 24 * 3600

# Materialised: a planner that repeats the subquery would skip what it has just locked itself,
# and take more than there is room for.
_TAKE = """
WITH due AS MATERIALIZED (
    SELECT id FROM public.work_item WHERE due_at <= now() AND kind = ANY(%(kinds)s)
    ORDER BY due_at, id LIMIT %(room)s FOR UPDATE SKIP LOCKED)
UPDATE public.work_item AS item
SET attempts = item.attempts + 1,
    due_at = now() + make_interval(secs => CASE
        WHEN item.attempts + 1 >= %(attempts_max)s THEN %(buried)s
        ELSE least(%(backoff)s * power(2, item.attempts), %(backoff_max)s) END)
FROM due WHERE item.id = due.id
RETURNING item.schema, item.kind, item.object_id, item.attempts
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the list, taken for now."""

    schema: str
    kind: str
    object_id: str
    attempts: int


class Poller:
    """The thread that takes due work and the pool that does it."""

    def __init__(self, app: Celery, *, threads: int = THREADS) -> None:
        self._app = app
        self._threads = threads
        self._free = threading.BoundedSemaphore(threads)
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="work")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._poll, name="poller", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, grace_seconds: float) -> None:
        """Take nothing more; what is running stays on the list until it is done."""
        self._stopping.set()
        self._thread.join(timeout=grace_seconds)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _poll(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            try:
                self.take_round()
            except DatabaseFailure:
                # The database is away; the list waits there and so do we.
                logger.exception("poll_failed")
            finally:
                close_old_connections()

    def take_round(self) -> int:
        """Take as much as there are free threads for; return how much that was."""
        room = self._reserve()
        items = take(room, tuple(kind for kind in JOBS if JOBS[kind].task in self._app.tasks))
        for _unused in range(room - len(items)):
            self._free.release()
        for item in items:
            self._pool.submit(self._do, item)
        return len(items)

    def _reserve(self) -> int:
        room = 0
        while room < self._threads and self._free.acquire(blocking=False):
            room += 1
        return room

    def _do(self, item: Item) -> None:
        if item.attempts >= ATTEMPTS_MAX:
            logger.error(
                "work_buried schema=%s kind=%s id=%s", item.schema, item.kind, item.object_id
            )
        try:
            _body_of(self._app, item.kind).run_now(item.schema, item.object_id)
        except Exception:
            # The edge of this pool: the item comes due again by itself.
            logger.exception("work_failed schema=%s kind=%s", item.schema, item.kind)
        finally:
            self._free.release()


def _body_of(app: Celery, kind: str) -> TenantTask:
    task = app.tasks[JOBS[kind].task]
    if not isinstance(task, TenantTask):
        raise TypeError(f"{task.name} is no TenantTask")
    return task


def take(room: int, kinds: tuple[str, ...]) -> list[Item]:
    """Take up to `room` due items of these kinds, moving them into the future."""
    if not room:
        return []
    asked: dict[str, int | list[str]] = {
        "attempts_max": ATTEMPTS_MAX,
        "buried": BURIED_SECONDS,
        "backoff": BACKOFF_SECONDS,
        "backoff_max": BACKOFF_SECONDS_MAX,
        "kinds": list(kinds),
        "room": room,
    }
    with scope(REGISTRY), connection.cursor() as cursor:
        cursor.execute(_TAKE, asked)
        return [Item(*row) for row in cursor.fetchall()]
