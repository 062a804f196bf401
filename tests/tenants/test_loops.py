"""A loop that ends or stands still is noticed, started anew and counted; at last the process ends."""

import threading
import time
from collections.abc import Callable

import pytest

from tenants.base.loops import RESTARTS_MAX, RESTARTS_WINDOW_SECONDS, Loop, Watch


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.005)


def test_a_loop_that_raises_is_started_anew_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    turns: list[int] = []

    def turn() -> None:
        turns.append(1)
        time.sleep(0.005)
        if len(turns) == 1:
            raise LookupError("broken once")

    ended: list[bool] = []
    watch, loop = Watch(end=lambda: ended.append(True)), Loop("probe", turn)
    loop.start()
    watch._loops.append(loop)
    until(lambda: loop.state.is_standing)
    watch.look()
    until(lambda: len(turns) > 3)

    assert (loop.state.is_standing, loop.state.restarts, ended) == (False, 1, [])
    assert "loop_broke name=probe" in caplog.text
    assert "loop_restarted name=probe restarts=1" in caplog.text
    loop.stop(1)
    watch.look()
    assert loop.restarts == 1


def test_a_loop_that_stands_still_is_left_behind() -> None:
    clock, stuck, turns = Clock(), threading.Event(), []

    def turn() -> None:
        turns.append(threading.current_thread())
        if len(turns) == 1:
            stuck.wait(10)
        time.sleep(0.005)

    loop = Loop("probe", turn, clock=clock, still_seconds_max=30)
    loop.start()
    until(lambda: bool(turns))
    clock.now = 29.0
    before = loop.state
    clock.now = 31.0
    assert (before.is_standing, loop.state.is_standing) == (False, True)
    assert loop.look_after()
    until(lambda: len(turns) > 3)
    stuck.set()
    turns[0].join(5)

    # The one that was left behind does not turn again once it is free.
    assert not turns[0].is_alive()
    assert turns.count(turns[0]) == 1
    assert not loop.state.is_standing
    loop.stop(1)


def test_five_restarts_a_minute_end_the_process() -> None:
    clock, ended = Clock(), []

    def turn() -> None:
        raise LookupError("broken for good")

    watch = Watch(end=lambda: ended.append(clock.now))
    loop = Loop("probe", turn, clock=clock)
    watch._loops.append(loop)
    loop.start()
    for _ in range(RESTARTS_MAX):
        until(lambda: loop.state.is_standing)
        watch.look()
        clock.now += 1
    assert ended == []
    until(lambda: loop.state.is_standing)
    watch.look()
    assert ended == [RESTARTS_MAX]

    clock.now = RESTARTS_WINDOW_SECONDS + 1
    watch.look()
    assert (ended, loop.restarts) == ([RESTARTS_MAX], RESTARTS_MAX + 1)
