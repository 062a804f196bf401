"""Our contract, answering like a peer: `python -m tests.bench.boundary_bench.ours`."""

from datetime import UTC, datetime

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.judging import Judgement, Part, judge
from edge_agent.contract.policy import Policy
from edge_agent.contract.policy_document import policy_of
from tests.bench.peers.answering import Row, serve

_DEFAULT = default_document("bench")
POLICY = policy_of(_DEFAULT)
# What an owner sets who wants every first and last name that is known.
NAMES_SCORE_MIN = 0.7
POLICY_OF_NAMES = policy_of(
    {
        **_DEFAULT,
        "kinds": {**_DEFAULT["kinds"], "PERSON": {"level": "L1", "score_min": NAMES_SCORE_MIN}},
    }
)
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def main() -> None:
    serve(lambda text, _language: judged(text), rows)


def judged(text: str, policy: Policy = POLICY) -> Judgement:
    """Judge one text by the policy, the default one unless told, on a day it is in force."""
    return judge([Part(text)], policy, now=NOW)


def rows(judgement: Judgement) -> list[Row]:
    """Return where each finding begins and ends, its kind and how sure it is."""
    [findings] = judgement.findings
    return [(each.start, each.end, each.kind.value, each.score) for each in findings]


if __name__ == "__main__":
    main()
