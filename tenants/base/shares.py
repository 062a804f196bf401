"""A share for everyone: how much one person and one tenant may hold at the same time.

What is held (a stream, an answer being written) is a place, and a place is a lease in Valkey: the
process that holds it renews it, and what a dead process held comes free when its leases run out.
The moment is Valkey's own. While Valkey is away each process keeps the same caps for itself.
"""

import asyncio
import contextlib
import logging
import time
import uuid
import weakref
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import ClassVar

import redis
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.base import valkey
from tenants.base.context import Scope
from tenants.base.context import scope as entering
from tenants.base.errors import TooManyAtOnce
from tenants.base.per_loop import PerLoop
from tenants.base.rounds import Rounds

logger = logging.getLogger(__name__)

# Three chances to renew a place before its lease runs out.
RENEWALS_PER_LEASE = 3
# A caller does not wait longer for Valkey than this; the process counts for itself then.
VALKEY_SECONDS_MAX = 1.0
AWAY_SECONDS = 2.0
_RENEWAL_SECONDS_MAX = 10.0
_TAKEN, _PERSON_IS_FULL = 0, 1

# Keys: places of the tenant, places of the person. Arguments: lease in ms, both caps, the place.
_TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for _, key in ipairs(KEYS) do redis.call('ZREMRANGEBYSCORE', key, '-inf', now) end
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3]) then return 1 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 2 end
for _, key in ipairs(KEYS) do
    redis.call('ZADD', key, now + ARGV[1], ARGV[4])
    redis.call('PEXPIRE', key, ARGV[1])
end
return 0
"""
# The same keys. Arguments: lease in ms, places. A place that Valkey has forgotten is told anew.
_RENEW = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for _, key in ipairs(KEYS) do
    for at = 2, #ARGV do redis.call('ZADD', key, now + ARGV[1], ARGV[at]) end
    redis.call('PEXPIRE', key, ARGV[1])
end
return 0
"""


class ShareSpent(TooManyAtOnce):
    """Says which limit is reached: the person's or the tenant's."""

    person_message: ClassVar[str | Promise]
    tenant_message: ClassVar[str | Promise]

    @classmethod
    def of_person(cls, cap: int) -> "ShareSpent":
        return cls(cls.person_message, cap=cap, seconds=int(cls.retry_after_seconds or 0))

    @classmethod
    def of_tenant(cls, cap: int) -> "ShareSpent":
        return cls(cls.tenant_message, cap=cap, seconds=int(cls.retry_after_seconds or 0))


class StreamsSpent(ShareSpent):
    code = "too_many_streams"
    person_message = _(
        "You have %(cap)s streams open, as many as one person may have. "
        "Close one, or try again in %(seconds)s seconds."
    )
    tenant_message = _(
        "All %(cap)s streams of your organisation are open. "
        "Please try again in %(seconds)s seconds."
    )


class CompletionsSpent(ShareSpent):
    code = "too_many_completions"
    person_message = _(
        "%(cap)s answers are being written for you, as many as for one person at once. "
        "Please try again in %(seconds)s seconds."
    )
    tenant_message = _(
        "%(cap)s answers are being written for your organisation, as many as at once. "
        "Please try again in %(seconds)s seconds."
    )


@dataclass(frozen=True, slots=True)
class Caps:
    """How many places one person and one tenant may hold at once."""

    person: int
    tenant: int


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that is held, by whom; its number makes it this one."""

    scope: Scope
    number: str = field(default_factory=lambda: uuid.uuid4().hex)


class Share:
    """Counts one kind of thing; `refusal` is raised for what is too much of it.

    Held by one event loop; the caps are read anew for each place.
    """

    def __init__(self, name: str, caps: Callable[[], Caps], refusal: type[ShareSpent]) -> None:
        self.name = name
        self._caps = caps
        self._refusal = refusal
        self._held: set[Place] = set()
        self._away_until = 0.0
        _shares.add(self)

    @contextlib.asynccontextmanager
    async def place(self, wanted: Scope) -> AsyncIterator[None]:
        """Hold one place while the block runs.

        Raises: ShareSpent when the person or the tenant of this scope holds as many as it may.
        """
        place, caps = Place(wanted), self._caps()
        # What this process holds is part of the whole: at the cap nobody needs to be asked.
        self._check_here(place, caps)
        self._held.add(place)
        try:
            await self._take_there(place, caps)
            _renewer().ensure()
            yield
        finally:
            self._held.discard(place)
            # A caller that is cancelled still gives its place back.
            await asyncio.shield(asyncio.ensure_future(self._give_back(place)))

    @property
    def held_here(self) -> int:
        """Return how many places this process holds."""
        return len(self._held)

    async def renew(self) -> None:
        """Tell Valkey in one trip that what this process holds is still held."""
        numbers: dict[Scope, list[str]] = {}
        for place in self._held:
            numbers.setdefault(place.scope, []).append(place.number)
        pipe = valkey.aclient().pipeline(transaction=False)
        for holder, held in numbers.items():
            keys = self._keys(holder)
            pipe.eval(_RENEW, len(keys), *keys, _lease_ms(), *held)
        try:
            await pipe.execute()
        except (redis.RedisError, OSError) as error:
            self._note_away(error)

    def _check_here(self, place: Place, caps: Caps) -> None:
        schema, actor = place.scope.schema, place.scope.actor
        actors = [held.scope.actor for held in self._held if held.scope.schema == schema]
        if actors.count(actor) >= caps.person:
            raise self._refusal.of_person(caps.person)
        if len(actors) >= caps.tenant:
            raise self._refusal.of_tenant(caps.tenant)

    async def _take_there(self, place: Place, caps: Caps) -> None:
        if time.monotonic() < self._away_until:
            return
        keys = self._keys(place.scope)
        asked = (_lease_ms(), caps.tenant, caps.person, place.number)
        try:
            async with asyncio.timeout(VALKEY_SECONDS_MAX):
                answer = await valkey.aclient().eval(_TAKE, len(keys), *keys, *asked)
        except (redis.RedisError, OSError, TimeoutError) as error:
            self._note_away(error)
            return
        if answer == _PERSON_IS_FULL:
            raise self._refusal.of_person(caps.person)
        if answer != _TAKEN:
            raise self._refusal.of_tenant(caps.tenant)

    async def _give_back(self, place: Place) -> None:
        if time.monotonic() < self._away_until:
            return
        try:
            async with asyncio.timeout(VALKEY_SECONDS_MAX):
                pipe = valkey.aclient().pipeline(transaction=False)
                for key in self._keys(place.scope):
                    pipe.zrem(key, place.number)
                await pipe.execute()
        except (redis.RedisError, OSError, TimeoutError) as error:
            # The lease runs out by itself.
            self._note_away(error)

    def _note_away(self, error: Exception) -> None:
        if time.monotonic() >= self._away_until:
            logger.warning("share_lost_valkey share=%s reason=%s", self.name, type(error).__name__)
        self._away_until = time.monotonic() + AWAY_SECONDS

    def _keys(self, holder: Scope) -> tuple[str, str]:
        with entering(holder):
            return (
                valkey.key("share", self.name, "tenant"),
                valkey.key("share", self.name, "actor", holder.actor),
            )


def _lease_ms() -> int:
    return settings.SHARE_LEASE_SECONDS * 1000


def _new_renewer() -> Rounds:
    return Rounds(
        "share-renewer",
        _renew_all,
        is_needed=lambda: any(share.held_here for share in _shares),
        every_seconds=settings.SHARE_LEASE_SECONDS / RENEWALS_PER_LEASE,
        seconds_max=_RENEWAL_SECONDS_MAX,
    )


async def _renew_all() -> None:
    for share in list(_shares):
        if share.held_here:
            await share.renew()


_shares: "weakref.WeakSet[Share]" = weakref.WeakSet()
# The one loop that renews what an event loop holds, whatever its kind.
_renewer = PerLoop(_new_renewer)

STREAMS = Share(
    "streams",
    lambda: Caps(settings.STREAMS_PER_PERSON, settings.STREAMS_PER_TENANT),
    StreamsSpent,
)
COMPLETIONS = Share(
    "completions",
    lambda: Caps(settings.COMPLETIONS_PER_PERSON, settings.COMPLETIONS_PER_TENANT),
    CompletionsSpent,
)
