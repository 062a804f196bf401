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
from dataclasses import dataclass

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LoopState:
    """How one loop fares: what was done, how often it failed, how long ago it last succeeded."""

    name: str
    is_running: bool
    rounds: int
    failures: int
    starts: int
    quiet_seconds: float


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
        self._rounds = 0
        self._failures = 0
        self._starts = 0
        self._is_failing = False
        self._succeeded_at = time.monotonic()
        with _lock:
            _known.add(self)

    def ensure(self) -> None:
        """Start the loop unless it runs; called by whoever begins to need it."""
        if self._task is None or self._task.done():
            self._starts += 1
            self._succeeded_at = time.monotonic()
            self._task = asyncio.get_running_loop().create_task(self._repeat(), name=self.name)

    def state(self) -> LoopState:
        is_running = self._task is not None and not self._task.done()
        quiet_seconds = time.monotonic() - self._succeeded_at if is_running else 0.0
        return LoopState(
            self.name, is_running, self._rounds, self._failures, self._starts, quiet_seconds
        )

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
                self._failures += 1
                if not self._is_failing:
                    logger.exception("loop_failed loop=%s", self.name)
                self._is_failing = True
            else:
                self._rounds += 1
                self._is_failing = False
                self._succeeded_at = time.monotonic()


def loop_states() -> list[LoopState]:
    """Return the state of every loop of this process, by name."""
    with _lock:
        known = list(_known)
    return sorted((rounds.state() for rounds in known), key=lambda state: state.name)


_known: "weakref.WeakSet[Rounds]" = weakref.WeakSet()
_lock = threading.Lock()
