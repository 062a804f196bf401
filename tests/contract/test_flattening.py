"""POL-02: an identity number in every disguise of its characters, and what stays as it was."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.contract.findings import Kind
from edge_agent.contract.flattening import flat
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.speaking import spoken
from tests.contract.documents import NOW, policy
from tests.contract.test_windows import resident_id

NUMBER = next(
    number
    for order in range(100, 999)
    if (number := resident_id("110105", "19880214", str(order))).endswith("X")
)


def shifted(first: int) -> Callable[[str], str]:
    return lambda text: "".join(chr(first + int(c)) if c.isdigit() else c for c in text)


DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "small x": str.lower,
    "full width": lambda text: "".join(chr(ord(c) + 0xFEE0) for c in text),
    "mathematical": shifted(0x1D7CE),
    "Arabic-Indic": shifted(0x0660),
    "Devanagari": shifted(0x0966),
    "superscript": lambda text: text.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")),
    "circled": lambda text: text.translate(str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")),
    "zero width": "\u200b".join,
    "soft hyphen": "\u00ad".join,
    "word joiner": "\u2060".join,
    "bidi": lambda text: "\u202d" + text + "\u202c",
    "combining": "\u0301".join,
    "variation selector": "\ufe0f".join,
    "tags": lambda text: "".join(chr(ord(c) + 0xE0000) for c in text),
    "Cyrillic x": lambda text: text.replace("X", "Х"),
    "Greek x": lambda text: text.replace("X", "Χ"),
    "spoken": lambda text: text.translate(str.maketrans("0123456789", "〇一二三四五六七八九")),
    "financial": lambda text: text.translate(str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")),
}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("frame", ["{}", "我的身份证号是{}。", "id: {} thanks"])
def test_pol_02_a_disguised_number_is_found_where_it_stands(disguise: str, frame: str) -> None:
    hidden = DISGUISES[disguise](NUMBER)
    text = frame.format(hidden)

    [findings] = judge([Part(text)], policy(), now=NOW).findings

    found = [text[each.start : each.end] for each in findings if each.kind is Kind.RESIDENT_ID]
    assert len(found) == 1
    assert found[0].strip("\u202d\u202c") == hidden.strip("\u202d\u202c")


@given(st.text())
def test_flat_keeps_the_way_back(text: str) -> None:
    reading = flat(text)

    assert len(reading.text) == len(reading.starts) == len(reading.ends)
    assert list(reading.starts) == sorted(reading.starts)
    assert all(
        0 <= start < end <= len(text)
        for start, end in zip(reading.starts, reading.ends, strict=True)
    )


@pytest.mark.parametrize(
    "text", ["Привет, Мария!", "图书馆星期一九点开门，二楼三号窗口。", "Ελλάδα", "café, naïve"]
)
def test_flat_leaves_plain_words(text: str) -> None:
    assert flat(text).text.replace("，", ",") == text.replace("，", ",")
    assert not [*spoken(flat(text))]
