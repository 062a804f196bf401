"""TEN-03: whatever one tenant handed out is nothing on another's host."""

import asyncio
import copy
import re

import pytest
from django.core import mail
from django.test import override_settings

from rag.tickets import issue_ticket
from tenants.base.context import person_scope, scope
from tenants.hosts import TenantRef
from tests.harness.asgi import Answer, ask
from tests.harness.people import add_person
from tests.harness.web import WebClient
from tests.harness.world import Credential, World, fingerprint
from tests.trials.isolation.aims import is_sent_to_sign_in

REFUSED = {401, 403, 404}
FILE = (
    b'--b\r\ncontent-disposition: form-data; name="file"; filename="a.md"\r\n\r\nwords\r\n--b--\r\n'
)
EMAIL = "the-same@example.org"


def is_refused(answer: Answer) -> bool:
    return answer.status in REFUSED or is_sent_to_sign_in(answer)


def credential_of(world: World, kind: str) -> Credential:
    return next(each for each in world.credentials if (each.who, each.kind) == ("owner", kind))


def ways_in(world: World) -> list[tuple[str, str]]:
    """Return requests of every kind that a good credential would be let in with."""
    run, document = world.ids["run"], world.ids["document"]
    return [
        ("GET", "/"),
        ("GET", "/documents/ticket"),
        ("GET", "/api/v1/conversations"),
        ("GET", "/v1/models"),
        ("GET", f"/runs/{run}/events"),
        ("GET", f"/api/v1/runs/{run}/events"),
        ("GET", f"/documents/{document}/file"),
        ("WEBSOCKET", f"/ws/runs/{run}"),
    ]


async def answers_at(
    host: str, headers: dict[str, str], ways: list[tuple[str, str]]
) -> list[Answer]:
    own = {"host": host, "origin": f"http://{host}", **headers}
    return [await ask(method, target, own) for method, target in ways]


@pytest.mark.parametrize("kind", ["COOKIE", "KEY"])
def test_ten_03_a_credential_opens_its_own_house_only(
    home: World, abroad: World, kind: str
) -> None:
    headers = credential_of(abroad, kind).headers()
    before = fingerprint(home.tenant), fingerprint(abroad.tenant)

    there = asyncio.run(answers_at(abroad.tenant.host, headers, ways_in(abroad)))
    here = asyncio.run(answers_at(home.tenant.host, headers, ways_in(home)))

    assert [answer.status for answer in here if not is_refused(answer)] == []
    # The very same requests are let in where the credential is from.
    assert sum(answer.status in {101, 200} for answer in there) >= 3
    assert fingerprint(home.tenant) == before[0]
    assert fingerprint(abroad.tenant) == before[1] or kind == "KEY"


def test_ten_03_an_upload_ticket_is_for_one_tenant(home: World, abroad: World) -> None:
    owner = abroad.people["owner"]
    with scope(person_scope(abroad.tenant.schema, str(owner.pk))):
        ticket = issue_ticket(str(owner.pk))
    before = fingerprint(home.tenant)

    answer = asyncio.run(_upload(home.tenant.host, ticket))

    assert answer.status in REFUSED
    assert fingerprint(home.tenant) == before
    assert asyncio.run(_upload(abroad.tenant.host, ticket)).status == 202


async def _upload(host: str, ticket: str) -> Answer:
    headers = {
        "host": host,
        "x-upload-ticket": ticket,
        "content-type": "multipart/form-data; boundary=b",
    }
    return await ask("POST", "/api/v1/documents", headers, FILE)


def test_ten_03_a_form_of_another_tenant_is_refused(home: World, abroad: World) -> None:
    foreign = WebClient(abroad.tenant, enforce_csrf_checks=True)
    token = _form_token(foreign)
    client = WebClient(home.tenant, enforce_csrf_checks=True)
    own = _form_token(client)
    body = {"login": "nobody@example.org", "password": "x" * 12}

    refused = client.post("/account/login/", {**body, "csrfmiddlewaretoken": token})
    taken = client.post("/account/login/", {**body, "csrfmiddlewaretoken": own})

    assert (refused.status_code, taken.status_code) == (403, 200)


def _form_token(client: WebClient) -> str:
    page = client.get("/account/login/").content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found is not None
    return found[1]


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_ten_03_a_reset_code_is_for_one_tenant(tenant: TenantRef, other_tenant: TenantRef) -> None:
    for each in (tenant, other_tenant):
        add_person(each, EMAIL)
    mail.outbox = []
    foreign, client = WebClient(other_tenant), WebClient(tenant)
    code = _ask_for_code(foreign)
    own = _ask_for_code(client)
    assert code != own

    refused = client.post("/account/password/reset/confirm/", {"code": code})
    # The session that waits for the code is no help either when it is carried over.
    carried = WebClient(tenant)
    carried.cookies = copy.deepcopy(foreign.cookies)
    lost = carried.post("/account/password/reset/confirm/", {"code": code})
    taken = foreign.post("/account/password/reset/confirm/", {"code": code})

    assert refused.status_code == 200
    assert lost.status_code == 302
    assert "complete" not in lost.headers["Location"]
    assert taken.headers["Location"].endswith("/account/password/reset/complete/")


def _ask_for_code(client: WebClient) -> str:
    client.post("/account/password/reset/", {"email": EMAIL})
    body = str(mail.outbox[-1].body)
    found = re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)\s*$", body, re.MULTILINE)
    assert found is not None, body
    return found[1]
