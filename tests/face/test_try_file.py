"""The test box takes files: judged whole, kept nowhere, for owners only."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from rag.models import Document
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.web import WebClient

ADDRESS = "/policy/try-file"


def tried(web: WebClient, name: str, content: bytes, **headers: str) -> Any:
    sent = SimpleUploadedFile(name, content)
    answer: Any = web.post(ADDRESS, {"file": sent}, headers={"X-Fragment": "1", **headers})
    return answer


def test_pol_05_a_dropped_file_is_judged_with_what_hides_in_it(
    tenant: TenantRef, web: WebClient, owner: Person
) -> None:
    web.sign_in(owner)

    page = tried(web, "list.md", b"# Hello\n\n<!-- anna.schmidt@example.org -->").content.decode()

    assert 'data-level="L1"' in page
    assert "list.md" in page
    with scope(platform_scope(tenant.schema, "tests")):
        assert not Document.objects.exists()


def test_pol_05_a_file_that_nobody_can_read_is_secret(web: WebClient, owner: Person) -> None:
    web.sign_in(owner)

    page = tried(web, "noise.bin", bytes(range(256)) * 8).content.decode()

    assert 'data-level="L2"' in page
    assert "What cannot be read counts as secret." in page


def test_a_file_without_scripts_gets_a_page(web: WebClient, owner: Person) -> None:
    web.sign_in(owner)
    sent = SimpleUploadedFile("plain.md", b"# Lockers")

    answer = web.post(ADDRESS, {"file": sent})

    assert answer.status_code == 200
    assert "<html" in answer.content.decode()


def test_only_owners_try_files(web: WebClient, member: Person) -> None:
    web.sign_in(member)

    assert tried(web, "list.md", b"# Hello").status_code == 403


def test_a_form_without_a_file_is_refused(web: WebClient, owner: Person) -> None:
    web.sign_in(owner)

    assert web.post(ADDRESS, {}, headers={"X-Fragment": "1"}).status_code == 400


def test_a_file_name_is_text(web: WebClient, owner: Person) -> None:
    web.sign_in(owner)

    page = tried(web, "<img src=x onerror=alert(1)>.md", b"# Hello").content.decode()

    assert "<img src=x" not in page
