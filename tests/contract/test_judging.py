"""Judgements over parts."""

from datetime import UTC, datetime, timedelta

from edge_agent.classifying import BUILT_IN
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.levels import Level
from edge_agent.contract.policy import DENY_ALL

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_judge_names_the_address_and_raises_the_level() -> None:
    judgement = judge([Part("请写信到li@example.cn谢谢")], BUILT_IN, now=NOW)

    [finding] = judgement.findings[0]
    assert (judgement.level, finding.start, finding.end) == (Level.L1, 4, 17)


def test_judge_without_a_policy_in_force_is_secret() -> None:
    late = BUILT_IN.valid_until + timedelta(seconds=1) if BUILT_IN.valid_until else NOW

    assert judge([Part("Good morning")], DENY_ALL, now=NOW).level is Level.L2
    assert judge([Part("Good morning")], BUILT_IN, now=late).level is Level.L2
