"""What may be read of conversations and runs: always the reader's own, by row-level security."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assistant.errors import ConversationNotFound, RunNotFound
from assistant.llm.enums import Role
from assistant.llm.protocol import ChatMessage, Origin
from assistant.models import Citation, Conversation, Message, MessageRole, Run, RunState
from edge_agent.contract.levels import Level
from rag.selectors import Sources, readable_sources

CONVERSATIONS_SHOWN = 100
HISTORY_MESSAGES_MAX = 12


@dataclass(frozen=True, slots=True)
class ConversationRow:
    id: str
    title: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CitationView:
    """`start` and `end` mark the supported sentence in the answer's text.

    What its reader may no longer see is left out: the passage, then name and quote as well.
    """

    ordinal: int
    chunk_id: int | None
    document_id: str
    document_name: str
    page: int | None
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class RunView:
    id: str
    conversation_id: str
    question_message_id: str
    answer_message_id: str | None
    state: RunState
    attempt: int
    stop_requested: bool
    text: str
    citations: tuple[CitationView, ...]
    model: str
    mode: str
    passages_used: int
    passages_seen: int
    boundary: Mapping[str, Any]
    tokens_in: int
    tokens_out: int
    error_code: str
    error_detail: str
    created_at: datetime
    started_at: datetime | None
    first_delta_at: datetime | None
    finished_at: datetime | None
    # As its answer's message keeps it; only `run_detail` reads it.
    html: str = ""
    rendered_by: int = 0

    @property
    def is_finished(self) -> bool:
        return self.state not in {RunState.QUEUED, RunState.RUNNING}

    @property
    def seconds(self) -> float:
        """How long the person waited, from asking to the end; 0 while it is not over."""
        if self.finished_at is None:
            return 0.0
        return round((self.finished_at - self.created_at).total_seconds(), 3)


@dataclass(frozen=True, slots=True)
class MessageView:
    """`run` stands beside the answer it wrote, or beside a question still without an answer."""

    id: str
    role: MessageRole
    text: str
    position: int
    created_at: datetime
    citations: tuple[CitationView, ...]
    run: RunView | None
    html: str
    rendered_by: int


@dataclass(frozen=True, slots=True)
class ConversationView:
    id: str
    title: str
    collection_ids: tuple[int, ...]
    created_at: datetime
    updated_at: datetime
    messages: tuple[MessageView, ...]
    active_run: RunView | None


@dataclass(frozen=True, slots=True)
class Brief:
    """What a turn needs to know before it begins."""

    question: str
    previous_question: str
    history: tuple[ChatMessage, ...]
    collection_ids: tuple[int, ...]
    floor: Level


def conversations_of(
    *, limit: int = CONVERSATIONS_SHOWN, offset: int = 0
) -> tuple[ConversationRow, ...]:
    rows = Conversation.objects.order_by("-updated_at", "id")[offset : offset + limit]
    return tuple(
        ConversationRow(id=str(row.id), title=row.title, updated_at=row.updated_at) for row in rows
    )


def conversation_detail(conversation_id: str) -> ConversationView:
    """Raises: ConversationNotFound."""
    try:
        row = Conversation.objects.get(id=uuid.UUID(str(conversation_id)))
    except (Conversation.DoesNotExist, ValueError) as error:
        raise ConversationNotFound from error
    runs = {run.question_id: run for run in row.runs.order_by("created_at", "id")}
    views = {run.id: _run_view(run) for run in runs.values()}
    active = next((view for view in views.values() if not view.is_finished), None)
    return ConversationView(
        id=str(row.id),
        title=row.title,
        collection_ids=tuple(row.collection_ids),
        created_at=row.created_at,
        updated_at=row.updated_at,
        messages=tuple(_message_views(row, runs, views)),
        active_run=active,
    )


def run_detail(run_id: str) -> RunView:
    """Raises: RunNotFound."""
    try:
        run = Run.objects.select_related("answer").get(id=uuid.UUID(str(run_id)))
    except (Run.DoesNotExist, ValueError) as error:
        raise RunNotFound from error
    view = _run_view(run)
    if run.answer is None:
        return view
    return replace(view, html=run.answer.html, rendered_by=run.answer.rendered_by)


def brief_of(run_id: str) -> Brief:
    run = Run.objects.select_related("question", "conversation").get(id=run_id)
    earlier = run.conversation.messages.filter(position__lt=run.question.position)
    newest = list(earlier.order_by("-position")[:HISTORY_MESSAGES_MAX])[::-1]
    asked = [message.text for message in newest if message.role == MessageRole.USER]
    return Brief(
        question=run.question.text,
        previous_question=asked[-1] if asked else "",
        history=tuple(_chat_message(message) for message in newest),
        collection_ids=tuple(run.conversation.collection_ids),
        floor=Level(run.question.level),
    )


def _message_views(
    conversation: Conversation, runs: dict[uuid.UUID, Run], views: dict[uuid.UUID, RunView]
) -> Iterable[MessageView]:
    question_run: Run | None = None
    rows = conversation.messages.order_by("position").prefetch_related("citations")
    sources = _sources_of([citation for row in rows for citation in row.citations.all()])
    for message in rows:
        if message.role == MessageRole.USER:
            question_run = runs.get(message.id)
            shown = question_run if question_run and question_run.answer_id is None else None
        elif question_run is not None and not question_run.is_finished:
            # The words of an earlier attempt make room for the ones being written.
            continue
        else:
            shown = question_run
        yield MessageView(
            id=str(message.id),
            role=MessageRole(message.role),
            text=message.text,
            position=message.position,
            created_at=message.created_at,
            citations=tuple(_citation_view(row, sources) for row in message.citations.all()),
            run=views[shown.id] if shown else None,
            html=message.html,
            rendered_by=message.rendered_by,
        )


def _run_view(run: Run) -> RunView:
    citations = (
        list(Citation.objects.filter(message_id=run.answer_id).order_by("ordinal", "id"))
        if run.answer_id
        else []
    )
    sources = _sources_of(citations)
    return RunView(
        id=str(run.id),
        conversation_id=str(run.conversation_id),
        question_message_id=str(run.question_id),
        answer_message_id=str(run.answer_id) if run.answer_id else None,
        state=RunState(run.state),
        attempt=run.attempt,
        stop_requested=run.stop_requested,
        text=run.partial_text,
        citations=tuple(_citation_view(row, sources) for row in citations),
        model=run.model,
        mode=run.mode,
        passages_used=run.passages_used,
        passages_seen=run.passages_seen,
        boundary=run.boundary,
        tokens_in=run.tokens_in,
        tokens_out=run.tokens_out,
        error_code=run.error_code,
        error_detail=run.error_detail,
        created_at=run.created_at,
        started_at=run.started_at,
        first_delta_at=run.first_delta_at,
        finished_at=run.finished_at,
    )


def _sources_of(citations: Sequence[Citation]) -> Sources:
    return readable_sources(
        {row.chunk_id for row in citations if row.chunk_id is not None},
        {row.document_id for row in citations},
    )


def _citation_view(row: Citation, sources: Sources) -> CitationView:
    is_named = row.document_id in sources.document_ids
    return CitationView(
        ordinal=row.ordinal,
        chunk_id=row.chunk_id if row.chunk_id in sources.chunk_ids else None,
        document_id=str(row.document_id),
        document_name=row.document_name if is_named else "",
        page=row.page,
        start=row.start,
        end=row.end,
        quote=row.quote if is_named else "",
    )


def _chat_message(message: Message) -> ChatMessage:
    role = Role.USER if message.role == MessageRole.USER else Role.ASSISTANT
    origins = (Origin(floor=Level(message.level)),) if message.level else ()
    return ChatMessage(role, message.text, origins)
