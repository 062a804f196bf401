"""How an owner changes what is secret: a new version, written once, in force at once."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from edge_agent.contract.default_policy import BEGINS, ENDS
from edge_agent.contract.errors import PolicyInvalid
from edge_agent.contract.policy import Policy
from edge_agent.contract.policy_document import SCHEMA, policy_of
from tenants.base.context import current_scope
from tenants.base.jobs import JUDGE_DOCUMENTS
from tenants.base.text import clean_text
from tenants.base.work import enqueue
from tenants.people.models import Person
from tenants.policies.errors import NotAnOwner, PolicyChanged, PolicyRefused
from tenants.policies.models import PolicyVersion

NOTE_CHARS_MAX = 200
_OURS = {"schema", "tenant", "version"}


def publish_policy(
    fields: Mapping[str, Any], *, author: Person, based_on: int, note: str = ""
) -> Policy:
    """Put a policy in force; `based_on` is the version that its author had before her eyes.

    Raises: NotAnOwner, PolicyRefused, PolicyChanged, BadRequest.
    """
    check_owner(author)
    document = completed(fields, version=based_on + 1)
    policy = read_policy(document)
    said = (
        clean_text(note, max_chars=NOTE_CHARS_MAX, allow_newlines=False, field="note")
        if note
        else ""
    )
    try:
        with transaction.atomic():
            if based_on != _newest_version():
                raise PolicyChanged
            PolicyVersion.objects.create(
                version=policy.version, document=document, note=said, author=author
            )
            # Documents are judged anew; until then each prompt is judged by the new policy anyway.
            enqueue(JUDGE_DOCUMENTS, str(policy.version))
    except IntegrityError as error:
        raise PolicyChanged from error
    return policy


def completed(fields: Mapping[str, Any], *, version: int) -> dict[str, Any]:
    """Add what is not the author's to say: whose it is, and which version."""
    return {
        "valid_from": BEGINS.isoformat(),
        "valid_until": ENDS.isoformat(),
        **{name: value for name, value in fields.items() if name not in _OURS},
        "schema": SCHEMA,
        "tenant": current_scope().schema,
        "version": version,
    }


def read_policy(document: Mapping[str, Any]) -> Policy:
    """Raises: PolicyRefused, naming the line that is not understood."""
    try:
        return policy_of(document)
    except PolicyInvalid as error:
        raise PolicyRefused(why=str(error)) from error


def check_owner(person: Person) -> None:
    """Raises: NotAnOwner."""
    if not person.is_owner:
        raise NotAnOwner


def _newest_version() -> int:
    newest = PolicyVersion.objects.values_list("version", flat=True).first()
    return newest or 1
