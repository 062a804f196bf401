"""Loops that must never end: each is watched, started anew when it ends or stands still, counted.

A loop turns again and again in a thread of its own. One that stands still cannot be ended from
outside, so it is left behind and another takes its place; where that happens too often, something
is wrong that a new thread does not mend, and the whole process ends, to be started anew.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

logger = logging.getLogger(__name__)

WATCH_SECONDS = 1.0
STILL_SECONDS_MAX = 30.0
RESTARTS_MAX = 5
RESTARTS_WINDOW_SECONDS = 60.0
# BSD's EX_SOFTWARE: whoever supervises this process sees that it was our own fault.
EXIT_STATUS = 70

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class LoopState:
    """How a loop does: seconds since its last turn, and how often it was started anew."""

    name: str
    still_seconds: float
    restarts: int
    is_standing: bool


class Loop:
    """`turn` waits by itself and returns often; it is told when another has taken its place."""

    def __init__(
        self,
        name: str,
        turn: Callable[[], None],
        *,
        still_seconds_max: float = STILL_SECONDS_MAX,
        clock: Clock = time.monotonic,
    ) -> None:
        self.name = name
        self.restarts = 0
        self._turn = turn
        self._still_seconds_max = still_seconds_max
        self._clock = clock
        self._turned_at = clock()
        self._recent: deque[float] = deque(maxlen=RESTARTS_MAX)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._turned_at = self._clock()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self, grace_seconds: float) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=grace_seconds)

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    @property
    def state(self) -> LoopState:
        still_seconds = self._clock() - self._turned_at
        is_alive = self._thread is not None and self._thread.is_alive()
        is_standing = not is_alive or still_seconds > self._still_seconds_max
        return LoopState(self.name, round(still_seconds, 1), self.restarts, is_standing)

    def look_after(self) -> bool:
        """Start the loop anew if it ended or stands still; return whether it still makes sense."""
        if self.is_stopping or not self.state.is_standing:
            return True
        now = self._clock()
        if len(self._recent) == RESTARTS_MAX and now - self._recent[0] < RESTARTS_WINDOW_SECONDS:
            return False
        self._recent.append(now)
        self.restarts += 1
        logger.error("loop_restarted name=%s restarts=%s", self.name, self.restarts)
        self.start()
        return True

    def _run(self) -> None:
        mine = threading.current_thread()
        while not self.is_stopping and self._thread is mine:
            try:
                self._turn()
            except Exception:
                # The edge of this thread: it ends here, and whoever watches starts another.
                logger.exception("loop_broke name=%s", self.name)
                return
            if self._thread is mine:
                self._turned_at = self._clock()


class Watch:
    """Looks after the loops of a process, and ends it when they cannot be kept alive."""

    def __init__(self, *, end: Callable[[], None] | None = None) -> None:
        self._end = end or _end_process
        self._lock = threading.Lock()
        self._loops: list[Loop] = []
        self._thread: threading.Thread | None = None

    def keep(self, loop: Loop) -> None:
        """Start the loop and look after it from now on."""
        with self._lock:
            self._loops.append(loop)
            loop.start()
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
                self._thread.start()

    def forget(self, loop: Loop) -> None:
        with self._lock:
            self._loops.remove(loop)

    def states(self) -> list[LoopState]:
        with self._lock:
            return [loop.state for loop in self._loops]

    def look(self) -> None:
        """Look once at every loop."""
        with self._lock:
            loops = list(self._loops)
        for loop in loops:
            if not loop.look_after():
                logger.critical("loop_hopeless name=%s", loop.name)
                self._end()

    def _look(self) -> None:
        while True:
            time.sleep(WATCH_SECONDS)
            self.look()


def _end_process() -> None:
    # Threads that stand still would hold up any gentler way; leases and fences make it harmless.
    logging.shutdown()
    os._exit(EXIT_STATUS)


watch = Watch()
