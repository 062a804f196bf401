"""Every worker process looks into the list of work itself, with or without Celery.

A look takes what is due in the order of the line (tenants in turn, then their people) as far as
there are slots and caps, by moving its due moment into the future in a statement of its own that
skips what others are taking. The body then runs here, in a slot; when it is done it removes the
item in its own transaction. Until then the item comes due again.
"""

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.db import Error as DatabaseFailure
from django.db import close_old_connections, connection

from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.jobs import Queue, body_of, kinds_of
from tenants.base.loops import Loop
from tenants.base.threads import entered

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
# What runs here that long may be overtaken from here as well: perhaps it never ends.
HELD_SECONDS_MAX = 300.0
ATTEMPTS_MAX = 10
BACKOFF_SECONDS = 5
BACKOFF_SECONDS_MAX = 300
# Far, yet not never: an operator who mends the cause need not touch the row.
BURIED_SECONDS = 7 * 24 * 3600

# The rows are locked by number alone and their moment is read again then: another look that took
# one in between leaves it out, so that no cap is passed by two looks at once.
_TAKE = """
WITH chosen AS MATERIALIZED (
    SELECT line.id FROM public.work_line(%(kinds)s) line
    WHERE line.person_turn <= %(person_max)s AND line.tenant_turn <= %(tenant_max)s
      AND NOT line.id = ANY(%(held)s)
    ORDER BY line.place LIMIT %(room)s),
due AS MATERIALIZED (
    SELECT id FROM public.work_item
    WHERE id IN (SELECT id FROM chosen) AND due_at <= statement_timestamp()
    FOR UPDATE SKIP LOCKED)
UPDATE public.work_item AS item
SET attempts = item.attempts + 1,
    taken_at = clock_timestamp(),
    due_at = clock_timestamp() + make_interval(secs => CASE
        WHEN item.attempts + 1 >= %(attempts_max)s THEN %(buried)s
        ELSE least(%(backoff)s * power(2, item.attempts), %(backoff_max)s) END)
FROM due WHERE item.id = due.id
RETURNING item.id, item.taken_at, item.schema, item.kind, item.object_id, item.attempts
"""
_GIVE_BACK = "UPDATE public.work_item SET taken_at = NULL WHERE id = %s AND taken_at = %s"


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the list, taken for now."""

    id: int
    taken_at: datetime
    schema: str
    kind: str
    object_id: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Caps:
    """How much of a line may be done at once: in this process, for a tenant, for a person."""

    slots: int
    tenant: int
    person: int


class Poller:
    """The loop that takes due work of one line, and the slots in which it is done."""

    def __init__(self, queue: Queue, caps: Caps) -> None:
        self.queue = queue
        self.loop = Loop(f"poller-{queue.lower()}", self._turn)
        self._caps = caps
        self._news = threading.Event()
        self._lock = threading.Lock()
        self._running: dict[Item, float] = {}
        self._pool = ThreadPoolExecutor(caps.slots, thread_name_prefix=queue.lower())

    def ring(self) -> None:
        """Make it look at once."""
        self._news.set()

    def stop(self, grace_seconds: float) -> None:
        """Take nothing more; what is running stays on the list until it is done."""
        self._news.set()
        self.loop.stop(grace_seconds)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def take_round(self) -> int:
        """Take as much as there are free slots for; return how much that was.

        Nothing is held while looking: a look that fails, or never returns, costs no slot.
        """
        with self._lock:
            room = self._caps.slots - len(self._running)
            since = time.monotonic() - HELD_SECONDS_MAX
            held = [item.id for item, begun in self._running.items() if begun > since]
        # A busy process renews late; what it is still doing itself was interrupted by nobody.
        items = take(self.queue, self._caps, room=room, held=held)
        for item in items:
            with self._lock:
                self._running[item] = time.monotonic()
            try:
                self._pool.submit(self._do, item)
            except RuntimeError:
                # The pool was shut down meanwhile; the item comes due again by itself.
                self._leave(item)
        return len(items)

    def _turn(self) -> None:
        self._news.wait(POLL_SECONDS)
        self._news.clear()
        if self.loop.is_stopping:
            return
        try:
            self.take_round()
        except DatabaseFailure as error:
            # The database is away; the list waits there and so do we.
            logger.warning("poll_failed queue=%s reason=%s", self.queue, type(error).__name__)
        finally:
            close_old_connections()

    def _do(self, item: Item) -> None:
        if item.attempts >= ATTEMPTS_MAX:
            logger.error(
                "work_buried schema=%s kind=%s id=%s", item.schema, item.kind, item.object_id
            )
        try:
            with entered(platform_scope(item.schema)):
                body_of(item.kind)(item.object_id)
        except Exception:
            # The edge of this pool: the item comes due again by itself.
            logger.exception("work_failed schema=%s kind=%s", item.schema, item.kind)
        finally:
            self._give_back(item)
            self._leave(item)

    def _give_back(self, item: Item) -> None:
        """Let it count as running no longer, if it is still on the list."""
        try:
            with entered(REGISTRY), connection.cursor() as cursor:
                cursor.execute(_GIVE_BACK, [item.id, item.taken_at])
        except DatabaseFailure:
            logger.warning("work_not_given_back schema=%s kind=%s", item.schema, item.kind)

    def _leave(self, item: Item) -> None:
        with self._lock:
            self._running.pop(item, None)
        # There may be more that waits for just this slot.
        self.ring()


def take(queue: Queue, caps: Caps, *, room: int, held: Sequence[int] = ()) -> list[Item]:
    """Take up to `room` due items of this line but those `held`, moving them into the future."""
    if room <= 0:
        return []
    asked: dict[str, int | list[str] | list[int]] = {
        "attempts_max": ATTEMPTS_MAX,
        "buried": BURIED_SECONDS,
        "backoff": BACKOFF_SECONDS,
        "backoff_max": BACKOFF_SECONDS_MAX,
        "kinds": kinds_of(queue),
        "person_max": caps.person,
        "tenant_max": caps.tenant,
        "room": room,
        "held": list(held),
    }
    with scope(REGISTRY), connection.cursor() as cursor:
        cursor.execute(_TAKE, asked)
        return [Item(*row) for row in cursor.fetchall()]
