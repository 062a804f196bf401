"""TEN-05: two tenants over the same connections, with trouble in one request of ten."""

import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory, override_settings

from tenants.base.postgresql.base import DatabaseWrapper
from tenants.hosts import TenantRef
from tests.harness.people import put_canary
from tests.harness.probes import TROUBLES

THREADS = 32
REQUESTS = int(os.environ.get("TEN_05_REQUESTS", "4000"))
TROUBLED_SHARE = 0.1
RAISING = {"exception", "timeout", "cancelled"}


@dataclass(frozen=True, slots=True)
class Observation:
    """One answer, and what its connection was left with."""

    tenant: TenantRef
    trouble: str
    is_raised: bool
    status: int
    body: str
    search_path: str


@pytest.fixture
def pair(tenant: TenantRef, other_tenant: TenantRef) -> Iterator[tuple[TenantRef, TenantRef]]:
    for each in (tenant, other_tenant):
        put_canary(each)
    with override_settings(ROOT_URLCONF="tests.harness.probes"):
        yield tenant, other_tenant


def canary_of(tenant: TenantRef) -> str:
    return f"canary-{tenant.schema}"


def is_clean(seen: Observation) -> bool:
    own_path = seen.search_path.startswith(f"{seen.tenant.schema},")
    if seen.is_raised and seen.trouble in RAISING:
        return own_path and seen.status == 500 and "canary-" not in seen.body
    return own_path and (seen.status, seen.body) == (200, canary_of(seen.tenant))


class Traffic:
    """Requests through the whole middleware, in threads that keep their connection."""

    def __init__(self, pair: tuple[TenantRef, TenantRef], seed: int) -> None:
        self._handler = WSGIHandler()
        self._pair = pair
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def run(self, requests: int) -> list[Observation]:
        with ThreadPoolExecutor(THREADS) as pool:
            seen = list(pool.map(lambda _number: self._request(), range(requests)))
            # Each thread closes the connection that only it may touch.
            barrier = threading.Barrier(THREADS)
            list(pool.map(lambda _number: self._close(barrier), range(THREADS)))
        return seen

    def _request(self) -> Observation:
        with self._lock:
            tenant = self._random.choice(self._pair)
            is_troubled = self._random.random() < TROUBLED_SHARE
            trouble = self._random.choice(list(TROUBLES)[1:]) if is_troubled else "plain"
            is_raised = self._random.random() < 0.5
        asked = {"trouble": trouble} | ({"raise": "1"} if is_raised else {})
        request = RequestFactory(headers={"host": tenant.host}).get("/canary", asked)
        status: list[str] = []

        def begin(
            line: str, _headers: object, _error: object = None, /
        ) -> Callable[[bytes], object]:
            status.append(line)
            return len

        body = self._handler(request.environ, begin)
        text = b"".join(body).decode()
        body.close()
        with connection.connection.cursor() as cursor:
            cursor.execute("SHOW search_path")
            [path] = cursor.fetchone()
        return Observation(tenant, trouble, is_raised, int(status[0].split()[0]), text, path)

    def _close(self, barrier: threading.Barrier) -> None:
        barrier.wait()
        connection.close()


def test_ten_05_every_answer_is_its_own_tenants(
    pair: tuple[TenantRef, TenantRef], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", logger="django.request")
    seen = Traffic(pair, seed=5).run(REQUESTS)
    count = Counter(each.trouble for each in seen)
    print(f"TEN-05: {len(seen)} requests, {THREADS} threads, {dict(count)}")
    assert [each for each in seen if not is_clean(each)] == []
    assert set(count) == set(TROUBLES)


def _keep_what_was_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: believe that role and path outlive a rollback, as a cached setter would."""
    django_backend = DatabaseWrapper.__mro__[2]
    monkeypatch.setattr(DatabaseWrapper, "_set_autocommit", django_backend._set_autocommit)
    monkeypatch.setattr(DatabaseWrapper, "_rollback", django_backend._rollback)


def _keep_over_savepoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: believe that the actor outlives the savepoint it was set in."""

    def rollback(self: DatabaseWrapper, sid: str) -> None:
        self._raw(self.ops.savepoint_rollback_sql(sid))

    monkeypatch.setattr(DatabaseWrapper, "_savepoint_rollback", rollback)


@pytest.mark.parametrize("sabotage", [_keep_what_was_applied, _keep_over_savepoints])
def test_ten_05_bites_when_the_role_is_not_sent_after_a_rollback(
    pair: tuple[TenantRef, TenantRef],
    sabotage: object,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("CRITICAL", logger="django.request")
    assert callable(sabotage)
    sabotage(monkeypatch)
    seen = Traffic(pair, seed=6).run(REQUESTS // 4)
    assert [each for each in seen if not is_clean(each)] != []
