"""Conversations and runs over REST: each view makes the one call that its page makes too."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from assistant.api.serializers import (
    AcceptedRunSerializer,
    AskSerializer,
    ConversationChangeSerializer,
    ConversationPageSerializer,
    ConversationRowSerializer,
    ConversationSerializer,
    RunSerializer,
    events_path,
)
from assistant.conversations import (
    KEY_CHARS_MAX,
    ask,
    delete_conversation,
    rename_conversation,
    retry_run,
    stop_run,
)
from assistant.models import Conversation
from assistant.selectors import conversation_detail, run_detail
from tenants.api.cursors import PAGE_PARAMETERS, page_document, page_of
from tenants.api.permissions import person_of
from tenants.api.views import PersonView

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=(
        f"Up to {KEY_CHARS_MAX} characters. The same key with the same question gives the same run."
    ),
)


class ConversationList(PersonView):
    @extend_schema(
        operation_id="list_conversations",
        parameters=PAGE_PARAMETERS,
        responses=ConversationPageSerializer,
    )
    def get(self, request: Request) -> Response:
        """List your conversations, the latest first."""
        page = page_of(Conversation.objects.all(), request, moment="updated_at")
        return Response(page_document(page, lambda row: ConversationRowSerializer(row).data))


class ConversationDetail(PersonView):
    @extend_schema(operation_id="get_conversation", responses=ConversationSerializer)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """Read one conversation with its messages and their sources."""
        return Response(ConversationSerializer(conversation_detail(str(conversation_id))).data)

    @extend_schema(
        operation_id="rename_conversation",
        request=ConversationChangeSerializer,
        responses=ConversationSerializer,
    )
    def patch(self, request: Request, conversation_id: UUID) -> Response:
        """Give a conversation another title."""
        change = ConversationChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        rename_conversation(str(conversation_id), change.validated_data["title"])
        return Response(ConversationSerializer(conversation_detail(str(conversation_id))).data)

    @extend_schema(operation_id="delete_conversation", responses={204: None})
    def delete(self, request: Request, conversation_id: UUID) -> Response:
        """Delete a conversation with all its messages."""
        delete_conversation(str(conversation_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class RunList(PersonView):
    @extend_schema(
        operation_id="ask",
        parameters=[IDEMPOTENCY_KEY],
        request=AskSerializer,
        responses={202: AcceptedRunSerializer},
    )
    def post(self, request: Request) -> Response:
        """Ask a question. The answer is written in the background; follow it at `events`."""
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data["conversation_id"]
        result = ask(
            asked.validated_data["question"],
            conversation_id=str(wanted) if wanted else None,
            person_id=str(person_of(request).pk),
            idempotency_key=request.headers.get("Idempotency-Key", ""),
            collection_ids=asked.validated_data["collection_ids"],
            keep_in_house=asked.validated_data["keep_in_house"],
        )
        return _accepted(result.run_id)


class RunDetail(PersonView):
    @extend_schema(operation_id="get_run", responses=RunSerializer)
    def get(self, request: Request, run_id: UUID) -> Response:
        """Read a run: its state, the words so far, its sources and what it cost."""
        return Response(RunSerializer(run_detail(str(run_id))).data)


class RunStop(PersonView):
    @extend_schema(operation_id="stop_run", request=None, responses={202: RunSerializer})
    def post(self, request: Request, run_id: UUID) -> Response:
        """Ask a run to stop; the words it has are kept."""
        stop_run(str(run_id))
        return Response(RunSerializer(run_detail(str(run_id))).data, status.HTTP_202_ACCEPTED)


class RunRetry(PersonView):
    @extend_schema(operation_id="retry_run", request=None, responses={202: AcceptedRunSerializer})
    def post(self, request: Request, run_id: UUID) -> Response:
        """Ask the question of a failed or stopped run again."""
        return _accepted(retry_run(str(run_id)).run_id)


def _accepted(run_id: str) -> Response:
    run = run_detail(run_id)
    accepted = {
        "id": run.id,
        "conversation_id": run.conversation_id,
        "state": run.state,
        "events": events_path(run.id),
    }
    return Response(AcceptedRunSerializer(accepted).data, status.HTTP_202_ACCEPTED)
