"""Who works on a document: one worker at a time, by a lease that is kept as long as it gets on.

The moments are those of the database's clock alone. Whoever finds a lease run out takes over with
the next number of the fence, `attempt`; what the slower one writes then matches no row. What was
interrupted is tried again by itself, after pauses that grow; that is nobody's fault.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from rag.models import Document, DocumentState
from tenants.base import work
from tenants.base.jobs import INGEST_DOCUMENT

logger = logging.getLogger(__name__)

# So often a lease is renewed before it would run out.
_RENEWALS = 6
# The first interruptions cost no pause: workers are stopped when a new version is set up.
_TRIES_AT_ONCE = 3
_PAUSE_SECONDS, _PAUSE_SECONDS_MAX = 15, 3600
_DOUBLINGS_MAX = 16
_LOCK_SECONDS = 5
_WORKING = (DocumentState.PARSING, DocumentState.EMBEDDING)
_ENDED = frozenset({DocumentState.READY, DocumentState.FAILED, DocumentState.DELETING})


class LeaseLost(Exception):
    """Somebody else has taken the document over, or deleted it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A document held by this worker; `fence` is the attempt that holds it."""

    document: Document
    fence: int

    @property
    def document_id(self) -> str:
        return str(self.document.pk)


def claim_document(document_id: str) -> Claim | None:
    """Take the document if nobody holds it; None where there is nothing to do now."""
    with transaction.atomic():
        _wait_at_most(_LOCK_SECONDS)
        document = (
            Document.objects.select_for_update(of=("self",))
            .select_related("collection")
            .filter(pk=document_id)
            .first()
        )
        if document is None or document.state in _ENDED:
            work.complete(INGEST_DOCUMENT, document_id)
            return None
        if not Document.objects.filter(_is_free(), pk=document_id).exists():
            # Another worker holds it; the promise stays until its lease has run out.
            _hold(document_id, settings.INGEST_LEASE_SECONDS)
            return None
        document.attempt += 1
        document.tries += 1
        document.state = DocumentState.PARSING
        Document.objects.filter(pk=document_id).update(
            attempt=document.attempt,
            tries=document.tries,
            state=document.state,
            lease_expires_at=_lease_end(),
            updated_at=Now(),
        )
        claim = Claim(document, document.attempt)
        _hold(document_id, _hold_seconds(claim))
    return claim


def renew(claim: Claim, **changes: object) -> None:
    """Write under the fence and prolong the lease.

    Raises:
        LeaseLost: the row is no longer this attempt's.
    """
    with transaction.atomic():
        _write(claim, lease_expires_at=_lease_end(), **changes)
        _hold(claim.document_id, _hold_seconds(claim))


def end(claim: Claim, **changes: object) -> None:
    """Write the last of it under the fence, in the caller's transaction or one of its own.

    Raises:
        LeaseLost: the row is no longer this attempt's.
    """
    with transaction.atomic():
        _write(claim, lease_expires_at=None, tries=0, **changes)
        work.complete(INGEST_DOCUMENT, claim.document_id)


def leave(claim: Claim, pause_seconds: float, **changes: object) -> None:
    """Give the document back, to be tried again after a pause.

    Raises:
        LeaseLost: the row is no longer this attempt's.
    """
    with transaction.atomic():
        _write(claim, lease_expires_at=None, state=DocumentState.QUEUED, **changes)
        come_back(claim.document_id, pause_seconds)


def pause_after(tries: int) -> float:
    """Return how long a document rests that was interrupted so often, on top of its lease."""
    if tries <= _TRIES_AT_ONCE:
        return 0
    doublings = min(tries - _TRIES_AT_ONCE, _DOUBLINGS_MAX)
    return min(_PAUSE_SECONDS << doublings, _PAUSE_SECONDS_MAX)


@contextmanager
def fenced(claim: Claim, **changes: object) -> Iterator[None]:
    """Write more than the row, in one transaction that the fence guards.

    A worker that is stopped in the middle of it holds locks that all others wait for: the
    database ends its connection when its lease would have run out.

    Raises:
        LeaseLost: the row is no longer this attempt's.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            milliseconds = settings.INGEST_LEASE_SECONDS * 1000
            cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = {milliseconds:d}")
        renew(claim, **changes)
        yield


class Keeper:
    """Renews the lease beside the work, as long as each step of it is within its time.

    Whoever is stopped, or hangs in a step, stops renewing, and is overtaken.
    """

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._step_ends_at = 0.0
        self.is_lost = False
        self._done = threading.Event()
        # The scope of this thread is the scope of that one.
        context = copy_context()
        self._thread = threading.Thread(
            target=lambda: context.run(self._keep), name="lease keeper", daemon=True
        )

    def allow(self, step_seconds: float) -> None:
        """Begin a step that may take so long.

        Raises:
            LeaseLost: the document has been taken over.
        """
        if self.is_lost:
            raise LeaseLost
        self._step_ends_at = time.monotonic() + step_seconds

    def _keep(self) -> None:
        while not self._done.wait(settings.INGEST_LEASE_SECONDS / _RENEWALS):
            if time.monotonic() > self._step_ends_at:
                logger.warning("lease_not_kept id=%s", self._claim.document_id)
                continue
            try:
                renew(self._claim)
            except LeaseLost:
                self.is_lost = True
                return
            except DatabaseFailure:
                logger.warning("lease_not_renewed id=%s", self._claim.document_id)
            finally:
                # Seconds pass until the next one: nobody is kept waiting for a connection.
                connection.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._thread.join(timeout=settings.INGEST_LEASE_SECONDS)


def come_back(document_id: str, seconds: float) -> None:
    """Let the document come due again after so long, and leave it to whoever is free then."""
    work.enqueue(INGEST_DOCUMENT, document_id, delay_seconds=seconds)


def _hold(document_id: str, seconds: float) -> None:
    """Let the document come due again after so long if nothing is heard of it until then."""
    work.hold(INGEST_DOCUMENT, document_id, seconds=seconds)


def _hold_seconds(claim: Claim) -> float:
    # A little later than the lease, or it would be found still held.
    return settings.INGEST_LEASE_SECONDS + 1 + pause_after(claim.document.tries)


def _is_free() -> Q:
    return Q(state=DocumentState.QUEUED) | Q(state__in=_WORKING, lease_expires_at__lte=Now())


def _lease_end() -> object:
    return Now() + timedelta(seconds=settings.INGEST_LEASE_SECONDS)


def _write(claim: Claim, **changes: object) -> None:
    written = Document.objects.filter(
        pk=claim.document.pk, attempt=claim.fence, state__in=_WORKING
    ).update(updated_at=Now(), **changes)
    if not written:
        raise LeaseLost


def _wait_at_most(seconds: int) -> None:
    """Let a row that somebody else has locked be left for later, in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {seconds * 1000:d}")
