"""How long a credential that opened streams is good: one look per tenant serves them all.

However many streams a key or a session holds, it is looked at once in a while, together with the
others of its tenant, in one trip to the database.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError

from tenants.base.errors import AppError
from tenants.base.per_loop import PerLoop
from tenants.base.rounds import Rounds
from tenants.people.gatekeeping import Principal, still_welcome

# With the look itself a revoked credential loses its streams within five seconds.
RECHECK_SECONDS = 3.0
# A database that is away for a moment says nothing about the reader; for longer, nobody is let on.
MISSES_MAX = 4
_LOOK_SECONDS_MAX = 5.0
_LOOKS_AT_ONCE = 4
_ROUND_SECONDS_MAX = 30.0


@dataclass(eq=False, slots=True)
class _Watched:
    """One credential that holds streams."""

    principal: Principal
    streams: int = 0
    misses: int = 0
    is_over: asyncio.Event = field(default_factory=asyncio.Event)


async def until_unwelcome(principal: Principal) -> None:
    """Return soon after the credential was revoked or its person left."""
    watch = _watch()
    with watch.watching(principal) as watched:
        while not watched.is_over.is_set():
            watch.rounds.ensure()
            with contextlib.suppress(TimeoutError):
                # Now and then each stream sees to it that somebody still looks.
                async with asyncio.timeout(_ROUND_SECONDS_MAX):
                    await watched.is_over.wait()


class CredentialWatch:
    """The credentials that hold streams on one event loop."""

    def __init__(self) -> None:
        self._watched: dict[tuple[str, str, str], _Watched] = {}
        self.rounds = Rounds(
            "credential-watch",
            self._look,
            is_needed=lambda: bool(self._watched),
            every_seconds=RECHECK_SECONDS,
            seconds_max=_ROUND_SECONDS_MAX,
        )

    @contextlib.contextmanager
    def watching(self, principal: Principal) -> Iterator[_Watched]:
        name = (principal.scope.schema, principal.person_id, principal.credential)
        watched = self._watched.setdefault(name, _Watched(principal))
        watched.streams += 1
        try:
            yield watched
        finally:
            watched.streams -= 1
            # One that is over may have been followed by a newer one of the same name.
            if not watched.streams and self._watched.get(name) is watched:
                del self._watched[name]

    async def _look(self) -> None:
        by_tenant: dict[str, list[_Watched]] = {}
        for watched in self._watched.values():
            by_tenant.setdefault(watched.principal.scope.schema, []).append(watched)
        turns = asyncio.Semaphore(_LOOKS_AT_ONCE)
        looks = (self._look_into(group, turns) for group in by_tenant.values())
        await asyncio.gather(*looks)

    async def _look_into(self, group: list[_Watched], turns: asyncio.Semaphore) -> None:
        for watched in group:
            # Missed until the answer is there.
            watched.misses += 1
        try:
            async with turns, asyncio.timeout(_LOOK_SECONDS_MAX):
                good = await still_welcome([watched.principal for watched in group])
        except (OperationalError, InterfaceError, AppError, TimeoutError):
            for watched in group:
                if watched.misses >= MISSES_MAX:
                    watched.is_over.set()
            return
        for watched in group:
            watched.misses = 0
            if watched.principal.credential not in good:
                watched.is_over.set()


_watch = PerLoop(CredentialWatch)
