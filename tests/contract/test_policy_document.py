"""What a written policy may say, and that each wrong line is refused by its name."""

from typing import Any

import pytest

from edge_agent.contract.errors import PolicyInvalid
from edge_agent.contract.findings import Kind
from edge_agent.contract.levels import Level
from edge_agent.contract.policy import KindRule, WordRule
from edge_agent.contract.policy_document import policy_of
from tests.contract.documents import document, policy


def test_policy_of_reads_every_field() -> None:
    read = policy(
        version=7,
        kinds={"EMAIL": {"level": "L1", "score_min": 0.7, "masked": False}, "IBAN": "L2"},
        words=[
            {"name": "project", "word": "Falcon", "level": "L2"},
            {"name": "case", "pattern": "CASE-[0-9]{6}", "level": "L1"},
        ],
        terms={"MEDICAL": ["hiv"]},
        paths={"*/payroll/*": "L2"},
        collections={"HR": "L1"},
    )

    assert (read.tenant, read.version, read.default) == ("clinic", 7, Level.L0)
    assert read.kinds == {
        Kind.EMAIL: KindRule(Level.L1, 0.7, is_masked=False),
        Kind.IBAN: KindRule(Level.L2),
    }
    assert read.words == (
        WordRule("project", "Falcon", Level.L2),
        WordRule("case", "CASE-[0-9]{6}", Level.L1, is_regex=True),
    )
    assert read.terms == {Kind.MEDICAL: ("hiv",)}
    assert read.paths == (("*/payroll/*", Level.L2),)
    assert read.collections == {"HR": Level.L1}
    assert read.labels["confidential"] is Level.L2


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"schema": "drawbridge-policy/2"}, "schema"),
        ({"tenant": ""}, "tenant"),
        ({"version": 0}, "version"),
        ({"version": True}, "version"),
        ({"version": "3"}, "version"),
        ({"valid_from": "yesterday"}, "valid_from"),
        ({"valid_until": "2020-01-01T00:00:00+00:00"}, "valid_until"),
        ({"valid_until": "2040-01-01T00:00:00"}, "valid_until"),
        ({"default": "L3"}, "default"),
        ({"default": 0}, "default"),
        ({"kinds": []}, "kinds"),
        ({"kinds": {"EMIAL": "L1"}}, "kinds.EMIAL"),
        ({"kinds": {"EMAIL": {"level": "L1", "mask": True}}}, "kinds.EMAIL"),
        ({"kinds": {"EMAIL": {"level": "L1", "masked": "yes"}}}, "kinds.EMAIL.masked"),
        ({"kinds": {"EMAIL": {"level": "L1", "score_min": 0}}}, "kinds.EMAIL.score_min"),
        ({"kinds": {"EMAIL": {"level": "L1", "score_min": float("nan")}}}, "kinds.EMAIL.score_min"),
        ({"words": [{"name": "x", "level": "L1"}]}, "words[0]"),
        ({"words": [{"name": "x", "level": "L1", "pattern": "("}]}, "words[0].pattern"),
        ({"words": [{"name": "x", "level": "L1", "pattern": "a*"}]}, "words[0].pattern"),
        ({"words": [{"name": "x", "level": "L1", "pattern": "(a+)+b"}]}, "words[0].pattern"),
        ({"terms": {"EMAIL": ["x"]}}, "terms.EMAIL"),
        ({"paths": {"*": "public"}}, "paths.*"),
        ({"lables": {}}, "lables"),
    ],
)
def test_policy_of_refuses_what_it_does_not_understand(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(PolicyInvalid) as refusal:
        policy_of(document(**changes))

    assert str(refusal.value).startswith((f"{named}:", f"unknown: {named}"))


@pytest.mark.parametrize("value", [None, [], "L0", 3, {}, {"schema": "drawbridge-policy/1"}])
def test_policy_of_refuses_what_is_no_policy(value: object) -> None:
    with pytest.raises(PolicyInvalid):
        policy_of(value)
