"""README's few lines for programs run as they stand, also where `*.localhost` has no address."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tenants.base.context import REGISTRY, scope
from tenants.base.roles import OWNER_ALIAS
from tenants.hosts import TenantRef, forget_hosts
from tenants.models import Domain
from tenants.people.models import KeyScope, Person
from tests.api.calling import program_of
from tests.api.library import add_document
from tests.docs.blocks import blocks_of
from tests.harness.processes import LiveServer
from tests.harness.servers import ROOT

HOST = "demo.localhost"
HANDBOOK = b"# Leave\n\nPart-time staff get 18 weeks of parental leave, as everybody else does.\n"
# As on a machine whose resolver knows no names under `localhost`.
WITHOUT_NAMES = """
import socket

known = socket.getaddrinfo

def resolve(host, *rest, **options):
    if str(host).endswith("localhost"):
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    return known(host, *rest, **options)

socket.getaddrinfo = resolve
"""


@pytest.fixture
def demo(tenant: TenantRef) -> Iterator[TenantRef]:
    """Let the demo's host lead to a tenant of this test; its own may be of another test."""
    domains = Domain.objects.using(OWNER_ALIAS)
    with scope(REGISTRY):
        before = domains.filter(host=HOST).values("tenant_id", "is_primary").first()
        domains.update_or_create(host=HOST, defaults={"tenant_id": tenant.id, "is_primary": False})
    forget_hosts()
    yield tenant
    with scope(REGISTRY):
        if before is None:
            domains.filter(host=HOST).delete()
        else:
            domains.filter(host=HOST).update(**before)
    forget_hosts()


@pytest.fixture
def key(demo: TenantRef, owner: Person) -> str:
    add_document(demo, "handbook.md", HANDBOOK)
    return program_of(demo, owner, [KeyScope.READ]).secret


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_NAMES + code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def snippet(server: LiveServer, key: str) -> str:
    """Return README's block with the port and the key of this test, and nothing else changed."""
    [code] = blocks_of("README.md", "python")
    assert (code.count(":8000/"), code.count("dbk_…")) == (1, 1)
    return code.replace(":8000/", f":{server.port}/").replace("dbk_…", key)


def test_the_snippet_of_the_readme_runs_as_it_stands(server: LiveServer, key: str) -> None:
    done = run(snippet(server, key))

    assert done.returncode == 0, done.stderr
    assert "18 weeks of parental leave" in done.stdout


@pytest.mark.parametrize("host", ["127.0.0.1", "other"])
def test_the_host_decides_the_tenant_and_nothing_else(
    server: LiveServer, key: str, other_tenant: TenantRef, host: str
) -> None:
    asked = other_tenant.host if host == "other" else host
    code = snippet(server, key).replace(HOST, asked)

    done = run(code)

    assert done.returncode != 0
    assert "openai." in done.stderr.splitlines()[-1]
    assert "18 weeks" not in done.stdout
