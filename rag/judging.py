"""How secret a file is: all that is in it, what hides beside its text, its name and its label.

What is found here is told to people and programs. What may travel is decided passage by
passage when a prompt is made, by the policy then in force; the document's label, collection and
name go with each of its passages.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from edge_agent.contract.findings import Kind
from edge_agent.contract.judging import Part, Reason, Where
from edge_agent.contract.levels import Level, strictest
from edge_agent.contract.policy import Policy
from edge_agent.contract.policy_document import policy_of
from rag import files
from rag.digest import Digested, Wanted, digested
from rag.errors import DocumentUnreadable
from rag.loaders.blocks import Aside, Block, Unread
from rag.models import Document, DocumentState
from rag.parsing import found_in
from tenants.base import work
from tenants.base.jobs import JUDGE_DOCUMENTS
from tenants.boundary import telling
from tenants.policies.standing import document_in_force, policy_in_force

logger = logging.getLogger(__name__)

# How long another worker leaves the documents to the one that judges them: longer than a child may
# take for the file, and another for the first portions of it.
TURN_SECONDS = 900


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


class Tally:
    """How secret a file is, as it adds up; it is judged by the policy in force at its beginning."""

    def __init__(self) -> None:
        self.document = document_in_force()
        self._policy = policy_of(self.document)
        self._level = self._policy.default
        self._reasons: tuple[Reason, ...] = ()

    def add(self, portion: Digested) -> None:
        reasons = (*unread_reasons(portion.unread, self._policy), *portion.reasons)
        self._level = strictest([self._level, portion.level, *(reason.level for reason in reasons)])
        self._reasons = telling([*self._reasons, *reasons])

    def level(self) -> FileLevel:
        return FileLevel(self._level, self._reasons, self._policy.version)


def unread_reasons(unread: Iterable[Unread], policy: Policy) -> Iterator[Reason]:
    """Yield why what could not be read counts as secret."""
    level = policy.level_of(Kind.OPAQUE)
    for what in dict.fromkeys(each.what for each in unread):
        yield Reason(level, Kind.OPAQUE, f"{what} that cannot be read", where=Where.FILE)


def level_of_file(
    origin: Part,
    found: Iterable[Block | Aside | Unread],
    *,
    between: Callable[[], None] = lambda: None,
) -> FileLevel:
    """Judge a file as a whole, portion by portion; the strictest of everything in it counts.

    A long one takes a while: `between` is called after each portion, to keep a turn.
    """
    tally = Tally()
    for portion in digested(found, Wanted(tally.document, origin, is_cut=False)):
        tally.add(portion)
        between()
    return tally.level()


def judge_documents(version: str) -> None:
    """Judge again what an earlier version of the policy judged; run it as often as you like.

    A worker that dies leaves the promise, and the next one goes on where it stopped.
    """
    policy = policy_in_force()
    waiting = Document.objects.filter(state=DocumentState.READY).exclude(
        judged_version=policy.version
    )
    for document in waiting.select_related("collection").order_by("created_at").iterator():
        _hold(version)
        fields = _judged_again(document, between=partial(_hold, version)).as_fields()
        Document.objects.filter(pk=document.pk, state=DocumentState.READY).update(**fields)
    with transaction.atomic():
        work.complete(JUDGE_DOCUMENTS, version)
    logger.info("documents_judged version=%s", policy.version)


def _judged_again(document: Document, between: Callable[[], None]) -> FileLevel:
    found = found_in(files.path_of(document.storage_key), name=document.name)
    try:
        return level_of_file(origin_of(document), found, between=between)
    except (DocumentUnreadable, FileNotFoundError):
        policy = policy_in_force()
        reason = Reason(policy.level_of(Kind.OPAQUE), Kind.OPAQUE, "file that cannot be read")
        return FileLevel(reason.level, (reason,), policy.version)


def _hold(version: str) -> None:
    """Let the judging come due again after a turn if nothing is heard of it until then."""
    work.hold(JUDGE_DOCUMENTS, version, seconds=TURN_SECONDS)
