"""Every detector over every reading of a text, with overlaps resolved."""

from collections.abc import Iterator

from edge_agent.contract.detectors import emails
from edge_agent.contract.findings import Finding
from edge_agent.contract.policy import Policy
from edge_agent.contract.readings import plain_reading

DETECTORS = (emails.find,)


def find_all(text: str, policy: Policy) -> Iterator[Finding]:
    """Yield what counts under the policy, by place, without overlaps."""
    reading = plain_reading(text)
    for find in DETECTORS:
        yield from (each for each in find(reading) if each.kind in policy.kinds)
