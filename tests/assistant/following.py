"""A run whose writer is the test itself, and a reader of its events."""

import asyncio
import time

from assistant import hub as hubs
from assistant.conversations import ask
from assistant.enums import EventKind
from assistant.events import Publisher
from assistant.finishing import NOTHING_SPENT, Outcome, finish_run
from assistant.models import RunState
from assistant.relay import Event, relay
from assistant.runs import checkpoint, claim_run
from tenants.base.context import Scope, person_scope, platform_scope, scope
from tenants.base.lanes import in_tenant
from tenants.hosts import TenantRef
from tenants.people.models import Person

TIMEOUT_SECONDS = 15


class Writing:
    """A run whose writer is the test itself."""

    def __init__(self, tenant: TenantRef, owner: Person) -> None:
        self.platform = platform_scope(tenant.schema)
        self.reader = person_scope(tenant.schema, str(owner.pk))
        with scope(self.reader):
            self.run_id = ask(
                "How long is leave?", conversation_id=None, person_id=str(owner.pk)
            ).run_id
        self.fence = 0
        self.text = ""

    async def claim(self) -> None:
        claim = await in_tenant(self.platform, claim_run, self.run_id)
        assert claim is not None
        self.fence = claim.fence
        self.publish_as(claim.fence)

    def publish_as(self, fence: int) -> None:
        with scope(self.platform):
            self.publisher = Publisher(self.run_id, fence)

    async def emit(self, kind: EventKind, **data: object) -> None:
        await in_tenant(self.platform, self.publisher.emit, kind, data)

    async def say(self, *words: str) -> None:
        for word in words:
            self.text += word
            await self.emit(EventKind.DELTA, text=word)

    async def keep(self) -> None:
        await in_tenant(
            self.platform,
            checkpoint,
            self.run_id,
            fence=self.fence,
            text=self.text,
            tokens=1,
        )

    async def finish(self, state: RunState = RunState.DONE, *, tell: bool = True) -> None:
        await in_tenant(
            self.platform,
            finish_run,
            self.run_id,
            fence=self.fence,
            outcome=Outcome(state, self.text),
            usage=NOTHING_SPENT,
        )
        if tell:
            await self.emit(EventKind.DONE, text=self.text)


def following(reader: Scope, run_id: str, last: str = "") -> "asyncio.Task[list[Event]]":
    async def collect() -> list[Event]:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            return [event async for event in relay(reader, run_id, last)]

    return asyncio.create_task(collect())


def told(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.id, event.kind.value) for event in events]


def words(events: list[Event]) -> str:
    return "".join(str(event.data["text"]) for event in events if event.kind == EventKind.DELTA)


async def until_followed() -> None:
    ends_at = time.monotonic() + TIMEOUT_SECONDS
    while not hubs.hub()._followers and time.monotonic() < ends_at:  # noqa: ASYNC110  a look from outside
        await asyncio.sleep(0.01)
