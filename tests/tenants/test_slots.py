"""Slots that are waited for: how long, and what becomes of who stops waiting."""

import asyncio

import pytest

from tenants.base.fair_line import Asker, Bounds
from tenants.base.slots import Call, LineFull, Patience, Slots, TenantLineFull, WaitedTooLong

ONE = Bounds(slots=1, tenant_slots=1, person_slots=1, waiting=3, tenant_waiting=2)
A, B, C = (Asker(name, "p") for name in "ABC")
LONG = Patience(burst_seconds=20)
STANDING_AFTER_SECONDS = 0.05
SHORT = Patience(20, standing_seconds=0.01, standing_after_seconds=STANDING_AFTER_SECONDS)


async def hold(
    slots: Slots, asker: Asker, until: asyncio.Event, patience: Patience = LONG
) -> Asker:
    async with slots.held(asker, patience):
        await until.wait()
        return asker


def holding(
    slots: Slots, asker: Asker, until: asyncio.Event, patience: Patience = LONG
) -> "asyncio.Task[Asker]":
    return asyncio.create_task(hold(slots, asker, until, patience))


async def test_a_crowd_that_came_at_once_is_waited_for() -> None:
    slots, gate = Slots(ONE), asyncio.Event()
    crowd = [holding(slots, A, gate, SHORT) for _number in range(3)]
    await asyncio.sleep(2 * STANDING_AFTER_SECONDS)
    gate.set()

    assert await asyncio.gather(*crowd) == [A] * 3


async def test_who_joins_a_line_that_stands_is_soon_sent_away() -> None:
    slots, gate = Slots(ONE), asyncio.Event()
    crowd = [holding(slots, A, gate, SHORT) for _number in range(2)]
    await asyncio.sleep(2 * STANDING_AFTER_SECONDS)

    with pytest.raises(WaitedTooLong):
        await hold(slots, A, gate, SHORT)
    # Another tenant's line does not stand.
    other = holding(slots, B, gate, SHORT)
    await asyncio.sleep(2 * STANDING_AFTER_SECONDS)
    gate.set()
    assert await asyncio.gather(*crowd, other) == [A, A, B]
    # Nor does this one, once it was empty.
    assert await hold(slots, A, gate, SHORT) == A


async def test_a_full_line_sheds_the_longest_tenants_last() -> None:
    slots, gate = Slots(ONE), asyncio.Event()
    crowd = [holding(slots, A, gate) for _number in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(TenantLineFull):
        await hold(slots, A, gate)
    others = [holding(slots, asker, gate) for asker in (B, C)]
    with pytest.raises(LineFull):
        await crowd[2]
    gate.set()

    assert await asyncio.gather(*crowd[:2], *others) == [A, A, B, C]


async def test_who_stops_waiting_is_not_served() -> None:
    slots, gate = Slots(ONE), asyncio.Event()
    first, second = holding(slots, A, gate), holding(slots, A, gate)
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second

    assert slots.waiting == 0
    gate.set()
    assert await first == A


def test_a_slot_offered_to_a_loop_that_has_ended_goes_to_the_next() -> None:
    slots, begun = Slots(ONE), []

    def gone() -> None:
        raise RuntimeError("Event loop is closed")

    slots.take(A, Call(begin=gone, shed=lambda _error: None))
    slots.take(B, Call(begin=lambda: begun.append("B"), shed=lambda _error: None))

    assert begun == ["B"]
