"""LOD-03: many streams, and many that come and go, leave the web server as it was."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.harness.fixtures import new_tenant
from tests.harness.people import add_person, owner_of
from tests.harness.processes import LiveServer
from tests.trials.live import Caller, eventually
from tests.trials.long_runs import LongRun, descriptors, resident_bytes
from tests.trials.wires import Wire

# In full it takes minutes: 300 idle and 100 active streams, and 1,000 that come and go.
IS_FULL = os.environ.get("DRAWBRIDGE_LOD") == "full"
TENANTS, PEOPLE, STREAMS_EACH = (4, 6, 17) if IS_FULL else (2, 4, 12)
VISITS = 1000 if IS_FULL else 150
WARM_VISITS = 50
GROWTH_MAX = 1.05
# The pools of connections to PostgreSQL (8) and Valkey (16) may fill meanwhile.
DESCRIPTORS_SPARE = 24


@pytest.fixture(scope="module")
def web() -> Iterator[LiveServer]:
    # Who left gives the place back within some milliseconds; visits come faster than that.
    roomy = {"DRAWBRIDGE_STREAMS_PER_PERSON": "60", "DRAWBRIDGE_STREAMS_PER_TENANT": "600"}
    with LiveServer(**roomy) as running:
        yield running


@pytest.fixture
def runs(web: LiveServer) -> list[LongRun]:
    """One run of each of several people in several tenants; nobody is at a cap."""
    found = []
    for _tenant in range(TENANTS):
        tenant = new_tenant("lod")
        people = [owner_of(tenant)]
        people += [add_person(tenant, f"p{number}@lod.example") for number in range(PEOPLE - 1)]
        found += [LongRun(Caller(web, tenant, person)) for person in people]
    return found


def opened(web: LiveServer, run: LongRun) -> Wire:
    wire = Wire(web)
    wire.send(run.request())
    wire.hear(seconds=20)
    return wire


def visit(web: LiveServer, run: LongRun) -> int:
    wire = opened(web, run)
    wire.leave()
    return wire.status


def visits(web: LiveServer, runs: list[LongRun], count: int) -> set[int]:
    with ThreadPoolExecutor(4) as pool:
        return set(pool.map(lambda n: visit(web, runs[n % len(runs)]), range(count)))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_lod_03_streams_that_come_and_go_leave_nothing_behind(
    web: LiveServer, runs: list[LongRun]
) -> None:
    with ExitStack() as stack:
        streams = []
        for number in range(TENANTS * PEOPLE * STREAMS_EACH):
            wire = opened(web, runs[number % len(runs)])
            stack.callback(wire.leave)
            streams.append(wire)
        assert {wire.status for wire in streams} == {200}
        active = runs[: len(runs) // 4]
        assert visits(web, runs, WARM_VISITS) == {200}
        eventually(lambda: is_steady(web), "the server does not come to rest")
        memory, files = resident_bytes(web.pid), descriptors(web.pid)

        stopping = threading.Event()
        speaking = threading.Thread(target=speak_on, args=(active, stopping))
        speaking.start()
        try:
            assert visits(web, runs, VISITS) == {200}
        finally:
            stopping.set()
            speaking.join()

        eventually(lambda: descriptors(web.pid) <= files + DESCRIPTORS_SPARE, "files stay open")
        grown = resident_bytes(web.pid) / memory
        print(
            f"LOD-03: {len(streams)} streams, {len(active) * STREAMS_EACH} of them active; "
            f"{VISITS} came and went: memory ×{grown:.3f} of {memory >> 20} MB, "
            f"descriptors {files} → {descriptors(web.pid)}"
        )
        assert grown <= GROWTH_MAX
    eventually(lambda: descriptors(web.pid) < files - len(streams) + 60, "places are not let go")


def speak_on(runs: list[LongRun], stopping: threading.Event) -> None:
    while not stopping.wait(0.2):
        for run in runs:
            run.say(1)


def is_steady(web: LiveServer) -> bool:
    before = descriptors(web.pid)
    time.sleep(1)
    return descriptors(web.pid) == before
