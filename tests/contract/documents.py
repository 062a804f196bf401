"""Policies to test with."""

from datetime import UTC, datetime
from typing import Any

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.policy import Policy
from edge_agent.contract.policy_document import policy_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def document(**changes: Any) -> dict[str, Any]:
    return {**default_document("clinic"), **changes}


def policy(**changes: Any) -> Policy:
    return policy_of(document(**changes))
