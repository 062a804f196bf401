"""POL-04: numbers in pieces. The numbers are made here, by the rule of the standard."""

import pytest

from edge_agent.contract.findings import Kind
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.levels import Level
from tests.contract.documents import NOW, policy

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_id(region: str, born: str, order: str) -> str:
    digits = region + born + order
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    return digits + "10X98765432"[total % 11]


NUMBER = resident_id("110105", "19880214", "132")


@pytest.mark.parametrize(
    "texts",
    [
        [NUMBER[:6], NUMBER[6:]],
        [f"my number begins with {NUMBER[:6]}", f"then {NUMBER[6:14]}", f"and {NUMBER[14:]}."],
        [f"| {NUMBER[:6]} | {NUMBER[6:14]} | {NUMBER[14:]} |"],
        [f'{{"region": "{NUMBER[:6]}", "born": "{NUMBER[6:14]}", "rest": "{NUMBER[14:]}"}}'],
        [f"- {NUMBER[:4]}\n- {NUMBER[4:8]}\n- {NUMBER[8:12]}\n- {NUMBER[12:]}"],
        ["Good morning", f"身份证前六位{NUMBER[:6]}", "谢谢", f"后面是{NUMBER[6:]}"],
    ],
)
def test_pol_04_a_number_in_pieces_is_put_together(texts: list[str]) -> None:
    judgement = judge([Part(text) for text in texts], policy(), now=NOW)

    kinds = {each.kind for findings in judgement.findings for each in findings}
    assert judgement.level is Level.L1
    assert Kind.RESIDENT_ID in kinds
    pieces = [
        texts[index][each.start : each.end]
        for index, findings in enumerate(judgement.findings)
        for each in findings
    ]
    assert "".join(pieces) == NUMBER


@pytest.mark.parametrize(
    "texts",
    [
        ["In 2019 we sold 110105 pieces, in 2020 19880214.", "The rest is 1329 boxes."],
        ["Rooms 4012 8888 8888 1882 are free."],
        ["2024-01-05 2024-01-06 2024-01-07 2024-01-08"],
        ["Chapter 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18"],
    ],
)
def test_pol_04_numbers_that_only_stand_together_are_left(texts: list[str]) -> None:
    judgement = judge([Part(text) for text in texts], policy(), now=NOW)

    assert Kind.RESIDENT_ID not in {
        each.kind for findings in judgement.findings for each in findings
    }


def test_pol_04_a_number_in_pieces_is_put_together_after_many_groups() -> None:
    rows = " ".join(f"row {number}," for number in range(600))
    text = f"{rows} and then {NUMBER[:6]} with {NUMBER[6:14]} with {NUMBER[14:]}."

    (findings,) = judge([Part(text)], policy(), now=NOW).findings

    pieces = [text[each.start : each.end] for each in findings if each.kind is Kind.RESIDENT_ID]
    assert "".join(pieces) == NUMBER
