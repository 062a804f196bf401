"""The policy in force for the tenant at work, and the versions before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.policy import Policy
from edge_agent.contract.policy_document import policy_of
from tenants.base.context import current_scope
from tenants.policies.models import PolicyVersion

FIRST = 1
VERSIONS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class VersionRow:
    version: int
    note: str
    author: str
    created_at: datetime


def policy_in_force() -> Policy:
    """Return the newest policy of the current scope's tenant; the default one where none is.

    Raises: ScopeMissing.
    """
    schema = current_scope().schema
    newest = PolicyVersion.objects.values_list("version", "created_at").first()
    # Published versions never change, so what was read once is read for good.
    return _default(schema) if newest is None else _published(schema, *newest)


def document_in_force() -> Mapping[str, Any]:
    """Return the same as plain values, as an owner edits it."""
    newest = PolicyVersion.objects.first()
    return default_document(current_scope().schema) if newest is None else newest.document


def versions() -> tuple[VersionRow, ...]:
    """Return what was published, newest first."""
    rows = PolicyVersion.objects.select_related("author")[:VERSIONS_SHOWN]
    return tuple(
        VersionRow(
            row.version,
            row.note,
            (row.author.name or row.author.email) if row.author else "",
            row.created_at,
        )
        for row in rows
    )


@lru_cache(maxsize=1024)
def _default(schema: str) -> Policy:
    return policy_of(default_document(schema))


@lru_cache(maxsize=1024)
def _published(schema: str, version: int, created_at: datetime) -> Policy:
    """Read a version; schema and moment tell it from one of the same number elsewhere."""
    return policy_of(PolicyVersion.objects.get(version=version).document)
