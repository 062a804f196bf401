"""The bell is heard by everybody who listens; that work is found by polling as well hides a dumb one."""

import time

from tenants.base.bell import listening, ring
from tenants.base.jobs import Queue


def test_every_listener_hears_a_bell_and_which_line_it_was_rung_for() -> None:
    heard: list[str] = []
    loops = [listening(heard.append) for _ in range(2)]
    for loop in loops:
        loop.start()
    ends = time.monotonic() + 10
    # Rung until both have subscribed: a bell is not kept for whoever comes later.
    while len(heard) < 2 and time.monotonic() < ends:
        ring(Queue.ANSWERS)
        time.sleep(0.05)
    for loop in loops:
        loop.stop(5)

    assert set(heard) == {"ANSWERS"}
