"""Labels of documents over REST: raised by a name of the policy, never lowered, never guessed."""

import pytest

from edge_agent.contract.levels import Level
from rag.models import Document
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tests.api.calling import Program, document_of, problem_of
from tests.api.library import add_document

DOCUMENTS = "/api/v1/documents"


@pytest.fixture
def handbook(tenant: TenantRef) -> Document:
    return add_document(tenant)


def test_label_is_raised_and_shown(program: Program, handbook: Document) -> None:
    path = f"{DOCUMENTS}/{handbook.pk}"

    assert document_of(program.call("GET", path))["label"] == ""
    raised = document_of(program.call("PATCH", path, {"label": "confidential"}))

    assert raised["label"] == "confidential"


def test_pol_09_a_label_is_never_lowered(program: Program, handbook: Document) -> None:
    path = f"{DOCUMENTS}/{handbook.pk}"
    program.call("PATCH", path, {"label": "confidential"})

    for lower in ("internal", "public"):
        assert problem_of(program.call("PATCH", path, {"label": lower})) == (403, "label_lowered")

    assert document_of(program.call("GET", path))["label"] == "confidential"


def test_pol_09_a_label_that_the_policy_forgot_counts_as_the_strictest(
    program: Program, handbook: Document, tenant: TenantRef
) -> None:
    with scope(platform_scope(tenant.schema, "tests")):
        Document.objects.update(label="board only")
    path = f"{DOCUMENTS}/{handbook.pk}"

    assert problem_of(program.call("PATCH", path, {"label": "internal"})) == (403, "label_lowered")
    assert program.call("PATCH", path, {"label": "confidential"}).status_code == 200


def test_label_must_be_one_of_the_policy(program: Program, handbook: Document) -> None:
    answer = program.call("PATCH", f"{DOCUMENTS}/{handbook.pk}", {"label": "hush"})

    assert problem_of(answer) == (400, "label_unknown")
    assert "public, internal, confidential" in document_of(answer)["detail"]


def test_label_of_a_stranger_s_document_is_nobody_s(stranger: Program, handbook: Document) -> None:
    answer = stranger.call("PATCH", f"{DOCUMENTS}/{handbook.pk}", {"label": "confidential"})

    assert problem_of(answer) == (404, "document_missing")


@pytest.mark.parametrize("body", [{}, {"label": 7}, {"label": "x" * 201}, {"level": "L0"}])
def test_label_change_takes_a_label_only(
    program: Program, handbook: Document, body: dict[str, object]
) -> None:
    answer = program.call("PATCH", f"{DOCUMENTS}/{handbook.pk}", body)

    assert 400 <= answer.status_code < 500


def test_documents_are_listed_by_level(
    program: Program, handbook: Document, tenant: TenantRef
) -> None:
    with scope(platform_scope(tenant.schema, "tests")):
        Document.objects.update(level=Level.L1)

    listed = document_of(program.call("GET", f"{DOCUMENTS}?level=L1"))["items"]
    others = document_of(program.call("GET", f"{DOCUMENTS}?level=L2"))["items"]
    unknown = program.call("GET", f"{DOCUMENTS}?level=L9")

    assert [each["id"] for each in listed] == [str(handbook.pk)]
    assert others == []
    assert problem_of(unknown)[0] == 400
