"""Secret terms and a tenant's own words are found; the subject they belong to is not."""

import pytest

from edge_agent.contract.detectors.terms import DEFAULT_TERMS, find_terms, find_words
from edge_agent.contract.findings import Kind
from edge_agent.contract.levels import Level
from edge_agent.contract.policy import WordRule
from edge_agent.contract.readings import plain_reading


def _kinds(text: str) -> set[Kind]:
    return {each.kind for each in find_terms(plain_reading(text), DEFAULT_TERMS)}


def _words(text: str, rule: WordRule) -> list[str]:
    found = find_words(plain_reading(text), (rule,))
    return [text[finding.start : finding.end] for _, finding in found]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("She was DIAGNOSED  with asthma.", Kind.MEDICAL),
        ("患者确诊为乙肝。", Kind.MEDICAL),
        ("He has a salary of about $82,000.", Kind.SALARY),
        ("他的月薪为 12000 元", Kind.SALARY),
        ("这是我们的报价底线。", Kind.CONTRACT),
        ("The contract price is secret.", Kind.CONTRACT),
    ],
)
def test_terms_name_their_kind(text: str, kind: Kind) -> None:
    assert _kinds(text) == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "The salary is paid monthly.",
        "Health insurance begins on the first day.",
        "工资每月10日发放。",
        "合同由法务部保管。",
    ],
)
def test_terms_leave_handbook_sentences_alone(text: str) -> None:
    assert _kinds(text) == set()


def test_words_of_latin_letters_are_found_whole_whatever_their_case() -> None:
    rule = WordRule("codename", "Orion", Level.L2)
    assert _words("ORION is not Orionid; 项目Orion启动", rule) == ["ORION", "Orion"]


def test_words_of_chinese_are_found_anywhere() -> None:
    assert _words("启动猎户座计划了", WordRule("codename", "猎户座", Level.L2)) == ["猎户座"]


def test_words_may_be_patterns_and_carry_their_name() -> None:
    rule = WordRule("project number", r"PRJ-\d{4}|x*", Level.L1, is_regex=True)
    [(found, finding)] = find_words(plain_reading("see PRJ-0042"), (rule,))
    assert (found, finding.rule, finding.kind) == (rule, "project number", Kind.TENANT_WORD)


def test_words_an_empty_word_is_nowhere() -> None:
    assert _words("anything", WordRule("empty", " ", Level.L2)) == []
