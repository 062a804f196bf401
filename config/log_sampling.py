"""Log lines that repeat: the first of a minute are written, the rest are counted.

Lines repeat when their logger, level and template are the same, whatever their values.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

WINDOW_SECONDS = 60.0
# Beyond so many kinds at once, lines of new kinds share one count by their logger and level.
KINDS_MAX = 1000
TEMPLATE_CHARS_MAX = 200
# Where a record that passes several handlers carries the verdict on it.
_VERDICT = "is_sampled"

_Kind = tuple[str, int, str]


@dataclass(slots=True)
class _Count:
    ends_at: float
    written: int = 0
    left_out: int = 0


class SampledLines(logging.Filter):
    """Stands before every handler; one instance counts for them all."""

    def __init__(
        self,
        *,
        lines_per_minute: int,
        window_seconds: float = WINDOW_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._lines_max = lines_per_minute
        self._window_seconds = window_seconds
        self._clock = clock
        self._counts: dict[_Kind, _Count] = {}
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        verdict = record.__dict__.get(_VERDICT)
        if verdict is None:
            verdict = record.__dict__[_VERDICT] = record.name == __name__ or self._admits(record)
        return bool(verdict)

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

    def _admits(self, record: logging.LogRecord) -> bool:
        with self._lock:
            count = self._count_of(record)
            if count.written < self._lines_max:
                count.written += 1
                return True
            count.left_out += 1
            self._see_to_summary()
            return False

    def _count_of(self, record: logging.LogRecord) -> _Count:
        now = self._clock()
        kind = (record.name, record.levelno, str(record.msg)[:TEMPLATE_CHARS_MAX])
        if kind not in self._counts and len(self._counts) >= KINDS_MAX:
            self._counts = {
                kind: count
                for kind, count in self._counts.items()
                if count.left_out or now < count.ends_at
            }
            if len(self._counts) >= KINDS_MAX:
                kind = (record.name.partition(".")[0], record.levelno, "")
        count = self._counts.get(kind)
        # What was left out is told first; until then the kind stays as it is.
        if count is None or (now >= count.ends_at and not count.left_out):
            count = self._counts[kind] = _Count(now + self._window_seconds)
        return count

    def _see_to_summary(self) -> None:
        # Not at the next line of the kind: there may be none.
        if self._timer is None:
            self._timer = threading.Timer(self._window_seconds, self.summarise)
            self._timer.daemon = True
            self._timer.start()
