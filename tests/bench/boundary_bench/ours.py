"""Our contract, answering like a peer: `python -m tests.bench.boundary_bench.ours`."""

from datetime import UTC, datetime

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.judging import Judgement, Part, judge
from edge_agent.contract.policy_document import policy_of
from tests.bench.peers.answering import Row, serve

POLICY = policy_of(default_document("bench"))
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def main() -> None:
    serve(lambda text, _language: judged(text), _rows)


def judged(text: str) -> Judgement:
    """Judge one text by the default policy, on a day it is in force."""
    return judge([Part(text)], POLICY, now=NOW)


def _rows(judgement: Judgement) -> list[Row]:
    [findings] = judgement.findings
    return [(each.start, each.end, each.kind.value, each.score) for each in findings]


if __name__ == "__main__":
    main()
