"""Who may enter a plain ASGI route."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tenants.base.context import ActorKind, Scope, platform_scope, scope, visitor_scope
from tenants.base.errors import AppError, Forbidden, NotFound, Unauthorized
from tenants.hosts import TenantRef
from tenants.people.gatekeeping import (
    ALL_SCOPES,
    Auth,
    Principal,
    authenticate_asgi,
    still_welcome,
)
from tenants.people.keys import issue_key, revoke_key
from tenants.people.models import ApiKey, KeyScope, Person
from tests.harness.web import WebClient

SESSION = "__Host-session"


def request_to(host: str, *, method: str = "GET", **headers: str) -> dict[str, Any]:
    sent = [(b"host", host.encode())]
    sent += [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": "/", "headers": sent}


def enter(asgi_scope: dict[str, Any], auth: Auth) -> Principal:
    return asyncio.run(authenticate_asgi(asgi_scope, auth))


@pytest.fixture
def secret(tenant: TenantRef, owner: Person) -> str:
    with scope(platform_scope(tenant.schema)):
        _key, made = issue_key(owner, name="test", scopes=[KeyScope.READ], expires_at=None)
    return made


@pytest.fixture
def cookie(tenant: TenantRef, owner: Person) -> str:
    client = WebClient(tenant)
    client.sign_in(owner)
    return f"{SESSION}={client.cookies[SESSION].value}"


def test_authenticate_asgi_knows_a_key(tenant: TenantRef, owner: Person, secret: str) -> None:
    for auth in ("KEY", "COOKIE_OR_KEY"):
        found = enter(request_to(f"{tenant.host}:8000", authorization=f"Bearer {secret}"), auth)

        assert found.tenant == tenant
        assert found.scope == Scope(tenant.schema, ActorKind.PERSON, str(owner.pk))
        assert found.person_id == str(owner.pk)
        assert found.scopes == {KeyScope.READ}
        assert secret not in repr(found)
        assert "credential" not in repr(found)


def test_authenticate_asgi_knows_a_session(tenant: TenantRef, owner: Person, cookie: str) -> None:
    for auth in ("COOKIE", "COOKIE_OR_KEY"):
        found = enter(request_to(tenant.host, cookie=f"theme=dark; {cookie}"), auth)

        assert (found.person_id, found.scopes) == (str(owner.pk), ALL_SCOPES)
        assert cookie.partition("=")[2] not in repr(found)


def test_authenticate_asgi_lets_visitors_into_open_routes(tenant: TenantRef) -> None:
    found = enter(request_to(tenant.host), "NONE")

    assert found.scope == visitor_scope(tenant.schema)
    assert found.scopes == frozenset()


def test_authenticate_asgi_does_not_know_the_host(secret: str, cookie: str) -> None:
    for host in ("nowhere.localhost", "", "[::1]", "a b", "x" * 300):
        for headers in ({"authorization": f"Bearer {secret}"}, {"cookie": cookie}, {}):
            with pytest.raises(NotFound):
                enter(request_to(host, **headers), "COOKIE_OR_KEY")


def test_authenticate_asgi_refuses_credentials_of_another_tenant(
    other_tenant: TenantRef, other_owner: Person, secret: str, cookie: str
) -> None:
    for headers in ({"authorization": f"Bearer {secret}"}, {"cookie": cookie}):
        with pytest.raises(Unauthorized):
            enter(request_to(other_tenant.host, **headers), "COOKIE_OR_KEY")


def test_authenticate_asgi_takes_only_the_way_of_the_route(
    tenant: TenantRef, secret: str, cookie: str
) -> None:
    with pytest.raises(Unauthorized):
        enter(request_to(tenant.host, authorization=f"Bearer {secret}"), "COOKIE")
    with pytest.raises(Unauthorized):
        enter(request_to(tenant.host, cookie=cookie), "KEY")
    with pytest.raises(Unauthorized):
        enter(request_to(tenant.host), "COOKIE_OR_KEY")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_authenticate_asgi_takes_a_cookie_for_reading_only(
    tenant: TenantRef, cookie: str, method: str
) -> None:
    with pytest.raises(Unauthorized):
        enter(request_to(tenant.host, method=method, cookie=cookie), "COOKIE_OR_KEY")


def test_authenticate_asgi_never_passes_a_bad_key_over_for_a_cookie(
    tenant: TenantRef, cookie: str
) -> None:
    with pytest.raises(Unauthorized):
        enter(
            request_to(tenant.host, authorization="Bearer dbk_nothing", cookie=cookie),
            "COOKIE_OR_KEY",
        )


def test_authenticate_asgi_refuses_two_hosts_and_two_keys(tenant: TenantRef, secret: str) -> None:
    asked = request_to(tenant.host, authorization=f"Bearer {secret}")
    two_keys = {**asked, "headers": [*asked["headers"], asked["headers"][-1]]}
    two_hosts = {**asked, "headers": [*asked["headers"], (b"host", b"localhost")]}

    with pytest.raises(Unauthorized):
        enter(two_keys, "KEY")
    with pytest.raises(NotFound):
        enter(two_hosts, "KEY")


def test_require_names_what_the_key_lacks(tenant: TenantRef, secret: str) -> None:
    found = enter(request_to(tenant.host, authorization=f"Bearer {secret}"), "KEY")

    found.require(KeyScope.READ)
    with pytest.raises(Forbidden) as caught:
        found.require(KeyScope.WRITE)
    assert caught.value.code == "key_scope_lacking"


def _revoke(person: Person, secret: str) -> None:
    revoke_key(person, str(ApiKey.objects.get(person=person).pk))


def _deactivate(person: Person, secret: str) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize("spoil", [_revoke, _deactivate])
def test_is_still_welcome_ends_with_the_key(
    tenant: TenantRef, owner: Person, secret: str, spoil: Callable[[Person, str], None]
) -> None:
    asked = request_to(tenant.host, authorization=f"Bearer {secret}")
    found = enter(asked, "KEY")
    assert asyncio.run(still_welcome([found]))

    with scope(platform_scope(tenant.schema)):
        spoil(owner, secret)

    assert not asyncio.run(still_welcome([found]))
    with pytest.raises(Unauthorized):
        enter(asked, "KEY")


def _sign_out(person: Person, client: WebClient) -> None:
    client.logout()


def _new_password(person: Person, client: WebClient) -> None:
    person.set_password("another long password")
    person.save()


def _shut_out(person: Person, client: WebClient) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize("spoil", [_sign_out, _new_password, _shut_out])
def test_is_still_welcome_ends_with_the_session(
    tenant: TenantRef, owner: Person, spoil: Callable[[Person, WebClient], None]
) -> None:
    client = WebClient(tenant)
    client.sign_in(owner)
    asked = request_to(tenant.host, cookie=f"{SESSION}={client.cookies[SESSION].value}")
    found = enter(asked, "COOKIE")
    assert asyncio.run(still_welcome([found]))

    with scope(platform_scope(tenant.schema)):
        spoil(owner, client)

    assert not asyncio.run(still_welcome([found]))
    with pytest.raises(Unauthorized):
        enter(asked, "COOKIE")


@pytest.mark.parametrize(
    "cookie",
    ["", "=", SESSION, f"{SESSION}=", f"{SESSION}=short", f"{SESSION}={'x' * 5000}", "\xff;=;,"],
)
def test_authenticate_asgi_refuses_broken_cookies(tenant: TenantRef, cookie: str) -> None:
    with pytest.raises(AppError) as caught:
        enter(request_to(tenant.host, cookie=cookie), "COOKIE")
    assert caught.value.status == 401
