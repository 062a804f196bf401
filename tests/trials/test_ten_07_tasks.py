"""TEN-07: a task runs in the tenant that its signed header names, or not at all.

Chords need a result backend; this platform has none, because nothing reads results.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from celery import chain

from config.celery import app
from tenants.base.context import platform_scope, scope
from tenants.base.errors import ScopeMissing
from tenants.base.tasks import HEADER, sign
from tenants.hosts import TenantRef
from tests.harness.people import put_canary
from tests.harness.probe_tasks import PROBE_QUEUE, again, record, seen_by
from tests.harness.processes import LiveWorker

WAIT_SECONDS = 20

Send = Callable[[str], object]


@pytest.fixture(scope="module", params=["threads", "prefork"])
def probe_worker(request: pytest.FixtureRequest) -> Iterator[LiveWorker]:
    probes = LiveWorker(pool=request.param, include="tests.harness.probe_tasks", queue=PROBE_QUEUE)
    with probes as running:
        yield running


def _delay(object_id: str) -> object:
    return record.delay(object_id=object_id)


def _later(object_id: str) -> object:
    return record.apply_async(kwargs={"object_id": object_id}, countdown=1)


def _retry(object_id: str) -> object:
    return again.delay(object_id=object_id)


def _chain(object_id: str) -> object:
    # The second link is sent by the worker, after the body has left its scope.
    return chain(again.si(object_id=object_id), record.si(object_id=object_id)).apply_async()


def wait_for(object_id: str, count: int) -> list[str]:
    ends = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < ends and len(seen_by(object_id)) < count:
        time.sleep(0.05)
    return seen_by(object_id)


@pytest.mark.parametrize(
    ("send", "count"),
    [(_delay, 1), (_later, 1), (_retry, 1), (_chain, 2)],
    ids=["delay", "eta", "retry", "chain"],
)
def test_ten_07_each_way_of_sending_keeps_the_tenant(
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


def _send_raw(object_id: str, task_id: str, header: object) -> None:
    app.send_task(
        "tests.record",
        kwargs={"object_id": object_id},
        task_id=task_id,
        queue=PROBE_QUEUE,
        headers={} if header is None else {HEADER: header},
    )


def _forgeries(tenant: TenantRef, other: TenantRef, object_id: str, task_id: str) -> list[Any]:
    good = sign(tenant.schema, "tests.record", task_id, object_id)
    return [
        None,
        "t_other",
        {},
        {"schema": other.schema},
        good | {"schema": other.schema},
        good | {"signature": good["signature"][:-1]},
        sign(tenant.schema, "tests.again", task_id, object_id),
        sign(tenant.schema, "tests.record", str(uuid4()), object_id),
        sign(tenant.schema, "tests.record", task_id, str(uuid4())),
        sign("t_deleted_long_ago", "tests.record", task_id, object_id),
    ]


def test_ten_07_a_message_without_a_true_header_does_nothing(
    probe_worker: LiveWorker, tenant: TenantRef, other_tenant: TenantRef
) -> None:
    object_id, last = str(uuid4()), str(uuid4())
    put_canary(tenant)
    put_canary(other_tenant)
    task_id = str(uuid4())
    for header in _forgeries(tenant, other_tenant, object_id, task_id):
        _send_raw(object_id, task_id, header)
    with scope(platform_scope(tenant.schema)):
        record.delay(object_id=last)

    assert len(wait_for(last, 1)) == 1
    assert seen_by(object_id) == []
    assert probe_worker.log.read_text().count("task_refused") >= 9


def test_ten_07_the_true_header_is_accepted(probe_worker: LiveWorker, tenant: TenantRef) -> None:
    object_id, task_id = str(uuid4()), str(uuid4())
    expected = [f"{tenant.schema} {put_canary(tenant)}"]

    _send_raw(object_id, task_id, sign(tenant.schema, "tests.record", task_id, object_id))

    assert wait_for(object_id, 1) == expected


def test_ten_07_sending_without_a_scope_is_an_error() -> None:
    with pytest.raises(ScopeMissing):
        record.delay(object_id="nobody")
