"""A small document in a tenant, indexed on the spot."""

from rag import documents, ingestion
from rag.models import Document, DocumentState
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef

HANDBOOK = b"""# Lockers

Lockers open at seven in the morning. Bicycles must stay outside the building.

# Travel

The nightly limit for hotels in Berlin is 140 euros. Receipts are due within thirty days.
"""


def add_document(
    tenant: TenantRef, name: str = "handbook.md", content: bytes = HANDBOOK
) -> Document:
    with scope(platform_scope(tenant.schema, "tests")):
        path = documents.begin_upload(len(content))
        path.write_bytes(content)
        document = documents.accept_upload(name, "text/markdown", path)
        ingestion.ingest_document(str(document.pk))
        document.refresh_from_db()
    return document


def set_document_state(document: Document, tenant: TenantRef, state: DocumentState) -> None:
    with scope(platform_scope(tenant.schema, "tests")):
        Document.objects.filter(pk=document.pk).update(state=state)
