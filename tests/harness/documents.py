"""A document of one passage, indexed without a file or a worker."""

import hashlib
import uuid

from django.db import transaction

from rag import files
from rag.chunking import Piece
from rag.documents import default_collection
from rag.embeddings import embedder
from rag.indexing import embedded, index_passages
from rag.models import Document, DocumentState
from rag.retrieval import Mode, search
from rag.terms import terms_of
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef


def put_document(
    tenant: TenantRef, text: str, *, name: str = "handbook.md", document_id: str | None = None
) -> Document:
    """Index the text and keep it as the document's file too."""
    with scope(platform_scope(tenant.schema, "tests")), transaction.atomic():
        path = files.new_temp_path()
        path.write_text(text)
        document = Document.objects.create(
            id=document_id or uuid.uuid4(),
            collection=default_collection(),
            name=name,
            media_type="text/markdown",
            size_bytes=len(text.encode()),
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            storage_key=files.keep(path),
            state=DocumentState.READY,
            chunks_total=1,
            chunks_done=1,
        )
        passages = embedded([_piece(text)], embedder())
        index_passages(document, passages, first_ordinal=0, model_name=embedder().name)
    return document


def search_texts(tenant: TenantRef, query: str, mode: Mode = "fused") -> list[str]:
    with scope(platform_scope(tenant.schema, "tests")):
        return [passage.text for passage in search(query, collection_ids=None, mode=mode).passages]


def _piece(text: str) -> Piece:
    return Piece(text=text, page=1, heading="", length=len(terms_of(text)))
