"""However many streams one reader opens, the database is asked for one reader."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from assistant.streams import api_run_events
from tenants.base import lanes, shares, valkey
from tenants.base.context import platform_scope, scope
from tenants.base.lanes import in_tenant
from tenants.hosts import TenantRef
from tenants.people.keys import issue_key
from tenants.people.models import ApiKey, Person
from tests.assistant.following import Writing

STREAMS = 300
WATCHED_SECONDS = 10
# At most a look at the run every 0.9 s, two calls each while it waits; at the key every 3 s.
CALLS_MAX = 30
CLOSED_SECONDS = 5.5


class Stream:
    """One open stream: what it was sent, and whether it is over."""

    def __init__(self, tenant: TenantRef, secret: str, run_id: str) -> None:
        headers = [(b"host", tenant.host.encode()), (b"authorization", f"Bearer {secret}".encode())]
        self._scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
        self._run_id = run_id
        self.status = 0
        self.body = b""
        self.begun = asyncio.Event()
        self.left = asyncio.Event()

    async def live(self) -> None:
        await api_run_events(self._scope, self._receive, self._send, {"run_id": self._run_id})

    async def _receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")
        if self.body:
            self.begun.set()


@pytest.fixture
def writing(tenant: TenantRef, owner: Person) -> Writing:
    return Writing(tenant, owner)


@pytest.fixture
def key(tenant: TenantRef, owner: Person) -> tuple[ApiKey, str]:
    with scope(platform_scope(tenant.schema)):
        return issue_key(owner, name="many", scopes=["READ"], expires_at=None)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Offer the schemas of the calls that went to the database, in order."""
    made: list[str] = []
    run = lanes.Lane.run

    async def counted(lane: lanes.Lane, wanted: Any, call: Any, *rest: Any, **named: Any) -> Any:
        made.append(wanted.schema)
        return await run(lane, wanted, call, *rest, **named)

    monkeypatch.setattr(lanes.Lane, "run", counted)
    return made


@pytest.fixture
def _wide_caps() -> Iterator[None]:
    with override_settings(STREAMS_PER_PERSON=STREAMS, STREAMS_PER_TENANT=STREAMS):
        yield


@contextlib.asynccontextmanager
async def opened(streams: list[Stream]) -> AsyncIterator[list["asyncio.Task[None]"]]:
    """Open them few at a time, and have them all leave in the end."""
    turns = asyncio.Semaphore(8)
    tasks = []

    async def begin(stream: Stream) -> None:
        async with turns:
            tasks.append(asyncio.create_task(stream.live()))
            await stream.begun.wait()

    try:
        async with asyncio.timeout(60):
            await asyncio.gather(*(begin(stream) for stream in streams))
        yield tasks
    finally:
        for stream in streams:
            stream.left.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        await valkey.aclient().aclose()


@pytest.mark.slow
@pytest.mark.usefixtures("_wide_caps")
async def test_quiet_streams_of_one_reader_cost_the_looks_of_one(
    tenant: TenantRef, writing: Writing, key: tuple[ApiKey, str], calls: list[str]
) -> None:
    async with opened([Stream(tenant, key[1], writing.run_id) for _n in range(STREAMS)]) as tasks:
        del calls[:]
        await asyncio.sleep(WATCHED_SECONDS)
        made = len(calls)
        print(f"{STREAMS} streams, {WATCHED_SECONDS} s: {made} calls to the database")
        assert 2 <= made <= CALLS_MAX

        revoke = ApiKey.objects.filter(pk=key[0].pk).update
        await in_tenant(platform_scope(tenant.schema), revoke, revoked_at=timezone.now())
        _over, open_still = await asyncio.wait(tasks, timeout=CLOSED_SECONDS)
        assert len(open_still) == 0


@pytest.mark.usefixtures("_wide_caps")
async def test_streams_hear_the_end_although_they_share_the_looks(
    tenant: TenantRef, writing: Writing, key: tuple[ApiKey, str]
) -> None:
    await writing.claim()
    await writing.say("One.")
    streams = [Stream(tenant, key[1], writing.run_id) for _n in range(20)]
    async with opened(streams) as tasks:
        await writing.finish(tell=False)
        over, _open = await asyncio.wait(tasks, timeout=15)

    assert len(over) == len(streams)
    assert {stream.body.count(b"event: done") for stream in streams} == {1}


async def test_more_streams_than_a_person_may_have_are_refused_and_places_come_back(
    tenant: TenantRef, writing: Writing, key: tuple[ApiKey, str]
) -> None:
    with override_settings(STREAMS_PER_PERSON=3):
        async with opened([Stream(tenant, key[1], writing.run_id) for _n in range(3)]):
            with pytest.raises(shares.StreamsSpent):
                await Stream(tenant, key[1], writing.run_id).live()
        assert shares.STREAMS.held_here == 0
