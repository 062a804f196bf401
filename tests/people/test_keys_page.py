"""The page of one's own keys."""

import re
import uuid
from typing import Any

import pytest

from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.keys import issue_key, keys_of, verify_key
from tenants.people.models import ApiKey, KeyScope, Person
from tests.harness.web import WebClient

SECRET = re.compile(r"dbk_[a-z0-9]{8}_[A-Za-z0-9_-]{43}")
FORM = {"name": "ci", "use": "WRITE", "lifetime": "30"}


def shown_secret(answer: Any) -> str:
    [secret] = set(SECRET.findall(answer.content.decode()))
    return str(secret)


def test_keys_page_makes_a_key_and_shows_it_once(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)
    made = web.post("/account/keys/", FORM)
    secret = shown_secret(made)
    again = web.get("/account/keys/")

    assert made.status_code == 201
    assert secret not in again.content.decode()
    assert secret[:12] in again.content.decode()
    assert "no-store" in made["Cache-Control"]
    with scope(platform_scope(tenant.schema)):
        assert verify_key(secret).scopes == {KeyScope.READ, KeyScope.WRITE}
        assert ApiKey.objects.get().expires_at is not None


def test_keys_page_makes_a_reading_key_without_end(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)
    secret = shown_secret(web.post("/account/keys/", {**FORM, "use": "READ", "lifetime": "0"}))

    with scope(platform_scope(tenant.schema)):
        assert verify_key(secret).scopes == {KeyScope.READ}
        assert ApiKey.objects.get().expires_at is None


@pytest.mark.parametrize(
    "spoiled",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "a\nb\nc"},
        {"use": "ADMIN"},
        {"lifetime": "-1"},
        {"lifetime": "9" * 400},
    ],
)
def test_keys_page_refuses_bad_input(
    web: WebClient, tenant: TenantRef, owner: Person, spoiled: dict[str, str]
) -> None:
    web.sign_in(owner)
    answer = web.post("/account/keys/", {**FORM, **spoiled})

    assert answer.status_code == 422
    assert 'class="errors"' in answer.content.decode()
    with scope(platform_scope(tenant.schema)):
        assert not ApiKey.objects.exists()


def test_keys_page_revokes(web: WebClient, tenant: TenantRef, owner: Person) -> None:
    with scope(platform_scope(tenant.schema)):
        key, _secret = issue_key(owner, name="ci", scopes=[KeyScope.READ], expires_at=None)
    web.sign_in(owner)

    answer = web.post(f"/account/keys/{key.pk}/revoke")

    assert (answer.status_code, answer["Location"]) == (302, "/account/keys/")
    with scope(platform_scope(tenant.schema)):
        assert not keys_of(owner).exists()


def test_keys_page_is_everybodys_own(
    web: WebClient, tenant: TenantRef, owner: Person, member: Person
) -> None:
    with scope(platform_scope(tenant.schema)):
        key, _secret = issue_key(owner, name="of the owner", scopes=["READ"], expires_at=None)
    web.sign_in(member)

    assert "of the owner" not in web.get("/account/keys/").content.decode()
    assert web.post(f"/account/keys/{key.pk}/revoke").status_code == 404
    assert web.post(f"/account/keys/{uuid.uuid4()}/revoke").status_code == 404
    with scope(platform_scope(tenant.schema)):
        assert keys_of(owner).exists()


def test_keys_page_wants_a_person(web: WebClient) -> None:
    for answer in (web.get("/account/keys/"), web.post("/account/keys/", FORM)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/?next=")


def test_keys_page_knows_its_methods(web: WebClient, owner: Person) -> None:
    web.sign_in(owner)

    assert web.put("/account/keys/").status_code == 405
    assert web.get(f"/account/keys/{uuid.uuid4()}/revoke").status_code == 405
