"""Try the policy on a file before it matters: everything in it, and what hides beside its text."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from edge_agent.contract.findings import Kind
from edge_agent.contract.judging import Part, Where
from edge_agent.contract.levels import strictest
from edge_agent.contract.policy import Policy
from rag import files
from rag.errors import DocumentUnreadable, UploadMalformed, UploadTooLarge
from rag.judging import parts_of, unread_reasons
from rag.parsing import Inspection, inspect
from rag.reasons import reason_sentence
from tenants.people.models import Person
from tenants.policies.draft import Posted
from tenants.policies.publishing import check_owner
from tenants.policies.trials import ShownTrial, draft_of, shown_trial
from tenants.policies.trying import Trial, policy_to_try, told_of, try_parts, ways_of

SIZE_BYTES_MAX = 20 * 1024 * 1024
DEADLINE_SECONDS = 20.0
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
    policy = policy_to_try(fields)
    origin = Part(name, where=Where.NAME, path=name)
    try:
        inspection = inspect(path, name=name, deadline_seconds=DEADLINE_SECONDS, is_trial=True)
    except DocumentUnreadable as error:
        return _unreadable(try_parts([origin], fields), policy, error)
    trial = try_parts([origin, *parts_of(inspection)], fields)
    return _with_unread(trial, policy, inspection)


def _unreadable(trial: Trial, policy: Policy, error: DocumentUnreadable) -> Trial:
    level = strictest([trial.level, policy.level_of(Kind.OPAQUE)])
    return replace(
        trial,
        level=level,
        ways=ways_of(level, policy),
        unreadable=reason_sentence(error.reason),
    )


def _with_unread(trial: Trial, policy: Policy, inspection: Inspection) -> Trial:
    reasons = tuple(unread_reasons(inspection, policy))
    level = strictest([trial.level, *(reason.level for reason in reasons)])
    told = (*(told_of(reason) for reason in reasons), *trial.reasons)
    return replace(trial, level=level, ways=ways_of(level, policy), reasons=told)
