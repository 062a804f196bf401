"""The end of a run, written once: message, citations, state and work item in one transaction."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models.functions import Now

from assistant.answers import Support
from assistant.blocks import RENDERER
from assistant.errors import FenceLost
from assistant.llm.protocol import Usage
from assistant.models import Citation, Conversation, Message, MessageRole, Run, RunState
from edge_agent.contract.levels import Level
from tenants.base.jobs import RUN_TURN
from tenants.base.work import complete
from tenants.boundary import Verdict

NOTHING_SPENT = Usage(tokens_in=0, tokens_out=0, estimated=False)
_ACTIVE = (RunState.QUEUED, RunState.RUNNING)
_DETAIL_CHARS_MAX = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run; the words are kept whatever the state.

    Without `html` the answer is rendered when it is first shown.
    """

    state: RunState
    text: str = ""
    html: str | None = None
    supports: tuple[Support, ...] = field(default=())
    model: str = ""
    mode: str = ""
    passages_used: int = 0
    passages_seen: int = 0
    boundary: Verdict | None = None
    error_code: str = ""
    error_detail: str = ""


def finish_run(run_id: str, *, fence: int, outcome: Outcome, usage: Usage) -> None:
    """Bring a run to its terminal state.

    Raises: FenceLost when another attempt owns the run, or it has ended or is gone.
    """
    with transaction.atomic():
        run = _locked(run_id, fence)
        answer = _store_answer(run, outcome)
        Run.objects.filter(id=run.id).update(
            state=outcome.state,
            answer=answer,
            partial_text=outcome.text,
            lease_expires_at=None,
            finished_at=Now(),
            tokens_in=usage.tokens_in,
            tokens_out=usage.tokens_out,
            model=outcome.model,
            mode=outcome.mode,
            passages_used=outcome.passages_used,
            passages_seen=outcome.passages_seen,
            boundary=outcome.boundary.to_json() if outcome.boundary else {},
            error_code=outcome.error_code,
            error_detail=outcome.error_detail[:_DETAIL_CHARS_MAX],
        )
        Conversation.objects.filter(id=run.conversation_id).update(updated_at=Now())
        complete(RUN_TURN, run_id)


def _locked(run_id: str, fence: int) -> Run:
    # The conversation is locked before the run, as everywhere, so that no two wait crosswise.
    owning = Conversation.objects.filter(runs__id=run_id)
    owning.select_for_update(no_key=True, of=("self",)).first()
    run = (
        Run.objects.select_for_update(of=("self",))
        .select_related("question")
        .filter(id=run_id, attempt=fence, state__in=_ACTIVE)
        .first()
    )
    if run is None:
        raise FenceLost
    return run


def _store_answer(run: Run, outcome: Outcome) -> Message | None:
    if not outcome.text:
        return None
    place = {"conversation_id": run.conversation_id, "position": run.question.position + 1}
    # A retried question has older words in this place; these are their successors.
    Message.objects.filter(**place).delete()
    answer = Message.objects.create(
        role=MessageRole.ASSISTANT,
        text=outcome.text,
        html=outcome.html or "",
        rendered_by=0 if outcome.html is None else RENDERER,
        level=outcome.boundary.level if outcome.boundary else Level.L0,
        **place,
    )
    Citation.objects.bulk_create(
        Citation(
            message=answer,
            ordinal=support.ordinal,
            chunk_id=support.passage.chunk_id,
            document_id=support.passage.document_id,
            document_name=support.passage.document_name,
            page=support.passage.page,
            start=support.start,
            end=support.end,
            quote=support.quote,
            score=support.score,
        )
        for support in outcome.supports
    )
    return answer
