"""Runs over REST: ask, read, stop, ask again."""

from typing import Any

import pytest

from assistant.models import Conversation, Message, Run, RunState
from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.hosts import TenantRef
from tenants.models import WorkItem
from tenants.people.models import KeyScope, Person
from tests.api.calling import Program, document_of, problem_of, program_of
from tests.api.talks import Talk

RUNS = "/api/v1/runs"
QUESTION = {"question": "When do lockers open?"}


def counts_in(tenant: TenantRef) -> tuple[int, int, int]:
    with scope(platform_scope(tenant.schema)):
        return Conversation.objects.count(), Message.objects.count(), Run.objects.count()


def set_state(tenant: TenantRef, run_id: str, state: RunState) -> None:
    with scope(platform_scope(tenant.schema)):
        Run.objects.filter(pk=run_id).update(state=state)


def test_ask_accepts_and_remembers_the_work(program: Program, tenant: TenantRef) -> None:
    answer = program.call("POST", RUNS, QUESTION)
    accepted = document_of(answer)

    assert answer.status_code == 202
    assert accepted["state"] == "QUEUED"
    assert accepted["events"] == f"/api/v1/runs/{accepted['id']}/events"
    assert counts_in(tenant) == (1, 1, 1)
    with scope(REGISTRY):
        assert WorkItem.objects.filter(object_id=accepted["id"], kind="RUN_TURN").exists()


def test_ask_goes_on_in_a_conversation(program: Program, tenant: TenantRef, stored: Talk) -> None:
    body = {**QUESTION, "conversation_id": stored.conversation_id}
    accepted = document_of(program.call("POST", RUNS, body))

    assert accepted["conversation_id"] == stored.conversation_id
    assert counts_in(tenant)[0] == 1


def test_ask_twice_with_one_key_asks_once(program: Program, tenant: TenantRef) -> None:
    first = program.call("POST", RUNS, QUESTION, Idempotency_Key="k1")
    again = program.call("POST", RUNS, QUESTION, Idempotency_Key="k1")
    other = program.call("POST", RUNS, {"question": "Else?"}, Idempotency_Key="k1")

    assert first.content == again.content
    assert problem_of(other) == (409, "idempotency_conflict")
    assert counts_in(tenant) == (1, 1, 1)


def test_ask_waits_for_the_turn_before(program: Program) -> None:
    accepted = document_of(program.call("POST", RUNS, QUESTION))
    body = {**QUESTION, "conversation_id": accepted["conversation_id"]}

    assert problem_of(program.call("POST", RUNS, body)) == (409, "turn_in_progress")


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"question": ""},
        {"question": " \n "},
        {"question": None},
        {"question": 7},
        {"question": ["a"]},
        {"question": {"a": "b"}},
        {"question": "x" * 20_001},
        {**QUESTION, "conversation_id": "7"},
        {**QUESTION, "conversation_id": 7},
        {**QUESTION, "conversation_id": {}},
        {**QUESTION, "collection_ids": "1"},
        {**QUESTION, "collection_ids": [0]},
        {**QUESTION, "collection_ids": [2**31]},
        {**QUESTION, "collection_ids": [10**400]},
        {**QUESTION, "collection_ids": [True, "x"]},
        {**QUESTION, "collection_ids": list(range(1, 200))},
    ],
)
def test_ask_refuses_bad_input(program: Program, tenant: TenantRef, body: object) -> None:
    status, _code = problem_of(program.call("POST", RUNS, body))

    assert status == 400
    assert counts_in(tenant) == (0, 0, 0)


def test_ask_refuses_an_endless_idempotency_key(program: Program, tenant: TenantRef) -> None:
    answer = program.call("POST", RUNS, QUESTION, Idempotency_Key="k" * 201)

    assert problem_of(answer)[0] == 400
    assert counts_in(tenant) == (0, 0, 0)


def test_ask_stays_out_of_conversations_of_others(
    stored: Talk, tenant: TenantRef, colleague: Program, stranger: Program
) -> None:
    before = counts_in(tenant)
    body = {**QUESTION, "conversation_id": stored.conversation_id}
    for other in (colleague, stranger):
        assert problem_of(other.call("POST", RUNS, body)) == (404, "conversation_not_found")
    assert counts_in(tenant) == before


def test_get_run(program: Program, stored: Talk) -> None:
    found: dict[str, Any] = document_of(program.call("GET", f"{RUNS}/{stored.run_id}"))

    assert (found["id"], found["state"]) == (stored.run_id, "DONE")
    assert found["conversation_id"] == stored.conversation_id
    assert found["citations"] == []


def test_stop_run(program: Program, tenant: TenantRef, stored: Talk) -> None:
    accepted = document_of(program.call("POST", RUNS, {"question": "Another?"}))
    stopped = program.call("POST", f"{RUNS}/{accepted['id']}/stop")

    assert (stopped.status_code, document_of(stopped)["state"]) == (202, "STOPPED")
    again = program.call("POST", f"{RUNS}/{accepted['id']}/stop")
    assert document_of(again)["state"] == "STOPPED"


def test_retry_run(program: Program, tenant: TenantRef, stored: Talk) -> None:
    set_state(tenant, stored.run_id, RunState.FAILED)
    again = program.call("POST", f"{RUNS}/{stored.run_id}/retry")

    assert again.status_code == 202
    assert document_of(again)["id"] != stored.run_id
    assert document_of(again)["conversation_id"] == stored.conversation_id


def test_retry_run_only_after_a_failure(program: Program, stored: Talk) -> None:
    answer = program.call("POST", f"{RUNS}/{stored.run_id}/retry")

    assert problem_of(answer) == (409, "run_not_retryable")


def test_run_is_its_owners_alone(
    stored: Talk, tenant: TenantRef, colleague: Program, stranger: Program
) -> None:
    set_state(tenant, stored.run_id, RunState.FAILED)
    before = counts_in(tenant)
    for other in (colleague, stranger):
        for method, rest in (("GET", ""), ("POST", "/stop"), ("POST", "/retry")):
            answer = other.call(method, f"{RUNS}/{stored.run_id}{rest}")

            assert problem_of(answer) == (404, "run_not_found")
            assert "When do lockers" not in answer.content.decode()
    assert counts_in(tenant) == before


@pytest.mark.parametrize("run_id", ["7", "x", "288e2fa3-bb4d-4696-8f30-e3fae2bcbeb", "../runs"])
def test_run_of_no_id_is_nothing(program: Program, run_id: str) -> None:
    assert problem_of(program.call("GET", f"{RUNS}/{run_id}")) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"]),
        ("/{run_id}", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
        ("/{run_id}/stop", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"]),
        ("/{run_id}/retry", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    ],
)
def test_runs_know_their_methods(
    program: Program, stored: Talk, path: str, methods: list[str]
) -> None:
    for method in methods:
        answer = program.call(method, RUNS + path.format(run_id=stored.run_id), {})

        assert problem_of(answer) == (405, "method_not_allowed")


def test_runs_keep_to_what_the_key_is_for(tenant: TenantRef, owner: Person, stored: Talk) -> None:
    reader = program_of(tenant, owner, [KeyScope.READ])
    before = counts_in(tenant)
    for path in (RUNS, f"{RUNS}/{stored.run_id}/stop", f"{RUNS}/{stored.run_id}/retry"):
        assert problem_of(reader.call("POST", path, QUESTION)) == (403, "key_scope_lacking")
    assert counts_in(tenant) == before
    assert reader.call("GET", f"{RUNS}/{stored.run_id}").status_code == 200


def test_runs_want_somebody(tenant: TenantRef, stored: Talk) -> None:
    nobody = Program(tenant)
    for method, path in (("POST", RUNS), ("GET", f"{RUNS}/{stored.run_id}")):
        assert problem_of(nobody.call(method, path, QUESTION))[0] == 401
