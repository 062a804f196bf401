"""A loop of the event loop that is looked after: it repeats a round while somebody needs it.

A round that raises or stands still is logged once, counted and begun anew; one that has ended is
started again by the next who needs it. `loop_states` tells how each of them fares.
"""

import asyncio
import logging
import threading
import time
import weakref
from collections.abc import Awaitable, Callable

from tenants.base.loops import LoopState

logger = logging.getLogger(__name__)

# Whatever breaks at once would else break as fast as the processor can.
_PAUSE_SECONDS = 1.0


class Rounds:
    """Repeats `do_round` every so often, as long as `is_needed` says so."""

    def __init__(
        self,
        name: str,
        do_round: Callable[[], Awaitable[None]],
        *,
        is_needed: Callable[[], bool],
        every_seconds: float,
        seconds_max: float,
    ) -> None:
        self.name = name
        self._do_round = do_round
        self._is_needed = is_needed
        self._every_seconds = every_seconds
        self._seconds_max = seconds_max
        self._task: asyncio.Task[None] | None = None
        self.failures = 0
        self.starts = 0
        self._is_failing = False
        self._succeeded_at = time.monotonic()
        with _lock:
            _known.add(self)

    def ensure(self) -> None:
        """Start the loop unless it runs; called by whoever begins to need it."""
        if self._task is None or self._task.done():
            self.starts += 1
            self._succeeded_at = time.monotonic()
            self._task = asyncio.get_running_loop().create_task(self._repeat(), name=self.name)

    @property
    def is_running(self) -> bool:
        return self._task is not None and not self._task.done()

    def state(self) -> LoopState:
        """Return how it fares; a loop that nobody needs stands for nothing."""
        still_seconds = time.monotonic() - self._succeeded_at if self.is_running else 0.0
        bound = self._every_seconds + 2 * self._seconds_max
        return LoopState(self.name, round(still_seconds, 1), self.failures, still_seconds > bound)

    async def _repeat(self) -> None:
        while True:
            await asyncio.sleep(self._every_seconds)
            if not self._is_needed():
                return
            try:
                async with asyncio.timeout(self._seconds_max):
                    await self._do_round()
            except Exception:
                # The edge of the loop: those it serves must not be left without it.
                self.failures += 1
                if not self._is_failing:
                    logger.exception("loop_failed loop=%s", self.name)
                self._is_failing = True
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                self._is_failing = False
                self._succeeded_at = time.monotonic()


def loop_states() -> list[LoopState]:
    """Return the state of every loop of this process, by name."""
    with _lock:
        known = list(_known)
    return sorted((rounds.state() for rounds in known), key=lambda state: state.name)


_known: "weakref.WeakSet[Rounds]" = weakref.WeakSet()
_lock = threading.Lock()
