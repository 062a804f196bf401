"""The one door to Valkey: clients with deadlines, and names that carry the tenant."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import redis
import redis.asyncio
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from tenants.base.context import current_scope
from tenants.base.per_loop import PerLoop

CONNECT_TIMEOUT_SECONDS = 1.0
# Blocking reads must ask for less than this: the client gives up on the socket then.
SOCKET_TIMEOUT_SECONDS = 5.0
CONNECTIONS_MAX = 200
BELL_TIMEOUT_SECONDS = 0.5
# The calls of the event loop are short and wait for one another; only one read there blocks.
ASYNC_CONNECTIONS_MAX = 16


class Away(Exception):
    """Valkey does not answer, or not in time."""


@contextmanager
def may_be_away() -> Iterator[None]:
    """Run the block. Raises: Away, whatever kind of absence it was."""
    try:
        yield
    except (redis.RedisError, OSError) as error:
        raise Away from error


@lru_cache(maxsize=1)
def client() -> redis.Redis:
    """Return the client of this process, safe to share between threads."""
    return _client(SOCKET_TIMEOUT_SECONDS, CONNECT_TIMEOUT_SECONDS)


@lru_cache(maxsize=1)
def bell_client() -> redis.Redis:
    """Return the client that rings: whoever asks for work must not wait for a Valkey that is away."""
    return _client(BELL_TIMEOUT_SECONDS, BELL_TIMEOUT_SECONDS, retry=Retry(NoBackoff(), 0))


def _client(answer_seconds: float, connect_seconds: float, **options: Any) -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        socket_timeout=answer_seconds,
        socket_connect_timeout=connect_seconds,
        max_connections=CONNECTIONS_MAX,
        **options,
    )


def _async_client() -> redis.asyncio.Redis:
    pool = redis.asyncio.BlockingConnectionPool.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        socket_timeout=SOCKET_TIMEOUT_SECONDS,
        socket_connect_timeout=CONNECT_TIMEOUT_SECONDS,
        max_connections=ASYNC_CONNECTIONS_MAX,
        timeout=SOCKET_TIMEOUT_SECONDS,
    )
    return redis.asyncio.Redis.from_pool(pool)


# The client of the running event loop; a connection belongs to one loop.
aclient = PerLoop(_async_client)


def key(*parts: object) -> str:
    """Name a key of the current tenant: `t:<schema>:<part>:<part>`."""
    return ":".join(("t", current_scope().schema, *(_escaped(part) for part in parts)))


def public_key(*parts: object) -> str:
    """Name a key that belongs to no tenant; the list of its first parts is kept short."""
    return ":".join(("p", *(_escaped(part) for part in parts)))


def channel(what: str) -> str:
    """Name a channel of this installation: others may share the server."""
    return public_key(what, settings.DATABASES["default"]["NAME"])


def cache_key(raw: str, prefix: str, version: int) -> str:
    """Name a key of Django's cache; without a scope it is refused, not shared."""
    return key("cache", prefix, version, raw)


def _escaped(part: object) -> str:
    # Two different lists of parts must never give one key.
    return str(part).replace("%", "%25").replace(":", "%3A")
