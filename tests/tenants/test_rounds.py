"""A loop that serves others goes on whatever happens to one of its rounds."""

import asyncio
import logging

import pytest

from tenants.base.loops import LoopState
from tenants.base.rounds import Rounds, loop_states


class Probe:
    """A loop whose rounds do as the test says."""

    def __init__(self) -> None:
        self.done = 0
        self.fails = 0
        self.stands = 0
        self.is_needed = True
        self.rounds = Rounds(
            "probe",
            self._round,
            is_needed=lambda: self.is_needed,
            every_seconds=0.01,
            seconds_max=0.1,
        )

    async def _round(self) -> None:
        if self.fails:
            self.fails -= 1
            raise ValueError("broken")
        if self.stands:
            self.stands -= 1
            await asyncio.sleep(60)
        self.done += 1

    @property
    def state(self) -> LoopState:
        return self.rounds.state()

    async def until(self, rounds: int) -> None:
        async with asyncio.timeout(10):
            while self.done < rounds:  # noqa: ASYNC110 - the loop is the thing observed
                await asyncio.sleep(0.01)


@pytest.fixture
def probe() -> Probe:
    return Probe()


async def test_a_round_that_raises_is_told_once_counted_and_repeated(
    probe: Probe, caplog: pytest.LogCaptureFixture
) -> None:
    probe.fails = 3
    with caplog.at_level(logging.ERROR):
        probe.rounds.ensure()
        await probe.until(2)

    assert [record.message for record in caplog.records] == ["loop_failed loop=probe"]
    assert (probe.rounds.failures, probe.rounds.starts) == (3, 1)
    assert "probe" in [state.name for state in loop_states()]


async def test_a_round_that_stands_still_is_given_up_and_repeated(probe: Probe) -> None:
    probe.stands = 1
    probe.rounds.ensure()
    await probe.until(2)

    assert probe.rounds.failures == 1


async def test_a_loop_that_was_ended_is_started_by_the_next_who_needs_it(probe: Probe) -> None:
    probe.rounds.ensure()
    await probe.until(1)
    assert probe.rounds._task is not None
    probe.rounds._task.cancel()
    await asyncio.sleep(0.05)
    assert not probe.rounds.is_running
    probe.rounds.ensure()
    await probe.until(probe.done + 1)

    assert (probe.rounds.is_running, probe.rounds.starts) == (True, 2)


async def test_a_loop_nobody_needs_ends(probe: Probe) -> None:
    probe.rounds.ensure()
    await probe.until(1)
    probe.is_needed = False
    await asyncio.sleep(0.1)

    assert not probe.rounds.is_running
