"""Names of the jobs that domain code may ask for; the tasks are found by name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    kind: str
    task: str


RUN_TURN = Job("RUN_TURN", "assistant.run_turn")
INGEST_DOCUMENT = Job("INGEST_DOCUMENT", "rag.ingest_document")
DELETE_FILES = Job("DELETE_FILES", "rag.delete_files")
# The object is the version of the policy that documents are judged by.
JUDGE_DOCUMENTS = Job("JUDGE_DOCUMENTS", "rag.judge_documents")

JOBS = {job.kind: job for job in (RUN_TURN, INGEST_DOCUMENT, DELETE_FILES, JUDGE_DOCUMENTS)}
