"""CLD-02: the database goes away and comes back; nobody sees a 500, nothing is lost."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from tests.harness import servers
from tests.harness.fixtures import new_tenant
from tests.harness.people import add_person, owner_of
from tests.harness.processes import LiveServer
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider
from tests.trials.live import Caller, assert_ended_once, eventually, worker_for

BACK_SECONDS = 10
HEAL_SECONDS = 30
# The long profile keeps it away for 30 s.
AWAY_SECONDS = float(os.environ.get("CLD_02_AWAY_SECONDS", "6"))
WORDS = ("One ", "two ", "three ", "four.")
TEXT = "".join(WORDS)
TERMINATE = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = %s AND pid <> pg_backend_pid()"
)


class Database:
    """The superuser's hand on the database of this worker, from outside of it."""

    def __init__(self) -> None:
        self.name = settings.DATABASES["default"]["NAME"]

    def terminate(self) -> None:
        """End every connection, as a restart or a failover does."""
        connections.close_all()
        with self._superuser() as connection:
            connection.execute(TERMINATE, [self.name])

    @contextmanager
    def away(self) -> Iterator[None]:
        """Let nobody in for the time of the block."""
        connections.close_all()
        with self._superuser() as connection:
            connection.execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS false')
            try:
                connection.execute(TERMINATE, [self.name])
                yield
            finally:
                connection.execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS true')

    def _superuser(self) -> psycopg.Connection[Any]:
        url = servers.located().database_url("postgres", "postgres")
        return psycopg.connect(url, autocommit=True)


@pytest.fixture(scope="module")
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as running:
        running.default = Reply(words=WORDS)
        yield running


@pytest.fixture(scope="module")
def callers(provider: ScriptedProvider) -> Iterator[tuple[Caller, Caller]]:
    tenants = new_tenant("database"), new_tenant("database")
    # The lease must outlast the absence; a shorter one would hand the run to another attempt.
    worker = worker_for(provider, DRAWBRIDGE_RUN_LEASE_SECONDS="15")
    with LiveServer() as server, worker:
        first, second = (Caller(server, tenant, owner_of(tenant)) for tenant in tenants)
        yield first, second


def titles_of(caller: Caller) -> list[str]:
    answer = caller.call("GET", "/api/v1/conversations")
    assert answer.status_code == 200, answer.text
    return sorted(row["title"] for row in answer.json()["items"])


@pytest.mark.slow
def test_cld_02_terminated_backends_are_replaced(
    callers: tuple[Caller, Caller], provider: ScriptedProvider
) -> None:
    database = Database()
    server = callers[0].server
    tenants = new_tenant("renewed"), new_tenant("renewed")
    both = [Caller(server, tenant, owner_of(tenant)) for tenant in tenants]
    for number in range(3):
        for caller in both:
            caller.wait_for_end(caller.ask(f"Hello {caller.tenant.slug} {number}!"))
        database.terminate()
        for caller in both:
            answers = [caller.call("GET", "/api/v1/conversations") for _ in range(12)]
            assert {answer.status_code for answer in answers} <= {200, 503}
            assert all("retry-after" in each.headers for each in answers if not each.ok)
            assert answers[-1].status_code == 200

    for caller in both:
        expected = [f"Hello {caller.tenant.slug} {number}!" for number in range(3)]
        assert titles_of(caller) == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PAGE", "/"),
        ("PAGE", "/documents/"),
        ("GET", "/api/v1/conversations"),
        ("POST", "/api/v1/runs"),
        ("GET", "/api/v1/runs/8f7de0f0-0000-4000-8000-000000000001/events"),
        ("GET", "/v1/models"),
        ("GET", "/readyz"),
    ],
)
def test_cld_02_an_absent_database_is_a_503(
    callers: tuple[Caller, Caller], method: str, path: str
) -> None:
    caller = callers[0]
    body: dict[str, Any] = {"json": {"question": "Hello!"}} if method == "POST" else {}
    caller.call("GET", "/api/v1/conversations")
    if method == "PAGE":
        method, body = "GET", {"headers": {"Cookie": caller.cookie(), "Authorization": ""}}
    with Database().away():
        answer = caller.call(method, path, **body)
    left_at = time.monotonic()
    eventually(
        lambda: caller.call("GET", "/api/v1/conversations").status_code == 200,
        "the site does not come back",
        timeout_seconds=BACK_SECONDS,
    )

    assert (answer.status_code, answer.headers.get("retry-after", "").isdigit()) == (503, True)
    assert time.monotonic() - left_at < BACK_SECONDS


@pytest.mark.slow
def test_cld_02_a_run_outlives_an_absence(
    callers: tuple[Caller, Caller], provider: ScriptedProvider
) -> None:
    caller = callers[0]
    provider.requests.clear()
    provider.script(Reply(words=WORDS, is_gated=True))
    run_id = caller.ask()
    listener = caller.follow(run_id)
    provider.release(2)
    listener.wait_for("delta", 2)
    with Database().away():
        time.sleep(2.5)
        provider.release(1)
        listener.wait_for("delta", 3)
    provider.release(1)
    run = assert_ended_once(caller, run_id, TEXT, provider)
    listener.wait_for("done")

    assert run.attempt == 1
    assert listener.text == TEXT


@pytest.mark.slow
def test_cld_02_work_that_comes_due_after_an_absence_is_taken(
    callers: tuple[Caller, Caller], provider: ScriptedProvider
) -> None:
    """Under load: 25 accepted questions, running, waiting and put off, end by themselves."""
    provider.default = Reply(words=WORDS, pause_seconds=0.25)
    server = callers[0].server
    askers = [
        Caller(server, caller.tenant, add_person(caller.tenant, f"p{number}@example.org"))
        for caller in callers
        for number in range(5)
    ]
    asked = [(each, each.ask(f"Hello {number}!")) for number in range(2) for each in askers]
    asked += [(each, each.ask("Hello again!")) for each in askers[:5]]
    eventually(lambda: any(each.run(run).attempt for each, run in asked), "nothing is begun")

    with Database().away():
        time.sleep(AWAY_SECONDS)
    back_at = time.monotonic()
    for each, run_id in asked:
        left = max(HEAL_SECONDS - (time.monotonic() - back_at), 0.1)
        each.wait_for_end(run_id, timeout_seconds=left)
    print(f"CLD-02: {len(asked)} ended {time.monotonic() - back_at:.1f} s after the absence")
    provider.default = Reply(words=WORDS)

    assert {tuple(each.answers(run_id)) for each, run_id in asked} == {(TEXT,)}
    assert callers[0].open_work() == callers[1].open_work() == 0


@pytest.mark.slow
def test_cld_02_health_is_liveness_and_readiness_is_more(callers: tuple[Caller, Caller]) -> None:
    caller = callers[0]
    with Database().away():
        alive, ready = (caller.call("GET", path) for path in ("/healthz", "/readyz"))
    eventually(
        lambda: caller.call("GET", "/readyz").status_code == 200,
        "the site is not ready again",
        timeout_seconds=BACK_SECONDS,
    )
    # Whoever asks for a tenant's host makes the server listen for changes of hosts.
    assert caller.call("GET", "/api/v1/conversations").status_code == 200
    report = caller.call("GET", "/readyz").json()

    assert (alive.status_code, ready.status_code) == (200, 503)
    assert ready.json() == {"ready": False, "database": "away", "loops": ready.json()["loops"]}
    assert (report["ready"], report["valkey"]) == (True, "ok")
    assert (report["served"]["ANSWERS"] >= 1, report["served"]["INGESTION"] >= 1) == (True, True)
    assert {loop["name"] for loop in report["loops"]} >= {"hosts", "beat"}
    assert caller.tenant.slug not in str(report)
