"""The bell: it makes the pollers look into the list of work, and carries nothing.

A bell that nobody hears costs a second, because every poller looks by itself as often.
"""

import logging

from celery import current_app
from kombu import Exchange
from kombu.exceptions import OperationalError

from tenants.base.jobs import Queue

logger = logging.getLogger(__name__)

# Every worker hears it: the one that has room takes the work.
BELL = Exchange("drawbridge-bell", type="fanout", durable=False, delivery_mode="transient")


def ring(queue: Queue) -> None:
    """Wake whoever takes work from this line; without a broker they look by themselves."""
    with current_app.producer_or_acquire() as producer:
        broker = producer.connection
        # Each broker has errors of its own; Celery's wrapper of them all is private.
        away = (OperationalError, *broker.connection_errors, *broker.channel_errors)
        try:
            producer.publish(
                {"queue": queue.value}, exchange=BELL, routing_key="", serializer="json"
            )
        except away as error:
            logger.warning("bell_not_rung queue=%s reason=%s", queue, type(error).__name__)
