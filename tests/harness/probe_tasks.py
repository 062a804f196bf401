"""Jobs that exist only in trials: each writes down the tenant it found itself in."""

from tenants.base import valkey, work
from tenants.base.context import current_scope
from tenants.base.jobs import JOBS, Job, Queue, does
from tests.harness.probes import ProbeBroke, read_canary

KEPT_SECONDS = 600
PROBE = Job("PROBE", Queue.ANSWERS)
AGAIN = Job("AGAIN", Queue.ANSWERS)
CHAINED = Job("CHAINED", Queue.INGESTION)
BROKEN = Job("BROKEN", Queue.ANSWERS)
JOBS.update({job.kind: job for job in (PROBE, AGAIN, CHAINED, BROKEN)})


@does(PROBE)
def record(object_id: str) -> None:
    _note(object_id)
    work.complete(PROBE, object_id)


@does(AGAIN)
def again(object_id: str) -> None:
    """Fail the first time, then do what `record` does."""
    if valkey.client().incr(valkey.public_key("probe", f"again {object_id}")) == 1:
        work.enqueue(AGAIN, object_id)
        raise ProbeBroke
    _note(object_id)
    work.complete(AGAIN, object_id)


@does(CHAINED)
def chained(object_id: str) -> None:
    """Do what `record` does, then ask for it again in another line."""
    _note(object_id)
    work.enqueue(PROBE, object_id)
    work.complete(CHAINED, object_id)


@does(BROKEN)
def broken(object_id: str) -> None:
    raise ProbeBroke


def seen_by(object_id: str) -> list[str]:
    return [
        str(line) for line in valkey.client().lrange(valkey.public_key("probe", object_id), 0, -1)
    ]


def _note(object_id: str) -> None:
    key = valkey.public_key("probe", object_id)
    valkey.client().rpush(key, f"{current_scope().schema} {read_canary()}")
    valkey.client().expire(key, KEPT_SECONDS)
