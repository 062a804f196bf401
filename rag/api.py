"""Documents, collections and search over REST; the upload itself is a plain ASGI route."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from edge_agent.contract.levels import Level
from rag.collections import create_collection, delete_collection
from rag.documents import delete_document, label_document, retry_document
from rag.forms import level_in
from rag.models import Collection
from rag.retrieval import search
from rag.selectors import collections, document, documents_of
from rag.serializers import (
    CollectionListSerializer,
    CollectionSerializer,
    DocumentChangeSerializer,
    DocumentPageSerializer,
    DocumentSerializer,
    NewCollectionSerializer,
    SearchResultSerializer,
    SearchSerializer,
)
from tenants.api.cursors import PAGE_PARAMETERS, page_document, page_of
from tenants.api.views import PersonView
from tenants.base.errors import NotFound
from tenants.people.models import KeyScope

ROW_ID_MAX = 2**31 - 1
LEVEL_PARAMETER = OpenApiParameter(
    "level",
    str,
    enum=[*Level.__members__],
    description="Only what is that secret; what was not judged yet has no level.",
)


class DocumentList(PersonView):
    @extend_schema(
        operation_id="list_documents",
        parameters=[*PAGE_PARAMETERS, LEVEL_PARAMETER],
        responses=DocumentPageSerializer,
    )
    def get(self, request: Request) -> Response:
        """List the documents, the latest first."""
        level = level_in(request.query_params.get("level", ""))
        page = page_of(documents_of(level=level), request, moment="created_at")
        return Response(page_document(page, lambda row: DocumentSerializer(row).data))


class DocumentDetail(PersonView):
    @extend_schema(operation_id="get_document", responses=DocumentSerializer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """Read how far a document has come."""
        return Response(DocumentSerializer(document(str(document_id))).data)

    @extend_schema(
        operation_id="label_document",
        request=DocumentChangeSerializer,
        responses=DocumentSerializer,
    )
    def patch(self, request: Request, document_id: UUID) -> Response:
        """Raise a document's label: how secret it is, by a name of the policy."""
        change = DocumentChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        labelled = label_document(str(document_id), change.validated_data["label"])
        return Response(DocumentSerializer(labelled).data)

    @extend_schema(operation_id="delete_document", responses={204: None})
    def delete(self, request: Request, document_id: UUID) -> Response:
        """Delete a document with its file, passages and index."""
        delete_document(str(document_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class DocumentRetry(PersonView):
    @extend_schema(operation_id="retry_document", request=None, responses={202: DocumentSerializer})
    def post(self, request: Request, document_id: UUID) -> Response:
        """Try once more to read a document that failed."""
        retried = retry_document(str(document_id))
        return Response(DocumentSerializer(retried).data, status.HTTP_202_ACCEPTED)


class CollectionList(PersonView):
    @extend_schema(operation_id="list_collections", responses=CollectionListSerializer)
    def get(self, request: Request) -> Response:
        """List the collections, the default one first."""
        return Response({"items": CollectionSerializer(collections(), many=True).data})

    @extend_schema(
        operation_id="create_collection",
        request=NewCollectionSerializer,
        responses={201: CollectionSerializer},
    )
    def post(self, request: Request) -> Response:
        """Make an empty collection."""
        wanted = NewCollectionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        created = create_collection(wanted.validated_data["name"])
        return Response(CollectionSerializer(created).data, status.HTTP_201_CREATED)


class CollectionDetail(PersonView):
    @extend_schema(operation_id="get_collection", responses=CollectionSerializer)
    def get(self, request: Request, collection_id: int) -> Response:
        """Read one collection."""
        found = get_object_or_404(Collection, pk=_row_id(collection_id))
        return Response(CollectionSerializer(found).data)

    @extend_schema(operation_id="delete_collection", responses={204: None})
    def delete(self, request: Request, collection_id: int) -> Response:
        """Delete an empty collection."""
        delete_collection(_row_id(collection_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Search(PersonView):
    # It changes nothing; it is a POST because a question does not belong into an address.
    scope_needed = KeyScope.READ

    @extend_schema(
        operation_id="search", request=SearchSerializer, responses=SearchResultSerializer
    )
    def post(self, request: Request) -> Response:
        """Find the passages nearest to a question."""
        wanted = SearchSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        found = search(
            wanted.validated_data["query"],
            collection_ids=wanted.validated_data["collection_ids"] or None,
            limit=wanted.validated_data["limit"],
            mode=wanted.validated_data["mode"],
        )
        return Response(SearchResultSerializer(found).data)


def _row_id(number: int) -> int:
    """Raises: NotFound for a number that no row can have."""
    if not 0 < number <= ROW_ID_MAX:
        raise NotFound
    return number
