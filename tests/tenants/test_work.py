"""The list of work: written with the deed, waking after it, and never lost with the broker."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeVar
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from config.celery import app
from tenants.base import poller as polling
from tenants.base import work
from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.jobs import JOBS, Job
from tenants.base.poller import ATTEMPTS_MAX, Item, Poller, take
from tenants.hosts import TenantRef
from tenants.models import WorkItem
from tests.harness.people import put_canary
from tests.harness.probe_tasks import seen_by
from tests.harness.servers import ROOT

T = TypeVar("T")

PROBE = Job("PROBE", "tests.record")
BROKEN = Job("BROKEN", "tests.broken")


@pytest.fixture(autouse=True)
def _jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    for job in (PROBE, BROKEN):
        monkeypatch.setitem(JOBS, job.kind, job)
    with scope(REGISTRY):
        WorkItem.objects.all().delete()


def items() -> list[tuple[str, str, str, int]]:
    with scope(REGISTRY):
        rows = WorkItem.objects.order_by("id").values_list(
            "schema", "kind", "object_id", "attempts"
        )
        return list(rows)


def make_due(object_id: str, attempts: int = 0) -> None:
    with scope(REGISTRY):
        WorkItem.objects.filter(object_id=object_id).update(
            due_at=timezone.now(), attempts=attempts
        )


def test_work_is_remembered_with_the_deed_and_forgotten_with_it(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        work.enqueue(PROBE, "one")
        work.enqueue(PROBE, "one")
        assert items() == [(tenant.schema, "PROBE", "one", 0)]
        work.complete(PROBE, "one")
    assert items() == []


def test_work_of_an_abandoned_transaction_was_never_asked_for(
    tenant: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr(work, "wake", lambda _task, object_id: woken.append(object_id))
    with scope(platform_scope(tenant.schema)):
        with transaction.atomic():
            work.enqueue(PROBE, "never")
            transaction.set_rollback(True)
        with transaction.atomic():
            work.enqueue(PROBE, "committed")
            assert woken == []
    assert woken == ["committed"]
    assert items() == [(tenant.schema, "PROBE", "committed", 0)]


def test_work_of_one_tenant_is_not_completed_by_another(
    tenant: TenantRef, other_tenant: TenantRef
) -> None:
    with scope(platform_scope(tenant.schema)):
        work.enqueue(PROBE, "same-id")
    with scope(platform_scope(other_tenant.schema)):
        work.complete(PROBE, "same-id")
    assert items() == [(tenant.schema, "PROBE", "same-id", 0)]


def test_due_work_is_taken_once_and_comes_due_again(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        work.enqueue(PROBE, "one")
    assert take(5, ("PROBE",)) == []
    make_due("one")
    assert take(5, ("OTHER",)) == []
    assert take(5, ("PROBE",)) == [Item(tenant.schema, "PROBE", "one", 1)]
    assert take(5, ("PROBE",)) == []
    with scope(REGISTRY):
        assert WorkItem.objects.get(object_id="one").due_at > timezone.now()


def test_two_takers_never_get_the_same_item(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        for number in range(6):
            work.enqueue(PROBE, str(number), due_at=timezone.now())
    with scope(REGISTRY), transaction.atomic():
        mine = take(3, ("PROBE",))
        others = _in_another_connection()
    assert len(mine) == len(others) == 3
    assert {item.object_id for item in mine} | set(others) == {str(number) for number in range(6)}


def _in_another_connection() -> list[str]:
    said = _python("print(*(item.object_id for item in take(3, ('PROBE',))))")
    return said.split()


def _python(statement: str, **environment: str) -> str:
    """Run a statement in a process of its own."""
    lines = (
        "import django; django.setup()",
        "import time",
        "from tenants.base import work",
        "from tenants.base.context import platform_scope, scope",
        "from tenants.base.jobs import Job",
        "from tenants.base.poller import take",
        statement,
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        check=True,
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_the_poller_does_what_is_due_without_any_message(tenant: TenantRef) -> None:
    object_id = str(uuid4())
    expected = [f"{tenant.schema} {put_canary(tenant)}"]
    with scope(platform_scope(tenant.schema)):
        work.enqueue(PROBE, object_id, due_at=timezone.now())
    assert Poller(app).take_round() == 1
    assert _until(lambda: seen_by(object_id)) == expected


def test_the_poller_outlives_a_body_that_fails(
    tenant: TenantRef, caplog: pytest.LogCaptureFixture
) -> None:
    object_id = str(uuid4())
    put_canary(tenant)
    with scope(platform_scope(tenant.schema)):
        work.enqueue(BROKEN, "broken", due_at=timezone.now())
        work.enqueue(PROBE, object_id, due_at=timezone.now())
    poller = Poller(app)
    assert poller.take_round() == 2
    assert len(_until(lambda: seen_by(object_id))) == 1
    assert (tenant.schema, "BROKEN", "broken", 1) in items()
    assert _until(lambda: "work_failed" in caplog.text)


def test_work_that_always_fails_is_buried_and_told(
    tenant: TenantRef, caplog: pytest.LogCaptureFixture
) -> None:
    with scope(platform_scope(tenant.schema)):
        work.enqueue(BROKEN, "hopeless")
    make_due("hopeless", attempts=ATTEMPTS_MAX - 1)
    assert Poller(app).take_round() == 1
    assert _until(lambda: "work_buried" in caplog.text)
    with scope(REGISTRY):
        rest = WorkItem.objects.get(object_id="hopeless").due_at - timezone.now()
    assert rest.total_seconds() > polling.BURIED_SECONDS - 60


def _until(ask: Callable[[], T]) -> T:
    ends = time.monotonic() + 10
    while not (found := ask()) and time.monotonic() < ends:
        time.sleep(0.02)
    return found


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Offer a port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def test_a_broker_that_is_silent_delays_the_caller_by_about_a_second(
    tenant: TenantRef, silent_port: int
) -> None:
    test_a_broker_that_is_away_delays_the_caller_by_a_second_at_most(
        tenant, f"redis://127.0.0.1:{silent_port}/0"
    )


@pytest.mark.parametrize("redis_url", ["redis://127.0.0.1:1/0", "unix:///nowhere?db=0"])
def test_a_broker_that_is_away_delays_the_caller_by_a_second_at_most(
    tenant: TenantRef, redis_url: str
) -> None:
    statement = f"""
with scope(platform_scope({tenant.schema!r})):
    begun = time.monotonic()
    work.enqueue(Job('PROBE', 'tests.record'), 'waiting')
    print(time.monotonic() - begun)
"""
    seconds = float(_python(statement, REDIS_URL=redis_url))
    print(f"publishing to {redis_url}: {seconds:.2f} s")
    assert seconds < 2.0
    # Nobody was told, so the poller may take it at once.
    assert take(1, ("PROBE",)) == [Item(tenant.schema, "PROBE", "waiting", 1)]
