"""Tasks that exist only in trials: each writes down the tenant it found itself in."""

from celery import shared_task

from config.celery import app
from tenants.base import valkey
from tenants.base.context import current_scope
from tenants.base.tasks import TenantTask
from tests.harness.probes import ProbeBroke, read_canary

KEPT_SECONDS = 600
# A queue of their own: the ordinary worker of a test run would discard what it does not know.
PROBE_QUEUE = "probes"
app.conf.task_routes = {"tests.*": {"queue": PROBE_QUEUE}}


@shared_task(base=TenantTask, name="tests.record")
def record(*, object_id: str, **_kwargs: object) -> None:
    key = valkey.public_key("probe", object_id)
    valkey.client().rpush(key, f"{current_scope().schema} {read_canary()}")
    valkey.client().expire(key, KEPT_SECONDS)


@shared_task(base=TenantTask, name="tests.again", bind=True, max_retries=1)
def again(self: TenantTask, /, *, object_id: str, **_kwargs: object) -> None:
    """Fail the first time, then do what `record` does."""
    if not self.request.retries:
        raise self.retry(countdown=0)
    record.run(object_id=object_id)


@shared_task(base=TenantTask, name="tests.broken")
def broken(*, object_id: str, **_kwargs: object) -> None:
    raise ProbeBroke


def seen_by(object_id: str) -> list[str]:
    return [
        str(line) for line in valkey.client().lrange(valkey.public_key("probe", object_id), 0, -1)
    ]
