"""The doors through which workers come: one domain call each."""

from rag import ingestion, judging
from tenants.base import jobs


@jobs.does(jobs.INGEST_DOCUMENT)
def ingest_document(object_id: str) -> None:
    ingestion.ingest_document(object_id)


@jobs.does(jobs.DELETE_FILES)
def delete_files(object_id: str) -> None:
    ingestion.remove_document(object_id)


@jobs.does(jobs.JUDGE_DOCUMENTS)
def judge_documents(object_id: str) -> None:
    judging.judge_documents(object_id)
