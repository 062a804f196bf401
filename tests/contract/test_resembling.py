"""POL-03: letters that look like digits hide no number."""

import pytest

from edge_agent.contract.judging import Part, judge
from edge_agent.contract.levels import Level
from tests.contract.documents import NOW, found_in, policy

NUMBERS = ("15869352860", "4485124484650563", "440305199308142533")
ALPHABETS = {
    "Latin": {"0": "o", "1": "I", "5": "S"},
    "more Latin": {"0": "O", "1": "l", "8": "B", "2": "Z"},
    "Cyrillic": {"0": "О", "3": "З", "6": "б", "4": "Ч"},
}


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("frame", ["{}", "看看这个{}，谢谢", "The thing is {}, please note."])
def test_resembling_letters_are_read_as_digits(alphabet: str, number: str, frame: str) -> None:
    hidden = "".join(ALPHABETS[alphabet].get(digit, digit) for digit in number)
    text = frame.format(hidden)
    start = text.index(hidden)

    assert any(
        each.start <= start and start + len(hidden) <= each.end for each in found_in(text)
    ), found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Order SO15869352B of lot ZZ0012 is ready, model l5B6S9.",
        "The build is 1f0c9a4be3d25a7788c1f0c9a4be3d25a7788c1f.",
        "Дом 4б, корпус З, 15 этаж, 2024 год, 12 квартир.",
        "Sobald 150 Boxen da sind, 12 Los 5.",
    ],
)
def test_resembling_words_and_codes_are_not_raised(text: str) -> None:
    assert judge([Part(text)], policy(), now=NOW).level is Level.L0
