"""The documents page as the server draws it."""

import pytest

from rag.models import Document, DocumentState
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.face.reading import FRAGMENT, text_of
from tests.harness.documents import put_document
from tests.harness.web import WebClient


def test_documents_show_state_reason_and_retry(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    document = put_document(tenant, "Words.", name="a <b>.md")
    web.sign_in(owner)
    ready = web.get("/documents/", headers=FRAGMENT).content.decode()
    with scope(platform_scope(tenant.schema)):
        Document.objects.update(state=DocumentState.FAILED, reason_code="ENCRYPTED")
    failed = web.get("/documents/").content.decode()

    assert "a &lt;b&gt;.md" in ready
    assert "data-busy" not in ready
    assert "The file is protected by a password." in failed
    again = web.post(f"/documents/{document.id}/retry", headers=FRAGMENT).content.decode()
    assert "Waiting to be read" in again
    assert "data-busy" in again


def test_documents_are_deleted_only_by_their_name(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    document = put_document(tenant, "Words.", name="plan.md")
    web.sign_in(owner)
    address = f"/documents/{document.id}/delete"

    wrong = web.post(address, {"name": "other.md"}, headers=FRAGMENT)
    right = web.post(address, {"name": "plan.md"}, headers=FRAGMENT)

    assert wrong.status_code == 400
    assert "This is not the name of the document." in text_of(wrong)
    assert "plan.md" not in right.content.decode()
    with scope(platform_scope(tenant.schema)):
        assert Document.objects.get().state == DocumentState.DELETING


@pytest.mark.parametrize("query", ["collection=x", "collection=-1", "collection=99999999999999"])
def test_documents_refuse_what_is_no_collection(web: WebClient, owner: Person, query: str) -> None:
    web.sign_in(owner)

    assert web.get(f"/documents/?{query}").status_code == 400
