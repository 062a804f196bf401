"""LOD-04: readers who take a byte a second, or leave in the middle, cost next to nothing."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.processes import LiveServer
from tests.trials.live import Caller, eventually
from tests.trials.long_runs import LongRun, descriptors, resident_bytes
from tests.trials.wires import Wire, wires

READERS = 50
SLOW_SECONDS = 3
# The least a kernel gives, so that what is not read soon waits in the server.
BUFFER_BYTES = 4096
GROWN_BYTES_MAX = 40 * 1024 * 1024
EVENTS = 1000
LONG_WORD = "w" * 2000
NOISE = re.compile(
    rb"socket\.send\(\) raised|Exception|Traceback|lines_left_out|without completing"
)


@pytest.fixture(scope="module")
def strict() -> Iterator[LiveServer]:
    limits = {
        "DRAWBRIDGE_SLOW_SECONDS": str(SLOW_SECONDS),
        "DRAWBRIDGE_STREAMS_PER_PERSON": str(READERS * 2),
    }
    with LiveServer(**limits) as running:
        yield running


@pytest.fixture
def caller(strict: LiveServer, tenant: TenantRef, owner: Person) -> Caller:
    return Caller(strict, tenant, owner)


@pytest.fixture
def run(caller: Caller) -> LongRun:
    return LongRun(caller)


def drip_through(readers: list[Wire], *, seconds: float) -> None:
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        for reader in readers:
            reader.hear(1)
        time.sleep(1)


@pytest.mark.slow
@pytest.mark.parametrize("is_finished", [True, False], ids=["replay", "live"])
def test_lod_04_slow_readers_grow_no_memory_and_hold_nobody_up(
    run: LongRun, caller: Caller, *, is_finished: bool
) -> None:
    server = caller.server
    run.say(1)
    if is_finished:
        run.say(EVENTS, LONG_WORD)
        run.finish()
    warm = caller.follow(run.id)
    warm.wait_for("delta")
    warm.leave()
    before, open_before = resident_bytes(server.pid), descriptors(server.pid)
    with wires(server, READERS, buffer_bytes=BUFFER_BYTES) as readers:
        for reader in readers:
            reader.send(run.request())
        for reader in readers:
            reader.hear(200, seconds=20)
        if not is_finished:
            run.say(EVENTS, LONG_WORD)
            run.finish()
        drip_through(readers, seconds=3)
        grown = resident_bytes(server.pid) - before
        fast = read_to_the_end(run)
        assert server.request(caller.tenant, "GET", "/account/login/", timeout=10).ok
        told = EVENTS * len(LONG_WORD) * READERS
        print(f"LOD-04: {READERS} slow readers of {told >> 20} MB: +{grown >> 20} MB")
        assert {reader.status for reader in readers} == {200}
        assert grown < GROWN_BYTES_MAX
        assert fast.heard.count(LONG_WORD.encode()) >= EVENTS
        # They read on, and are let go all the same.
        drip_through(readers, seconds=SLOW_SECONDS * 2)
        eventually(lambda: descriptors(server.pid) < open_before + READERS / 2, "they are kept")
    assert NOISE.findall(server.log.read_bytes()) == []


@pytest.mark.parametrize("is_finished", [True, False], ids=["replay", "live"])
def test_readers_that_leave_in_the_middle_are_not_written_to(
    run: LongRun, caller: Caller, *, is_finished: bool
) -> None:
    run.say(EVENTS)
    if is_finished:
        run.finish()
    with ThreadPoolExecutor(10) as pool:
        for _round in range(3):
            list(pool.map(lambda _n: leave_early(run), range(10)))
    if not is_finished:
        run.say(EVENTS)
        run.finish()
    listener = caller.follow(run.id)
    listener.wait_for("done")

    assert NOISE.findall(caller.server.log.read_bytes()) == []


def read_to_the_end(run: LongRun) -> Wire:
    reader = Wire(run.caller.server)
    reader.send(run.request())
    ends_at = time.monotonic() + 60
    while b"event: done" not in reader.heard and time.monotonic() < ends_at:
        reader.hear(seconds=1)
    reader.leave()
    return reader


def leave_early(run: LongRun) -> None:
    reader = Wire(run.caller.server)
    reader.send(run.request())
    reader.hear(100, seconds=20)
    reader.leave(abruptly=True)
