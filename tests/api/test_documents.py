"""Documents, collections and search over REST."""

import uuid

import pytest

from rag.models import Collection, Document, DocumentState
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import KeyScope, Person
from tests.api.calling import Program, document_of, problem_of, program_of
from tests.api.library import add_document, set_document_state

DOCUMENTS, COLLECTIONS, SEARCH = "/api/v1/documents", "/api/v1/collections", "/api/v1/search"


@pytest.fixture
def handbook(tenant: TenantRef) -> Document:
    return add_document(tenant)


def names_in(tenant: TenantRef) -> list[str]:
    with scope(platform_scope(tenant.schema)):
        return list(Collection.objects.order_by("name").values_list("name", flat=True))


def test_list_and_get_documents(program: Program, handbook: Document) -> None:
    [item] = document_of(program.call("GET", DOCUMENTS))["items"]
    found = document_of(program.call("GET", f"{DOCUMENTS}/{handbook.pk}"))

    assert item == found
    assert (found["name"], found["state"]) == ("handbook.md", "READY")
    assert not {"storage_key", "uploaded_by", "attempt", "lease_expires_at"} & set(found)


def test_list_documents_in_pages(program: Program, tenant: TenantRef) -> None:
    for number in range(3):
        add_document(tenant, f"d{number}.md")
    first = document_of(program.call("GET", f"{DOCUMENTS}?limit=2"))
    second = document_of(program.call("GET", f"{DOCUMENTS}?cursor={first['next_cursor']}"))

    names = [item["name"] for item in first["items"] + second["items"]]
    assert names == ["d2.md", "d1.md", "d0.md"]


def test_documents_are_shared_inside_and_unknown_outside(
    handbook: Document, colleague: Program, stranger: Program
) -> None:
    path = f"{DOCUMENTS}/{handbook.pk}"

    assert colleague.call("GET", path).status_code == 200
    for method, rest in (("GET", ""), ("DELETE", ""), ("POST", "/retry")):
        assert problem_of(stranger.call(method, path + rest)) == (404, "document_missing")
    assert document_of(stranger.call("GET", DOCUMENTS))["items"] == []
    assert colleague.call("GET", path).status_code == 200


def test_delete_document(program: Program, handbook: Document) -> None:
    path = f"{DOCUMENTS}/{handbook.pk}"

    assert program.call("DELETE", path).status_code == 204
    for method in ("GET", "DELETE"):
        assert problem_of(program.call(method, path)) == (404, "document_missing")
    assert document_of(program.call("GET", DOCUMENTS))["items"] == []
    found = document_of(program.call("POST", SEARCH, {"query": "lockers"}))
    assert found["passages"] == []


def test_retry_document(program: Program, tenant: TenantRef, handbook: Document) -> None:
    path = f"{DOCUMENTS}/{handbook.pk}/retry"
    assert problem_of(program.call("POST", path)) == (409, "document_busy")

    set_document_state(handbook, tenant, DocumentState.FAILED)
    again = program.call("POST", path)

    assert (again.status_code, document_of(again)["state"]) == (202, "QUEUED")


def test_create_and_delete_collection(program: Program, tenant: TenantRef) -> None:
    made = program.call("POST", COLLECTIONS, {"name": " 差旅 travel "})
    created = document_of(made)

    assert (made.status_code, created["name"], created["is_default"]) == (
        201,
        "差旅 travel",
        False,
    )
    assert problem_of(program.call("POST", COLLECTIONS, {"name": "差旅 travel"})) == (
        409,
        "collection_exists",
    )
    path = f"{COLLECTIONS}/{created['id']}"
    assert document_of(program.call("GET", path)) == created
    assert program.call("DELETE", path).status_code == 204
    assert problem_of(program.call("DELETE", path)) == (404, "collection_missing")
    assert problem_of(program.call("GET", path)) == (404, "not_found")


def test_delete_collection_only_when_empty(
    program: Program, tenant: TenantRef, handbook: Document
) -> None:
    before = names_in(tenant)
    [collection] = document_of(program.call("GET", COLLECTIONS))["items"]
    answer = program.call("DELETE", f"{COLLECTIONS}/{collection['id']}")

    assert problem_of(answer) == (409, "collection_in_use")
    assert names_in(tenant) == before


def test_collections_are_unknown_next_door(
    program: Program, stranger: Program, tenant: TenantRef
) -> None:
    created = document_of(program.call("POST", COLLECTIONS, {"name": "only ours"}))
    for method in ("GET", "DELETE"):
        answer = stranger.call(method, f"{COLLECTIONS}/{created['id'] + 1000}")
        assert problem_of(answer)[0] == 404
    listed = document_of(stranger.call("GET", COLLECTIONS))["items"]

    assert "only ours" not in [item["name"] for item in listed]
    assert "only ours" in names_in(tenant)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"name": ""},
        {"name": " "},
        {"name": 7},
        {"name": None},
        {"name": "x" * 121},
        {"name": "a\nb"},
        {"name": "ok", "is_default": True},
    ],
)
def test_create_collection_refuses_bad_input(
    program: Program, tenant: TenantRef, body: object
) -> None:
    before = names_in(tenant)

    assert problem_of(program.call("POST", COLLECTIONS, body))[0] == 400
    assert names_in(tenant) == before


@pytest.mark.parametrize("number", ["0", str(2**31), "9" * 30, "9" * 5000, "-1", "x"])
def test_collection_of_no_number_is_nothing(program: Program, number: str) -> None:
    for method in ("GET", "DELETE"):
        assert problem_of(program.call(method, f"{COLLECTIONS}/{number}"))[0] == 404


@pytest.mark.parametrize("mode", ["lexical", "dense", "fused"])
def test_search(program: Program, handbook: Document, mode: str) -> None:
    body = {"query": "When do lockers open?", "mode": mode, "limit": 1}
    found = document_of(program.call("POST", SEARCH, body))

    [passage] = found["passages"]
    assert passage["document_id"] == str(handbook.pk)
    assert "Lockers" in passage["text"]
    assert found["mode"] == mode


def test_search_stays_inside_the_tenant(stranger: Program, handbook: Document) -> None:
    body = {"query": "When do lockers open?", "collection_ids": [handbook.collection_id]}
    found = document_of(stranger.call("POST", SEARCH, body))

    assert found["passages"] == []


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"query": ""},
        {"query": 1},
        {"query": "x" * 2001},
        {"query": "x", "limit": 0},
        {"query": "x", "limit": 51},
        {"query": "x", "limit": "5"},
        {"query": "x", "limit": 10**400},
        {"query": "x", "limit": True},
        {"query": "x", "mode": "sql"},
        {"query": "x", "collection_ids": {}},
        {"query": "x", "collection_ids": ["1"]},
        {"query": "x", "tenant": "t_other"},
    ],
)
def test_search_refuses_bad_input(program: Program, body: object) -> None:
    assert problem_of(program.call("POST", SEARCH, body))[0] == 400


def test_documents_keep_to_what_the_key_is_for(
    tenant: TenantRef, owner: Person, handbook: Document
) -> None:
    reader = program_of(tenant, owner, [KeyScope.READ])
    writer = program_of(tenant, owner, [KeyScope.WRITE])
    path = f"{DOCUMENTS}/{handbook.pk}"

    assert reader.call("POST", SEARCH, {"query": "x"}).status_code == 200
    assert reader.call("GET", path).status_code == 200
    for method, wanted in (("DELETE", path), ("POST", f"{path}/retry"), ("POST", COLLECTIONS)):
        assert problem_of(reader.call(method, wanted, {})) == (403, "key_scope_lacking")
    assert problem_of(writer.call("POST", SEARCH, {"query": "x"})) == (403, "key_scope_lacking")


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        (DOCUMENTS, ["PUT", "PATCH", "DELETE", "OPTIONS"]),
        (f"{DOCUMENTS}/{uuid.UUID(int=7)}", ["POST", "PUT", "OPTIONS"]),
        (f"{DOCUMENTS}/{uuid.UUID(int=7)}/retry", ["GET", "PUT", "PATCH", "DELETE"]),
        (COLLECTIONS, ["PUT", "PATCH", "DELETE", "OPTIONS"]),
        (f"{COLLECTIONS}/1", ["POST", "PUT", "PATCH", "OPTIONS"]),
        (SEARCH, ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    ],
)
def test_documents_know_their_methods(program: Program, path: str, methods: list[str]) -> None:
    for method in methods:
        assert problem_of(program.call(method, path, {})) == (405, "method_not_allowed")


def test_documents_want_somebody(tenant: TenantRef, handbook: Document) -> None:
    nobody = Program(tenant)
    for method, path in (
        ("GET", DOCUMENTS),
        ("GET", f"{DOCUMENTS}/{handbook.pk}"),
        ("DELETE", f"{DOCUMENTS}/{handbook.pk}"),
        ("GET", COLLECTIONS),
        ("POST", SEARCH),
    ):
        assert problem_of(nobody.call(method, path, {}))[0] == 401
