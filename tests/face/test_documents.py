"""The documents page as the server draws it."""

import pytest

from edge_agent.contract.levels import Level
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


def test_documents_are_listed_by_how_secret_they_are(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    put_document(tenant, "Opening hours are nine to five.", name="hours.md")
    secret = put_document(tenant, "Opening hours are ten to six.", name="late.md")
    with scope(platform_scope(tenant.schema)):
        Document.objects.filter(pk=secret.pk).update(level=Level.L2)
        Document.objects.exclude(pk=secret.pk).update(level=Level.L0)
    web.sign_in(owner)

    page = web.get("/documents/?level=L2").content.decode()
    fragment = web.get("/documents/?level=L1", headers=FRAGMENT).content.decode()

    assert "late.md" in page
    assert "hours.md" not in page
    assert 'data-list="/documents/?level=L2"' in page
    assert "No document here has this level." in fragment


@pytest.mark.parametrize("query", ["level=L3", "level=l0", "level=0"])
def test_documents_refuse_what_is_no_level(web: WebClient, owner: Person, query: str) -> None:
    web.sign_in(owner)

    assert web.get(f"/documents/?{query}").status_code == 400
