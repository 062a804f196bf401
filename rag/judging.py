"""How secret a file is: all that is in it, what hides beside its text, its name and its label.

What is found here is told to people and programs. What may travel is decided passage by
passage when a prompt is made, by the policy then in force; the document's label, collection and
name go with each of its passages.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from edge_agent.contract.findings import Kind
from edge_agent.contract.judging import Part, Reason, Where, judge
from edge_agent.contract.levels import Level, strictest
from edge_agent.contract.policy import Policy
from rag import files
from rag.errors import DocumentUnreadable
from rag.models import Document, DocumentState
from rag.parsing import Inspection, inspect
from tenants.base import work
from tenants.base.jobs import JUDGE_DOCUMENTS
from tenants.boundary import telling
from tenants.policies.standing import policy_in_force

logger = logging.getLogger(__name__)

# How long another worker leaves the documents to the one that judges them.
TURN_SECONDS = 300
# About a tenth of a second of judging.
SLICE_CHARS = 50_000
OVERLAP_PARTS = 8
_WHERE = {"metadata": Where.METADATA, "attachment name": Where.NAME}


@dataclass(frozen=True, slots=True)
class FileLevel:
    """`reasons` as they are kept with the document; `version` is that of the policy."""

    level: Level
    reasons: tuple[Reason, ...]
    version: int

    def as_fields(self) -> dict[str, Any]:
        return {
            "level": self.level.value,
            "level_reasons": [
                {"level": each.level.name, "what": str(each.what), "rule": each.rule}
                for each in self.reasons
            ],
            "judged_version": self.version,
        }


def origin_of(document: Document) -> Part:
    """Return what is known of a document before a word of it is read."""
    return Part(
        document.name,
        where=Where.NAME,
        label=document.label,
        path=document.name,
        collection=document.collection.name,
    )


def parts_of(inspection: Inspection) -> Iterator[Part]:
    """Yield the text of a file, then what hides beside it."""
    yield from (Part(block.text, where=Where.FILE) for block in inspection.blocks)
    for aside in inspection.asides:
        yield Part(aside.text, where=_WHERE.get(aside.where, Where.FILE))


def unread_reasons(inspection: Inspection, policy: Policy) -> Iterator[Reason]:
    """Yield why what could not be read counts as secret."""
    level = policy.level_of(Kind.OPAQUE)
    for what in dict.fromkeys(each.what for each in inspection.unread):
        yield Reason(level, Kind.OPAQUE, f"{what} that cannot be read", where=Where.FILE)


def level_of_file(
    origin: Part, inspection: Inspection, *, between: Callable[[], None] = lambda: None
) -> FileLevel:
    """Judge a file as a whole; the strictest of everything in it counts.

    A long one takes a while: `between` is called now and then, to keep a lease.
    """
    policy = policy_in_force()
    levels, reasons = [policy.default], [*unread_reasons(inspection, policy)]
    for parts in _slices([origin, *parts_of(inspection)]):
        judgement = judge(parts, policy, now=datetime.now(UTC))
        levels.append(judgement.level)
        reasons += telling(judgement.reasons)
        between()
    level = strictest([*levels, *(reason.level for reason in reasons)])
    return FileLevel(level, telling(reasons), policy.version)


def _slices(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """Yield runs of parts of a bounded length; a number cut in pieces may lie over their border."""
    start = size = 0
    for at, part in enumerate(parts):
        size += len(part.text)
        if size >= SLICE_CHARS:
            yield parts[start : at + 1]
            start, size = max(start + 1, at + 1 - OVERLAP_PARTS), 0
    if size or start < len(parts):
        yield parts[start:]


def judge_documents(version: str) -> None:
    """Judge again what an earlier version of the policy judged; run it as often as you like.

    A worker that dies leaves the promise, and the next one goes on where it stopped.
    """
    policy = policy_in_force()
    waiting = Document.objects.filter(state=DocumentState.READY).exclude(
        judged_version=policy.version
    )
    for document in waiting.select_related("collection").order_by("created_at").iterator():
        work.hold(JUDGE_DOCUMENTS, version, seconds=TURN_SECONDS)
        fields = _judged_again(document).as_fields()
        Document.objects.filter(pk=document.pk, state=DocumentState.READY).update(**fields)
    with transaction.atomic():
        work.complete(JUDGE_DOCUMENTS, version)
    logger.info("documents_judged version=%s", policy.version)


def _judged_again(document: Document) -> FileLevel:
    origin = origin_of(document)
    try:
        inspection = inspect(files.path_of(document.storage_key), name=document.name)
    except (DocumentUnreadable, FileNotFoundError):
        policy = policy_in_force()
        reason = Reason(policy.level_of(Kind.OPAQUE), Kind.OPAQUE, "file that cannot be read")
        return FileLevel(reason.level, (reason,), policy.version)
    return level_of_file(origin, inspection)
