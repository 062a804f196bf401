"""What people do with conversations: ask, stop, ask again, rename, delete."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max

from assistant.errors import (
    ConversationNotFound,
    IdempotencyConflict,
    RunNotFound,
    RunNotRetryable,
    TurnInProgress,
)
from assistant.finishing import NOTHING_SPENT, Outcome, finish_run
from assistant.models import Conversation, Message, MessageRole, Run, RunState
from assistant.questions import title_of
from edge_agent.contract.levels import Level
from tenants.base.context import ActorKind
from tenants.base.errors import BadRequest
from tenants.base.jobs import RUN_TURN
from tenants.base.text import clean_text
from tenants.base.work import enqueue

QUESTION_CHARS_MAX = 20_000
TITLE_CHARS_MAX = 200
KEY_CHARS_MAX = 200
COLLECTIONS_MAX = 100
ACTIVE = (RunState.QUEUED, RunState.RUNNING)


@dataclass(frozen=True, slots=True)
class AskResult:
    """`created` is false when the idempotency key had already asked this."""

    run_id: str
    conversation_id: str
    question_message_id: str
    created: bool


@dataclass(frozen=True, slots=True)
class _Request:
    """A question that was read and found sound, before anything is written."""

    question: str
    conversation_id: uuid.UUID | None
    person_id: str
    idempotency_key: str
    collection_ids: tuple[int, ...]
    level: Level

    @property
    def digest(self) -> str:
        body: list[object] = [self.question, str(self.conversation_id or ""), self.collection_ids]
        # Keys given out before questions had a level are still known.
        body += [self.level.name] if self.level else []
        return hashlib.sha256(json.dumps(body).encode()).hexdigest()


def ask(
    question: str,
    *,
    conversation_id: str | None,
    person_id: str,
    idempotency_key: str = "",
    collection_ids: Sequence[int] = (),
    keep_in_house: bool = False,
) -> AskResult:
    """Accept a question: once this returns, it will be answered or its end be told.

    `keep_in_house` makes it secret, whatever it says: no model of a third party is asked.

    Raises: BadRequest, ConversationNotFound, TurnInProgress, IdempotencyConflict.
    """
    request = _Request(
        question=clean_text(question, max_chars=QUESTION_CHARS_MAX, field="question"),
        conversation_id=_id_or_none(conversation_id),
        person_id=str(person_id),
        idempotency_key=_clean_key(idempotency_key),
        collection_ids=_clean_collections(collection_ids),
        level=Level.L2 if keep_in_house else Level.L0,
    )
    earlier = _accepted_before(request)
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            return _accept(request)
    except IntegrityError:
        # Two requests with one key raced; the other one won, its run is the answer to both.
        earlier = _accepted_before(request)
        if earlier is None:
            raise
        return earlier


def stop_run(run_id: str) -> None:
    """Ask a run to stop: at once when it waits, at its next checkpoint when it is being written."""
    with transaction.atomic():
        run = _locked_run(run_id)
        if run.is_finished:
            return
        Run.objects.filter(id=run.id).update(stop_requested=True)
        if run.state == RunState.QUEUED:
            finish_run(
                str(run.id),
                fence=run.attempt,
                outcome=Outcome(RunState.STOPPED, text=run.partial_text),
                usage=NOTHING_SPENT,
            )


def retry_run(run_id: str) -> AskResult:
    """Ask the same question again; the old words stay until the new answer replaces them."""
    with transaction.atomic():
        conversation = _locked_conversation(_run(run_id).conversation_id)
        run = _run(run_id)
        newest = Run.objects.filter(question_id=run.question_id).latest("created_at", "id")
        if newest.id != run.id or run.state not in {RunState.FAILED, RunState.STOPPED}:
            raise RunNotRetryable
        _refuse_second_turn(conversation)
        again = _queue_run(conversation, question_id=run.question_id, actor_id=run.actor_id)
    return _result(again, created=True)


def rename_conversation(conversation_id: str, title: str) -> None:
    cleaned = clean_text(title, max_chars=TITLE_CHARS_MAX, allow_newlines=False, field="title")
    changed = Conversation.objects.filter(id=_conversation_uuid(conversation_id)).update(
        title=cleaned
    )
    if not changed:
        raise ConversationNotFound


def delete_conversation(conversation_id: str) -> None:
    """Remove a conversation and all that hangs on it; a run under way loses its fence."""
    with transaction.atomic():
        _locked_conversation(_conversation_uuid(conversation_id)).delete()


def _accepted_before(request: _Request) -> AskResult | None:
    if not request.idempotency_key:
        return None
    run = Run.objects.filter(
        actor_kind=ActorKind.PERSON,
        actor_id=request.person_id,
        idempotency_key=request.idempotency_key,
    ).first()
    if run is None:
        return None
    if run.request_digest != request.digest:
        raise IdempotencyConflict
    return _result(run, created=False)


def _accept(request: _Request) -> AskResult:
    conversation = _conversation_for(request)
    _refuse_second_turn(conversation)
    last = conversation.messages.aggregate(last=Max("position"))["last"]
    # Questions stand on even positions; the odd one after each is kept for its answer.
    position = 0 if last is None else last + 2 - last % 2
    question = Message.objects.create(
        conversation=conversation,
        position=position,
        role=MessageRole.USER,
        text=request.question,
        level=request.level,
    )
    run = _queue_run(
        conversation,
        question_id=question.id,
        actor_id=request.person_id,
        idempotency_key=request.idempotency_key,
        request_digest=request.digest,
    )
    return _result(run, created=True)


def _conversation_for(request: _Request) -> Conversation:
    if request.conversation_id is None:
        return Conversation.objects.create(
            owner_id=request.person_id,
            title=title_of(request.question),
            collection_ids=list(request.collection_ids),
        )
    conversation = _locked_conversation(request.conversation_id)
    if request.collection_ids:
        conversation.collection_ids = list(request.collection_ids)
    conversation.save(update_fields=["collection_ids", "updated_at"])
    return conversation


def _refuse_second_turn(conversation: Conversation) -> None:
    if conversation.runs.filter(state__in=ACTIVE).exists():
        raise TurnInProgress


def _queue_run(
    conversation: Conversation,
    *,
    question_id: uuid.UUID,
    actor_id: str,
    idempotency_key: str = "",
    request_digest: str = "",
) -> Run:
    run = Run.objects.create(
        conversation=conversation,
        question_id=question_id,
        state=RunState.QUEUED,
        actor_kind=ActorKind.PERSON,
        actor_id=actor_id,
        idempotency_key=idempotency_key,
        request_digest=request_digest,
    )
    enqueue(RUN_TURN, str(run.id))
    return run


def _result(run: Run, *, created: bool) -> AskResult:
    return AskResult(
        run_id=str(run.id),
        conversation_id=str(run.conversation_id),
        question_message_id=str(run.question_id),
        created=created,
    )


def _run(run_id: str) -> Run:
    try:
        return Run.objects.get(id=uuid.UUID(str(run_id)))
    except (Run.DoesNotExist, ValueError) as error:
        raise RunNotFound from error


def _locked_run(run_id: str) -> Run:
    # The conversation first, as everywhere: two locks are always taken in one order.
    _locked_conversation(_run(run_id).conversation_id)
    return Run.objects.select_for_update().get(id=run_id)


def _locked_conversation(conversation_id: uuid.UUID) -> Conversation:
    try:
        return Conversation.objects.select_for_update(no_key=True).get(id=conversation_id)
    except Conversation.DoesNotExist as error:
        raise ConversationNotFound from error


def _conversation_uuid(value: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(value))
    except ValueError as error:
        raise ConversationNotFound from error


def _id_or_none(value: str | None) -> uuid.UUID | None:
    return _conversation_uuid(value) if value else None


def _clean_key(value: str) -> str:
    if not value:
        return ""
    return clean_text(value, max_chars=KEY_CHARS_MAX, allow_newlines=False, field="idempotency_key")


def _clean_collections(values: Sequence[int]) -> tuple[int, ...]:
    if len(values) > COLLECTIONS_MAX or not all(_is_collection_id(value) for value in values):
        raise BadRequest(field="collection_ids")
    return tuple(sorted(set(values)))


def _is_collection_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
