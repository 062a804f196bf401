"""POL-03: a string that a program puts together is found as one."""

from collections.abc import Callable

import pytest

from edge_agent.contract.judging import Part, judge
from edge_agent.contract.levels import Level
from tests.contract.documents import NOW, found_in, policy

Cut = Callable[[str], str]

SECRETS = {
    "key": "ghp_" + "qI223PFLgztnMu3xuoNbhFMSnjAOnyd0A8FY",
    "mail": "lena.vogt57@qq.com",
    "iban": "DE89370400440532013000",
    "card": "4485124484650563",
    "mobile": "15869352860",
}
FRAMES = ["{}", "代码里是{}，谢谢", "const x = {};"]


def groups(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def quoted(text: str, size: int, sign: str, quote: str = '"') -> str:
    return sign.join(f"{quote}{group}{quote}" for group in groups(text, size))


CUTS: dict[str, Cut] = {
    "plus": lambda text: quoted(text, 6, " + "),
    "plus without spaces": lambda text: quoted(text, 7, "+", "'"),
    "plus over lines": lambda text: quoted(text, 9, ' +\n    "').replace('""', '"'),
    "a dot": lambda text: quoted(text, 5, " . ", "'"),
    "two dots": lambda text: quoted(text, 5, " .. "),
    "bars": lambda text: quoted(text, 8, " || ", "'"),
    "nothing": lambda text: quoted(text, 9, " "),
    "nothing over lines": lambda text: quoted(text, 9, "\n    "),
    "join": lambda text: f'"".join({groups(text, 5)})',
    "join after the list": lambda text: f"[{quoted(text, 5, ', ')}].join('')",
    "a list": lambda text: f"[{quoted(text, 4, ', ')}]",
    "concat": lambda text: f"CONCAT({quoted(text, 6, ',', chr(39))})",
    "append": lambda text: (
        "new StringBuilder()" + "".join(f'.append("{group}")' for group in groups(text, 4))
    ),
    "a template": lambda text: f'`${{"{text[:6]}"}}${{"{text[6:]}"}}`',
    "two fields": lambda text: f'{{"p1":"{text[:7]}","p2":"{text[7:]}"}}',
    "two variables": lambda text: f'a = "{text[:7]}"; b = "{text[7:]}"',
    "two keys": lambda text: f"part1: {text[:7]}\npart2: {text[7:]}\n# join",
    "and then": lambda text: f"{text[:4]}…then… {text[4:]}",
    "lines of one length": lambda text: "\n".join(groups(text, 7)),
    "a shell": lambda text: f"A={text[:7]}; B={text[7:]}; echo $A$B",
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("cut", CUTS)
def test_composing_a_string_in_pieces_is_found_whole(cut: str, secret: str) -> None:
    for frame in FRAMES:
        hidden = CUTS[cut](SECRETS[secret])
        text = frame.format(hidden)
        start = text.index(hidden)

        findings = found_in(text)

        left = set(range(start, start + len(hidden))).difference(
            *(range(each.start, each.end) for each in findings)
        )
        assert findings, text
        assert len(left) <= len(hidden) // 2


@pytest.mark.parametrize(
    "text",
    [
        'the password is "".join(["Tulpe", "-7699"])',
        'password = "Tulpe" + "-7699"',
        "k1=ghp_qI223PFL k2=gztnMu3xuoNbhFMSn k3=jAOnyd0A8FY",
        'the password is {"p1":"Tulpe","p2":"!4371","note":"join p1+p2"}',
        'her NHS number is "66172" + "44613"',
    ],
)
def test_composing_the_words_beside_it_are_read_with_it(text: str) -> None:
    assert found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"tags": ["oak", "four legs", "brown"], "sizes": ["120", "80", "75"]}',
        '["1523", "1427", "99", "2024"]',
        'print("Hello, " + name + "! You are " + age + " years old.")',
        'path = base + "/" + "img" + "." + "png"',
        '{"x1": "12.50", "x2": "13.75", "y1": "10", "y2": "20"}',
        '{"line1": "North gate", "line2": "Second floor", "line3": "Room 12"}',
        "INSERT INTO chairs VALUES ('oak', '1200', '1500', 'brown');",
        "SELECT 'a' || 'b' || 'c' FROM t WHERE a = '1' AND b = '2'",
        'class="btn btn-primary" id="save" data-a="1" data-b="2"',
        "a: 15\nb: 30\nc: 45\npart1: 1500\npart2: 1200",
        "colour1=ff00aa&colour2=00ffaa&colour3=aabbcc",
    ],
)
def test_composing_ordinary_code_is_not_raised(text: str) -> None:
    assert judge([Part(text)], policy(), now=NOW).level is Level.L0
