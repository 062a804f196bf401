"""How secret a file is: by what it says, what hides in it, its name, its label and its policy."""

import pytest

from edge_agent.contract.judging import Part
from edge_agent.contract.levels import Level
from rag import files
from rag.documents import label_document
from rag.judging import judge_documents, level_of_file
from rag.loaders.blocks import Block
from rag.loaders.bounds import bounded
from rag.models import Document
from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.jobs import JUDGE_DOCUMENTS
from tenants.hosts import TenantRef
from tenants.models import WorkItem
from tenants.people.models import Person
from tenants.policies.publishing import publish_policy
from tenants.policies.standing import document_in_force
from tests.api.library import add_document

PLAIN = b"# Lockers\n\nLockers open at seven in the morning."
MAIL = b"# Lockers\n\nAsk anna.schmidt@example.org for a key."


def is_promised(tenant: TenantRef) -> bool:
    with scope(REGISTRY):
        items = WorkItem.objects.filter(kind=JUDGE_DOCUMENTS.kind, schema=tenant.schema)
        return items.exists()


def again(document: Document, tenant: TenantRef) -> Document:
    with scope(platform_scope(tenant.schema, "tests")):
        return Document.objects.get(pk=document.pk)


@pytest.mark.parametrize(
    ("name", "content", "level", "what"),
    [
        ("lockers.md", PLAIN, Level.L0, ""),
        ("lockers.md", MAIL, Level.L1, "EMAIL"),
        (
            "lockers.md",
            PLAIN + b"\n<!-- the password is canary-7!hunter2 -->",
            Level.L2,
            "PASSWORD",
        ),
        ("call +86 138 0013 8000.md", PLAIN, Level.L1, "PHONE"),
    ],
)
def test_pol_05_a_file_is_as_secret_as_the_strictest_in_it(
    tenant: TenantRef, name: str, content: bytes, level: Level, what: str
) -> None:
    document = add_document(tenant, name, content)

    assert document.level == level
    assert [each["what"] for each in document.level_reasons] == ([what] if what else [])
    assert document.judged_version == 1
    assert "canary" not in str(document.level_reasons)


def test_a_label_is_judged_too(tenant: TenantRef) -> None:
    document = add_document(tenant, content=PLAIN)

    with scope(platform_scope(tenant.schema, "tests")):
        label_document(str(document.pk), "confidential")
        judge_documents(str(document.pk))

    assert again(document, tenant).level == Level.L2


def test_pol_10_a_new_policy_judges_the_documents_anew_however_often_it_is_told(
    tenant: TenantRef, owner: Person
) -> None:
    document = add_document(tenant, content=PLAIN)
    with scope(platform_scope(tenant.schema, "tests")):
        fields = {**document_in_force(), "paths": {"*.md": "L1"}}
        publish_policy(fields, author=owner, based_on=1)
    assert is_promised(tenant)

    with scope(platform_scope(tenant.schema, "tests")):
        for _ in range(3):
            judge_documents("2")

    assert not is_promised(tenant)
    judged = again(document, tenant)
    assert (judged.level, judged.judged_version) == (Level.L1, 2)


def test_pol_05_a_file_that_is_gone_counts_as_secret(tenant: TenantRef, owner: Person) -> None:
    document = add_document(tenant, content=PLAIN)
    with scope(platform_scope(tenant.schema, "tests")):
        files.remove(Document.objects.get(pk=document.pk).storage_key)
        Document.objects.update(judged_version=None)

        judge_documents("1")

    assert again(document, tenant).level == Level.L2


def test_pol_05_a_long_file_is_judged_whole_and_the_turn_is_kept(tenant: TenantRef) -> None:
    words = "Lockers open at seven in the morning. " * 8_000
    blocks = (Block(words), Block("Ask anna.schmidt@example.org."), Block(words))
    kept: list[None] = []

    with scope(platform_scope(tenant.schema, "tests")):
        found = level_of_file(Part("long.md"), bounded(blocks), between=lambda: kept.append(None))

    assert found.level is Level.L1
    assert len(kept) >= 4


def test_pol_04_a_number_over_the_border_of_two_portions_is_found(tenant: TenantRef) -> None:
    filler = Block("Lockers open at seven. " * 6_000)
    blocks = (filler, Block("4111 1111"), Block("1111 1111"), filler)

    with scope(platform_scope(tenant.schema, "tests")):
        found = level_of_file(Part("cut.md"), bounded(blocks))

    assert [reason.what for reason in found.reasons] == ["BANK_CARD"]
