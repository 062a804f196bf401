"""Slots that several tenants share: taken in fair turns from any thread and any event loop."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import AppError, TooManyAtOnce, Unavailable
from tenants.base.fair_line import Asker, Bounds, FairLine, Turn


class LineFull(Unavailable):
    """The line is full, and this one's part of it is not the shortest."""

    code = "line_full"
    message = _("Too much is asked of the service at once. Please try again in a moment.")


class WaitedTooLong(LineFull):
    code = "waited_too_long"


class TenantLineFull(TooManyAtOnce):
    """The tenant's own line is full."""

    code = "tenant_line_full"
    retry_after_seconds = 2.0


@dataclass(frozen=True, slots=True)
class Call:
    """What follows the wait; one of the two is called, once, in whatever thread makes way."""

    begin: Callable[[], object]
    shed: Callable[[AppError], None]


class Slots:
    def __init__(self, bounds: Bounds) -> None:
        self._line: FairLine[Call] = FairLine(bounds)
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        with self._lock:
            return self._line.waiting

    def take(self, asker: Asker, call: Call) -> Turn[Call]:
        """Stand in line; whatever happens then, `give_back` ends it."""
        turn = Turn(asker, call)
        with self._lock:
            shed = self._line.join(turn)
            is_own_full = shed is not None and self._line.is_full_for(shed.asker.tenant)
        if shed is not None:
            with suppress(RuntimeError):
                shed.item.shed(TenantLineFull() if is_own_full else LineFull())
        self._begin_next()
        return turn

    def give_back(self, turn: Turn[Call]) -> None:
        with self._lock:
            self._line.leave(turn)
        self._begin_next()

    @asynccontextmanager
    async def held(self, asker: Asker, *, wait_seconds_max: float) -> AsyncIterator[Turn[Call]]:
        """Hold a slot during the block, unless the turn was given back before its end.

        Raises: LineFull, TenantLineFull, WaitedTooLong.
        """
        loop = asyncio.get_running_loop()
        called: asyncio.Future[AppError | None] = loop.create_future()

        def settle(error: AppError | None = None) -> None:
            loop.call_soon_threadsafe(_settle, called, error)

        turn = self.take(asker, Call(begin=settle, shed=settle))
        try:
            await _until(called, wait_seconds_max)
            yield turn
        finally:
            self.give_back(turn)

    def _begin_next(self) -> None:
        while True:
            with self._lock:
                turn = self._line.next()
            if turn is None:
                return
            try:
                turn.item.begin()
            except RuntimeError:
                # The loop or the pool that waited has ended; nobody else will give it back.
                with self._lock:
                    self._line.leave(turn)


async def _until(called: "asyncio.Future[AppError | None]", seconds_max: float) -> None:
    """Raises: WaitedTooLong, or what was said instead of the turn."""
    try:
        async with asyncio.timeout(seconds_max):
            error = await called
    except TimeoutError:
        raise WaitedTooLong from None
    if error is not None:
        raise error


def _settle(called: "asyncio.Future[AppError | None]", error: AppError | None) -> None:
    if not called.done():
        called.set_result(error)
