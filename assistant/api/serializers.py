"""What conversations and runs look like as JSON."""

from typing import Any

from rest_framework import serializers

from assistant.conversations import COLLECTIONS_MAX, QUESTION_CHARS_MAX, TITLE_CHARS_MAX
from assistant.models import MessageRole, RunMode, RunState
from edge_agent.contract.levels import Destination, Level, Passage
from tenants.api.serializers import FlagField, IdField, NumberField, StrictSerializer, TextField

ID_MAX = 2**31 - 1
LEVELS = [level.name for level in Level]
DESTINATIONS = [destination.value for destination in Destination]
PASSAGES = [passage.value for passage in Passage]


class CitationSerializer(serializers.Serializer[Any]):
    """`start` and `end` mark the supported sentence in the text of the answer."""

    ordinal = serializers.IntegerField()
    chunk_id = serializers.IntegerField(allow_null=True)
    document_id = serializers.UUIDField()
    document_name = serializers.CharField()
    page = serializers.IntegerField(allow_null=True)
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    quote = serializers.CharField()


class ReasonSerializer(serializers.Serializer[Any]):
    """Why a level: what was found or said, by which rule; never the words themselves."""

    level = serializers.ChoiceField(choices=LEVELS)
    what = serializers.CharField()
    rule = serializers.CharField()


class BoundarySerializer(serializers.Serializer[Any]):
    """How secret what was read for the answer is, and where it was answered.

    Empty until the run has ended. `refused` names where it was not allowed to go, so that it
    was answered in the house.
    """

    level = serializers.ChoiceField(choices=LEVELS, required=False)
    destination = serializers.ChoiceField(choices=DESTINATIONS, required=False)
    passage = serializers.ChoiceField(choices=PASSAGES, required=False)
    rule = serializers.CharField(required=False)
    refused = serializers.ChoiceField(choices=DESTINATIONS, allow_blank=True, required=False)
    reasons = ReasonSerializer(many=True, required=False)


class RunSerializer(serializers.Serializer[Any]):
    """One question being answered; `events` is where its words can be followed."""

    id = serializers.UUIDField()
    conversation_id = serializers.UUIDField()
    question_message_id = serializers.UUIDField()
    answer_message_id = serializers.UUIDField(allow_null=True)
    state = serializers.ChoiceField(choices=RunState.choices)
    text = serializers.CharField()
    citations = CitationSerializer(many=True)
    model = serializers.CharField()
    mode = serializers.ChoiceField(choices=RunMode.choices, allow_blank=True)
    boundary = BoundarySerializer()
    passages_used = serializers.IntegerField()
    passages_seen = serializers.IntegerField()
    tokens_in = serializers.IntegerField()
    tokens_out = serializers.IntegerField()
    error_code = serializers.CharField()
    error_detail = serializers.CharField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField()
    events = serializers.SerializerMethodField()

    def get_events(self, run: Any) -> str:
        return events_path(run.id)


class AcceptedRunSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    conversation_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=RunState.choices)
    events = serializers.CharField()


class MessageSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    role = serializers.ChoiceField(choices=MessageRole.choices)
    text = serializers.CharField()
    position = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    citations = CitationSerializer(many=True)
    run = RunSerializer(allow_null=True)


class ConversationRowSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    collection_ids = serializers.ListField(child=serializers.IntegerField())
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ConversationSerializer(ConversationRowSerializer):
    messages = MessageSerializer(many=True)


class ConversationPageSerializer(serializers.Serializer[Any]):
    items = ConversationRowSerializer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class ConversationChangeSerializer(StrictSerializer):
    title = TextField(max_length=TITLE_CHARS_MAX)


class AskSerializer(StrictSerializer):
    """A question; without a conversation it begins a new one, without collections it asks all.

    `keep_in_house` makes it secret: no model of a third party is asked.
    """

    question = TextField(max_length=QUESTION_CHARS_MAX, trim_whitespace=False)
    conversation_id = IdField(required=False, allow_null=True, default=None)
    collection_ids = serializers.ListField(
        child=NumberField(min_value=1, max_value=ID_MAX),
        required=False,
        max_length=COLLECTIONS_MAX,
        default=list,
    )
    keep_in_house = FlagField(required=False, default=False)


def events_path(run_id: object) -> str:
    return f"/api/v1/runs/{run_id}/events"
