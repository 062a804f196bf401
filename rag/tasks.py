"""The doors through which workers come: one domain call each."""

from celery import shared_task

from rag import ingestion, judging
from tenants.base import jobs
from tenants.base.tasks import TenantTask


@shared_task(base=TenantTask, name=jobs.INGEST_DOCUMENT.task)
def ingest_document(*, object_id: str, **kwargs: object) -> None:
    ingestion.ingest_document(object_id)


@shared_task(base=TenantTask, name=jobs.DELETE_FILES.task)
def delete_files(*, object_id: str, **kwargs: object) -> None:
    ingestion.remove_document(object_id)


@shared_task(base=TenantTask, name=jobs.JUDGE_DOCUMENTS.task)
def judge_documents(*, object_id: str, **kwargs: object) -> None:
    judging.judge_documents(object_id)
