"""Telling a run's events while they happen, through one Valkey stream per run.

Ids are `<fence>-<n>`: the stream itself refuses a writer whose attempt is over, and a reader
who comes back names the last id it saw. The stream is a courtesy, never the truth: when Valkey
is gone the writer goes on, and when it is back the next event tells the whole text so far.
"""

import logging
import time
from collections.abc import Callable, Mapping

import redis

from assistant.enums import EventKind
from assistant.errors import FenceLost
from assistant.sse import to_json
from tenants.base import valkey

logger = logging.getLogger(__name__)

STREAM_EVENTS_MAX = 10_000
STREAM_SECONDS = 3600
_PAUSE_SECONDS = 2.0
_LATE_WRITER = "equal or smaller than the target stream top item"


class Publisher:
    """The one writer of an attempt's events."""

    def __init__(
        self, run_id: str, fence: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._key = stream_key(run_id)
        self._run_id = run_id
        self._fence = fence
        self._clock = clock
        self._number = 0
        self._try_again_at = 0.0
        self.is_broken = False

    def emit(self, kind: EventKind, data: Mapping[str, object]) -> None:
        """Tell one event, or drop it while readers cannot be reached.

        After a loss only an event that stands alone mends the stream: readers see no gap.
        Raises: FenceLost.
        """
        if self.is_broken and not kind.stands_alone:
            return
        if self._clock() < self._try_again_at and not kind.is_ending:
            return
        try:
            stored = self._add(kind, data)
        except redis.RedisError as error:
            if _LATE_WRITER in str(error):
                raise FenceLost from error
            self._note_loss(type(error).__name__)
            return
        if stored is None:
            self._note_loss("StreamVanished", pause_seconds=0.0)
            return
        self.is_broken = False

    def _add(self, kind: EventKind, data: Mapping[str, object]) -> str | None:
        # A number is never used twice: an answer that was lost on the way may have been stored.
        self._number += 1
        pipeline = valkey.client().pipeline(transaction=False)
        pipeline.xadd(
            self._key,
            {"kind": kind.value, "data": to_json(data)},
            id=f"{self._fence}-{self._number}",
            maxlen=STREAM_EVENTS_MAX,
            approximate=True,
            # A stream that was flushed is begun again only by an event that stands alone.
            nomkstream=self._number > 1 and not kind.stands_alone,
        )
        pipeline.expire(self._key, STREAM_SECONDS)
        stored: str | None = pipeline.execute()[0]
        return stored

    def _note_loss(self, reason: str, *, pause_seconds: float = _PAUSE_SECONDS) -> None:
        if not self.is_broken:
            logger.warning("events_lost run=%s reason=%s", self._run_id, reason)
        self.is_broken = True
        self._try_again_at = self._clock() + pause_seconds


def publisher(run_id: str, fence: int) -> Publisher:
    return Publisher(run_id, fence)


def stream_key(run_id: str) -> str:
    return valkey.key("run", run_id)
