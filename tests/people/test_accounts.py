"""Who belongs to a tenant, and as what."""

import threading

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.db import connection

from tenants.base.context import platform_scope, scope
from tenants.base.errors import AppError, BadRequest
from tenants.hosts import TenantRef
from tenants.people.accounts import (
    EmailTaken,
    LastOwner,
    change_role,
    create_person,
    deactivate_person,
)
from tenants.people.models import Person, Role

PASSWORD = "correct horse battery staple"


def test_create_person_can_sign_in_with_a_verified_address(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        person = create_person(email=" Ann@Example.org ", name="Ann", password=PASSWORD)

        address = EmailAddress.objects.get(user=person)
        assert (person.email, person.role) == ("ann@example.org", Role.MEMBER)
        assert (address.email, address.verified, address.primary) == (person.email, True, True)
        assert person.password.startswith("argon2")


def test_create_person_without_a_password_has_none(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        person = create_person(email="ann@example.org")

        assert not person.has_usable_password()


def test_create_person_refuses_a_known_address_in_any_case(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        create_person(email="ann@example.org")
        with pytest.raises(EmailTaken):
            create_person(email="ANN@example.org")

        assert Person.objects.filter(email__iexact="ann@example.org").count() == 1


@pytest.mark.parametrize(
    "email", ["", "  ", "ann", "ann@", "a\x00b@example.org", "ann@example.org\nbcc: x", "a" * 300]
)
def test_create_person_refuses_what_is_no_address(tenant: TenantRef, email: str) -> None:
    with scope(platform_scope(tenant.schema)), pytest.raises(BadRequest):
        create_person(email=email)


@pytest.mark.parametrize("password", ["short", "password1234", "ann-smith@example.org"])
def test_create_person_refuses_a_weak_password(tenant: TenantRef, password: str) -> None:
    with scope(platform_scope(tenant.schema)), pytest.raises(BadRequest):
        create_person(email="ann-smith@example.org", password=password)


def test_create_person_is_unknown_to_the_other_tenant(
    tenant: TenantRef, other_tenant: TenantRef
) -> None:
    with scope(platform_scope(tenant.schema)):
        create_person(email="ann@example.org", password=PASSWORD)
    with scope(platform_scope(other_tenant.schema)):
        assert not Person.objects.filter(email="ann@example.org").exists()
        assert authenticate(None, email="ann@example.org", password=PASSWORD) is None


def test_change_role_keeps_the_last_owner(tenant: TenantRef, owner: Person) -> None:
    with scope(platform_scope(tenant.schema)):
        with pytest.raises(LastOwner):
            change_role(owner, role=Role.MEMBER)

        owner.refresh_from_db()
        assert owner.is_owner


def test_change_role_lets_one_of_two_owners_go(tenant: TenantRef, owner: Person) -> None:
    with scope(platform_scope(tenant.schema)):
        second = create_person(email="second@example.org", role=Role.OWNER)
        change_role(owner, role=Role.MEMBER)

        assert list(Person.objects.filter(role=Role.OWNER)) == [second]


def test_deactivate_person_keeps_the_last_owner(tenant: TenantRef, owner: Person) -> None:
    with scope(platform_scope(tenant.schema)), pytest.raises(LastOwner):
        deactivate_person(owner)


def test_two_owners_leaving_at_once_leave_one(tenant: TenantRef, owner: Person) -> None:
    with scope(platform_scope(tenant.schema)):
        second = create_person(email="second@example.org", role=Role.OWNER)
    start, refused = threading.Barrier(2), []

    def leave(person: Person) -> None:
        try:
            with scope(platform_scope(tenant.schema)):
                start.wait(10)
                change_role(person, role=Role.MEMBER)
        except AppError as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(person,)) for person in (owner, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with scope(platform_scope(tenant.schema)):
        assert Person.objects.filter(role=Role.OWNER).count() == 1
    assert refused == ["last_owner"]
