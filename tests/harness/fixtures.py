"""The fixtures every test may ask for. Tenants are cloned anew, so tests never share rows."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.db import connections
from django.db.models.functions import Now
from django.utils import translation

from assistant.models import Run, RunState
from tenants.base.context import REGISTRY, Scope, person_scope, platform_scope, scope
from tenants.hosts import TenantRef
from tenants.models import WorkItem
from tenants.people.models import Person
from tenants.provisioning import create_tenant
from tests.harness.people import add_person, owner_of
from tests.harness.processes import LiveServer, LiveWorker
from tests.harness.web import WebClient
from tests.harness.world import World, build_world

_numbers = itertools.count(1)
# A worker looks every two seconds whether its run is still its own.
NOTICED_SECONDS = 10.0

AsPerson = Callable[[TenantRef, Person], AbstractContextManager[Scope]]


def new_tenant(prefix: str = "tenant") -> TenantRef:
    # A trial may have ended every connection to the database, this process's own included.
    connections.close_all()
    slug = f"{prefix}-{next(_numbers)}"
    return create_tenant(slug, name=slug.title(), owner_email=f"owner@{slug}.example")


def end_work(tenant: TenantRef) -> None:
    """Leave nothing to do behind: the worker of a later test would ask its own provider about it."""
    connections.close_all()
    with scope(platform_scope(tenant.schema, "tests")):
        waiting = Run.objects.filter(state__in=(RunState.QUEUED, RunState.RUNNING))
        waiting.update(state=RunState.STOPPED)
    _wait_for_workers(tenant)
    with scope(REGISTRY):
        WorkItem.objects.filter(schema=tenant.schema).delete()


def _wait_for_workers(tenant: TenantRef) -> None:
    """Let a worker notice: one that is just about to ask would take the reply of the next test."""
    ends = time.monotonic() + NOTICED_SECONDS
    being_done = WorkItem.objects.filter(
        schema=tenant.schema, taken_at__isnull=False, due_at__gt=Now()
    )
    with scope(REGISTRY):
        while LiveWorker.at_work and being_done.exists() and time.monotonic() < ends:
            time.sleep(0.05)


@pytest.fixture
def tenant() -> Iterator[TenantRef]:
    made = new_tenant()
    yield made
    end_work(made)


@pytest.fixture
def other_tenant() -> Iterator[TenantRef]:
    made = new_tenant("other")
    yield made
    end_work(made)


@pytest.fixture
def inside(tenant: TenantRef) -> Iterator[TenantRef]:
    """Run the test as the platform inside `tenant`, as a worker would."""
    with scope(platform_scope(tenant.schema)):
        yield tenant


@pytest.fixture
def owner(tenant: TenantRef) -> Person:
    return owner_of(tenant)


@pytest.fixture
def member(tenant: TenantRef) -> Person:
    return add_person(tenant, "member@example.org")


@pytest.fixture
def other_owner(other_tenant: TenantRef) -> Person:
    return owner_of(other_tenant)


@pytest.fixture
def as_person() -> AsPerson:
    """Offer `with as_person(tenant, person): …`."""
    return lambda tenant, person: scope(person_scope(tenant.schema, str(person.pk)))


@pytest.fixture
def web(tenant: TenantRef) -> WebClient:
    """Offer a client of the pages of `tenant`; `web.sign_in(owner)` signs in."""
    return WebClient(tenant)


@pytest.fixture(scope="session")
def server() -> Iterator[LiveServer]:
    """Offer the whole site over real HTTP, in its own process."""
    with LiveServer() as running:
        yield running


# For one module only: other tests answer in their own process and would lose the race.
@pytest.fixture(scope="module")
def worker() -> Iterator[LiveWorker]:
    """Offer a Celery worker in its own process, on the queue of this xdist worker."""
    with LiveWorker() as running:
        yield running


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """Forget the language that a request of an earlier test left behind in this thread."""
    translation.deactivate_all()
    translation.activate("en")


@pytest.fixture(autouse=True, scope="session")
def _connections_closed() -> Iterator[None]:
    yield
    connections.close_all()


@pytest.fixture
def home() -> Iterator[World]:
    """Offer a filled tenant: the one whose host is asked."""
    made = build_world(f"home-{next(_numbers)}-a")
    yield made
    end_work(made.tenant)


@pytest.fixture
def abroad() -> Iterator[World]:
    """Offer a filled tenant nothing of which may be seen; it has more rows than the other."""
    made = build_world(f"abroad-{next(_numbers)}-b", rows_own=3)
    yield made
    end_work(made.tenant)
