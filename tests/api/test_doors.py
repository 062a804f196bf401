"""What holds at every door of the API: cookies, hosts, headers, unknown addresses."""

import json

import pytest
from django.http import HttpResponse

from config.headers import CONTENT_SECURITY_POLICY
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.api.calling import Program, document_of, problem_of
from tests.api.talks import Talk
from tests.harness.web import WebClient

LIST = "/api/v1/conversations"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/api/", "/api/v1", "/api/v1/nothing", "/api/v2/conversations"])
def test_unknown_address_is_a_problem(program: Program, method: str, path: str) -> None:
    assert problem_of(program.call(method, path, {})) == (404, "not_found")


@pytest.mark.parametrize("path", ["/v1/", "/v1/nothing", "/v1/embeddings", "/v1/models"])
def test_unknown_address_under_v1_speaks_openai(program: Program, path: str) -> None:
    # Only the ASGI dispatcher knows /v1/models; here Django alone answers.
    answer = program.call("POST", path, {})

    assert answer.status_code == 404
    assert set(document_of(answer)["error"]) == {"message", "type", "param", "code"}


def test_session_reads_and_writes_with_its_token(
    tenant: TenantRef, owner: Person, stored: Talk
) -> None:
    client = WebClient(tenant, enforce_csrf_checks=True)
    client.sign_in(owner)
    path = f"{LIST}/{stored.conversation_id}"

    assert client.get(path).status_code == 200
    refused = client.patch(path, json.dumps({"title": "x"}), "application/json")
    assert problem_of(refused) == (403, "permission_denied")

    client.get("/account/keys/")
    token = client.cookies["__Host-csrf"].value
    allowed = client.patch(
        path,
        json.dumps({"title": "x"}),
        "application/json",
        headers={"x-csrftoken": token, "origin": f"http://{tenant.host}"},
    )
    assert allowed.status_code == 200


def test_session_of_another_tenant_is_nobody(
    tenant: TenantRef, other_tenant: TenantRef, owner: Person
) -> None:
    here, next_door = WebClient(tenant), WebClient(other_tenant)
    here.sign_in(owner)
    next_door.cookies = here.cookies

    assert here.get(LIST).status_code == 200
    assert problem_of(next_door.get(LIST))[0] == 401


def test_bad_key_beside_a_session_is_refused(web: WebClient, owner: Person) -> None:
    web.sign_in(owner)
    answer = web.get(LIST, headers={"authorization": "Bearer dbk_wrong"})

    assert problem_of(answer) == (401, "key_refused")


def test_unknown_host_is_a_plain_404(program: Program, tenant: TenantRef) -> None:
    for host in ("nowhere.localhost", "evil.example", f"{tenant.host}.evil.example", ""):
        answer = program.call("GET", LIST, host=host)

        assert answer.status_code == 404
        assert tenant.slug not in answer.content.decode()


def _headers(answer: HttpResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.items()}


@pytest.mark.parametrize(
    "path", [LIST, "/api/v1/nothing", "/api/docs/", "/api/schema/", "/account/login/"]
)
def test_every_answer_carries_the_headers(program: Program, path: str) -> None:
    found = _headers(program.call("GET", path))

    assert found["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in found["content-security-policy"]
    assert found["x-content-type-options"] == "nosniff"
    assert found["referrer-policy"] == "same-origin"
    assert found["x-frame-options"] == "DENY"
    assert "no-store" in found["cache-control"]
    assert "cross-origin-opener-policy" in found


@pytest.mark.parametrize("accept", ["application/xml", "text/html", "nonsense", "*/*;q=0", "\xff"])
def test_accept_never_breaks_an_answer(program: Program, accept: str) -> None:
    answer = program.call("GET", LIST, accept=accept)

    assert answer.status_code in {200, 406}


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "multipart/form-data", "", "application/json;"],
)
def test_other_content_types_are_refused(program: Program, content_type: str) -> None:
    answer = program.send("POST", "/api/v1/search", b"query=x", content_type)

    assert problem_of(answer)[0] in {400, 415}
