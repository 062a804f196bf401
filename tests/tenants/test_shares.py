"""What may be held at once: counted over processes, given back, and kept while Valkey is away."""

import asyncio
import contextlib
import re
import uuid
from collections.abc import AsyncIterator, Iterator

import pytest
import redis.asyncio
from django.test import override_settings

from tenants.base import shares, valkey
from tenants.base.context import Scope, person_scope
from tenants.base.errors import answer_headers
from tenants.base.shares import Caps, Share, ShareSpent, StreamsSpent


@pytest.fixture(autouse=True)
async def _connections_closed() -> AsyncIterator[None]:
    yield
    await valkey.aclient().aclose()


@pytest.fixture
def schema() -> str:
    return f"share_{uuid.uuid4().hex[:12]}"


@pytest.fixture
def somebody(schema: str) -> Scope:
    return person_scope(schema, "one")


@pytest.fixture
def _no_valkey(monkeypatch: pytest.MonkeyPatch) -> None:
    away = redis.asyncio.Redis.from_url("unix:///nowhere/at/all")
    monkeypatch.setattr(valkey, "aclient", lambda: away)


def share_of(person: int, tenant: int, name: str = "probe") -> Share:
    """Return the share as one more process would count it."""
    return Share(name, lambda: Caps(person, tenant), StreamsSpent)


@contextlib.asynccontextmanager
async def holding(share: Share, *holders: Scope) -> AsyncIterator[None]:
    async with contextlib.AsyncExitStack() as stack:
        for holder in holders:
            await stack.enter_async_context(share.place(holder))
        yield


async def is_refused(share: Share, holder: Scope) -> bool:
    try:
        async with share.place(holder):
            return False
    except ShareSpent:
        return True


async def test_a_person_holds_as_many_as_the_cap_and_others_still_come_in(
    schema: str, somebody: Scope
) -> None:
    share = share_of(2, 10)
    async with holding(share, somebody, somebody):
        assert await is_refused(share, somebody)
        assert not await is_refused(share, person_scope(schema, "two"))
    assert not await is_refused(share, somebody)


async def test_a_tenant_holds_as_many_as_the_cap_and_other_tenants_still_come_in(
    schema: str,
) -> None:
    share = share_of(2, 3)
    people = [person_scope(schema, str(number)) for number in range(4)]
    async with holding(share, *people[:3]):
        assert await is_refused(share, people[3])
        assert not await is_refused(share, person_scope(f"{schema}_b", "3"))
    assert not await is_refused(share, people[3])


async def test_processes_count_together(schema: str, somebody: Scope) -> None:
    here, there = share_of(2, 3), share_of(2, 3)
    other = person_scope(schema, "two")
    async with holding(here, somebody, other):
        async with holding(there, somebody):
            assert await is_refused(there, somebody)
            assert await is_refused(there, other)
        assert not await is_refused(there, other)


async def test_kinds_are_counted_apart(somebody: Scope) -> None:
    async with holding(share_of(1, 1), somebody):
        assert not await is_refused(share_of(1, 1, name="other"), somebody)


async def test_of_many_at_once_no_more_than_the_cap_get_in(somebody: Scope) -> None:
    processes = [share_of(5, 7) for _number in range(4)]
    inside = 0
    done = asyncio.Event()

    async def come(share: Share) -> bool:
        nonlocal inside
        try:
            async with share.place(somebody):
                inside += 1
                await done.wait()
        except ShareSpent:
            return False
        return True

    coming = [asyncio.create_task(come(share)) for share in processes * 10]
    refused = 0
    while inside + refused < len(coming):
        await asyncio.sleep(0.01)
        refused = sum(task.done() for task in coming)
    done.set()
    came = await asyncio.gather(*coming)

    assert (inside, came.count(True)) == (5, 5)


async def test_a_place_comes_back_when_its_holder_is_cancelled(somebody: Scope) -> None:
    share = share_of(1, 1)

    is_inside = asyncio.Event()

    async def hold() -> None:
        async with share.place(somebody):
            is_inside.set()
            await asyncio.sleep(60)

    holder = asyncio.create_task(hold())
    await is_inside.wait()
    assert await is_refused(share_of(1, 1), somebody)
    holder.cancel()
    await asyncio.gather(holder, return_exceptions=True)

    assert not await is_refused(share_of(1, 1), somebody)


async def test_what_a_dead_process_held_is_free_after_its_lease(somebody: Scope) -> None:
    with override_settings(SHARE_LEASE_SECONDS=1):
        dead = share_of(1, 1)
        # Taken, and then neither renewed nor given back.
        await dead._take_there(shares.Place(somebody), Caps(1, 1))
        assert await is_refused(share_of(1, 1), somebody)
        await asyncio.sleep(1.2)

        assert not await is_refused(share_of(1, 1), somebody)


async def test_what_is_held_is_held_longer_than_one_lease(somebody: Scope) -> None:
    with override_settings(SHARE_LEASE_SECONDS=1):
        async with holding(share_of(1, 1), somebody):
            await asyncio.sleep(2.2)
            assert await is_refused(share_of(1, 1), somebody)


async def test_what_valkey_forgot_is_told_anew(somebody: Scope) -> None:
    with override_settings(SHARE_LEASE_SECONDS=1):
        share = share_of(1, 1)
        async with holding(share, somebody):
            await valkey.aclient().delete(*share._keys(somebody))
            await asyncio.sleep(0.6)
            assert await is_refused(share_of(1, 1), somebody)


@pytest.mark.usefixtures("_no_valkey")
async def test_without_valkey_each_process_keeps_the_caps(schema: str, somebody: Scope) -> None:
    share = share_of(2, 3)
    async with holding(share, somebody, somebody):
        assert await is_refused(share, somebody)
        other = person_scope(schema, "two")
        async with holding(share, other):
            assert await is_refused(share, other)
    assert not await is_refused(share, somebody)


@pytest.fixture
def silent_valkey(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Offer a Valkey that takes every question and answers none; the list counts them."""
    asked: list[int] = []

    class Silent:
        async def eval(self, *_words: object) -> None:
            asked.append(1)
            await asyncio.sleep(60)

    monkeypatch.setattr(valkey, "aclient", Silent)
    return iter([asked])


async def test_a_silent_valkey_is_not_waited_for_again_and_again(
    silent_valkey: Iterator[list[int]], somebody: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "VALKEY_SECONDS_MAX", 0.1)
    [asked] = silent_valkey
    async with holding(share_of(9, 9), *[somebody] * 9):
        assert len(asked) == 1


async def test_the_refusal_says_which_limit_and_when_to_come_back(
    schema: str, somebody: Scope
) -> None:
    share = share_of(1, 2)
    async with holding(share, somebody, person_scope(schema, "two")):
        with pytest.raises(StreamsSpent) as of_person:
            await share.place(somebody).__aenter__()
        with pytest.raises(StreamsSpent) as of_tenant:
            await share.place(person_scope(schema, "three")).__aenter__()

    assert str(of_person.value) == (
        "You have 1 streams open, as many as one person may have. "
        "Close one, or try again in 5 seconds."
    )
    assert str(of_tenant.value) == (
        "All 2 streams of your organisation are open. Please try again in 5 seconds."
    )
    assert (of_person.value.status, of_person.value.code) == (429, "too_many_streams")
    assert answer_headers(of_person.value) == {"Retry-After": "5"}


async def test_every_key_says_whose_it_is(schema: str, somebody: Scope) -> None:
    async with holding(share_of(1, 1), somebody):
        keys = [str(key) async for key in valkey.aclient().scan_iter("*share_*", count=1000)]

    own = [key for key in keys if schema in key]
    assert len(own) == 2
    assert all(re.fullmatch(rf"t:{schema}:share:probe:.+", key) for key in own)
