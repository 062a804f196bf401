"""A program that calls a tenant's API with a key, without a network."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.keys import issue_key
from tenants.people.models import KeyScope, Person

BOTH = (KeyScope.READ, KeyScope.WRITE)


class Program:
    """Sends JSON as the holder of a key; without a key, as nobody."""

    def __init__(self, tenant: TenantRef, secret: str = "") -> None:
        self.tenant = tenant
        self.secret = secret
        headers = {"host": tenant.host}
        if secret:
            headers["authorization"] = f"Bearer {secret}"
        self._client = Client(headers=headers, raise_request_exception=False)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> HttpResponse:
        content = b"" if body is None else json.dumps(body).encode()
        return self.send(method, path, content, **headers)

    def send(
        self,
        method: str,
        path: str,
        content: bytes,
        content_type: str = "application/json",
        **headers: str,
    ) -> HttpResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer: Any = self._client.generic(method, path, content, content_type, headers=named)
        assert isinstance(answer, HttpResponse)
        return answer


def program_of(tenant: TenantRef, person: Person, scopes: Sequence[KeyScope] = BOTH) -> Program:
    with scope(platform_scope(tenant.schema, "tests")):
        _key, secret = issue_key(person, name="test", scopes=scopes, expires_at=None)
    return Program(tenant, secret)


def document_of(answer: Any) -> Any:
    return json.loads(answer.content)


def problem_of(answer: Any) -> tuple[int, str]:
    """Return status and code of a problem, having checked that it is one."""
    assert answer["Content-Type"] == "application/problem+json", answer.content[:300]
    problem = document_of(answer)
    assert problem["status"] == answer.status_code
    assert {"type", "title", "detail", "code"} <= set(problem)
    return answer.status_code, problem["code"]
