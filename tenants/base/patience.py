"""How long a blocking call may take, and who may end it sooner.

A thread that waits for bytes from the network cannot look at a clock or a stop request. The
streams of `tenants.base.egress` wait in short slices and ask the patience of the call they
belong to between them, so neither a silent nor a dripping peer can hold a thread.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SLICE_SECONDS = 0.1


class CallCancelled(Exception):
    """The caller no longer wants the answer."""


class OutOfTime(Exception):
    """The deadline of the whole call has passed."""


class TooManyBytes(Exception):
    """The peer sent more than an answer can be long."""


class Patience:
    """The deadline, the stop request and the size limit of one call.

    `cancelled` is asked about ten times a second while waiting: it must be cheap.
    """

    def __init__(
        self,
        *,
        seconds: float,
        cancelled: Callable[[], bool],
        bytes_max: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._ends_at = clock() + seconds
        self._cancelled = cancelled
        self._bytes_left = bytes_max

    def next_wait_seconds(self) -> float:
        """Return how long to block before asking again.

        Raises: CallCancelled, OutOfTime
        """
        if self._cancelled():
            raise CallCancelled
        return min(SLICE_SECONDS, self.left_seconds())

    def left_seconds(self) -> float:
        left = self._ends_at - self._clock()
        if left <= 0:
            raise OutOfTime
        return left

    def count(self, size_bytes: int) -> None:
        self._bytes_left -= size_bytes
        if self._bytes_left < 0:
            raise TooManyBytes


_current: ContextVar[Patience | None] = ContextVar("patience", default=None)


def current_patience() -> Patience | None:
    return _current.get()


@contextmanager
def patience(bound: Patience) -> Iterator[None]:
    """Bind a patience to the network calls made inside the block.

    A generator wraps each single step in it, never a `yield`: what its caller does between two
    words has patience of its own.
    """
    token = _current.set(bound)
    try:
        yield
    finally:
        _current.reset(token)
