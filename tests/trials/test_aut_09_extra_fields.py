"""AUT-09: whatever else a body claims about ids, tenants, owners or rights changes nothing."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from assistant.conversations import ask
from assistant.models import Conversation, Message, Run, RunState
from rag.models import Collection, Document
from tenants.api.serializers import StrictSerializer
from tenants.base.context import person_scope, platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import ApiKey, Person
from tests.api.calling import Program, program_of
from tests.harness.documents import put_document
from tests.harness.web import WebClient

Extra = dict[str, Any]
Body = dict[str, Any]

# Every JSON body of the API, with a value that would be taken without the extra field.
BODIES: dict[tuple[str, str], Body] = {
    ("POST", "/api/v1/runs"): {"question": "Who?"},
    ("PATCH", "/api/v1/conversations/{conversation_id}"): {"title": "renamed"},
    ("PATCH", "/api/v1/documents/{document_id}"): {"label": "internal"},
    ("POST", "/api/v1/collections"): {"name": "new"},
    ("POST", "/api/v1/search"): {"query": "anything"},
}
# Stateless: nothing is stored, so there is nothing a further field could change.
STATELESS = {("POST", "/v1/chat/completions")}
MULTIPART = {("POST", "/api/v1/documents")}


def claims(conversation: str, run: str, other: TenantRef, person: Person) -> list[Extra]:
    return [
        {"id": conversation},
        {"pk": conversation},
        {"run_id": run},
        {"tenant": other.id},
        {"tenant_id": other.id},
        {"schema": other.schema},
        {"owner": str(person.pk)},
        {"owner_id": str(person.pk)},
        {"person_id": str(person.pk)},
        {"actor_id": str(person.pk)},
        {"uploaded_by": str(person.pk)},
        {"role": "OWNER"},
        {"is_staff": True},
        {"is_superuser": True},
        {"is_default": True},
        {"quota": 10**9},
        {"state": "DONE"},
        {"attempt": 99},
        {"created_at": "2000-01-01T00:00:00Z"},
        {"updated_at": "2000-01-01T00:00:00Z"},
        {"__proto__": {"role": "OWNER"}},
        {"_state": {}},
    ]


def everything_in(tenant: TenantRef) -> list[list[Extra]]:
    models: tuple[Any, ...] = (Conversation, Message, Run, Collection, Document, Person)
    with scope(platform_scope(tenant.schema)):
        return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.fixture
def theirs(tenant: TenantRef, member: Person) -> tuple[str, str]:
    """A conversation and a run of somebody else in the same tenant."""
    with scope(person_scope(tenant.schema, str(member.pk))):
        asked = ask("Mine alone.", conversation_id=None, person_id=str(member.pk))
        Run.objects.filter(pk=asked.run_id).update(state=RunState.DONE)
    return asked.conversation_id, asked.run_id


def test_aut_09_every_body_is_probed() -> None:
    generator: Any = SchemaGenerator
    schema = generator().get_schema(request=None, public=True)
    with_body = {
        (method.upper(), path)
        for path, found in schema["paths"].items()
        for method, operation in found.items()
        if "requestBody" in operation
    }

    assert with_body == set(BODIES) | STATELESS | MULTIPART
    assert len(StrictSerializer.__subclasses__()) == len(BODIES)


@pytest.mark.parametrize("route", BODIES, ids=" ".join)
def test_aut_09_extra_fields_are_refused_and_change_nothing(
    tenant: TenantRef,
    other_tenant: TenantRef,
    owner: Person,
    member: Person,
    theirs: tuple[str, str],
    route: tuple[str, str],
) -> None:
    program = program_of(tenant, owner)
    with scope(person_scope(tenant.schema, str(owner.pk))):
        own = ask("Own.", conversation_id=None, person_id=str(owner.pk))
    document = put_document(tenant, "Lockers open at seven.")
    path = route[1].format(conversation_id=own.conversation_id, document_id=document.pk)
    before, before_there = everything_in(tenant), everything_in(other_tenant)

    for extra in claims(*theirs, other_tenant, member):
        for body in (
            {**BODIES[route], **extra},
            {**extra, **BODIES[route]},
            extra,
        ):
            answer = program.call(route[0], path, body)
            assert answer.status_code == 400, (extra, answer.content)

    assert everything_in(tenant) == before
    assert everything_in(other_tenant) == before_there


def test_aut_09_post_never_updates(
    tenant: TenantRef, owner: Person, theirs: tuple[str, str]
) -> None:
    program = program_of(tenant, owner)
    before = everything_in(tenant)
    for path in (
        f"/api/v1/conversations/{theirs[0]}",
        f"/api/v1/runs/{theirs[1]}",
        "/api/v1/conversations",
    ):
        assert program.call("POST", path, {"title": "taken"}).status_code == 405

    assert everything_in(tenant) == before


def _nobody(tenant: TenantRef, owner: Person, member: Person) -> Program:
    return Program(tenant)


def _colleague(tenant: TenantRef, owner: Person, member: Person) -> Program:
    return program_of(tenant, owner)


@pytest.mark.parametrize("caller", [_nobody, _colleague])
def test_aut_09_names_of_others_in_the_query_or_headers_change_nothing(
    tenant: TenantRef,
    owner: Person,
    member: Person,
    theirs: tuple[str, str],
    caller: Callable[[TenantRef, Person, Person], Program],
) -> None:
    answer = caller(tenant, owner, member).call(
        "GET",
        f"/api/v1/conversations/{theirs[0]}?person_id={member.pk}&tenant={tenant.id}&role=OWNER",
        x_person_id=str(member.pk),
        x_tenant=tenant.schema,
        x_forwarded_host=tenant.host,
        x_remote_user=member.email,
        remote_user=member.email,
    )

    assert answer.status_code in {401, 404}
    assert "Mine alone" not in answer.content.decode()


def test_aut_09_keys_form_ignores_whose_key_it_should_be(
    tenant: TenantRef, owner: Person, member: Person
) -> None:
    web = WebClient(tenant)
    web.sign_in(owner)
    known = uuid.uuid4()
    form = {
        "name": "ci",
        "use": "READ",
        "lifetime": "30",
        "id": str(known),
        "person": str(member.pk),
        "person_id": str(member.pk),
        "digest": "0" * 64,
        "scopes": "WRITE",
        "expires_at": "2100-01-01",
        "role": "OWNER",
    }
    assert web.post("/account/keys/", form).status_code == 201

    with scope(platform_scope(tenant.schema)):
        key = ApiKey.objects.get()
        assert (key.person_id, key.scopes) == (owner.pk, ["READ"])
        assert key.pk != known
        assert key.digest != "0" * 64
        assert key.expires_at is not None
        assert key.expires_at.year < 2100
