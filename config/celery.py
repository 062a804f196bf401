"""The worker that Celery runs: it hears the bell, and PostgreSQL remembers what is to be done."""

import os
import warnings
from contextlib import suppress
from urllib.parse import parse_qs, quote, unquote, urlsplit

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import worker_init, worker_ready, worker_shutdown
from django.conf import settings
from kombu.transport.redis import Channel, Transport
from redis.exceptions import ResponseError

from tenants.base import jobs, valkey
from tenants.base.beats import beat_for, leave
from tenants.base.bell import listening
from tenants.base.loops import watch
from tenants.base.poller import Caps, Poller

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

CONNECT_TIMEOUT_SECONDS = 0.5
# A worker blocks on the queue for a second at a time and must outwait that.
CONSUME_TIMEOUT_SECONDS = 5.0
STOP_GRACE_SECONDS = 5.0
# Files are read when nobody else wants the processor.
INGESTION_NICENESS = 19
WORKER = "worker"


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
        "socket_connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "socket_timeout": CONSUME_TIMEOUT_SECONDS,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
        "connect_retries_timeout": CONNECT_TIMEOUT_SECONDS,
    },
    # There are no tasks: what an older release has sent is taken off at once and left undone, for
    # the list of work remembers. A late acknowledgement over a lost connection would end the worker.
    task_acks_late=False,
    accept_content=["json"],
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    # There are no tasks to cancel; without this word Celery warns of them at every loss.
    worker_cancel_long_running_tasks_on_connection_loss=True,
    timezone="UTC",
)
# Nor is a message put back when the connection closes: that, too, fails on a lost one and for good.
Channel.do_restore = False
# A Valkey that answers but may not write (its disk is full, it is loading) is away like any other:
# else the whole worker would end, although it takes its work from PostgreSQL.
Transport.connection_errors = (*Transport.connection_errors, ResponseError)

_pollers: dict[str, Poller] = {}


def _hear(named: str) -> None:
    """Make the poller of that line look; what names no line of ours rings for nobody."""
    for queue, poller in _pollers.items():
        if named == queue:
            poller.ring()


def caps_of(queue: jobs.Queue) -> Caps:
    """Return the slots of this process and the caps of all, as the settings say."""
    if queue is jobs.Queue.ANSWERS:
        return Caps(
            slots=settings.ANSWER_SLOTS,
            tenant=settings.QUESTIONS_PER_TENANT,
            person=settings.QUESTIONS_PER_PERSON,
        )
    return Caps(
        slots=settings.INGESTION_SLOTS,
        tenant=settings.INGESTIONS_PER_TENANT,
        person=settings.INGESTIONS_PER_PERSON,
    )


@worker_init.connect
def _prepare(**_kwargs: object) -> None:
    if settings.WORKER_QUEUES == [jobs.Queue.INGESTION]:
        os.nice(INGESTION_NICENESS)


@worker_ready.connect
def _start_pollers(**_kwargs: object) -> None:
    """Start a poller for each line of this worker, and stop them with the worker."""
    for name in settings.WORKER_QUEUES:
        queue = jobs.Queue(name)
        _pollers[queue] = Poller(queue, caps_of(queue))
        watch.keep(_pollers[queue].loop)
    watch.keep(listening(_hear))
    watch.keep(beat_for(WORKER))


@worker_shutdown.connect
def _stop_pollers(**_kwargs: object) -> None:
    for poller in _pollers.values():
        poller.stop(STOP_GRACE_SECONDS)
    with suppress(valkey.Away):
        leave(WORKER)
