"""Hearing what other processes say over a channel of Valkey's, in a watched loop.

What is said while nobody listens is lost: whoever relies on it looks again when it is subscribed.
"""

import logging
import time
from collections.abc import Callable

import redis
from redis.client import PubSub

from tenants.base import valkey
from tenants.base.loops import Loop

logger = logging.getLogger(__name__)

LISTEN_SECONDS = 2.0
RETRY_SECONDS = 2.0


class Listener:
    """One subscription, made anew whenever it was lost; `loop` is to be kept by a watch."""

    def __init__(
        self,
        name: str,
        channel: Callable[[], str],
        hear: Callable[[str], None],
        *,
        subscribed: Callable[[], None] = lambda: None,
    ) -> None:
        self.loop = Loop(name, self._turn)
        self._name = name
        self._channel = channel
        self._hear = hear
        self._subscribed = subscribed
        self._subscription: PubSub | None = None

    def _turn(self) -> None:
        try:
            self._listen()
        except (redis.RedisError, OSError, ValueError):
            # A connection closed under the reader is a ValueError of its socket file.
            logger.warning("channel_not_heard loop=%s", self._name)
            self._subscription = None
            time.sleep(RETRY_SECONDS)

    def _listen(self) -> None:
        subscription = self._subscription
        if subscription is None:
            subscription = valkey.client().pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
            subscription.subscribe(self._channel())
            self._subscription = subscription
            self._subscribed()
        message = subscription.get_message(timeout=LISTEN_SECONDS)
        if message is not None:
            self._hear(str(message["data"]))
