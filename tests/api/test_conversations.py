"""Conversations over REST: works, wrong method, wrong owner, bad input."""

import uuid

import pytest

from assistant.models import Conversation
from tenants.base.context import person_scope, platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import KeyScope, Person
from tests.api.calling import Program, document_of, problem_of, program_of
from tests.api.talks import Talk

LIST = "/api/v1/conversations"


def conversations_in(tenant: TenantRef) -> list[tuple[str, str]]:
    with scope(platform_scope(tenant.schema)):
        return [(str(row.pk), row.title) for row in Conversation.objects.all()]


def test_list_conversations(program: Program, stored: Talk) -> None:
    listed = document_of(program.call("GET", LIST))

    [item] = listed["items"]
    assert set(item) == {"id", "title", "collection_ids", "created_at", "updated_at"}
    assert (item["id"], item["title"]) == (stored.conversation_id, "When do lockers open?")
    assert listed["next_cursor"] is None


def test_list_conversations_in_pages(program: Program, tenant: TenantRef, owner: Person) -> None:
    with scope(person_scope(tenant.schema, str(owner.pk))):
        for number in range(7):
            Conversation.objects.create(owner=owner, title=f"c{number}")
    titles, cursor = [], ""
    for _page in range(4):
        page = document_of(program.call("GET", f"{LIST}?limit=2&cursor={cursor}"))
        titles += [item["title"] for item in page["items"]]
        cursor = page["next_cursor"] or ""

    assert titles == [f"c{number}" for number in (6, 5, 4, 3, 2, 1, 0)]
    assert cursor == ""


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=1e3",
        "limit=٣",
        "limit=" + "9" * 5000,
        "cursor=AAAA",
        "cursor=é",
        "cursor=" + "A" * 300,
        "cursor=MjAyNi0wMS0wMVQwMDowMDowMCB4",
        "cursor=MjAyNi0wMS0wMVQwMDowMDowMCAwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDA",
    ],
)
def test_list_conversations_refuses_bad_pages(program: Program, query: str) -> None:
    status, code = problem_of(program.call("GET", f"{LIST}?{query}"))

    assert (status, code) in {(400, "bad_limit"), (400, "bad_cursor")}


def test_list_conversations_shows_nobody_elses(
    stored: Talk, colleague: Program, stranger: Program
) -> None:
    for other in (colleague, stranger):
        assert document_of(other.call("GET", LIST))["items"] == []


def test_get_conversation(program: Program, stored: Talk) -> None:
    found = document_of(program.call("GET", f"{LIST}/{stored.conversation_id}"))

    assert [(each["role"], each["text"]) for each in found["messages"]] == [
        ("USER", "When do lockers open?"),
        ("ASSISTANT", "At seven."),
    ]
    assert found["messages"][1]["run"]["id"] == stored.run_id


def test_rename_conversation(program: Program, stored: Talk, tenant: TenantRef) -> None:
    path = f"{LIST}/{stored.conversation_id}"
    renamed = program.call("PATCH", path, {"title": "  锁柜 lockers "})

    assert (renamed.status_code, document_of(renamed)["title"]) == (200, "锁柜 lockers")
    assert conversations_in(tenant) == [(stored.conversation_id, "锁柜 lockers")]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        "title",
        {"title": ""},
        {"title": "   "},
        {"title": None},
        {"title": ["x"]},
        {"title": {"a": 1}},
        {"title": "x" * 201},
        {"title": "two\nlines"},
        {"title": "ok", "owner": "me"},
    ],
)
def test_rename_conversation_refuses_bad_input(
    program: Program, stored: Talk, tenant: TenantRef, body: object
) -> None:
    status, _code = problem_of(program.call("PATCH", f"{LIST}/{stored.conversation_id}", body))

    assert status == 400
    assert conversations_in(tenant) == [(stored.conversation_id, "When do lockers open?")]


def test_delete_conversation(program: Program, stored: Talk, tenant: TenantRef) -> None:
    path = f"{LIST}/{stored.conversation_id}"

    assert program.call("DELETE", path).status_code == 204
    assert conversations_in(tenant) == []
    assert problem_of(program.call("DELETE", path)) == (404, "conversation_not_found")
    assert problem_of(program.call("GET", path)) == (404, "conversation_not_found")


def test_conversation_is_its_owners_alone(
    stored: Talk, tenant: TenantRef, colleague: Program, stranger: Program
) -> None:
    path = f"{LIST}/{stored.conversation_id}"
    for other in (colleague, stranger):
        for method, body in (("GET", None), ("PATCH", {"title": "mine"}), ("DELETE", None)):
            answer = other.call(method, path, body)

            assert problem_of(answer) == (404, "conversation_not_found")
    assert conversations_in(tenant) == [(stored.conversation_id, "When do lockers open?")]


def test_conversation_of_another_person_looks_like_none(stored: Talk, colleague: Program) -> None:
    theirs = colleague.call("GET", f"{LIST}/{stored.conversation_id}")
    none = colleague.call("GET", f"{LIST}/{uuid.uuid4()}")

    assert theirs.content == none.content


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_conversation_list_knows_its_method(program: Program, method: str) -> None:
    answer = program.call(method, LIST, {})

    assert problem_of(answer) == (405, "method_not_allowed")
    assert "GET" in answer["Allow"]


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "TRACE"])
def test_conversation_knows_its_methods(program: Program, stored: Talk, method: str) -> None:
    answer = program.call(method, f"{LIST}/{stored.conversation_id}", {})

    assert problem_of(answer)[0] == 405


def test_conversations_want_somebody(stored: Talk, tenant: TenantRef) -> None:
    for secret in ("", "nonsense", "dbk_aaaaaaaa_" + "a" * 43):
        for path in (LIST, f"{LIST}/{stored.conversation_id}"):
            answer = Program(tenant, secret).call("GET", path)

            assert problem_of(answer)[0] == 401
            assert answer["WWW-Authenticate"] == "Bearer"


def test_conversations_keep_to_what_the_key_is_for(
    stored: Talk, tenant: TenantRef, owner: Person
) -> None:
    reader = program_of(tenant, owner, [KeyScope.READ])
    writer = program_of(tenant, owner, [KeyScope.WRITE])
    path = f"{LIST}/{stored.conversation_id}"

    assert reader.call("GET", path).status_code == 200
    assert problem_of(reader.call("DELETE", path)) == (403, "key_scope_lacking")
    assert problem_of(reader.call("PATCH", path, {"title": "x"})) == (403, "key_scope_lacking")
    assert problem_of(writer.call("GET", path)) == (403, "key_scope_lacking")
    assert conversations_in(tenant) == [(stored.conversation_id, "When do lockers open?")]
