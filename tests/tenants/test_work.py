"""The list of work: written with the deed, rung for after it, and never lost with the broker."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tenants.base import work
from tenants.base.context import REGISTRY, person_scope, platform_scope, scope
from tenants.base.jobs import Queue
from tenants.base.poller import Caps, take
from tenants.hosts import TenantRef
from tenants.models import WorkItem
from tests.harness.probe_tasks import PROBE
from tests.harness.servers import ROOT

CAPS = Caps(slots=100, tenant=100, person=100)


@pytest.fixture(autouse=True)
def _empty_list() -> None:
    with scope(REGISTRY):
        WorkItem.objects.all().delete()


def items() -> list[tuple[str, str, str, str, int]]:
    with scope(REGISTRY):
        rows = WorkItem.objects.order_by("id").values_list(
            "schema", "kind", "object_id", "actor", "attempts"
        )
        return list(rows)


def taken(room: int = 5, queue: Queue = Queue.ANSWERS) -> list[tuple[str, str, int]]:
    found = take(queue, CAPS, room=room)
    return [(item.schema, item.object_id, item.attempts) for item in found]


def make_due(object_id: str) -> None:
    with scope(REGISTRY):
        WorkItem.objects.filter(object_id=object_id).update(due_at=timezone.now())


def test_work_is_remembered_with_the_deed_and_forgotten_with_it(tenant: TenantRef) -> None:
    with scope(person_scope(tenant.schema, "7")):
        work.enqueue(PROBE, "one")
    with scope(platform_scope(tenant.schema)):
        work.enqueue(PROBE, "one")
        # It stays the work of the person who asked.
        assert items() == [(tenant.schema, "PROBE", "one", "PERSON:7", 0)]
        work.complete(PROBE, "one")
    assert items() == []


def test_work_of_an_abandoned_transaction_was_never_asked_for(
    tenant: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[Queue] = []
    monkeypatch.setattr(work, "ring", rung.append)
    with scope(platform_scope(tenant.schema)):
        with transaction.atomic():
            work.enqueue(PROBE, "never")
            transaction.set_rollback(True)
        with transaction.atomic():
            work.enqueue(PROBE, "committed")
            assert rung == []
        work.enqueue(PROBE, "later", delay_seconds=60)
    assert rung == [Queue.ANSWERS]
    assert [row[2] for row in items()] == ["committed", "later"]


def test_work_of_one_tenant_is_not_touched_by_another(
    tenant: TenantRef, other_tenant: TenantRef
) -> None:
    with scope(platform_scope(tenant.schema)):
        work.enqueue(PROBE, "same-id")
    with scope(platform_scope(other_tenant.schema)):
        work.complete(PROBE, "same-id")
        work.hold(PROBE, "same-id", seconds=60)
        assert work.place_in_line(PROBE, "same-id") == 0
    assert taken() == [(tenant.schema, "same-id", 1)]


def test_due_work_is_taken_once_and_comes_due_again(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        work.enqueue(PROBE, "one", delay_seconds=60)
    assert taken() == []
    make_due("one")
    assert taken(queue=Queue.INGESTION) == []
    assert taken(room=0) == []
    assert taken() == [(tenant.schema, "one", 1)]
    assert taken() == []
    with scope(REGISTRY):
        assert WorkItem.objects.get(object_id="one").due_at > timezone.now()


def test_held_work_stays_taken_and_counts_on(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        work.enqueue(PROBE, "one")
        taken()
        work.hold(PROBE, "one", seconds=60)
        work.hold(PROBE, "nothing", seconds=60)
    with scope(REGISTRY):
        item = WorkItem.objects.get()
    assert item.taken_at is not None
    assert timedelta(seconds=50) < item.due_at - timezone.now() < timedelta(seconds=61)
    make_due("one")
    assert taken() == [(tenant.schema, "one", 2)]


def test_two_takers_never_get_the_same_item(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        for number in range(6):
            work.enqueue(PROBE, str(number))
    with scope(REGISTRY), transaction.atomic():
        mine = taken(room=3)
        others = _taken_in_another_process(room=6)
    assert len(mine) == len(others) == 3
    assert {each[1] for each in mine} | set(others) == {str(number) for number in range(6)}


def _taken_in_another_process(room: int) -> list[str]:
    said = _python(
        "from tests.harness import probe_tasks",
        "from tenants.base.jobs import Queue",
        "from tenants.base.poller import Caps, take",
        f"found = take(Queue.ANSWERS, Caps(100, 100, 100), room={room})",
        "print(*(item.object_id for item in found))",
    )
    return said.split()


def _python(*statements: str, **environment: str) -> str:
    """Run statements in a process of its own."""
    lines = ("import django; django.setup()", "import time", *statements)
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        check=True,
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    return done.stdout


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
    said = _python(
        "from tenants.base import work",
        "from tenants.base.context import platform_scope, scope",
        "from tests.harness.probe_tasks import PROBE",
        f"with scope(platform_scope({tenant.schema!r})):",
        "    begun = time.monotonic()",
        "    work.enqueue(PROBE, 'waiting')",
        "    print(time.monotonic() - begun)",
        REDIS_URL=redis_url,
    )
    print(f"ringing at {redis_url}: {float(said):.2f} s")
    assert float(said) < 2.0
    # Nobody was told, and it may be taken at once.
    assert taken() == [(tenant.schema, "waiting", 1)]
