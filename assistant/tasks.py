"""Jobs that a worker does for this app."""

from celery import shared_task

from assistant import turns
from tenants.base.jobs import RUN_TURN
from tenants.base.tasks import TenantTask


@shared_task(base=TenantTask, name=RUN_TURN.task)
def run_turn(*, object_id: str, **kwargs: object) -> None:
    turns.run_turn(object_id)
