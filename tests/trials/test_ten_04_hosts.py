"""TEN-04: of all that a request says of its host, one source decides; what leaves carries our own."""

import json
import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import override_settings

from tenants.base.context import REGISTRY, scope
from tenants.base.roles import OWNER_ALIAS
from tenants.hosts import TenantRef, forget_hosts, resolve_host
from tenants.models import Domain, Tenant, WorkItem
from tenants.people.models import Person
from tests.api.calling import program_of
from tests.harness.documents import put_document
from tests.harness.processes import LiveServer
from tests.harness.raw_http import raw, status_of
from tests.harness.web import WebClient
from tests.harness.world import fingerprint

LINK = re.compile(r"https?://[^\s/]+")
IN_MEMORY = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def alias(tenant: TenantRef) -> str:
    """Give the tenant a second host, which is not its own one."""
    host = f"alias-of-{tenant.slug}.localhost"
    with scope(REGISTRY):
        owner = Tenant.objects.using(OWNER_ALIAS).get(id=tenant.id)
        Domain.objects.using(OWNER_ALIAS).create(tenant=owner, host=host)
    forget_hosts()
    return host


@pytest.fixture
def outbox() -> Iterator[list[mail.EmailMessage]]:
    mail.outbox = []
    with override_settings(EMAIL_BACKEND=IN_MEMORY):
        yield mail.outbox


def name_on(answer: bytes) -> str:
    """Return the name of the place on its sign-in page, or nothing."""
    found = re.search(rb'class="brand".*?</svg>\s*([^<]*?)\s*</a>', answer, re.DOTALL)
    return found[1].decode() if found else ""


def asked(server: LiveServer, *lines: str, target: str = "/account/login/") -> bytes:
    head = [f"GET {target} HTTP/1.1", *lines, "Connection: close", "", ""]
    return raw(server, "\r\n".join(head).encode("latin-1"))


@pytest.mark.parametrize(
    "written", ["{host}", "{host}:{port}", "{host}:1", "{host}.", "{host}.:80", "{HOST}"]
)
def test_ten_04_a_host_leads_to_its_tenant_however_it_is_written(
    server: LiveServer, tenant: TenantRef, written: str
) -> None:
    host = written.format(host=tenant.host, HOST=tenant.host.upper(), port=server.port)

    answer = asked(server, f"Host: {host}")

    assert (status_of(answer), name_on(answer)) == (200, tenant.name)


def test_ten_04_only_the_host_line_is_believed(
    server: LiveServer, tenant: TenantRef, other_tenant: TenantRef
) -> None:
    claims = [
        f"X-Forwarded-Host: {other_tenant.host}",
        f"X-Forwarded-Server: {other_tenant.host}",
        f"X-Host: {other_tenant.host}",
        f"X-Original-Host: {other_tenant.host}",
        f"Forwarded: host={other_tenant.host};proto=https",
        f"Origin: http://{other_tenant.host}",
        f"Referer: http://{other_tenant.host}/",
    ]
    for claim in claims:
        answer = asked(server, f"Host: {tenant.host}", claim)
        assert (status_of(answer), name_on(answer)) == (200, tenant.name), claim
        assert other_tenant.host.encode() not in answer.replace(claim.encode(), b"")


def test_ten_04_an_absolute_address_does_not_overrule_the_host(
    server: LiveServer, tenant: TenantRef, other_tenant: TenantRef
) -> None:
    target = f"http://{other_tenant.host}/account/login/"

    answer = asked(server, f"Host: {tenant.host}", target=target)

    assert name_on(answer) in {tenant.name, ""}
    assert status_of(answer) in {200, *range(400, 500)}


@pytest.mark.parametrize(
    "lines",
    [
        ["Host: {host}", "Host: {other}"],
        ["Host: {host}", "Host: {host}"],
        ["Host: {host}, {other}"],
        ["Host: www.{host}"],
        ["Host: {host}.evil.example"],
        ["Host: evil.example"],
        ["Host: m\xfcnchen.localhost"],
        ["Host: xn--mnchen-3ya.localhost"],
        ["Host: 127.0.0.1"],
        ["Host: 127.0.0.1:{port}"],
        ["Host: [::1]:{port}"],
        ["Host: 2130706433"],
        ["Host: user@{host}"],
        ["Host: "],
    ],
)
def test_ten_04_an_unknown_host_leads_nowhere_and_leaves_nothing(
    server: LiveServer, tenant: TenantRef, other_tenant: TenantRef, lines: list[str]
) -> None:
    names = {"host": tenant.host, "other": other_tenant.host, "port": server.port}
    before = [*map(fingerprint, (tenant, other_tenant)), registry()]

    for target in ("/account/login/", "/api/v1/runs", "/v1/models", "/runs/x/events"):
        answer = asked(server, *(line.format(**names) for line in lines), target=target)
        # A malformed or doubled line is refused by the server itself.
        assert status_of(answer) in {400, 404}, answer
        assert name_on(answer) == ""

    assert [*map(fingerprint, (tenant, other_tenant)), registry()] == before


def registry() -> tuple[int, int, int]:
    with scope(REGISTRY):
        return (Tenant.objects.count(), Domain.objects.count(), WorkItem.objects.count())


@pytest.mark.parametrize("email", ["{owner}", "nobody@example.org"])
@pytest.mark.parametrize("path", ["/account/password/reset/", "/account/login/code/"])
def test_ten_04_mail_carries_the_tenants_own_host(
    tenant: TenantRef,
    owner: Person,
    alias: str,
    outbox: list[mail.EmailMessage],
    email: str,
    path: str,
) -> None:
    for host in (f"{alias}:6666", f"{tenant.host.upper()}.:81", tenant.host):
        headers = {"host": host, "x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
        to = email.format(owner=owner.email)
        answer = WebClient(tenant).post(path, {"email": to}, headers=headers)
        assert answer.status_code == 302

    assert len(outbox) == 3
    for sent in outbox:
        text = f"{sent.subject}\n{sent.body}"
        assert set(LINK.findall(text)) == {f"http://{tenant.host}:8000"}
        assert not any(word in text for word in (alias, "evil", "6666", ":81"))


def test_ten_04_a_citation_carries_the_tenants_own_host(
    server: LiveServer, tenant: TenantRef, owner: Person, alias: str
) -> None:
    put_document(tenant, "The gardener gets thirty days of leave.", name="leave.md")
    question = "How many days of leave does the gardener get?"
    asking = {"model": "quote", "messages": [{"role": "user", "content": question}]}
    body = json.dumps(asking)
    lines = (
        *(f"Host: {alias}:6666", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example"),
        f"Authorization: Bearer {program_of(tenant, owner).secret}",
        *("Content-Type: application/json", f"Content-Length: {len(body)}", "Connection: close"),
    )
    head = "\r\n".join(["POST /v1/chat/completions HTTP/1.1", *lines, "", ""])

    answer = raw(server, (head + body).encode())

    assert status_of(answer) == 200, answer
    assert b"annotations" in answer
    assert set(LINK.findall(answer.decode())) == {f"http://{server.host_of(tenant)}"}


def test_ten_04_a_tenant_without_an_own_host_is_known_by_the_one_asked(
    tenant: TenantRef, alias: str
) -> None:
    with scope(REGISTRY):
        Domain.objects.using(OWNER_ALIAS).filter(host=tenant.host).update(is_primary=False)
    forget_hosts()

    found = resolve_host(alias)

    assert found is not None
    assert (found.schema, found.host, found.primary_host) == (tenant.schema, alias, alias)


@pytest.mark.parametrize(
    ("scheme", "port", "origin"),
    [("http", "8000", "http://{host}:8000"), ("https", "", "https://{host}")],
)
def test_ten_04_the_settings_decide_scheme_and_port(
    tenant: TenantRef, scheme: str, port: str, origin: str
) -> None:
    with override_settings(SITE_SCHEME=scheme, SITE_PORT=port):
        assert tenant.origin == origin.format(host=tenant.host)
