"""Lines of JSON in, one judgement a line out; a line that cannot be read says so and costs no other."""

import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.findings import Finding
from edge_agent.contract.judging import Judgement, Part, judge
from edge_agent.contract.masking import EMPTY_BOOK, mask
from edge_agent.contract.policy import Policy
from edge_agent.contract.policy_document import policy_of

ENTROPY_BYTES = 32


def built_in_policy() -> Policy:
    """Return what is judged by when no policy file is named."""
    return policy_of(default_document("any"))


def classify_lines(lines: Iterable[str], policy: Policy) -> Iterator[str]:
    """Judge each `{"text": …}`; empty lines are passed over."""
    for line in lines:
        if line.strip():
            yield json.dumps(_classified(line, policy), ensure_ascii=False)


def _classified(line: str, policy: Policy) -> dict[str, object]:
    try:
        asked = json.loads(line)
        text = asked["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return _refused()
    if not isinstance(text, str):
        return _refused()
    judgement = judge([Part(text)], policy, now=datetime.now(UTC))
    [findings] = judgement.findings
    return {
        "level": judgement.level.name,
        "spans": [_span(each) for each in findings],
        "masked": mask(text, findings, EMPTY_BOOK, entropy=os.urandom(ENTROPY_BYTES))[0],
        "reasons": _reasons(judgement),
    }


def _refused() -> dict[str, object]:
    return {"error": 'each line must be a JSON object with a string "text"'}


def _span(finding: Finding) -> dict[str, object]:
    return {
        "start": finding.start,
        "end": finding.end,
        "type": finding.kind.value,
        "score": finding.score,
    }


def _reasons(judgement: Judgement) -> list[str]:
    """Say why, in words; the first reasons are those that decided."""
    ordered = sorted(judgement.reasons, key=lambda each: -each.level)
    return list(dict.fromkeys(f"{each.level.name} {each.what}: {each.rule}" for each in ordered))
