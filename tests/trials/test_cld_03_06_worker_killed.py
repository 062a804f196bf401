"""CLD-03, CLD-06: the worker dies at every named point; the answer comes once, whole."""

import pytest

from assistant.failpoints import Failpoint
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.processes import LiveServer, LiveWorker
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider
from tests.trials.live import (
    Caller,
    assert_ended_once,
    eventually,
    text_of,
    worker_for,
)

WORDS = ("One ", "two ", "three ", "four.")
TEXT = "".join(WORDS)
# Calls that the first, killed attempt made, and whether its end was already written.
KILLED = {
    Failpoint.CLAIMED: (0, False),
    Failpoint.FIRST_DELTA: (1, False),
    Failpoint.CHECKPOINT: (1, False),
    Failpoint.BEFORE_FINISH: (1, False),
    Failpoint.AFTER_FINISH: (1, True),
}


def killing_worker(point: Failpoint, provider: ScriptedProvider) -> LiveWorker:
    return worker_for(provider, DRAWBRIDGE_FAILPOINT=f"{point}:kill")


@pytest.mark.slow
@pytest.mark.parametrize("point", list(Failpoint))
def test_cld_06_a_kill_at_a_failpoint_costs_nothing(
    point: Failpoint, tenant: TenantRef, owner: Person, server: LiveServer
) -> None:
    calls, was_finished = KILLED[point]
    caller = Caller(server, tenant, owner)
    with ScriptedProvider() as provider:
        provider.default = Reply(words=WORDS)
        doomed = killing_worker(point, provider)
        doomed.start()
        run_id = caller.ask()
        listener = caller.follow(run_id)
        eventually(doomed.has_ended, f"the worker survives {point}")
        doomed.stop()
        assert provider.calls == calls
        assert caller.run(run_id).is_finished is was_finished
        with worker_for(provider):
            run = assert_ended_once(caller, run_id, TEXT, provider)
            listener.wait_for("done")

    assert run.attempt == (1 if was_finished else 2)
    assert provider.calls == calls + (0 if was_finished else 1)
    assert listener.text == TEXT
    assert [event.kind for event in listener.events].count("done") == 1
    assert listener.events[-1].data["text"] == TEXT


@pytest.mark.slow
def test_cld_03_a_reader_who_comes_back_misses_and_repeats_nothing(
    tenant: TenantRef, owner: Person, server: LiveServer
) -> None:
    caller = Caller(server, tenant, owner)
    with ScriptedProvider() as provider:
        provider.default = Reply(words=WORDS, is_gated=True)
        first_worker = worker_for(provider)
        first_worker.start()
        run_id = caller.ask()
        listener = caller.follow(run_id)
        provider.release(2)
        listener.wait_for("delta", 2)
        listener.leave()
        first_worker.kill()
        provider.wait_for_no_connection()
        again = caller.follow(run_id, listener.last_id)
        with worker_for(provider):
            again.wait_for("restart")
            provider.release(2)
            again.wait_for("delta", 2)
            again.leave()
            third = caller.follow(run_id, again.last_id)
            provider.release(2)
            run = assert_ended_once(caller, run_id, TEXT, provider)
            third.wait_for("done")

    heard = [*listener.events, *again.events, *third.events]
    ids = [event.id for event in heard if event.id]
    assert text_of(heard) == TEXT
    assert len(set(ids)) == len(ids)
    places = [tuple(map(int, event_id.split("-"))) for event_id in ids]
    assert places == sorted(places)
    assert [place for place in places if place[0] == 2] == [
        (2, number) for number in range(1, len([p for p in places if p[0] == 2]) + 1)
    ]
    assert run.attempt == 2
    assert provider.calls == 2
