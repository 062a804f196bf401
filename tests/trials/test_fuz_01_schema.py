"""FUZ-01: made-up requests after the API's own description: no 5xx, no answer it does not name."""

import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assistant.conversations import ask
from tenants.base.context import person_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.api.calling import Program, program_of
from tests.api.library import add_document
from tests.harness.processes import LiveServer

EXAMPLES = int(os.environ.get("FUZ_01_EXAMPLES", "8"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Events of a run that nobody works on never end; the trials of the relay read them.
ENDLESS = {"GET /api/v1/runs/{run_id}/events"}

Caller = Callable[[TenantRef, Person, Person], Program]


def _as_owner(tenant: TenantRef, owner: Person, member: Person) -> Program:
    return program_of(tenant, owner)


def _as_member(tenant: TenantRef, owner: Person, member: Person) -> Program:
    return program_of(tenant, member)


def _as_nobody(tenant: TenantRef, owner: Person, member: Person) -> Program:
    return Program(tenant)


@pytest.fixture
def known_ids(tenant: TenantRef, owner: Person) -> dict[str, Any]:
    """Ids that lead somewhere, so that not every request ends with a 404."""
    document = add_document(tenant)
    with scope(person_scope(tenant.schema, str(owner.pk))):
        asked = ask("When do lockers open?", conversation_id=None, person_id=str(owner.pk))
    return {
        "conversation_id": asked.conversation_id,
        "run_id": asked.run_id,
        "document_id": str(document.pk),
        "collection_id": document.collection_id,
    }


class Fuzzer:
    """Sends requests made after the description and judges every answer by it."""

    def __init__(self, server: LiveServer, program: Program) -> None:
        self.seen: Counter[int] = Counter()
        # Who is nobody is refused before a word of the request is read.
        self.examples = EXAMPLES if program.secret else max(2, EXAMPLES // 4)
        self._server = server
        self._headers = {"Host": server.host_of(program.tenant)}
        if program.secret:
            self._headers["Authorization"] = f"Bearer {program.secret}"

    def run(self, operation: Any, known_ids: dict[str, Any]) -> None:
        known = {
            name: value for name, value in known_ids.items() if f"{{{name}}}" in operation.path
        }
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            for path_parameters in ([known] if known else []) + [None]:
                self._try(operation.as_strategy(mode, path_parameters=path_parameters))

    def _try(self, strategy: Any) -> None:
        @settings(
            max_examples=self.examples,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def fuzz(case: Any) -> None:
            answer = case.call(base_url=self._server.url, headers=self._headers, timeout=30)
            self.seen[answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)

        fuzz()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        (_as_owner, {200, 201, 202, 400, 404}),
        (_as_member, {200, 201, 202, 400, 404}),
        (_as_nobody, {401}),
    ],
)
def test_fuz_01_requests_after_the_schema(
    server: LiveServer,
    tenant: TenantRef,
    owner: Person,
    member: Person,
    known_ids: dict[str, Any],
    caller: Caller,
    expected: set[int],
) -> None:
    fuzzer = Fuzzer(server, caller(tenant, owner, member))
    described = server.request(tenant, "GET", "/api/schema/?format=json").json()
    pid = server.pid

    results: Any = schemathesis.openapi.from_dict(described).get_all_operations()
    for result in results:
        operation = result.ok()
        if operation.label not in ENDLESS:
            fuzzer.run(operation, known_ids)

    assert fuzzer.seen.total() > 20 * fuzzer.examples
    assert set(fuzzer.seen) >= expected
    server.fail_if_dead()
    assert server.pid == pid
    print(f"FUZ-01 {caller.__name__[4:]}: {sorted(fuzzer.seen.items())}")
