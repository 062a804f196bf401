"""Every page of the account draws, for those who may see it and for those who may not."""

import pytest
from django.core.cache import caches
from django.test import override_settings
from django.urls import get_resolver

from tenants.people import urls
from tenants.people.models import Person
from tests.harness.people import PASSWORD
from tests.harness.web import WebClient

PATHS = {str(pattern.pattern) for pattern in urls.urlpatterns}
OPEN = {
    *("login/", "login/code/", "signup/", "inactive/"),
    *("password/reset/", "password/reset/done/"),
}
# These lead on unless a code is on its way.
IN_BETWEEN = {
    "confirm-email/",
    "login/code/confirm/",
    "password/reset/confirm/",
    "password/reset/complete/",
}
OWN = {"logout/", "reauthenticate/", "password/change/", "keys/"}
ELSEWHERE = {"email/", "password/set/", "keys/<uuid:key_id>/revoke"}


def test_every_page_is_looked_at() -> None:
    assert PATHS == OPEN | IN_BETWEEN | OWN | ELSEWHERE
    assert get_resolver().resolve("/account/login/").url_name == "account_login"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", sorted(OPEN))
def test_open_page_draws(web: WebClient, path: str, language: str) -> None:
    answer = web.get(f"/account/{path}", headers={"accept-language": language})

    assert answer.status_code == 200
    assert "<h1" in answer.content.decode()
    assert "Menu:" not in answer.content.decode(), "not the unstyled page of the library"


@pytest.mark.parametrize("path", sorted(IN_BETWEEN))
def test_page_in_between_leads_back(web: WebClient, path: str) -> None:
    assert web.get(f"/account/{path}").status_code in {200, 302}


@pytest.mark.parametrize("path", sorted(OWN))
def test_own_page_draws_for_its_person_alone(web: WebClient, owner: Person, path: str) -> None:
    assert web.get(f"/account/{path}").status_code == 302
    form = {"login": owner.email, "password": PASSWORD}
    assert web.post("/account/login/", form).status_code == 302

    answer = web.get(f"/account/{path}")

    assert answer.status_code == 200
    assert "<h1" in answer.content.decode()
    assert "Menu:" not in answer.content.decode()


def test_code_page_draws_while_a_code_is_on_its_way(web: WebClient, owner: Person) -> None:
    web.post("/account/password/reset/", {"email": owner.email})
    answer = web.get("/account/password/reset/confirm/")

    assert answer.status_code == 200
    assert 'name="code"' in answer.content.decode()


def test_sign_in_waits_while_nobody_counts_attempts(web: WebClient, owner: Person) -> None:
    gone = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "KEY_FUNCTION": "tenants.base.valkey.cache_key",
        }
    }
    web.raise_request_exception = False
    try:
        with override_settings(CACHES=gone):
            form = {"login": owner.email, "password": PASSWORD}
            assert web.post("/account/login/", form).status_code == 503
    finally:
        caches.close_all()
    assert web.get("/account/keys/").status_code == 302
