"""The way from the event loop into the database: one function, one scope, one thread.

Setting the scope in one hop and querying in another serves the wrong tenant, so the
function that sets it, queries and lets go runs as a whole in one thread of our own pool.
The threads are taken in fair turns, so that nobody's flood keeps another from them.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache, partial
from typing import ParamSpec, TypeVar

from django.conf import settings

from tenants.base.claims import claimed_asker
from tenants.base.context import REGISTRY, Scope
from tenants.base.errors import AppError
from tenants.base.fair_line import Asker, Bounds
from tenants.base.slots import Call, Slots
from tenants.base.threads import entered

P = ParamSpec("P")
T = TypeVar("T")

# Callers beyond these are told to come back: a queue without a bound only hides the outage.
WAITING_MAX = 512
TENANT_WAITING_MAX = 256


class Lane:
    """A bounded thread pool whose every call runs inside a scope."""

    def __init__(self, bounds: Bounds) -> None:
        self._pool = ThreadPoolExecutor(max_workers=bounds.slots, thread_name_prefix="lane")
        self.slots = Slots(bounds)

    async def run(self, wanted: Scope, asker: Asker, call: Callable[[], T]) -> T:
        """Raises: LineFull, TenantLineFull, and whatever the call raises."""
        done: Future[T] = Future()
        work = partial(_settle, done, partial(_inside, wanted, call))
        turn = self.slots.take(
            asker, Call(begin=lambda: self._pool.submit(work), shed=partial(_refuse, done))
        )
        # A caller that stops waiting gives its turn back; a thread at work keeps its slot.
        done.add_done_callback(lambda _done: self.slots.give_back(turn))
        return await asyncio.wrap_future(done)


async def in_tenant(
    wanted: Scope, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run the synchronous function in a thread, as this scope, and return its value."""
    asker = Asker(wanted.schema, wanted.actor)
    return await lane().run(wanted, asker, lambda: function(*args, **kwargs))


async def in_registry(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run the synchronous function in a thread over the registry, on account of the request."""
    return await lane().run(REGISTRY, claimed_asker(), lambda: function(*args, **kwargs))


@lru_cache(maxsize=1)
def lane() -> Lane:
    return Lane(
        Bounds(
            slots=settings.LANE_THREADS,
            tenant_slots=settings.LANE_THREADS_PER_TENANT,
            person_slots=settings.LANE_THREADS_PER_PERSON,
            waiting=WAITING_MAX,
            tenant_waiting=TENANT_WAITING_MAX,
        )
    )


def _settle(done: "Future[T]", call: Callable[[], T]) -> None:
    if not done.set_running_or_notify_cancel():
        return
    try:
        value = call()
    except BaseException as error:  # noqa: BLE001
        # It is the caller's to handle, as with every future.
        done.set_exception(error)
    else:
        done.set_result(value)


def _refuse(done: "Future[T]", error: AppError) -> None:
    if done.set_running_or_notify_cancel():
        done.set_exception(error)


def _inside(wanted: Scope, call: Callable[[], T]) -> T:
    with entered(wanted):
        return call()
