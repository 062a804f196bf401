"""Try the policy on a file before it matters: everything in it, and what hides beside its text."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from edge_agent.contract.findings import Kind
from edge_agent.contract.judging import Part, Reason, Where
from edge_agent.contract.levels import Level, strictest
from edge_agent.contract.policy import Policy
from rag import files
from rag.digest import Digested, Wanted, digested
from rag.errors import DocumentUnreadable, UploadMalformed, UploadTooLarge
from rag.judging import unread_reasons
from rag.loaders.blocks import Unread
from rag.parsing import found_in
from rag.reasons import reason_sentence
from tenants.people.models import Person
from tenants.policies.draft import Posted
from tenants.policies.publishing import check_owner
from tenants.policies.trials import ShownTrial, draft_of, shown_trial
from tenants.policies.trying import (
    Told,
    Trial,
    document_to_try,
    policy_to_try,
    told_of_all,
    try_parts,
    ways_of,
)

SIZE_BYTES_MAX = 20 * 1024 * 1024
PARSING_SECONDS = 20.0
# Somebody waits for the page: what is not judged by then is said not to be.
SECONDS_MAX = 45.0
_MEGABYTE = 1024 * 1024


def try_upload(sent: "UploadedFile[Any] | None", posted: Posted, *, by: Person) -> ShownTrial:
    """Judge what an owner dropped on the policy page, by the form that came with it.

    Raises: NotAnOwner, UploadMalformed, UploadTooLarge, BadRequest.
    """
    check_owner(by)
    if sent is None:
        raise UploadMalformed
    fields, version, refused = draft_of(posted)
    name = files.shown_name(sent.name or "")
    path = files.new_temp_path()
    try:
        with path.open("wb") as kept:
            for piece in sent.chunks():
                kept.write(piece)
        trial = try_file(path, name=name, fields=fields)
    finally:
        path.unlink(missing_ok=True)
    is_draft = fields is not None
    return shown_trial(trial, version=version, is_draft=is_draft, refused=refused, file_name=name)


def try_file(path: Path, *, name: str, fields: Mapping[str, Any] | None = None) -> Trial:
    """Judge a file as an upload of it would be judged; nothing of it is kept.

    A file that cannot be read is judged by its name, and as what cannot be read.

    Raises: UploadTooLarge, PolicyRefused.
    """
    if path.stat().st_size > SIZE_BYTES_MAX:
        raise UploadTooLarge(megabytes=SIZE_BYTES_MAX // _MEGABYTE)
    policy, document = policy_to_try(fields), document_to_try(fields)
    origin = Part(name, where=Where.NAME, path=name)
    trial = try_parts([origin], fields)
    found = found_in(path, name=name, deadline_seconds=PARSING_SECONDS, is_trial=True)
    ends_at = time.monotonic() + SECONDS_MAX
    asked = Wanted(document, origin, is_cut=False, ends_at=ends_at)
    try:
        level, reasons = _judged(digested(found, asked), policy)
    except DocumentUnreadable as error:
        opaque = strictest([trial.level, policy.level_of(Kind.OPAQUE)])
        unreadable = reason_sentence(error.reason)
        return replace(trial, level=opaque, ways=ways_of(opaque, policy), unreadable=unreadable)
    return replace(trial, level=level, ways=ways_of(level, policy), reasons=reasons)


def _judged(portions: Iterable[Digested], policy: Policy) -> tuple[Level, tuple[Told, ...]]:
    levels = {policy.default}
    unread: dict[Unread, None] = {}
    # As many as the policy has rules, however long the file is.
    reasons: dict[Reason, None] = {}
    for portion in portions:
        levels.add(portion.level)
        unread |= dict.fromkeys(portion.unread)
        reasons |= dict.fromkeys(portion.reasons)
    opaque = [*unread_reasons(unread, policy)]
    level = strictest([*levels, *(reason.level for reason in opaque)])
    return level, (*told_of_all(opaque), *told_of_all(reasons))
