"""Every detector over every reading of a text, with overlaps resolved."""

from collections.abc import Sequence

from edge_agent.contract.detectors import emails
from edge_agent.contract.findings import Finding
from edge_agent.contract.policy import Policy
from edge_agent.contract.precedence import without_overlaps
from edge_agent.contract.readings import plain_reading

DETECTORS = (emails.find,)


def find_all(texts: Sequence[str], policy: Policy) -> list[list[Finding]]:
    """Return for each text what counts under the policy, by place, without overlaps."""
    readings = [plain_reading(text) for text in texts]
    found = [[each for find in DETECTORS for each in find(reading)] for reading in readings]
    return [
        without_overlaps(
            (each for each in findings if policy.counts(each.kind, each.score)), policy
        )
        for findings in found
    ]
