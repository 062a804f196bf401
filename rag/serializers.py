"""What documents, collections and passages look like as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from edge_agent.contract.levels import Level
from rag.models import Document, DocumentState
from tenants.api.serializers import NumberField, StrictSerializer, TextField

ID_MAX = 2**31 - 1
NAME_CHARS_MAX = 120
QUERY_CHARS_MAX = 2000
PASSAGES_MAX = 50
COLLECTIONS_MAX = 100
LEVELS = [level.name for level in Level]
MODES = [("lexical", "lexical"), ("dense", "dense"), ("fused", "fused")]


class LevelReasonSerializer(serializers.Serializer[Any]):
    """Why a level: what was found or said, by which rule; never the words themselves."""

    level = serializers.ChoiceField(choices=LEVELS)
    what = serializers.CharField()
    rule = serializers.CharField()


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """`state` tells how far the document has come; a failed one says why.

    `level` is that of the whole file, what hides in it included; null until it was judged.
    """

    level = serializers.SerializerMethodField()
    level_reasons = LevelReasonSerializer(many=True)
    state = serializers.ChoiceField(choices=DocumentState.choices)
    collection_id = serializers.IntegerField()

    class Meta:
        model = Document
        fields = (
            "id",
            "name",
            "collection_id",
            "media_type",
            "size_bytes",
            "sha256",
            "label",
            "level",
            "level_reasons",
            "state",
            "reason_code",
            "reason_detail",
            "pages",
            "chunks_total",
            "chunks_done",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=LEVELS, allow_null=True))
    def get_level(self, document: Document) -> str | None:
        return None if document.level is None else Level(document.level).name


class DocumentChangeSerializer(StrictSerializer):
    # A field may be called what fields have too.
    label = TextField(max_length=200)  # type: ignore[assignment]


class DocumentPageSerializer(serializers.Serializer[Any]):
    items = DocumentSerializer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class CollectionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    is_default = serializers.BooleanField()
    chunk_count = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class CollectionListSerializer(serializers.Serializer[Any]):
    items = CollectionSerializer(many=True)


class NewCollectionSerializer(StrictSerializer):
    name = TextField(max_length=NAME_CHARS_MAX)


class SearchSerializer(StrictSerializer):
    """A question or a few words; without collections all of them are searched."""

    query = TextField(max_length=QUERY_CHARS_MAX)
    collection_ids = serializers.ListField(
        child=NumberField(min_value=1, max_value=ID_MAX),
        required=False,
        max_length=COLLECTIONS_MAX,
        default=list,
    )
    limit = NumberField(required=False, min_value=1, max_value=PASSAGES_MAX, default=6)
    mode = serializers.ChoiceField(choices=MODES, required=False, default="fused")


class PassageSerializer(serializers.Serializer[Any]):
    chunk_id = serializers.IntegerField()
    document_id = serializers.UUIDField()
    document_name = serializers.CharField()
    page = serializers.IntegerField(allow_null=True)
    heading = serializers.CharField()
    text = serializers.CharField()
    score = serializers.FloatField()
    lexical = serializers.FloatField()
    dense = serializers.FloatField()


class SearchResultSerializer(serializers.Serializer[Any]):
    """What was found, best first.

    `answerable` says whether the passages are near enough to hold an answer; `mode` is lexical
    where embeddings were not to be had, whatever was asked for.
    """

    answerable = serializers.BooleanField()
    mode = serializers.ChoiceField(choices=MODES)
    passages = PassageSerializer(many=True)
    timings_ms = serializers.DictField(child=serializers.FloatField())
