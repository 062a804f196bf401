"""Slots that several tenants share: taken in fair turns from any thread and any event loop."""

import asyncio
import threading
import time
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


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one waits for a slot: long in a crowd that came at once, short in one that stays.

    A tenant's line that has not been empty for a while is no burst: more comes than is served.
    Whoever joins it then is soon told to come back, so that what is admitted has not waited long.
    """

    burst_seconds: float
    standing_seconds: float = 0.1
    standing_after_seconds: float = 2.0


class Slots:
    def __init__(self, bounds: Bounds) -> None:
        self._line: FairLine[Call] = FairLine(bounds)
        self._lock = threading.Lock()
        # When each tenant's line was last empty; tenants only, never names from outside.
        self._empty_at: dict[str, float] = {}

    @property
    def waiting(self) -> int:
        with self._lock:
            return self._line.waiting

    def take(self, asker: Asker, call: Call) -> Turn[Call]:
        """Stand in line; whatever happens then, `give_back` ends it."""
        turn = Turn(asker, call)
        with self._lock:
            if not self._line.waiting_of(asker.tenant):
                self._empty_at[asker.tenant] = time.monotonic()
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
    async def held(self, asker: Asker, patience: Patience) -> AsyncIterator[Turn[Call]]:
        """Hold a slot during the block, unless the turn was given back before its end.

        Raises: LineFull, TenantLineFull, WaitedTooLong.
        """
        loop = asyncio.get_running_loop()
        called: asyncio.Future[AppError | None] = loop.create_future()

        def settle(error: AppError | None = None) -> None:
            loop.call_soon_threadsafe(_settle, called, error)

        turn = self.take(asker, Call(begin=settle, shed=settle))
        try:
            await _until(called, self._wait_seconds_max(asker.tenant, patience))
            yield turn
        finally:
            self.give_back(turn)

    def _wait_seconds_max(self, tenant: str, patience: Patience) -> float:
        stood_seconds = time.monotonic() - self._empty_at[tenant]
        is_standing = stood_seconds > patience.standing_after_seconds
        return patience.standing_seconds if is_standing else patience.burst_seconds

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
        if called.cancelled():
            raise WaitedTooLong from None
        # The turn came in the very moment in which the wait was over.
        error = called.result()
    if error is not None:
        raise error


def _settle(called: "asyncio.Future[AppError | None]", error: AppError | None) -> None:
    if not called.done():
        called.set_result(error)
