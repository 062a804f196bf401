"""A tenant comes into being whole, or not at all."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tenants import provisioning
from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.errors import BadRequest
from tenants.base.roles import OWNER_ALIAS
from tenants.hosts import TenantRef, resolve_host
from tenants.models import Tenant
from tenants.people.models import Person
from tenants.people.models.person import Role
from tenants.provisioning import TenantExists, create_tenant
from tenants.signals import tenant_provisioned


def counts() -> tuple[int, int, int]:
    """Return how many tenants, schemas and roles there are."""
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM tenants_tenant), (SELECT count(*) FROM pg_namespace),"
            " (SELECT count(*) FROM pg_roles WHERE starts_with(rolname, current_database()))"
        )
        found: tuple[int, int, int] = cursor.fetchone()
    return found


def test_provisioned_tenant_is_found_by_its_host(tenant: TenantRef) -> None:
    assert tenant.host == f"{tenant.slug}.localhost"
    assert resolve_host(tenant.host) == tenant


def test_provisioned_tenant_has_its_owner(tenant: TenantRef, owner: Person) -> None:
    assert (owner.email, owner.role) == (f"owner@{tenant.slug}.example", Role.OWNER)
    with scope(platform_scope(tenant.schema)):
        assert Person.objects.count() == 1


def test_provisioned_tenant_is_told_after_the_fact() -> None:
    told: list[tuple[TenantRef, bool]] = []

    def hear(tenant: TenantRef, **_kwargs: Any) -> None:
        with scope(REGISTRY):
            told.append((tenant, Tenant.objects.filter(slug=tenant.slug).exists()))

    tenant_provisioned.connect(hear)
    try:
        created = create_tenant("told", name="Told", owner_email="a@b.example")
    finally:
        tenant_provisioned.disconnect(hear)
    assert told == [(created, True)]


def test_a_slug_is_taken_once(tenant: TenantRef) -> None:
    before = counts()
    with pytest.raises(TenantExists):
        create_tenant(tenant.slug, name="Again", owner_email="a@b.example")
    assert counts() == before


def test_a_failure_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise ZeroDivisionError

    before = counts()
    monkeypatch.setattr(provisioning, "_add_owner", fail)
    with pytest.raises(ZeroDivisionError):
        create_tenant("half-way", name="Half", owner_email="a@b.example")
    assert counts() == before
    monkeypatch.undo()
    create_tenant("half-way", name="Whole", owner_email="a@b.example")


@pytest.mark.parametrize(
    "slug",
    [
        *("", "A", "1a", "a_b", "a--b", "-a", "a-", "a b", "a.b", 'a"b', "a;b", "ä", "a" * 39),
        *("pg\n", "a\n", "public", "www", "a\x00"),
    ],
)
def test_a_bad_slug_is_refused(slug: str) -> None:
    before = counts()
    with pytest.raises(BadRequest):
        create_tenant(slug, name="Bad", owner_email="a@b.example")
    assert counts() == before


@pytest.mark.parametrize("email", ["", "nobody", "a@", "a b@c.example", "a@b.example\n@c"])
def test_a_bad_address_is_refused(email: str) -> None:
    with pytest.raises(BadRequest):
        create_tenant("bad-address", name="Bad", owner_email=email)


def test_the_command_prints_one_document_and_the_password_once() -> None:
    said = io.StringIO()
    call_command(
        "create_tenant",
        "by-command",
        "--name=By command",
        "--owner-email=Owner@Example.org",
        "--json",
        stdout=said,
    )
    shown = json.loads(said.getvalue())
    with scope(platform_scope(shown["schema"])):
        person = Person.objects.get(email="owner@example.org")
        assert person.check_password(shown["password"])
    assert shown["host"] == "by-command.localhost"


def test_the_command_says_why_it_cannot(tenant: TenantRef) -> None:
    with pytest.raises(CommandError, match="exists already"):
        call_command("create_tenant", tenant.slug, "--name=x", "--owner-email=a@b.example")
