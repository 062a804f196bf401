"""POL-03: mail addresses whose signs are spelt out are found."""

import pytest

from edge_agent.contract.findings import Kind
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.levels import Level
from tests.contract.documents import NOW, found_in, policy


@pytest.mark.parametrize(
    "address",
    [
        "lena dot vogt83 at gmail dot com",
        "jonas [at] gmail [dot] com",
        "jonas(at)klinik-nord.de",
        "w{dot}chen{at}qq{dot}com",
        "jonas underscore weber at klinik dash nord dot co dot uk",
        "lena punkt vogt at web punkt de",
        "lena.vogt37 @ gmail.com",
        "lena.vogt37@ gmail.com",
        "lena点vogt27（圈a）gmail点com",
        "jonas_weber46艾特qq点com",
        "W.Chen (AT) QQ (DOT) COM",
        "jonas <at> gmail <dot> com",
        "marie arobase laposte point net",
        "luis arroba correo punto es",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "please write to {} soon", "邮箱：{}，谢谢"])
def test_spelling_an_address_is_found_whole(address: str, frame: str) -> None:
    text = frame.format(address)
    start = text.index(address)

    assert any(
        each.kind is Kind.EMAIL and each.start <= start and start + len(address) <= each.end
        for each in found_in(text)
    )


@pytest.mark.parametrize(
    "text",
    [
        "Look at example.com: the point is that the dot matters.",
        "Lunch @ noma.dk is at noon.",
        "We meet at the red dot in the hall, at nine.",
        "我们8点到9点见，地点不变。",
        "The function f(a) is at [a], at) or (at the end.",
        "At that point dot products are computed at once.",
        "The array a[at] has a dot (dot) in it.",
    ],
)
def test_spelling_prose_is_not_raised(text: str) -> None:
    assert judge([Part(text)], policy(), now=NOW).level is Level.L0
