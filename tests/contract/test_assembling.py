"""POL-03: numbers in pieces are found, whatever stands between the pieces."""

from collections.abc import Callable

import pytest

from edge_agent.contract.judging import Part, judge
from edge_agent.contract.levels import Level
from tests.contract.documents import NOW, found_in, policy

Cut = Callable[[str], str]

SECRETS = {
    "mobile": "15869352860",
    "card": "4485124484650563",
    "resident id": "440305199308142533",
}
FRAMES = ["{}", "看看这个{}，谢谢", "The thing is {}, please note."]


def groups(digits: str, size: int) -> list[str]:
    return [digits[at : at + size] for at in range(0, len(digits), size)]


def between(sign: str, size: int) -> Cut:
    return lambda digits: sign.join(groups(digits, size))


def around(form: str, size: int, sign: str = "") -> Cut:
    return lambda digits: sign.join(form.format(group) for group in groups(digits, size))


CUTS: dict[str, Cut] = {
    **{f"one by one with {sign!r}": between(sign, 1) for sign in "→=+❤#\\^%|~…—&!?'"},
    **{f"one by one with {sign!r}": between(sign, 1) for sign in (" + ", "\n- ", "\n\n", " => ")},
    **{f"fours with {sign!r}": between(sign, 4) for sign in "→=+❤#^|~…&!?"},
    "in brackets": around("【{}】", 1),
    "in square brackets": around("[{}]", 1),
    "in quotes": around('"{}"', 1, " "),
    "signs in turn": lambda digits: "".join(
        digit + sign for digit, sign in zip(digits, "-._/ " * 4, strict=False)
    ).strip("-._/ "),
    "some in brackets": lambda digits: digits.replace("0", "(0)").replace("5", "(5)"),
    "then": between("-then-", 4),
    "and": between(" and ", 3),
    "Chinese then": between("然后", 4),
    "quoted mail": around("> {}", 5, "\n"),
    "a list of YAML": around('- "{}"', 3, "\n"),
    "marks of a forum": around("[b]{}[/b]", 3),
    "marks of LaTeX": around(r"\textbf{{{}}}", 4),
    "an array": lambda digits: str(groups(digits, 4)),
    "lines of mail": between("=\n", 5),
    "lines with numbers": lambda digits: "\n".join(
        f" {count}: {group}" for count, group in enumerate(groups(digits, 4), 9)
    ),
    "a counted list": lambda digits: "\n".join(
        f"{count}) {digit}" for count, digit in enumerate(digits, 1)
    ),
    "two halves": lambda digits: f"first half {digits[:6]}, second half {digits[6:]}",
    "first and last": lambda digits: f"first 6 digits {digits[:6]}, last 5 digits {digits[6:]}",
    "the Chinese first and last": lambda digits: f"前5位{digits[:5]}，后9位{digits[5:]}",
    "first, middle, last": lambda digits: (
        f"{digits[:3]}****，中间是{digits[3:-4]}，最后{digits[-4:]}"
    ),
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("cut", CUTS)
def test_assembling_a_number_in_pieces_is_found_whole(cut: str, secret: str) -> None:
    for frame in FRAMES:
        digits = SECRETS[secret]
        text = frame.format(CUTS[cut](digits))

        left = set(range(len(text))).difference(
            *(range(each.start, each.end) for each in found_in(text))
        )

        assert sum(text[place].isdigit() for place in left) <= len(digits) // 3, found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "我的手机号19,930,057,472，打给我",
        "call my mobile 14.787.257.245 tonight",
        "please charge my credit card 4,485,124,484,650,563",
        "my phone is 0171+2345+678",
        "her NHS number is 9434→7659→19",
    ],
)
def test_assembling_what_is_named_needs_no_check_digit(text: str) -> None:
    assert found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Revenue rose to 19,930,057,472 euros.",
        "The total of 4.485.124.484.650.563 bytes was counted.",
        "Goals: 1:0, 2:1, 3:1, 0:0, 2:2, 1:1.",
        "Steps 1→2→3→4→5→6→7→8→9 of the guide.",
        "1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 = 45",
        "x = [1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1]",
        "In 2019 and 2020 and 2021 there were 300, then 400, then 500.",
        "The last 4 digits are 5678, the first 100 guests came at 12, the last 20 at 15.",
        "1. 1500\n2. 1200\n3. 300\nThe sums are in euros.",
        "1) oak 12\n2) pine 30\n3) ash 45\n4) elm 50",
        "前10名，后20名，共300人参加。",
        "On 2024-01-05 at 12:30, 2024-01-06 at 12:45, 2024-01-07 at 13:00.",
        "&#20320;&#22909;&#19990;&#30028; and %20%20%20%20",
        "f(1)(2)(3) and g(10)(20)(30)(40)(50)",
        "640x480, 1280x720, 1920x1080; v1.2.3 → v1.2.4 → v1.3.0",
    ],
)
def test_assembling_ordinary_numbers_are_not_raised(text: str) -> None:
    assert judge([Part(text)], policy(), now=NOW).level is Level.L0
