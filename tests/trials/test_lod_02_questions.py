"""LOD-02: one tenant floods with questions, and another's is begun in its turn.

Counted, not timed: how many of the flood's are begun after the other asked and before it hears
its first word. Each of the flood's people is held to her own cap besides.
"""

from collections.abc import Iterator

import pytest

from assistant.models import Run, RunState
from tenants.base.context import platform_scope, scope
from tests.harness.fixtures import end_work, new_tenant
from tests.harness.people import add_person, owner_of
from tests.harness.processes import LiveServer
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider
from tests.trials.live import Caller, eventually, worker_for

SLOTS, PER_TENANT, PER_PERSON = 6, 4, 2
FLOOD, PEOPLE = 40, 4
WORDS = ("One ", "two ", "three.")


@pytest.fixture(scope="module")
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as running:
        running.default = Reply(words=WORDS, pause_seconds=0.15)
        yield running


@pytest.fixture(scope="module")
def pair(provider: ScriptedProvider) -> Iterator[tuple[list[Caller], Caller]]:
    """Offer the flood's people and the one who asks beside them."""
    noisy, quiet = new_tenant("noisy"), new_tenant("quiet")
    worker = worker_for(
        provider,
        DRAWBRIDGE_ANSWER_SLOTS=str(SLOTS),
        DRAWBRIDGE_QUESTIONS_PER_TENANT=str(PER_TENANT),
        DRAWBRIDGE_QUESTIONS_PER_PERSON=str(PER_PERSON),
    )
    with LiveServer() as server, worker:
        people = [add_person(noisy, f"p{number}@example.org") for number in range(PEOPLE)]
        yield (
            [Caller(server, noisy, person) for person in people],
            Caller(server, quiet, owner_of(quiet)),
        )
    for tenant in (noisy, quiet):
        end_work(tenant)


def runs_of(caller: Caller) -> list[Run]:
    with scope(platform_scope(caller.tenant.schema)):
        return list(Run.objects.exclude(started_at=None).order_by("started_at"))


def running_at_most(runs: list[Run]) -> int:
    """Return how many of these were being answered at the busiest moment."""
    moments = [(run.started_at, 1) for run in runs]
    moments += [(run.finished_at, -1) for run in runs if run.finished_at is not None]
    busiest = now = 0
    for _moment, step in sorted(moments, key=lambda each: (each[0], each[1])):
        now += step
        busiest = max(busiest, now)
    return busiest


@pytest.mark.slow
def test_lod_02_a_flood_of_questions_keeps_nobody_else_waiting(
    pair: tuple[list[Caller], Caller],
) -> None:
    flood, other = pair
    asked = [(flood[at % PEOPLE], flood[at % PEOPLE].ask(f"Flood {at}?")) for at in range(FLOOD)]
    eventually(lambda: len(runs_of(flood[0])) >= PER_TENANT, "the flood is not begun")

    mine = [other.wait_for_end(other.ask(f"Mine {number}?")) for number in range(3)]
    for caller, run_id in asked:
        caller.wait_for_end(run_id)
    theirs = runs_of(flood[0])

    begun_between = [
        sum(
            run.created_at < each.started_at < run.first_delta_at
            for each in theirs
            if each.started_at and run.first_delta_at
        )
        for run in mine
    ]
    print(f"LOD-02: {begun_between} of {FLOOD} begun before the other's first word")
    assert max(begun_between) <= SLOTS + 1
    assert [run.state for run in mine] == [RunState.DONE] * 3
    assert {run.state for run in theirs} == {RunState.DONE}
    assert running_at_most(theirs) <= PER_TENANT
    for caller in flood:
        own = [run for run in theirs if run.actor_id == str(caller.person.pk)]
        assert running_at_most(own) <= PER_PERSON


@pytest.mark.slow
def test_lod_02_who_waits_hears_her_place(pair: tuple[list[Caller], Caller]) -> None:
    flood, _other = pair
    asked = [flood[0].ask(f"Again {number}?") for number in range(8)]
    listener = flood[0].follow(asked[-1])
    listener.wait_for("done")
    for run_id in asked:
        flood[0].wait_for_end(run_id)

    states = [event.data for event in listener.events if event.kind == "state"]
    places = [data["position"] for data in states if "position" in data]
    print(f"LOD-02: places in line {places}")
    assert places
    assert places[0] > 1
    assert places == sorted(places, reverse=True)
