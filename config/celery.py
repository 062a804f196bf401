"""Celery only wakes; PostgreSQL remembers. What Valkey loses, the poller finds again."""

import os
import warnings
from urllib.parse import parse_qs, quote, unquote, urlsplit

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import worker_init, worker_ready, worker_shutdown
from django.conf import settings
from kombu.transport.redis import Channel

from tenants.base.poller import Poller

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# A message not acknowledged by then is delivered again; leases and fences make that harmless.
VISIBILITY_TIMEOUT_SECONDS = 3600
# A page that only wants to wake a worker must not wait for a broker that is away.
CONNECT_TIMEOUT_SECONDS = 0.5
PUBLISH_TIMEOUT_SECONDS = 1.0
# A worker blocks on the queue for a second at a time and must outwait that.
CONSUME_TIMEOUT_SECONDS = 5.0
STOP_GRACE_SECONDS = 5.0


def broker_url(redis_url: str) -> str:
    """Return the address in Celery's words, which differ for a Unix socket."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    login = f":{quote(unquote(parts.password), safe='')}@" if parts.password else ""
    return f"redis+socket://{login}{parts.path}?virtual_host={database}"


# It warns root of messages that are programs; ours are JSON (accept_content below), no others are
# taken, and the list of work, not the message, says what is done.
warnings.simplefilter("ignore", SecurityWarning)

app = Celery("drawbridge")
app.conf.update(
    broker_url=broker_url(settings.REDIS_URL),
    broker_connection_timeout=CONNECT_TIMEOUT_SECONDS,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
        "socket_connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "socket_timeout": PUBLISH_TIMEOUT_SECONDS,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
        "connect_retries_timeout": CONNECT_TIMEOUT_SECONDS,
    },
    # A message is a bell, no promise: it is taken off at once, for the list of work remembers.
    # A late acknowledgement over a lost connection would end the whole worker instead.
    task_acks_late=False,
    task_ignore_result=True,
    task_publish_retry=False,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    timezone="UTC",
)
# Nor are bells rung again when the connection closes: that, too, fails on a lost one and for good.
Channel.do_restore = False
app.autodiscover_tasks(["rag", "assistant"])


@worker_init.connect
def _wait_longer(**_kwargs: object) -> None:
    app.conf.broker_transport_options["socket_timeout"] = CONSUME_TIMEOUT_SECONDS


@worker_ready.connect
def _start_poller(**_kwargs: object) -> None:
    """Start the poller of this worker, and stop it with the worker."""
    poller = Poller(app)
    poller.start()
    # Held by a strong reference: the receiver must live as long as the worker.
    worker_shutdown.connect(lambda **_kwargs: poller.stop(STOP_GRACE_SECONDS), weak=False)
