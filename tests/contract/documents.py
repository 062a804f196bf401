"""Policies to test with, and what is found under the usual one."""

from datetime import UTC, datetime
from typing import Any

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.findings import Finding
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.policy import Policy
from edge_agent.contract.policy_document import policy_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def document(**changes: Any) -> dict[str, Any]:
    return {**default_document("clinic"), **changes}


def policy(**changes: Any) -> Policy:
    return policy_of(document(**changes))


def found_in(text: str) -> tuple[Finding, ...]:
    [findings] = judge([Part(text)], policy(), now=NOW).findings
    return findings
