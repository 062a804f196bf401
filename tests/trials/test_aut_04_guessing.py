"""AUT-04: a stranger who guesses is slowed down; the owner comes in; unknown addresses tell nothing."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account import forms as allauth_forms
from django.conf import settings
from django.core import mail
from django.db import connections
from django.test import override_settings

from tenants.hosts import TenantRef
from tenants.people.models import Person
from tenants.people.passwords import PasswordHasher
from tests.harness.people import PASSWORD
from tests.harness.web import WebClient

# The long profile says 1,000; each draws a page.
TRIES = int(os.environ.get("AUT_04_TRIES", "70"))
NOBODY = "nobody@example.org"
CODE = re.compile(r"^\s*([A-Z0-9-]{6,12})\s*$", re.MULTILINE)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
WAYS = {
    "/account/password/reset/": "/account/password/reset/confirm/",
    "/account/login/code/": "/account/login/code/confirm/",
}


@pytest.fixture(autouse=True)
def _mail_in_memory() -> Iterator[None]:
    mail.outbox = []
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        yield


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the passwords that were looked at: each costs a hash, whoever it is for."""
    seen: list[str] = []
    verify, encode = PasswordHasher.verify, PasswordHasher.encode

    def noted_verify(self: PasswordHasher, password: str, encoded: str) -> bool:
        seen.append(password)
        return bool(verify(self, password, encoded))

    def noted_encode(self: PasswordHasher, password: str, salt: str) -> str:
        seen.append(password)
        return str(encode(self, password, salt))

    monkeypatch.setattr(PasswordHasher, "verify", noted_verify)
    monkeypatch.setattr(PasswordHasher, "encode", noted_encode)
    return seen


@pytest.fixture
def judged_codes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the codes that were compared with the one that was sent."""
    seen: list[str] = []
    compare: Callable[..., bool] = allauth_forms.compare_user_code

    def noted(*, actual: str, expected: str) -> bool:
        seen.append(actual)
        return compare(actual=actual, expected=expected)

    monkeypatch.setattr(allauth_forms, "compare_user_code", noted)
    return seen


def try_password(
    tenant: TenantRef, email: str, password: str, peer: str, *, claimed: str = ""
) -> Any:
    client = WebClient(tenant, REMOTE_ADDR=peer)
    headers = {"x-forwarded-for": claimed} if claimed else {}
    return client.post("/account/login/", {"login": email, "password": password}, headers=headers)


def with_password_rate(counted: str, rate: str) -> dict[str, dict[str, str]]:
    """Return the rates of the settings with one so low that few tries reach it."""
    rates: dict[str, dict[str, str]] = settings.ATTEMPT_RATES
    return {**rates, "PASSWORD": {**rates["PASSWORD"], counted: rate}}


def told(answer: Any) -> tuple[int, str, str]:
    """Return all that an answer tells, but for its token and the address it was given."""
    body = TOKEN.sub("", answer.content.decode())
    return answer.status_code, answer.get("Location", ""), re.sub(r"[\w.]+@[\w.-]+", "", body)


def test_aut_04_tries_under_a_thousand_names_are_the_tries_of_one(
    tenant: TenantRef, owner: Person, judged: list[str]
) -> None:
    for number in range(TRIES):
        claimed = f"10.{number % 250}.{number // 250}.7"
        answer = try_password(
            tenant, owner.email, f"wrong {number}", "203.0.113.9", claimed=claimed
        )
        assert answer.status_code in {200, 429}

    assert len(judged) <= 10

    judged.clear()
    elsewhere = try_password(tenant, owner.email, PASSWORD, "198.51.100.4")
    assert (elsewhere.status_code, elsewhere["Location"]) == (302, "/")


def test_aut_04_behind_a_proxy_only_its_own_entry_counts(
    tenant: TenantRef, owner: Person, judged: list[str]
) -> None:
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        for number in range(12):
            claimed = f"10.0.0.{number}, 203.0.113.9"
            try_password(tenant, owner.email, "wrong", "127.0.0.1", claimed=claimed)
        assert len(judged) == 5

        # Too few entries is nobody's address, and no fault of ours.
        for claimed in ("", "no address", "10.0.0.1, no address", "," * 50):
            answer = try_password(tenant, owner.email, "wrong", "127.0.0.1", claimed=claimed)
            assert answer.status_code == 200

        claimed = "203.0.113.9, 198.51.100.4"
        elsewhere = try_password(tenant, owner.email, PASSWORD, "127.0.0.1", claimed=claimed)
    assert elsewhere.status_code == 302


def test_aut_04_one_peer_is_bounded_over_all_accounts(tenant: TenantRef, judged: list[str]) -> None:
    with override_settings(ATTEMPT_RATES=with_password_rate("peer", "8/m/key")):
        for number in range(12):
            try_password(tenant, f"person-{number}@example.org", "Spring2026!", "203.0.113.9")

    assert len(judged) == 8


def test_aut_04_many_peers_are_bounded_on_one_account_and_the_owner_comes_in_by_mail(
    tenant: TenantRef, owner: Person, judged: list[str]
) -> None:
    with override_settings(ATTEMPT_RATES=with_password_rate("account", "8/h/key")):
        for number in range(12):
            try_password(tenant, owner.email, "wrong", f"203.0.{number}.9")
        assert len(judged) == 8
        refused = try_password(tenant, owner.email, PASSWORD, "198.51.100.4")
        assert refused.status_code == 200

    web = WebClient(tenant, REMOTE_ADDR="198.51.100.4")
    assert web.post("/account/login/code/", {"email": owner.email}).status_code == 302
    code = CODE.search(str(mail.outbox[-1].body))
    assert code is not None
    answer = web.post("/account/login/code/confirm/", {"code": code[1]})

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert web.get("/account/keys/").status_code == 200


def test_aut_04_who_is_signed_in_is_not_held_up_by_strangers(
    tenant: TenantRef, owner: Person, judged: list[str]
) -> None:
    web = WebClient(tenant, REMOTE_ADDR="198.51.100.4")
    web.sign_in(owner)
    with override_settings(ATTEMPT_RATES=with_password_rate("account", "3/h/key")):
        for number in range(4):
            try_password(tenant, owner.email, "wrong", f"203.0.{number}.9")
        assert len(judged) == 3

        answer = web.post("/account/reauthenticate/", {"password": PASSWORD})

    assert answer.status_code == 302


def test_aut_04_tries_at_one_time_all_count(
    tenant: TenantRef, owner: Person, judged: list[str]
) -> None:
    at_once(20, lambda: try_password(tenant, owner.email, "wrong", "203.0.113.9"))

    assert len(judged) == 5


def test_aut_04_known_and_unknown_passwords_are_answered_alike(
    tenant: TenantRef, owner: Person, judged: list[str]
) -> None:
    answers: dict[str, list[tuple[int, str, str]]] = {}
    for number, email in enumerate((owner.email, NOBODY)):
        peer = f"203.0.113.{number}"
        judged.clear()
        answers[email] = [told(try_password(tenant, email, "wrong", peer)) for _try in range(8)]
        # As many hashes as tries that were judged: hashing is what takes the time.
        assert len(judged) == 5

    assert answers[owner.email] == answers[NOBODY]


@pytest.mark.parametrize("way", WAYS)
def test_aut_04_known_and_unknown_codes_are_answered_alike(
    tenant: TenantRef, owner: Person, way: str
) -> None:
    answers: dict[str, list[tuple[int, str, str]]] = {}
    for email in (owner.email, NOBODY):
        web = WebClient(tenant, REMOTE_ADDR="203.0.113.9")
        steps = [web.post(way, {"email": email}), web.get(WAYS[way])]
        steps += [web.post(WAYS[way], {"code": "AAAA-AAAA"}) for _try in range(4)]
        steps += [web.get("/account/login/")]
        answers[email] = [told(step) for step in steps]

    assert answers[owner.email] == answers[NOBODY]
    assert [sent.to for sent in mail.outbox] == [[owner.email], [NOBODY]]


@pytest.mark.parametrize("way", WAYS)
def test_aut_04_twenty_guesses_at_once_are_three(
    tenant: TenantRef, owner: Person, judged_codes: list[str], way: str
) -> None:
    web = WebClient(tenant, REMOTE_ADDR="203.0.113.9")
    web.post(way, {"email": owner.email})
    cookies = web.cookies.output(header="", sep=";")

    def guess() -> None:
        other = WebClient(tenant, REMOTE_ADDR="203.0.113.9")
        other.cookies.load(cookies)
        other.post(WAYS[way], {"code": "AAAA-AAAA"})

    at_once(20, guess)

    assert len(judged_codes) == 3
    code = CODE.search(str(mail.outbox[-1].body))
    assert code is not None
    web.post(WAYS[way], {"code": code[1]})
    assert len(judged_codes) == 3, "not even the right one is looked at any more"
    assert web.get("/account/keys/").status_code == 302


@pytest.mark.parametrize("way", WAYS)
def test_aut_04_mails_are_bounded_and_a_stranger_does_not_use_up_the_owners(
    tenant: TenantRef, owner: Person, way: str
) -> None:
    for number in range(30):
        web = WebClient(tenant, REMOTE_ADDR=f"203.0.113.{number % 3}")
        assert web.post(way, {"email": owner.email}).status_code in {200, 302, 429}
    assert len(mail.outbox) == 9

    web = WebClient(tenant, REMOTE_ADDR="198.51.100.4")
    assert web.post(way, {"email": owner.email}).status_code == 302
    assert len(mail.outbox) == 10


def at_once(times: int, act: Callable[[], Any]) -> None:
    start = threading.Barrier(times)

    def run() -> None:
        start.wait(30)
        try:
            act()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
