"""TEN-07: work is done in the tenant that asked for it, or not at all; a bell carries nothing.

There are no messages that name work: what is done stands in the list, where the database writes
the tenant's name itself.
"""

import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.db import connections

from tenants.base import valkey, work
from tenants.base.bell import channel
from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.errors import ScopeMissing
from tenants.hosts import TenantRef
from tenants.models import WorkItem
from tests.harness.people import put_canary
from tests.harness.probe_tasks import AGAIN, CHAINED, PROBE, seen_by
from tests.harness.processes import LiveWorker

WAIT_SECONDS = 20

Send = Callable[[str], None]


@pytest.fixture(scope="module", params=["threads", "prefork"])
def probe_worker(request: pytest.FixtureRequest) -> Iterator[LiveWorker]:
    with LiveWorker(pool=request.param, include="tests.harness.probe_tasks") as running:
        yield running


def _now(object_id: str) -> None:
    work.enqueue(PROBE, object_id)


def _later(object_id: str) -> None:
    work.enqueue(PROBE, object_id, delay_seconds=1)


def _retry(object_id: str) -> None:
    work.enqueue(AGAIN, object_id)


def _chain(object_id: str) -> None:
    # The second link is asked for by the worker, from inside the first.
    work.enqueue(CHAINED, object_id)


def wait_for(object_id: str, count: int) -> list[str]:
    ends = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < ends and len(seen_by(object_id)) < count:
        time.sleep(0.05)
    return seen_by(object_id)


@pytest.mark.parametrize(
    ("send", "count"),
    [(_now, 1), (_later, 1), (_retry, 1), (_chain, 2)],
    ids=["now", "later", "retry", "chain"],
)
def test_ten_07_each_way_of_asking_keeps_the_tenant(
    send: Send, count: int, probe_worker: LiveWorker, tenant: TenantRef, other_tenant: TenantRef
) -> None:
    lines = {each: f"{each.schema} {put_canary(each)}" for each in (tenant, other_tenant)}
    expected = {}
    for each in (tenant, other_tenant) * 5:
        object_id = str(uuid4())
        expected[object_id] = [lines[each]] * count
        with scope(platform_scope(each.schema)):
            send(object_id)

    assert {object_id: wait_for(object_id, count) for object_id in expected} == expected


def test_ten_07_two_tenants_ask_for_the_same_object_at_once(
    probe_worker: LiveWorker, tenant: TenantRef, other_tenant: TenantRef
) -> None:
    object_id = str(uuid4())
    expected = [f"{each.schema} {put_canary(each)}" for each in (tenant, other_tenant)]
    for each in (tenant, other_tenant):
        with scope(platform_scope(each.schema)):
            work.enqueue(PROBE, object_id)

    assert sorted(wait_for(object_id, 2)) == sorted(expected)


def test_ten_07_work_of_a_tenant_that_is_gone_touches_nobody(
    probe_worker: LiveWorker, tenant: TenantRef
) -> None:
    object_id, last = str(uuid4()), str(uuid4())
    put_canary(tenant)
    with scope(REGISTRY):
        WorkItem.objects.using("owner").create(
            schema="t_deleted_long_ago", kind=PROBE.kind, object_id=object_id
        )
    connections["owner"].close()
    with scope(platform_scope(tenant.schema)):
        work.enqueue(PROBE, last)

    assert len(wait_for(last, 1)) == 1
    assert seen_by(object_id) == []
    with scope(REGISTRY):
        WorkItem.objects.filter(schema="t_deleted_long_ago").delete()


@pytest.mark.parametrize("said", ["", "t_other", "PROBE", "{}", "ANSWERS\0", "\u2028" * 9000])
def test_ten_07_a_strange_bell_does_nothing(
    said: str, probe_worker: LiveWorker, tenant: TenantRef
) -> None:
    object_id = str(uuid4())
    expected = [f"{tenant.schema} {put_canary(tenant)}"]
    valkey.client().publish(channel(), said)
    with scope(platform_scope(tenant.schema)):
        work.enqueue(PROBE, object_id)

    assert wait_for(object_id, 1) == expected
    probe_worker.fail_if_dead()


def test_ten_07_asking_without_a_scope_is_an_error() -> None:
    with pytest.raises(ScopeMissing):
        work.enqueue(PROBE, "nobody")
