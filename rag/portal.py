"""What the documents page shows of each file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise

from edge_agent.contract.judging import Reason
from edge_agent.contract.levels import Level
from edge_agent.contract.policy import Policy
from rag.models import Document, DocumentState
from rag.selectors import documents_of, failure_sentence, seconds_left
from tenants.policies.standing import policy_in_force
from tenants.policies.wording import LEVEL_LABELS, reason_label

DOCUMENTS_SHOWN = 200
_BUSY = {DocumentState.QUEUED, DocumentState.PARSING, DocumentState.EMBEDDING}


@dataclass(frozen=True, slots=True)
class DocumentRow:
    id: str
    name: str
    collection_name: str
    state: str
    reason: str
    reason_detail: str
    size_bytes: int
    pages: int | None
    chunks_total: int
    chunks_done: int
    seconds_left: int | None
    created_at: datetime
    label: str
    level: str
    level_label: str | Promise
    level_reasons: tuple[str | Promise, ...]
    labels: tuple[str, ...]

    @property
    def is_busy(self) -> bool:
        return self.state in _BUSY

    @property
    def is_new(self) -> bool:
        return timezone.now() - self.created_at < timedelta(minutes=1)

    @property
    def minutes_left(self) -> int:
        return -(-(self.seconds_left or 0) // 60)


def documents_shown(
    collection_id: int | None = None, level: Level | None = None
) -> tuple[DocumentRow, ...]:
    """Return the newest documents, of one collection and level or of all."""
    policy = policy_in_force()
    documents = documents_of(collection_id, level)[:DOCUMENTS_SHOWN]
    return tuple(_row(each, policy) for each in documents)


def labels_shown() -> tuple[str, ...]:
    """Return the labels a document may be given, the least strict first."""
    known = policy_in_force().labels
    return tuple(sorted(known, key=lambda name: (known[name], name)))


def _row(document: Document, policy: Policy) -> DocumentRow:
    level = None if document.level is None else Level(document.level)
    given = policy.labels.get(document.label, Level.L2) if document.label else Level.L0
    return DocumentRow(
        id=str(document.id),
        name=document.name,
        collection_name=document.collection.name,
        state=document.state,
        reason=failure_sentence(document),
        reason_detail=document.reason_detail,
        size_bytes=document.size_bytes,
        pages=document.pages,
        chunks_total=document.chunks_total,
        chunks_done=document.chunks_done,
        seconds_left=seconds_left(document),
        created_at=document.created_at,
        label=document.label,
        level=level.name if level is not None else "",
        level_label=LEVEL_LABELS[level] if level is not None else "",
        level_reasons=tuple(_reasons(document, level)) if level else (),
        # Only what is stricter: a label is raised, never lowered.
        labels=tuple(
            name
            for name in labels_shown()
            if policy.labels[name] >= given and name != document.label
        ),
    )


def _reasons(document: Document, level: Level) -> Iterator[str | Promise]:
    """Name what made it so strict, each thing once."""
    told = (each for each in document.level_reasons if each["level"] == level.name)
    reasons = (Reason(level, each["what"], each["rule"]) for each in told)
    yield from {each.what: reason_label(each) for each in reasons}.values()
