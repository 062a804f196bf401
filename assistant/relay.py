"""Following a run to its end: from its stream while there is one, else from its row.

Each follower hears every event exactly once, in order, after the last id it names. Where that
cannot be kept (Valkey gone, a stream cut off or flushed) it hears the whole text instead, as
often as the row changes, and the end in any case.
"""

import asyncio
import json
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError

from assistant.endings import ending_of, snapshot_of, state_of
from assistant.enums import EventKind
from assistant.errors import RunNotFound
from assistant.events import stream_key
from assistant.hub import Entry, Follower, hub, place_of_last_restart, stored_entries
from assistant.looks import Seen, SharedLook, look_at, shared_look
from assistant.models import RunState
from assistant.selectors import RunView
from assistant.sse import parse_event_id
from tenants.base.context import Scope
from tenants.base.context import scope as entering
from tenants.base.errors import TooManyAtOnce, Unavailable

QUIET_SECONDS = 2.0
DOWN_SECONDS = 1.0
# The last event may still be on its way when the row already says that the run is over.
ENDING_GRACE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Event:
    """`id` is empty when the event was made from the row and has no place in the stream."""

    id: str
    kind: EventKind
    data: dict[str, object]


async def relay(scope: Scope, run_id: str, last_event_id: str = "") -> AsyncGenerator[Event, None]:
    """Yield the events after the one named, until the run has ended.

    Raises: RunNotFound when the actor of this scope may not see the run.
    """
    run_id = _canonical(run_id)
    seen = await look_at(scope, run_id)
    with entering(scope):
        key = stream_key(run_id)
    telling = _Telling(parse_event_id(last_event_id))
    if seen.view.is_finished:
        async for event in telling.replay(seen.view, key):
            yield event
        return
    yield telling.state(seen)
    with shared_look(scope, run_id) as look:
        async with hub().follow(key, telling.place) as follower:
            async for event in telling.follow(follower, look):
                yield event


class _Telling:
    """Where one follower stands, and what it must hear next."""

    def __init__(self, place: tuple[int, int]) -> None:
        self.place = place
        self._told_text: str | None = None
        self._told_state: dict[str, object] = {}
        self._is_off_stream = False
        self._seems_over = False

    async def replay(self, view: RunView, key: str) -> AsyncIterator[Event]:
        """Yield what was missed of a finished run, and at a hole in the stream its end."""
        # What a restart has made void is left out.
        start = await place_of_last_restart(key, self.place)
        async for entry in stored_entries(key, start):
            if not self._follows(entry):
                break
            self.place = entry.place
            yield _event(entry)
            if entry.kind.is_ending:
                return
        yield Event("", *ending_of(view))

    def state(self, seen: Seen) -> Event:
        self._told_state = state_of(seen.view, seen.position)
        return Event("", EventKind.STATE, self._told_state)

    async def follow(self, follower: Follower, look: SharedLook) -> AsyncIterator[Event]:
        clock = asyncio.get_running_loop().time
        look_at = clock() + QUIET_SECONDS
        while True:
            entry = await follower.next(timeout_seconds=max(look_at - clock(), 0.01))
            was_on_stream = not self._is_off_stream
            event = self._taken(entry) if entry is not None else None
            if event is not None:
                yield event
                if event.kind.is_ending:
                    return
                look_at = clock() + QUIET_SECONDS
            has_just_lost_it = was_on_stream and self._is_off_stream
            if clock() < look_at and not has_just_lost_it:
                continue
            for news in await self._news(look):
                yield news
                if news.kind.is_ending:
                    return
            look_at = clock() + self._pause_seconds()

    def _pause_seconds(self) -> float:
        if self._seems_over:
            return ENDING_GRACE_SECONDS
        return DOWN_SECONDS if self._is_off_stream else QUIET_SECONDS

    def _taken(self, entry: Entry) -> Event | None:
        """Return the entry as an event, or None when it cannot stand on what was told before."""
        if not self._follows(entry):
            self._is_off_stream = True
        elif entry.kind.stands_alone:
            self._is_off_stream = False
        self.place = entry.place
        return None if self._is_off_stream else _event(entry)

    def _follows(self, entry: Entry) -> bool:
        if entry.kind.stands_alone:
            return True
        if self._is_off_stream:
            return False
        (fence, number), (told_fence, told_number) = entry.place, self.place
        if fence == told_fence:
            return number == told_number + 1
        return fence > told_fence and number == 1

    async def _news(self, look: SharedLook) -> list[Event]:
        """Return what the row says and the stream did not."""
        try:
            seen = await look.newest()
        except (OperationalError, InterfaceError, TooManyAtOnce, Unavailable):
            # The database is away for a moment; what the stream tells still arrives.
            return []
        view = seen.view
        if view.state == RunState.QUEUED:
            told = self._told_state
            event = self.state(seen)
            return [event] if event.data != told else []
        if view.is_finished:
            was_over, self._seems_over = self._seems_over, True
            return [Event("", *ending_of(view))] if was_over else []
        self._is_off_stream = self._is_off_stream or hub().is_down
        if self._is_off_stream and view.text != self._told_text:
            self._told_text = view.text
            return [Event("", EventKind.SNAPSHOT, snapshot_of(view.text))]
        return []


def _event(entry: Entry) -> Event:
    return Event(f"{entry.place[0]}-{entry.place[1]}", entry.kind, json.loads(entry.data))


def _canonical(run_id: str) -> str:
    try:
        return str(uuid.UUID(run_id))
    except ValueError as error:
        raise RunNotFound from error
