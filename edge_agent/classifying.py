"""Lines of JSON in, one judgement a line out."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from edge_agent.contract.findings import Kind
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.levels import Level
from edge_agent.contract.policy import KindRule, Policy

BUILT_IN = Policy(
    tenant="any",
    version=1,
    valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    valid_until=datetime(2100, 1, 1, tzinfo=UTC),
    default=Level.L0,
    kinds={kind: KindRule(Level.L1) for kind in Kind},
)


def classify_lines(lines: Iterable[str]) -> Iterator[str]:
    """Judge each `{"text": …}` under the built-in policy."""
    for line in lines:
        if line.strip():
            yield json.dumps(_classified(json.loads(line)["text"]), ensure_ascii=False)


def _classified(text: str) -> dict[str, object]:
    judgement = judge([Part(text)], BUILT_IN, now=datetime.now(UTC))
    spans = [
        {"start": each.start, "end": each.end, "type": each.kind.value, "score": each.score}
        for each in judgement.findings[0]
    ]
    return {"level": judgement.level.name, "spans": spans}
