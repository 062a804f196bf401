"""CLD-05, DUR-07: a writer that stands still is overtaken, and what it says afterwards is refused."""

import signal

import pytest

from tenants.base.bell import ring
from tenants.base.jobs import Queue
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.processes import LiveServer
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider
from tests.trials.live import Caller, assert_ended_once, eventually, worker_for

WORDS = ("One ", "two ", "three.")
TEXT = "".join(WORDS)
LEASE_SECONDS = 3


@pytest.mark.slow
def test_cld_05_a_writer_stopped_past_its_lease_changes_nothing_when_it_wakes(
    tenant: TenantRef, owner: Person, server: LiveServer
) -> None:
    caller = Caller(server, tenant, owner)
    lease = {"DRAWBRIDGE_RUN_LEASE_SECONDS": str(LEASE_SECONDS)}
    with ScriptedProvider() as provider:
        provider.default = Reply(words=WORDS, is_gated=True)
        first = worker_for(provider, **lease)
        first.start()
        run_id = caller.ask()
        listener = caller.follow(run_id)
        provider.release()
        listener.wait_for("delta")
        first.signal(signal.SIGSTOP)
        with worker_for(provider, **lease):
            listener.wait_for("restart")
            first.signal(signal.SIGCONT)
            # Both writers' words go out now; only those of the second are taken.
            provider.release(2 * len(WORDS))
            run = assert_ended_once(caller, run_id, TEXT, provider)
            listener.wait_for("done")
            eventually(lambda: "overtaken" in first.log.read_text(), "the first does not notice")
        first.fail_if_dead()
        first.stop()

    assert (run.attempt, provider.calls) == (2, 2)
    assert listener.text == TEXT


@pytest.mark.slow
def test_cld_05_a_bell_rung_often_begins_nothing_twice(
    tenant: TenantRef, owner: Person, server: LiveServer
) -> None:
    caller = Caller(server, tenant, owner)
    with ScriptedProvider() as provider, worker_for(provider):
        provider.default = Reply(words=WORDS, pause_seconds=0.3)
        run_id = caller.ask()
        for _ in range(50):
            ring(Queue.ANSWERS)
        run = assert_ended_once(caller, run_id, TEXT, provider)

    assert (run.attempt, provider.calls) == (1, 1)
