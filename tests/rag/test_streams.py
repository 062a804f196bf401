"""Uploads and downloads over ASGI, with keys, tickets and neither."""

import uuid
from pathlib import Path

import pytest
from django.conf import settings

from rag import tickets
from rag.models import Collection, Document
from rag.tickets import issue_ticket
from tenants.base.context import person_scope, platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.keys import issue_key
from tenants.people.models import KeyScope, Person
from tests.rag.asgi import BOUNDARY, call, form, form_headers


def key_of(tenant: TenantRef, person: Person, *scopes: KeyScope) -> str:
    with scope(person_scope(tenant.schema, str(person.pk))):
        _key, secret = issue_key(person, name="test", scopes=scopes, expires_at=None)
    return f"Bearer {secret}"


def ticket_of(tenant: TenantRef, person: Person) -> str:
    with scope(person_scope(tenant.schema, str(person.pk))):
        return issue_ticket(str(person.pk))


def stored(tenant: TenantRef) -> list[Document]:
    with scope(platform_scope(tenant.schema)):
        return list(Document.objects.all())


def files_of(tenant: TenantRef) -> list[Path]:
    folder = Path(settings.FILES_ROOT) / tenant.schema
    return [path for path in folder.rglob("*") if path.is_file()]


def test_upload_with_a_writing_key_is_accepted(tenant: TenantRef, owner: Person) -> None:
    key = key_of(tenant, owner, KeyScope.WRITE)
    body = form(b"# Title\n\nWords.", name="../../etc/hand book.md")

    answer = call(
        tenant,
        "POST",
        "/api/v1/documents",
        form_headers(authorization=key),
        body[:50],
        body[50:],
    )

    [document] = stored(tenant)
    assert answer.status == 202
    assert answer.json == {"id": str(document.pk), "name": "hand book.md", "state": "QUEUED"}
    assert (document.uploaded_by_id, document.size_bytes) == (owner.pk, 15)
    [kept] = files_of(tenant)
    assert kept.read_bytes() == b"# Title\n\nWords."


def test_upload_with_a_ticket_is_accepted(tenant: TenantRef, member: Person) -> None:
    ticket = ticket_of(tenant, member)

    answer = call(
        tenant,
        "POST",
        "/api/v1/documents",
        form_headers(**{"x-upload-ticket": ticket}),
        form(b"words"),
    )

    assert answer.status == 202
    assert [document.uploaded_by_id for document in stored(tenant)] == [member.pk]


def test_ten_03_ticket_of_one_tenant_is_nothing_at_another(
    tenant: TenantRef, other_tenant: TenantRef, member: Person
) -> None:
    ticket = ticket_of(tenant, member)

    answer = call(
        other_tenant,
        "POST",
        "/api/v1/documents",
        form_headers(**{"x-upload-ticket": ticket}),
        form(b"words"),
    )

    assert (answer.status, answer.json["code"]) == (401, "upload_ticket_invalid")
    assert (stored(other_tenant), files_of(other_tenant)) == ([], [])


@pytest.mark.parametrize("spoiled", ["old", "forged", "of someone gone"])
def test_spoiled_ticket_is_refused(
    tenant: TenantRef, member: Person, monkeypatch: pytest.MonkeyPatch, spoiled: str
) -> None:
    ticket = ticket_of(tenant, member)
    if spoiled == "old":
        monkeypatch.setattr(tickets, "TICKET_SECONDS", -1)
    elif spoiled == "forged":
        ticket = ticket[:-1] + ("A" if ticket[-1] != "A" else "B")
    else:
        with scope(platform_scope(tenant.schema)):
            Person.objects.filter(pk=member.pk).update(is_active=False)
    headers = form_headers(**{"x-upload-ticket": ticket})

    answer = call(tenant, "POST", "/api/v1/documents", headers, form(b"words"))

    assert (answer.status, answer.json["code"]) == (401, "upload_ticket_invalid")
    assert (stored(tenant), files_of(tenant)) == ([], [])


@pytest.mark.parametrize("scopes", [(), (KeyScope.READ,)])
def test_upload_without_the_right_is_refused(
    tenant: TenantRef, owner: Person, scopes: tuple[KeyScope, ...]
) -> None:
    headers = {"authorization": key_of(tenant, owner, *scopes)} if scopes else {}

    answer = call(tenant, "POST", "/api/v1/documents", form_headers(**headers), form(b"words"))

    assert answer.status == (403 if scopes else 401)
    assert (stored(tenant), files_of(tenant)) == ([], [])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not a form",
        form(b"words", field="other"),
        form(b"words")[:-30],
        form(b"one").replace(b"--edge--", b"") + form(b"two"),
    ],
    ids=["empty", "no form", "no file", "cut", "two files"],
)
def test_malformed_form_leaves_nothing(tenant: TenantRef, owner: Person, body: bytes) -> None:
    key = key_of(tenant, owner, KeyScope.WRITE)

    answer = call(tenant, "POST", "/api/v1/documents", form_headers(authorization=key), body)

    assert (answer.status, answer.json["code"]) == (400, "upload_malformed")
    assert (stored(tenant), files_of(tenant)) == ([], [])


def test_ten_03_collection_of_another_tenant_is_not_found(
    tenant: TenantRef, other_tenant: TenantRef, owner: Person
) -> None:
    with scope(platform_scope(other_tenant.schema)):
        elsewhere = Collection.objects.create(id=4711, name="Elsewhere")
    key = key_of(tenant, owner, KeyScope.WRITE)
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="collection"\r\n\r\n'
    body = f"{field}{elsewhere.pk}\r\n".encode() + form(b"words")

    answer = call(tenant, "POST", "/api/v1/documents", form_headers(authorization=key), body)

    assert (answer.status, answer.json["code"]) == (404, "collection_missing")
    assert (stored(tenant), files_of(tenant)) == ([], [])


def test_sender_who_leaves_leaves_nothing(tenant: TenantRef, owner: Person) -> None:
    key = key_of(tenant, owner, KeyScope.WRITE)
    body = form(b"words" * 1000)

    answer = call(
        tenant,
        "POST",
        "/api/v1/documents",
        form_headers(authorization=key),
        body[:500],
        leaves=True,
    )

    assert answer.status == 400
    assert (stored(tenant), files_of(tenant)) == ([], [])


@pytest.mark.parametrize("says_so", [True, False])
def test_too_large_upload_is_stopped(
    tenant: TenantRef, owner: Person, monkeypatch: pytest.MonkeyPatch, says_so: bool
) -> None:
    monkeypatch.setattr(settings, "UPLOAD_BYTES_MAX", 1024 * 1024)
    key = key_of(tenant, owner, KeyScope.WRITE)
    body = form(b"x" * 2_000_000)
    headers = {"content-length": str(len(body))} if says_so else {}

    answer = call(
        tenant,
        "POST",
        "/api/v1/documents",
        form_headers(authorization=key, **headers),
        body[:1_500_000],
        body[1_500_000:],
    )

    assert (answer.status, answer.json["code"]) == (413, "upload_too_large")
    assert (stored(tenant), files_of(tenant)) == ([], [])


def test_full_disk_is_said_before_acceptance(
    tenant: TenantRef, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "STORAGE_RESERVE_BYTES", 2**60, raising=False)
    key = key_of(tenant, owner, KeyScope.WRITE)

    answer = call(
        tenant, "POST", "/api/v1/documents", form_headers(authorization=key), form(b"words")
    )

    assert (answer.status, answer.json["code"]) == (507, "storage_full")
    assert stored(tenant) == []


def test_download_is_always_an_attachment(tenant: TenantRef, owner: Person) -> None:
    key = key_of(tenant, owner, KeyScope.READ, KeyScope.WRITE)
    content = b"<script>alert(1)</script>" * 20_000
    uploaded = call(
        tenant,
        "POST",
        "/api/v1/documents",
        form_headers(authorization=key),
        form(content, name="手册 one.html"),
    )

    answer = call(tenant, "GET", f"/documents/{uploaded.json['id']}/file", {"authorization": key})

    assert (answer.status, answer.body == content) == (200, True)
    assert answer.headers["content-disposition"].startswith('attachment; filename="__ one.html"')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_download_of_what_is_not_there(tenant: TenantRef, owner: Person) -> None:
    key = key_of(tenant, owner, KeyScope.READ)

    answer = call(tenant, "GET", f"/documents/{uuid.uuid4()}/file", {"authorization": key})

    assert (answer.status, answer.json["code"]) == (404, "document_missing")
