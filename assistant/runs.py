"""Who may write a run: claims, the lease that is renewed while it is written, and the fence.

`attempt` is the fence: each claim raises it, and every later statement names the attempt it
belongs to, so a worker that was thought dead and wakes again changes nothing.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now

from assistant.errors import AttemptsExhausted, FenceLost
from assistant.finishing import Outcome, finish_run
from assistant.llm.protocol import Usage
from assistant.models import Run, RunState
from tenants.base.context import ActorKind, Scope, current_scope
from tenants.base.jobs import RUN_TURN
from tenants.base.work import complete, enqueue, hold

CHECKPOINT_SECONDS = 2
ATTEMPTS_MAX = 3

# One statement renews the lease, keeps the words and moves the work item: it comes due when
# the lease has run out, so a dead writer is followed at once and a living one never disturbed.
_CHECKPOINT = """
WITH renewed AS (
    UPDATE assistant_run
       SET lease_expires_at = statement_timestamp() + make_interval(secs => %(lease_seconds)s),
           partial_text = %(text)s,
           tokens_out = %(tokens)s,
           first_delta_at = CASE WHEN %(text)s <> ''
                                 THEN coalesce(first_delta_at, statement_timestamp()) END
     WHERE id = %(run_id)s::uuid AND attempt = %(fence)s AND state = 'RUNNING'
    RETURNING stop_requested, lease_expires_at)
SELECT stop_requested,
       public.hold_work(%(kind)s, %(run_id)s::text, %(lease_seconds)s + 1)
  FROM renewed
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write one attempt of a run, as the actor who asked."""

    run_id: str
    fence: int
    actor: Scope
    stop_requested: bool

    @property
    def is_last(self) -> bool:
        return self.fence >= ATTEMPTS_MAX


def claim_run(run_id: str) -> Claim | None:
    """Take a run that waits, or whose writer died; None when there is nothing to write.

    A run whose third writer died as well is failed here, keeping the words it had.
    """
    with transaction.atomic():
        takeable = Q(state=RunState.QUEUED) | Q(state=RunState.RUNNING, lease_expires_at__lt=Now())
        taken = Run.objects.filter(takeable, id=uuid.UUID(run_id), attempt__lt=ATTEMPTS_MAX).update(
            state=RunState.RUNNING,
            attempt=F("attempt") + 1,
            lease_expires_at=Now() + timedelta(seconds=settings.RUN_LEASE_SECONDS),
            partial_text="",
            tokens_out=0,
            first_delta_at=None,
            started_at=Coalesce("started_at", Now()),
        )
        if not taken:
            _settle_untaken(run_id, takeable)
            return None
        run = Run.objects.get(id=run_id)
        hold(RUN_TURN, run_id, seconds=settings.RUN_LEASE_SECONDS + 1)
    return Claim(
        run_id=run_id,
        fence=run.attempt,
        actor=Scope(current_scope().schema, ActorKind(run.actor_kind), run.actor_id),
        stop_requested=run.stop_requested,
    )


def checkpoint(run_id: str, *, fence: int, text: str, tokens: int) -> bool:
    """Renew the lease, keep the words so far, and say whether the person wants to stop.

    Raises: FenceLost.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _CHECKPOINT,
            {
                "run_id": str(run_id),
                "fence": fence,
                "text": text,
                "tokens": tokens,
                "lease_seconds": settings.RUN_LEASE_SECONDS,
                "kind": RUN_TURN.kind,
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise FenceLost
    return bool(row[0])


def release_run(claim: Claim, *, wait_seconds: float) -> None:
    """Give a claimed run back to the queue, to be tried again a little later.

    Raises: FenceLost.
    """
    with transaction.atomic():
        released = Run.objects.filter(
            id=claim.run_id, attempt=claim.fence, state=RunState.RUNNING
        ).update(state=RunState.QUEUED, lease_expires_at=None)
        if not released:
            raise FenceLost
        enqueue(RUN_TURN, claim.run_id, delay_seconds=wait_seconds)


def _settle_untaken(run_id: str, takeable: Q) -> None:
    run = Run.objects.filter(id=run_id).first()
    if run is None or run.is_finished:
        complete(RUN_TURN, run_id)
    elif Run.objects.filter(takeable, id=run_id).exists():
        error = AttemptsExhausted()
        finish_run(
            run_id,
            fence=run.attempt,
            outcome=Outcome(
                RunState.FAILED,
                text=run.partial_text,
                error_code=error.code,
                error_detail=str(error),
            ),
            usage=Usage(run.tokens_in, run.tokens_out, estimated=True),
        )
