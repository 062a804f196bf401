"""Names of the jobs that domain code may ask for; the tasks are found by name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    kind: str
    task: str


RUN_TURN = Job("RUN_TURN", "assistant.run_turn")
INGEST_DOCUMENT = Job("INGEST_DOCUMENT", "rag.ingest_document")
DELETE_FILES = Job("DELETE_FILES", "rag.delete_files")

JOBS = {job.kind: job for job in (RUN_TURN, INGEST_DOCUMENT, DELETE_FILES)}
