"""Log lines that repeat: the first of a minute are written, the rest are counted.

Lines repeat when their logger, level and template are the same, whatever their values.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW_SECONDS = 60.0
# Beyond so many kinds at once, lines of new kinds share one count by their logger and level.
KINDS_MAX = 1000

_Kind = tuple[str, int, str]


@dataclass(slots=True)
class _Count:
    ends_at: float
    written: int = 0
    left_out: int = 0


@dataclass
class Sampling:
    """Counts the lines of this process, for every handler alike."""

    lines_per_minute: int
    clock: Callable[[], float] = time.monotonic
    window_seconds: float = WINDOW_SECONDS
    _counts: dict[_Kind, _Count] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _timer: threading.Timer | None = None

    def admits(self, record: logging.LogRecord) -> bool:
        if record.name == __name__:
            return True
        with self._lock:
            count = self._count_of(record)
            if count.written < self.lines_per_minute:
                count.written += 1
                return True
            count.left_out += 1
            self._see_to_summary()
            return False

    def summarise(self) -> None:
        """Write one line for each kind of which lines were left out, and begin to count anew."""
        with self._lock:
            self._timer = None
            counts, self._counts = self._counts, {}
        for (name, level, template), count in counts.items():
            if count.left_out:
                logging.getLogger(__name__).log(
                    level,
                    "lines_left_out count=%d logger=%s template=%r",
                    count.left_out,
                    name,
                    template,
                )

    def _count_of(self, record: logging.LogRecord) -> _Count:
        kind = (record.name, record.levelno, str(record.msg)[:200])
        if kind not in self._counts and len(self._counts) >= KINDS_MAX:
            self._drop_old()
            if len(self._counts) >= KINDS_MAX:
                kind = (record.name.partition(".")[0], record.levelno, "")
        count = self._counts.get(kind)
        now = self.clock()
        if count is None or (now >= count.ends_at and not count.left_out):
            count = self._counts[kind] = _Count(now + self.window_seconds)
        return count

    def _drop_old(self) -> None:
        now = self.clock()
        self._counts = {
            kind: count
            for kind, count in self._counts.items()
            if count.left_out or now < count.ends_at
        }

    def _see_to_summary(self) -> None:
        # The last of a burst must not be what makes the summary come: it may be the last of all.
        if self._timer is None:
            self._timer = threading.Timer(self.window_seconds, self.summarise)
            self._timer.daemon = True
            self._timer.start()
