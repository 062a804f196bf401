"""Signing in, out, and resetting a password by code, over the pages."""

import re

import pytest
from django.core import mail

from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.people import PASSWORD
from tests.harness.web import WebClient

SESSION = "__Host-session"
NEW_PASSWORD = "seven green lanterns"
ERRORS = re.compile(r'<ul class="errors".*?</ul>', re.DOTALL)
CODE = re.compile(r"^\s*([A-Z0-9-]{6,12})\s*$", re.MULTILINE)


def sign_in(client: WebClient, email: str, password: str = PASSWORD, **more: str) -> int:
    form = {"login": email, "password": password, **more}
    return client.post("/account/login/", form).status_code


def is_signed_in(client: WebClient) -> bool:
    return bool(client.get("/account/keys/").status_code == 200)


def test_sign_in_and_out(web: WebClient, owner: Person) -> None:
    assert not is_signed_in(web)
    assert sign_in(web, owner.email.upper()) == 302
    assert is_signed_in(web)

    assert web.post("/account/logout/").status_code == 302
    assert not is_signed_in(web)


def test_sign_in_sets_cookies_for_this_host_alone(web: WebClient, owner: Person) -> None:
    web.get("/account/login/")
    sign_in(web, owner.email)

    for name in (SESSION, "__Host-csrf"):
        cookie = web.cookies[name]
        assert cookie["secure"]
        assert cookie["httponly"]
        assert (cookie["domain"], cookie["path"], cookie["samesite"]) == ("", "/", "Lax")


@pytest.mark.parametrize("password", ["wrong", "", PASSWORD + " "])
def test_sign_in_refuses_a_wrong_password(web: WebClient, owner: Person, password: str) -> None:
    assert sign_in(web, owner.email, password) == 200
    assert not is_signed_in(web)


def test_sign_in_says_the_same_of_known_and_unknown(web: WebClient, owner: Person) -> None:
    def errors(email: str) -> list[str]:
        answer = web.post("/account/login/", {"login": email, "password": "wrong"})
        return ERRORS.findall(answer.content.decode())

    assert errors(owner.email) == errors("nobody@example.org") != []


def test_sign_in_refuses_people_of_another_tenant(web: WebClient, other_owner: Person) -> None:
    assert sign_in(web, other_owner.email) == 200
    assert not is_signed_in(web)


def test_sign_in_refuses_the_inactive(web: WebClient, tenant: TenantRef, member: Person) -> None:
    with scope(platform_scope(tenant.schema)):
        Person.objects.filter(pk=member.pk).update(is_active=False)

    sign_in(web, member.email)

    assert not is_signed_in(web)


def test_sign_in_slows_down_guessing_by_address(web: WebClient, owner: Person) -> None:
    for _try in range(6):
        sign_in(web, owner.email, "wrong")

    assert sign_in(web, owner.email) == 200
    assert not is_signed_in(web)


def test_sign_in_counts_guesses_per_tenant(
    web: WebClient, owner: Person, other_tenant: TenantRef, other_owner: Person
) -> None:
    with scope(platform_scope(other_tenant.schema)):
        Person.objects.filter(pk=other_owner.pk).update(email=owner.email)
        other_owner.refresh_from_db()
    for _try in range(6):
        sign_in(web, owner.email, "wrong")
    next_door = WebClient(other_tenant)

    assert sign_in(next_door, owner.email) == 302


def test_sign_in_leads_only_to_the_own_host(
    web: WebClient, owner: Person, other_tenant: TenantRef
) -> None:
    for target in (f"http://{other_tenant.host}/", "//evil.example/", "javascript:alert(1)"):
        form = {"login": owner.email, "password": PASSWORD, "next": target}
        answer = web.post("/account/login/", form)

        assert (answer.status_code, answer["Location"]) == (302, "/")
        web.post("/account/logout/")


def test_session_is_nothing_next_door(
    web: WebClient, owner: Person, other_tenant: TenantRef
) -> None:
    sign_in(web, owner.email)
    next_door = WebClient(other_tenant)
    next_door.cookies = web.cookies

    assert is_signed_in(web)
    assert not is_signed_in(next_door)


def test_session_changes_its_key_on_sign_in(web: WebClient, owner: Person) -> None:
    web.post("/account/password/reset/", {"email": "nobody@example.org"})
    before = web.cookies[SESSION].value

    sign_in(web, owner.email)

    assert web.cookies[SESSION].value != before


def test_sign_up_is_closed(web: WebClient, tenant: TenantRef) -> None:
    form = {"email": "new@example.org", "password1": NEW_PASSWORD}
    web.post("/account/signup/", form)

    with scope(platform_scope(tenant.schema)):
        assert not Person.objects.filter(email="new@example.org").exists()


def test_forms_without_their_token_are_refused(tenant: TenantRef, owner: Person) -> None:
    client = WebClient(tenant, enforce_csrf_checks=True)
    client.sign_in(owner)
    for path in ("/account/login/", "/account/logout/", "/account/keys/"):
        answer = client.post(path, {"name": "x"})

        assert answer.status_code == 403
        assert "cookie" in answer.content.decode()
    assert is_signed_in(client)


def test_reset_by_code(web: WebClient, owner: Person) -> None:
    web.post("/account/password/reset/", {"email": owner.email})
    [sent] = mail.outbox
    found = CODE.search(str(sent.body))
    assert found is not None, sent.body

    assert web.post("/account/password/reset/confirm/", {"code": found[1]}).status_code == 302
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert web.post("/account/password/reset/complete/", form).status_code == 302

    assert sign_in(web, owner.email) == 200
    assert sign_in(web, owner.email, NEW_PASSWORD) == 302
    assert sent.to == [owner.email]
    assert "/account/" not in str(sent.body), "a mail carries a code, not a link"


def test_reset_refuses_a_wrong_code_after_three_tries(web: WebClient, owner: Person) -> None:
    web.post("/account/password/reset/", {"email": owner.email})
    found = CODE.search(str(mail.outbox[-1].body))
    assert found is not None
    for _try in range(3):
        web.post("/account/password/reset/confirm/", {"code": "AAAA-AAAA"})

    web.post("/account/password/reset/confirm/", {"code": found[1]})
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    web.post("/account/password/reset/complete/", form)

    assert sign_in(web, owner.email, NEW_PASSWORD) == 200
    assert sign_in(web, owner.email) == 302


def test_reset_of_one_tenant_is_nothing_next_door(
    web: WebClient, owner: Person, other_tenant: TenantRef, other_owner: Person
) -> None:
    web.post("/account/password/reset/", {"email": owner.email})
    found = CODE.search(str(mail.outbox[-1].body))
    assert found is not None
    next_door = WebClient(other_tenant)
    next_door.cookies = web.cookies

    next_door.post("/account/password/reset/confirm/", {"code": found[1]})
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    next_door.post("/account/password/reset/complete/", form)

    assert sign_in(next_door, other_owner.email, NEW_PASSWORD) == 200


def test_reset_answers_alike_for_unknown_addresses(web: WebClient, owner: Person) -> None:
    answers = [
        web.post("/account/password/reset/", {"email": email})
        for email in (owner.email, "nobody@example.org")
    ]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, "/account/password/reset/confirm/")
    }
    assert [sent.to for sent in mail.outbox] == [[owner.email], ["nobody@example.org"]]


def test_new_password_ends_other_sessions(web: WebClient, tenant: TenantRef, owner: Person) -> None:
    elsewhere = WebClient(tenant)
    sign_in(elsewhere, owner.email)
    sign_in(web, owner.email)
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    assert web.post("/account/password/change/", form).status_code == 302

    assert is_signed_in(web)
    assert not is_signed_in(elsewhere)


def test_pages_of_the_account_are_not_kept_by_caches(web: WebClient, owner: Person) -> None:
    sign_in(web, owner.email)
    for path in ("/account/keys/", "/account/password/change/", "/account/logout/"):
        assert "no-store" in web.get(path)["Cache-Control"]
