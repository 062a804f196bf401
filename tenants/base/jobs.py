"""Names of the jobs that domain code may ask for; who does one is found by its kind.

An app says in its `tasks` module what it does (`@does(RUN_TURN)`), and every process that starts
Django imports these. So whoever asks for a job need not know the code that does it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Body = Callable[[str], None]


class Queue(StrEnum):
    """Work that waits in one line: answers never wait behind files."""

    ANSWERS = "ANSWERS"
    INGESTION = "INGESTION"


@dataclass(frozen=True, slots=True)
class Job:
    kind: str
    queue: Queue


RUN_TURN = Job("RUN_TURN", Queue.ANSWERS)
INGEST_DOCUMENT = Job("INGEST_DOCUMENT", Queue.INGESTION)
# Short, and not to wait behind long files.
DELETE_FILES = Job("DELETE_FILES", Queue.ANSWERS)
# The object is the version of the policy that documents are judged by.
JUDGE_DOCUMENTS = Job("JUDGE_DOCUMENTS", Queue.INGESTION)

JOBS = {job.kind: job for job in (RUN_TURN, INGEST_DOCUMENT, DELETE_FILES, JUDGE_DOCUMENTS)}
_bodies: dict[str, Body] = {}


def does(job: Job) -> Callable[[Body], Body]:
    """Register the function as what is done for an object of this job."""

    def register(body: Body) -> Body:
        _bodies[job.kind] = body
        return body

    return register


def body_of(kind: str) -> Body:
    """Return what does this kind of work. Raises: KeyError where nobody does."""
    return _bodies[kind]


def kinds_of(queue: Queue) -> list[str]:
    """Return the kinds in this line that somebody in this process does."""
    return sorted(kind for kind, job in JOBS.items() if job.queue is queue and kind in _bodies)
