"""A number is found though something is written to it; what only holds digits is left."""

import pytest

from edge_agent.contract.judging import Part, judge
from edge_agent.contract.levels import Level
from tests.contract.documents import NOW, found_in, policy

CARD, MOBILE, RESIDENT = "4111111111111111", "13800138000", "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("scan_{}_final.pdf", MOBILE),
        ("合同_{}_王伟.docx", MOBILE),
        ("user_{}", MOBILE),
        ("tel{}", MOBILE),
        ("{}tel", MOBILE),
        ("TEL{} please", MOBILE),
        ("card_{}.png", CARD),
        ("VISA{}", CARD),
        ("/find?q=call+{}+now", MOBILE),
        ("https://example.org/find?q=call%20{}%20now", MOBILE),
        ("https://example.org/find?q=call%20{}%20now", CARD),
        ("?id=%22{}%22", RESIDENT),
        ('{{"body": "here it is\\n{}\\nthanks"}}', MOBILE),
        ('"{{\\"body\\": \\"here it is\\\\n{}\\\\nthanks\\"}}"', CARD),
        ("name\\t{}\\tpaid", "533-44-1059"),
        ("here\\r\\n{}\\r\\nthanks", "AKIAIOSFODNN7EXAMPLE"),
        ("root\\npassword: {}\\nend", "Quarz9!x"),
    ],
)
def test_parting_finds_what_something_is_written_to(text: str, number: str) -> None:
    written = text.format(number)

    [found] = found_in(written)

    assert number in written[found.start : found.end]


@pytest.mark.parametrize(
    "text",
    [
        "order_13800138000",
        "INV13800138000",
        "a13800138000",
        "v13800138000",
        "d41d8cd98f00b204e980013800138000",
        "SKU4111111111111111",
        "C:\\new\\table\\run_20261121_153000.log",
        "backup_20261121153000.tar",
        "line one\\nline two\\n20261121",
        "https://example.org/find?q=two%20words%20and%2010%20more",
    ],
)
def test_parting_leaves_codes_and_file_names(text: str) -> None:
    assert judge([Part(text)], policy(), now=NOW).level is Level.L0
