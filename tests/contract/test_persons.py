"""Names are found where their context says so; words that look like names are left alone."""

import pytest

from edge_agent.contract.detectors.persons import find
from edge_agent.contract.policy import SCORE_MIN
from edge_agent.contract.readings import plain_reading


def _found(text: str) -> list[str]:
    found = find(plain_reading(text))
    return [text[each.start : each.end] for each in found if each.score >= SCORE_MIN]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("请把材料交给王小明先生。", "王小明先生"),
        ("请联系李经理确认。", "李经理"),
        ("患者张伟因发热入院。", "张伟"),
        ("姓名：欧阳修文，部门：研发", "欧阳修文"),
        ("我叫陈静，今天入职。", "陈静"),
        ("刘建国，男，42岁。", "刘建国"),
        ("赵丽娜的电话打不通。", "赵丽娜"),
        ("Please ask Mrs Okonkwo about it.", "Okonkwo"),
        ("Dr. Ada Quill will call.", "Ada Quill"),
        ("My name is Khasanbek Umarov and I forgot my card.", "Khasanbek Umarov"),
        ("Yesterday Martha Jones left early.", "Martha Jones"),
        ("Dear Priya, thank you.", "Priya"),
        ("The account is held by Ludwig van der Berg.", "Ludwig van der Berg"),
    ],
)
def test_persons_are_found_in_their_context(text: str, name: str) -> None:
    assert _found(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "王国的历史很长，大家都很高兴。",
        "安全主任马上到场，时间是周末。",
        "员工应当在每月5日前提交金额清单。",
        "客户经理负责任何方便的程序。",
        "公司电话在白天开通。",
        "高级经理须批准超过万元的开支。",
        "Dear Sir or Madam,",
        "Victoria Park and George Street are closed on Sunday.",
        "Contact Human Resources or the Service Desk.",
        "The Employee Handbook was updated in March 2026.",
        "This is Microsoft Office on Windows.",
    ],
)
def test_persons_are_not_seen_in_ordinary_text(text: str) -> None:
    assert _found(text) == []


def test_persons_a_lone_first_name_does_not_count() -> None:
    scores = [each.score for each in find(plain_reading("Then Judy went to town."))]
    assert max(scores) == pytest.approx(0.4)
