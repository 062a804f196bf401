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
        ("Kateřina Novotná lives at the old mill.", "Kateřina Novotná"),
        ("Please change Liam's address.", "Liam"),
        ("Marta Oduya, the night clerk, said nothing.", "Marta Oduya"),
        ("Add Ingrid Solberg as guardian.", "Ingrid Solberg"),
        ("User: Martha Etim", "Martha Etim"),
        ("Date: 2026-01-05\nName: Xanthe Vell\nPhone:", "Xanthe Vell"),
        ("| Name: Xanthe Vell | present |", "Xanthe Vell"),
        ("Good morning.\nAnna: I am late.", "Anna"),
        ("Nobody had given Carla his keys.", "Carla"),
    ],
)
def test_persons_are_found_in_their_context(text: str, name: str) -> None:
    assert _found(text) == [name]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Present: Anna, Tom, Brandy and Julie.", ["Anna", "Tom", "Brandy", "Julie"]),
        ("Anna, Tom, or Julie may sign.", ["Anna", "Tom", "Julie"]),
        ("参会人员：张伟、李娜、王强。", ["张伟", "李娜", "王强"]),
        ("出席：张伟 李娜 王强 牛二毛", ["张伟", "李娜", "王强", "牛二毛"]),
        ("会议由陈小明、林志玲和赵敏参加了。", ["陈小明", "林志玲", "赵敏"]),
    ],
)
def test_persons_are_found_in_lists(text: str, names: list[str]) -> None:
    assert sorted(set(_found(text)), key=text.index) == names


@pytest.mark.parametrize(
    "text",
    [
        "Anna, Tom",
        "Georgia, Victoria, Jordan, Austin and Paris are on the map.",
        "Red, Green, Blue and Rose are colours.",
        "高中、初中、小学、大学都放假。",
        "金属、木材、塑料和玻璃分开回收。",
        "周一、周三、周五上课。",
        "Paris: rain. Note: wet.",
        "Mark: 85 of 100\nMax: 100",
        "Amber, Crystal and Penny are on the list of words.",
    ],
)
def test_persons_are_not_seen_in_other_lists(text: str) -> None:
    assert _found(text) == []


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
        "Mr President opened the session.",
        "Victoria Park and George Street are closed on Sunday.",
        "Contact Human Resources or the Service Desk.",
        "The Employee Handbook was updated in March 2026.",
        "This is Microsoft Office on Windows.",
    ],
)
def test_persons_are_not_seen_in_ordinary_text(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Hannah Quill\n12 Mill Lane\nLeeds",
        ">Hannah Quill\n>Quill Ltd.\n>hannah@quill.example",
        "Hannah Quill lives in Leeds.",
        "Follow up with Hannah Quill in May.",
        "Hannah Quill, can you call?",
    ],
)
def test_persons_are_surer_where_the_words_beside_say_so(text: str) -> None:
    scores = [each.score for each in find(plain_reading(text))]

    assert max(scores) >= 0.75


@pytest.mark.parametrize(
    "text",
    [
        "Hannah Quill wrote a famous play.",
        "The works of Hannah Quill are in the museum.",
        "Virginia is a state; Charlotte is in another.",
        "Victoria is very large, and Florence is from another age.",
        "Jackson Heights\nThe district has parks.",
    ],
)
def test_persons_the_world_reads_of_stay_below_what_a_policy_masks(text: str) -> None:
    assert all(each.score < 0.75 for each in find(plain_reading(text)))


def test_persons_a_lone_first_name_does_not_count() -> None:
    scores = [each.score for each in find(plain_reading("Then Judy went to town."))]
    assert max(scores) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("id,name,city\n1,Okon Smith,Leeds\n2,Marta,Rome\n3,Widget,none", ["Okon Smith", "Marta"]),
        ("Full Name;City\nZed Okafor;Lagos", ["Zed Okafor"]),
        ("| Name | Floor |\n|---|---|\n| Anna Lee | two |", ["Anna Lee"]),
        ("姓名,部门\n王小明,研发\n李雷,市场", ["王小明", "李雷"]),
        ("name,price\nWidget Blue,3\nGadget,4", []),
    ],
)
def test_persons_are_found_in_columns_of_names(text: str, names: list[str]) -> None:
    assert set(_found(text)) == set(names)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("hi, my name is marta and i lost my card", ["marta"]),
        ("ask mr. quentin morris", ["quentin morris"]),
        ("i am will to do it", []),
        ("dr. house is on; name: value", []),
    ],
)
def test_persons_may_be_written_small_after_a_cue(text: str, names: list[str]) -> None:
    assert _found(text) == names
