"""The bell: it makes the pollers look into the list of work, and carries nothing.

It is rung over Valkey's own channels, for Celery's client does not hear those of Valkey's newer
protocol. A bell that nobody hears costs a second, because every poller looks by itself as often.
"""

import logging
import time
from collections.abc import Callable

import redis
from django.conf import settings
from redis.client import PubSub

from tenants.base import valkey
from tenants.base.jobs import Queue
from tenants.base.loops import Loop

logger = logging.getLogger(__name__)

LISTEN_SECONDS = 2.0
RETRY_SECONDS = 2.0


def ring(queue: Queue) -> None:
    """Wake whoever takes work from this line; without Valkey they look by themselves."""
    try:
        valkey.bell_client().publish(channel(), queue.value)
    except (redis.RedisError, OSError) as error:
        logger.warning("bell_not_rung queue=%s reason=%s", queue, type(error).__name__)


def listening(hear: Callable[[str], None]) -> Loop:
    """Return the loop that hears the bell and says which line it was rung for."""
    return Loop("bell", _Ears(hear).turn)


def channel() -> str:
    return valkey.public_key("bell", settings.DATABASES["default"]["NAME"])


class _Ears:
    def __init__(self, hear: Callable[[str], None]) -> None:
        self._hear = hear
        self._subscription: PubSub | None = None

    def turn(self) -> None:
        try:
            self._listen()
        except (redis.RedisError, OSError, ValueError):
            # A connection closed under the reader is a ValueError of its socket file.
            logger.warning("bell_not_heard")
            self._subscription = None
            time.sleep(RETRY_SECONDS)

    def _listen(self) -> None:
        subscription = self._subscription
        if subscription is None:
            subscription = valkey.client().pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
            subscription.subscribe(channel())
            self._subscription = subscription
        message = subscription.get_message(timeout=LISTEN_SECONDS)
        if message is not None:
            self._hear(str(message["data"]))
