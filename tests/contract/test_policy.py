"""The one table, and policies that say nothing, too much or the wrong thing."""

from datetime import timedelta

import pytest

from edge_agent.contract.default_policy import BEGINS, ENDS
from edge_agent.contract.findings import Kind
from edge_agent.contract.levels import Destination, Level, Passage, strictest
from edge_agent.contract.policy import DENY_ALL, decide
from tests.contract.documents import NOW, policy

YES, MASKED, NO = Passage.YES, Passage.MASKED, Passage.NO


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Level.L0, [YES, YES, YES, YES]),
        (Level.L1, [YES, YES, MASKED, MASKED]),
        (Level.L2, [YES, YES, NO, NO]),
    ],
)
def test_decide_is_the_table_of_the_boundary(level: Level, expected: list[Passage]) -> None:
    places = [Destination.NODE, Destination.PREMISES, Destination.CLOUD, Destination.PROVIDER]

    decided = [decide(level, place, policy(), now=NOW) for place in places]

    assert [each.passage for each in decided] == expected
    assert {each.rule for each in decided} == {"policy 1"}


@pytest.mark.parametrize("moment", [BEGINS - timedelta(seconds=1), ENDS, ENDS + timedelta(days=9)])
def test_pol_07_a_policy_out_of_its_time_lets_nothing_leave(moment: object) -> None:
    decided = decide(Level.L0, Destination.PROVIDER, policy(), now=moment)  # type: ignore[arg-type]

    assert (decided.level, decided.passage) == (Level.L2, NO)


def test_pol_07_an_empty_policy_denies() -> None:
    assert decide(Level.L0, Destination.CLOUD, DENY_ALL, now=NOW).passage is NO
    assert decide(Level.L0, Destination.NODE, DENY_ALL, now=NOW).passage is YES


def test_level_of_a_kind_nobody_decided_is_secret() -> None:
    bare = policy(kinds={"EMAIL": "L1", "PHONE": {"level": "L1", "masked": False}, "PERSON": "L0"})

    assert bare.level_of(Kind.IBAN) is Level.L2
    assert bare.level_of(Kind.EMAIL) is Level.L1
    assert bare.level_of(Kind.PHONE) is Level.L2
    assert bare.level_of(Kind.PERSON) is Level.L0


def test_default_policy_rules_every_kind() -> None:
    assert set(policy().kinds) == set(Kind)


def test_strictest_of_nothing_is_public() -> None:
    assert strictest([]) is Level.L0
    assert strictest([Level.L1, Level.L2, Level.L0]) is Level.L2
