"""The bell: it makes the pollers look into the list of work, and carries nothing.

It is rung over Valkey's own channels, for Celery's client does not hear those of Valkey's newer
protocol. A bell that nobody hears costs a second, because every poller looks by itself as often.
"""

import logging
from collections.abc import Callable

import redis

from tenants.base import valkey
from tenants.base.jobs import Queue
from tenants.base.listener import Listener
from tenants.base.loops import Loop

logger = logging.getLogger(__name__)


def ring(queue: Queue) -> None:
    """Wake whoever takes work from this line; without Valkey they look by themselves."""
    try:
        valkey.bell_client().publish(channel(), queue.value)
    except (redis.RedisError, OSError) as error:
        logger.warning("bell_not_rung queue=%s reason=%s", queue, type(error).__name__)


def listening(hear: Callable[[str], None]) -> Loop:
    """Return the loop that hears the bell and says which line it was rung for."""
    return Listener("bell", channel, hear).loop


def channel() -> str:
    return valkey.channel("bell")
