"""TEN-06: from the event loop, from threads and from open streams, always one's own tenant."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import close_old_connections

from tenants.base.context import (
    REGISTRY,
    Scope,
    current_scope,
    person_scope,
    scope,
    scope_or_none,
)
from tenants.base.errors import ScopeMissing
from tenants.base.fair_line import Asker, Bounds
from tenants.base.lanes import Lane, in_registry, in_tenant
from tenants.base.slots import LineFull, TenantLineFull
from tenants.hosts import TenantRef
from tenants.models import Tenant
from tests.harness.people import put_canary
from tests.harness.probes import read_canary

ROUNDS = 20
CHUNKS = 3
ONE_THREAD = Bounds(slots=1, tenant_slots=1, person_slots=1, waiting=5, tenant_waiting=3)
MINE = Asker("mine", "p")

Seen = tuple[str, str]
Read = Callable[[Scope], Awaitable[list[Seen]]]


@pytest.fixture
def canaries(tenant: TenantRef, other_tenant: TenantRef) -> dict[str, Seen]:
    return {each.schema: (each.schema, put_canary(each)) for each in (tenant, other_tenant)}


def look() -> Seen:
    return current_scope().schema, read_canary()


def look_and_let_go() -> Seen:
    try:
        return look()
    finally:
        close_old_connections()


async def _lane(wanted: Scope) -> list[Seen]:
    return [await in_tenant(wanted, look)]


async def _stream(wanted: Scope) -> list[Seen]:
    async def chunks() -> AsyncIterator[Seen]:
        for _number in range(CHUNKS):
            yield await in_tenant(wanted, look)
            await asyncio.sleep(0)

    return [seen async for seen in chunks()]


async def _sync_to_async(wanted: Scope) -> list[Seen]:
    # The context travels with the call, so even the shared thread reads its own tenant.
    with scope(wanted):
        return [await sync_to_async(look_and_let_go)() for _number in range(CHUNKS)]


async def _consumer(wanted: Scope) -> list[Seen]:
    class Probe(AsyncWebsocketConsumer):  # type: ignore[misc]
        async def receive(
            self, text_data: str | None = None, bytes_data: bytes | None = None
        ) -> None:
            await self.send(text_data="|".join(await in_tenant(wanted, look)))

    peer: Any = ApplicationCommunicator(  # type: ignore[no-untyped-call]
        Probe.as_asgi(), {"type": "websocket", "path": "/"}
    )
    await peer.send_input({"type": "websocket.connect"})
    assert (await peer.receive_output(timeout=30))["type"] == "websocket.accept"
    seen: list[Seen] = []
    for _number in range(CHUNKS):
        await peer.send_input({"type": "websocket.receive", "text": "read"})
        said = (await peer.receive_output(timeout=30))["text"]
        schema, _bar, canary = said.partition("|")
        seen.append((schema, canary))
    await peer.send_input({"type": "websocket.disconnect", "code": 1000})
    await peer.wait()
    return seen


@pytest.mark.parametrize("read", [_lane, _stream, _sync_to_async, _consumer])
async def test_ten_06_readers_of_two_tenants_at_once(read: Read, canaries: dict[str, Seen]) -> None:
    wanted = [person_scope(schema, "p") for schema in canaries] * ROUNDS

    found = await asyncio.gather(*(read(one) for one in wanted))

    for one, seen in zip(wanted, found, strict=True):
        assert set(seen) == {canaries[one.schema]}, one
    assert scope_or_none() is None


async def test_ten_06_the_registry_has_a_lane_of_the_same_kind(tenant: TenantRef) -> None:
    def names() -> set[str]:
        assert current_scope() == REGISTRY
        return set(Tenant.objects.values_list("schema_name", flat=True))

    assert tenant.schema in await in_registry(names)


def test_ten_06_a_new_thread_knows_no_tenant(tenant: TenantRef) -> None:
    caught: list[type[BaseException]] = []

    def forgetful() -> None:
        try:
            read_canary()
        except ScopeMissing as error:
            caught.append(type(error))

    with scope(person_scope(tenant.schema, "p")):
        thread = threading.Thread(target=forgetful)
        thread.start()
        thread.join()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(forgetful).result()
    assert caught == [ScopeMissing, ScopeMissing]


async def test_ten_06_a_lane_leaves_no_scope_behind(tenant: TenantRef) -> None:
    lane = Lane(ONE_THREAD)
    await lane.run(person_scope(tenant.schema, "p"), MINE, look)

    # The very thread that has just served the tenant.
    assert await asyncio.wrap_future(lane._pool.submit(scope_or_none)) is None


async def test_ten_06_a_failing_call_leaves_no_scope_behind(tenant: TenantRef) -> None:
    lane = Lane(ONE_THREAD)

    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await lane.run(person_scope(tenant.schema, "p"), MINE, fail)
    assert await asyncio.wrap_future(lane._pool.submit(scope_or_none)) is None


async def test_ten_06_a_full_lane_refuses_instead_of_queueing_for_ever(tenant: TenantRef) -> None:
    lane = Lane(ONE_THREAD)
    gate = threading.Event()
    wanted = person_scope(tenant.schema, "p")
    others = [Asker(name, "p") for name in ("a", "b", "c")]

    # One works, three of its own wait, two of others: the line is full for everybody.
    turns = [MINE] * (1 + ONE_THREAD.tenant_waiting) + others[:2]
    waiting = [asyncio.ensure_future(lane.run(wanted, asker, gate.wait)) for asker in turns]
    await asyncio.sleep(0)
    with pytest.raises(TenantLineFull):
        await lane.run(wanted, MINE, gate.wait)
    newcomer = asyncio.ensure_future(lane.run(wanted, others[2], gate.wait))
    with pytest.raises(LineFull):
        # The last of the longest line made room for it.
        await waiting[ONE_THREAD.tenant_waiting]
    gate.set()

    rest = [*waiting[: ONE_THREAD.tenant_waiting], *waiting[ONE_THREAD.tenant_waiting + 1 :]]
    assert all(await asyncio.gather(*rest, newcomer))


async def test_ten_06_a_caller_that_gave_up_holds_its_thread_until_it_is_done(
    tenant: TenantRef,
) -> None:
    lane = Lane(ONE_THREAD)
    gate = threading.Event()
    wanted = person_scope(tenant.schema, "p")
    caller = asyncio.ensure_future(lane.run(wanted, MINE, gate.wait))
    await asyncio.sleep(0.05)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    after = asyncio.ensure_future(lane.run(wanted, MINE, lambda: current_scope().schema))
    await asyncio.sleep(0)

    assert lane.slots.waiting == 1
    gate.set()
    assert await after == tenant.schema


async def test_ten_06_a_caller_that_gave_up_waiting_leaves_the_line(tenant: TenantRef) -> None:
    lane = Lane(ONE_THREAD)
    gate = threading.Event()
    wanted = person_scope(tenant.schema, "p")
    calls = [asyncio.ensure_future(lane.run(wanted, MINE, gate.wait)) for _number in range(3)]
    await asyncio.sleep(0)
    calls[1].cancel()
    await asyncio.sleep(0)

    assert lane.slots.waiting == 1
    gate.set()
    assert all(await asyncio.gather(calls[0], calls[2]))
