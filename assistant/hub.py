"""One reader of Valkey per event loop, shared by everyone who follows a run.

However many pages follow however many runs, there is one blocking XREAD. What a follower has
not taken yet is bounded: a slow one is left behind, and reads on from its own place later.
"""

import asyncio
import contextlib
import logging
import uuid
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import redis

from assistant.enums import EventKind
from assistant.sse import START, parse_event_id
from tenants.base import valkey
from tenants.base.per_loop import PerLoop
from tenants.base.rounds import Rounds

logger = logging.getLogger(__name__)

BLOCK_MS = 2500
READ_MAX = 500
# What each reader of an ended run holds while it reads.
PAGE_ENTRIES = 50
PENDING_MAX = 1000
PENDING_CHARS_MAX = 256 * 1024
_PAUSE_SECONDS = 1.0
_WAKE_SECONDS = 60
# A read blocks for BLOCK_MS; one that hangs longer is begun anew.
_READ_SECONDS_MAX = 10.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as it lies in the stream; `data` is still JSON."""

    place: tuple[int, int]
    kind: EventKind
    data: str


class Follower:
    """A place in one stream, and the entries that came after it."""

    def __init__(self, hub: "Hub", key: str, place: tuple[int, int]) -> None:
        self.key = key
        self.place = place
        self.is_behind = False
        self._hub = hub
        self._entries: deque[Entry] = deque()
        self._pending_chars = 0
        self._news = asyncio.Event()

    def offer(self, entry: Entry) -> None:
        if entry.place <= self.place or self.is_behind:
            return
        if len(self._entries) >= PENDING_MAX or self._pending_chars >= PENDING_CHARS_MAX:
            self.is_behind = True
            return
        self._entries.append(entry)
        self._pending_chars += len(entry.data)
        self.place = entry.place
        self._news.set()

    async def next(self, *, timeout_seconds: float) -> Entry | None:
        """Return the next entry, or None when none came in time."""
        if not self._entries and self.is_behind:
            self.is_behind = False
            await self._hub.wake()
        if not self._entries:
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout_seconds):
                    await self._news.wait()
        return self._take() if self._entries else None

    def _take(self) -> Entry:
        entry = self._entries.popleft()
        self._pending_chars -= len(entry.data)
        return entry


class Hub:
    def __init__(self) -> None:
        self._followers: set[Follower] = set()
        self._wake_key = valkey.public_key("relay", uuid.uuid4().hex)
        self._wake_place = "0-0"
        self._reader = Rounds(
            "stream-reader",
            self._read,
            is_needed=lambda: bool(self._followers),
            every_seconds=0,
            seconds_max=_READ_SECONDS_MAX,
        )
        self.is_down = False

    @contextlib.asynccontextmanager
    async def follow(self, key: str, place: tuple[int, int]) -> AsyncIterator[Follower]:
        follower = Follower(self, key, place)
        self._followers.add(follower)
        try:
            if self._reader.is_running:
                await self.wake()
            else:
                self._reader.ensure()
            yield follower
        finally:
            self._followers.discard(follower)

    async def wake(self) -> None:
        """Make the blocked reader look at its followers again."""
        client = valkey.aclient()
        with contextlib.suppress(redis.RedisError):
            await client.xadd(self._wake_key, {"": ""}, maxlen=1, approximate=False)
            await client.expire(self._wake_key, _WAKE_SECONDS)

    async def _read(self) -> None:
        try:
            await self._read_once()
        except (redis.RedisError, OSError) as error:
            if not self.is_down:
                logger.warning("relay_lost_valkey reason=%s", type(error).__name__)
            self.is_down = True
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _read_once(self) -> None:
        if self.is_down:
            await valkey.aclient().ping()
            self.is_down = False
        places = self._places()
        streams: dict[Any, Any] = {self._wake_key: self._wake_place, **places}
        read = await valkey.aclient().xread(streams, count=READ_MAX, block=BLOCK_MS)
        for key, entries in _pairs(read):
            if key == self._wake_key:
                self._wake_place = entries[-1][0]
            else:
                self._hand_out(key, entries)

    def _places(self) -> dict[str, str]:
        lowest: dict[str, tuple[int, int]] = {}
        for follower in self._followers:
            if not follower.is_behind:
                place = lowest.get(follower.key, follower.place)
                lowest[follower.key] = min(place, follower.place)
        return {key: f"{fence}-{number}" for key, (fence, number) in lowest.items()}

    def _hand_out(self, key: str, entries: list[tuple[str, dict[str, str]]]) -> None:
        followers = [follower for follower in self._followers if follower.key == key]
        for event_id, fields in entries:
            entry = _entry(event_id, fields)
            for follower in followers:
                follower.offer(entry)


# The reader of the running event loop.
hub = PerLoop(Hub)


async def stored_entries(key: str, place: tuple[int, int]) -> AsyncIterator[Entry]:
    """Yield what a stream holds after this place, without waiting; nothing when it is gone.

    Read in pages: many readers of long streams hold one page each.
    """
    after = f"({place[0]}-{place[1]}" if place != START else "-"
    while True:
        rows = await _range(key, after, "+", PAGE_ENTRIES)
        for event_id, fields in rows:
            yield _entry(event_id, fields)
            after = f"({event_id}"
        if len(rows) < PAGE_ENTRIES:
            return


async def place_of_last_restart(key: str, place: tuple[int, int]) -> tuple[int, int]:
    """Return the place before the last attempt, if it began after this place, else this place."""
    try:
        last: Any = await valkey.aclient().xrevrange(key, count=1)
    except (redis.RedisError, OSError):
        return place
    fence = parse_event_id(last[0][0])[0] if last else 0
    first = await _range(key, f"{fence}-1", f"{fence}-1", 1)
    is_restart = bool(first) and first[0][1]["kind"] == EventKind.RESTART.value
    return max(place, (fence, 0)) if is_restart else place


async def _range(key: str, first: str, last: str, count: int) -> list[tuple[str, dict[str, str]]]:
    try:
        rows: Any = await valkey.aclient().xrange(key, min=first, max=last, count=count)
    except (redis.RedisError, OSError):
        return []
    return list(rows)


def _pairs(read: object) -> list[tuple[str, list[tuple[str, dict[str, str]]]]]:
    # The client answers with pairs or, under the newer protocol, with a mapping of lists.
    if isinstance(read, dict):
        return [(key, value[0]) for key, value in read.items()]
    return list(read) if isinstance(read, list) else []


def _entry(event_id: str, fields: dict[str, str]) -> Entry:
    return Entry(parse_event_id(event_id), EventKind(fields["kind"]), fields["data"])
