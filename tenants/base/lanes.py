"""The way from the event loop into the database: one function, one scope, one thread.

Setting the scope in one hop and querying in another serves the wrong tenant, so the
function that sets it, queries and lets go runs as a whole in one thread of our own pool.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import close_old_connections

from tenants.base.context import REGISTRY, Scope, scope
from tenants.base.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")

THREADS_DEFAULT = 8
# Callers beyond this are told to come back: a queue without a bound only hides the outage.
WAITING_MAX = 512


class Lane:
    """A bounded thread pool whose every call runs inside a scope."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="lane")
        self._free = threading.BoundedSemaphore(threads + WAITING_MAX)

    async def run(self, wanted: Scope, call: Callable[[], T]) -> T:
        if not self._free.acquire(blocking=False):
            raise Unavailable
        future = self._pool.submit(_inside, wanted, call)
        # Released when the thread is done, not when the caller stops waiting.
        future.add_done_callback(lambda _done: self._free.release())
        return await asyncio.wrap_future(future)


async def in_tenant(
    wanted: Scope, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run the synchronous function in a thread, as this scope, and return its value."""
    return await lane().run(wanted, lambda: function(*args, **kwargs))


async def in_registry(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run the synchronous function in a thread over the registry."""
    return await lane().run(REGISTRY, lambda: function(*args, **kwargs))


@lru_cache(maxsize=1)
def lane() -> Lane:
    return Lane(getattr(settings, "LANE_THREADS", THREADS_DEFAULT))


def _inside(wanted: Scope, call: Callable[[], T]) -> T:
    close_old_connections()
    try:
        with scope(wanted):
            return call()
    finally:
        close_old_connections()
