"""Patterns of an owner's own: what is useful is taken, what could hang is refused by name."""

import pytest

from edge_agent.contract.errors import PolicyInvalid
from edge_agent.contract.patterns import check_pattern


@pytest.mark.parametrize(
    "pattern",
    [
        r"PRJ-[0-9]{4}",
        r"PRJ-\d+",
        r"(?:alpha|beta)-[0-9]{1,6}",
        r"(?i)project\s?(?:falcon|heron)",
        r"[A-Z]{2}[0-9]{6,8}(?:-[A-Z])?",
        r"\(\d{3}\) \d{3}",
        r"[(|)*+]{1,3}x",
        r"合同编号[：:]?\s?[A-Z0-9]{6,20}",
        r"a{2}b\{1,3\}",
    ],
)
def test_useful_patterns_are_taken(pattern: str) -> None:
    check_pattern("words[0].pattern", pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+b",
        r"(?:a|a)*b",
        r"((?:a|b)c)*d",
        r"(?:x{1,9})+y",
        r"(?P<one>a|aa)+$",
        r"a*a*b",
        r".+.+x",
        r"a{1,200}a{1,200}b",
        r"a{0,60}a{0,60}a{0,60}b",
        r"(?=(a+)+)b",
        r"a{99999999999}",
        r"(",
        r"a*",
        r"a?",
    ],
)
def test_pol_07_a_pattern_that_could_hang_or_says_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(PolicyInvalid, match="words"):
        check_pattern("words[0].pattern", pattern)
