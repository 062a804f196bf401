"""One turn of a conversation, from the question to the stored answer, read top to bottom."""

import logging
import time

from django.db import IntegrityError, InterfaceError, OperationalError, connection

from assistant.endings import ending_of
from assistant.enums import EventKind
from assistant.errors import AnswerFailed, FenceLost
from assistant.events import publisher
from assistant.failpoints import Failpoint, reach
from assistant.finishing import Outcome, finish_run
from assistant.llm.errors import ProviderError
from assistant.llm.protocol import Usage
from assistant.models import Run, RunState
from assistant.planning import find_passages, plan_answer, words_of
from assistant.runs import Claim, claim_run, release_run
from assistant.selectors import Brief, brief_of, run_detail
from assistant.writing import RunWriter
from tenants.base.context import scope
from tenants.base.errors import AppError, Unavailable

logger = logging.getLogger(__name__)

_STORE_PAUSES_SECONDS = (0.1, 0.5, 2.0, 4.0)
_RETRY_WAIT_SECONDS_MAX = 30.0


def run_turn(run_id: str) -> None:
    """Answer a waiting run, or leave at once when there is nothing to do or another does it."""
    claim = claim_run(run_id)
    if claim is None:
        return
    reach(Failpoint.CLAIMED)
    with scope(claim.actor):
        writer = RunWriter(claim, publisher(run_id, claim.fence))
        try:
            _answer_or_explain(claim, writer)
        except FenceLost:
            logger.info("turn_overtaken run=%s attempt=%s", run_id, claim.fence)


def _answer_or_explain(claim: Claim, writer: RunWriter) -> None:
    try:
        _answer(claim, writer)
    except FenceLost:
        raise
    except (OperationalError, InterfaceError):
        # Nothing can be written now; the lease ends by itself and the run is taken anew.
        logger.warning("turn_lost_database run=%s", claim.run_id)
        connection.close()
    except AppError as error:
        _end_or_try_again(claim, writer, error)
    except Exception:
        # The edge of the work: whatever broke, the person who asked is told.
        logger.exception("turn_broke run=%s", claim.run_id)
        _store(claim, writer, writer.outcome(AnswerFailed()), writer.usage())


def _answer(claim: Claim, writer: RunWriter) -> None:
    writer.begin()
    brief = brief_of(claim.run_id)
    if not writer.must_end():
        _write(brief, writer)
    writer.close()
    _store(claim, writer, writer.outcome(), writer.usage())


def _write(brief: Brief, writer: RunWriter) -> None:
    found = find_passages(
        brief.question,
        previous_question=brief.previous_question,
        collection_ids=brief.collection_ids,
    )
    # Searching may have waited for others: the lease is renewed before the next long step.
    if writer.must_end():
        return
    plan = plan_answer(brief.question, found, history=brief.history, floor=brief.floor)
    writer.follow(plan)
    for piece in words_of(plan, cancelled=writer.must_end):
        writer.take(piece)
        if writer.must_end():
            break


def _end_or_try_again(claim: Claim, writer: RunWriter, error: AppError) -> None:
    """Try again when nothing was said yet and it may help; else end, keeping the words."""
    if _is_passing(error) and not writer.has_written and not claim.is_last:
        release_run(claim, wait_seconds=_wait_seconds(claim, error))
        writer.tell(EventKind.STATE, {"state": RunState.QUEUED.value})
        return
    logger.warning("turn_failed run=%s code=%s", claim.run_id, error.code)
    writer.close()
    _store(claim, writer, writer.outcome(error), writer.usage())


def _is_passing(error: AppError) -> bool:
    if isinstance(error, ProviderError):
        return not error.permanent
    return isinstance(error, Unavailable)


def _wait_seconds(claim: Claim, error: AppError) -> float:
    asked = error.retry_after_seconds if isinstance(error, ProviderError) else None
    return min(asked or float(claim.fence), _RETRY_WAIT_SECONDS_MAX)


def _store(claim: Claim, writer: RunWriter, outcome: Outcome, usage: Usage) -> None:
    reach(Failpoint.BEFORE_FINISH)
    _finish_patiently(claim, outcome, usage)
    reach(Failpoint.AFTER_FINISH)
    kind, data = ending_of(run_detail(claim.run_id))
    writer.tell(kind, data)


def _finish_patiently(claim: Claim, outcome: Outcome, usage: Usage) -> None:
    """Write the end, also when the database is away for a moment."""
    for pause_seconds in (*_STORE_PAUSES_SECONDS, None):
        try:
            finish_run(claim.run_id, fence=claim.fence, outcome=outcome, usage=usage)
        except FenceLost:
            # The commit of an earlier try may have arrived although its answer did not.
            if not _has_ended(claim):
                raise
        except (OperationalError, InterfaceError, IntegrityError):
            if pause_seconds is None:
                raise
            connection.close()
            time.sleep(pause_seconds)
            continue
        return


def _has_ended(claim: Claim) -> bool:
    run = Run.objects.filter(id=claim.run_id, attempt=claim.fence).first()
    return run is not None and run.is_finished
