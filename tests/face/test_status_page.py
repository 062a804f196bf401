"""The status page: owners see loops and their own work; others see nothing of it."""

import pytest

from tenants.base import beats, valkey, work
from tenants.base.beats import ProcessState
from tenants.base.context import platform_scope, scope
from tenants.base.jobs import INGEST_DOCUMENT, RUN_TURN
from tenants.base.loops import LoopState
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.face.reading import text_of
from tests.harness.web import WebClient


@pytest.fixture
def two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    loops = (LoopState("poller-answers", 0.4, 2, is_standing=False),)
    stuck = (LoopState("poller-ingestion", 61.0, 5, is_standing=True),)
    found = [
        ProcessState("web@machine-name:1", "web", 1.0, loops),
        ProcessState("worker@machine-name:2", "worker", 2.0, stuck),
        ProcessState("worker@machine-name:3", "worker", 77.0, loops),
    ]
    monkeypatch.setattr("tenants.console.house_state.processes", lambda: found)


@pytest.mark.usefixtures("two_processes")
def test_status_tells_owners_of_loops_and_of_their_own_work(
    web: WebClient, owner: Person, tenant: TenantRef, other_tenant: TenantRef
) -> None:
    for each, count in ((tenant, 2), (other_tenant, 7)):
        with scope(platform_scope(each.schema)):
            for number in range(count):
                work.enqueue(RUN_TURN, str(number))
            work.enqueue(INGEST_DOCUMENT, "one", delay_seconds=60)
    web.sign_in(owner)

    response = web.get("/status/")
    said = text_of(response)

    assert response.status_code == 200
    assert "Questions to answer 2" in said
    assert "Documents to read 0 – 0 – 1" in said
    assert "Web server takes questions runs 1 s 2" in said
    assert "Worker takes documents stands still 61 s 5" in said
    assert "Worker takes questions not heard of 77 s 2" in said
    assert "machine-name" not in said


def test_status_says_so_when_valkey_is_away(
    web: WebClient, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> list[ProcessState]:
        raise valkey.Away

    web.sign_in(owner)
    monkeypatch.setattr("tenants.console.house_state.processes", away)

    assert "Valkey does not answer" in text_of(web.get("/status/"))


def test_status_is_for_owners(web: WebClient, member: Person) -> None:
    web.sign_in(member)

    assert web.get("/status/").status_code == 403


def test_a_process_is_heard_of_and_missed() -> None:
    beats._tell("worker@here:1", "worker", [LoopState("beat", 0.1, 0, is_standing=False)])

    [state] = [each for each in beats.processes() if each.name == "worker@here:1"]

    assert (state.role, state.is_gone) == ("worker", False)
    assert state.loops == (LoopState("beat", 0.1, 0, is_standing=False),)
    valkey.client().hdel(beats._key(), "worker@here:1")
