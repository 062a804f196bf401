"""Mail addresses in many alphabets, and somebody called with an @."""

import pytest

from edge_agent.contract.detectors import emails
from edge_agent.contract.flattening import flat


def found_in(text: str) -> list[str]:
    return [text[each.start : each.end] for each in emails.find(flat(text))]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("info@müller-praxis.de说收不到", "info@müller-praxis.de"),
        ("mail jörg.müller@web.de!", "jörg.müller@web.de"),
        ("josé@correo.es", "josé@correo.es"),
        ("пишите: иван@почта.рф", "иван@почта.рф"),
        ("Σωκράτης@παράδειγμα.ελ", "Σωκράτης@παράδειγμα.ελ"),
        ("mailto:李雷@例子.中国", "李雷@例子.中国"),
        ("请联系wang@公司.cn，谢谢", "wang@公司.cn"),
        ("홍길동@예시.한국", "홍길동@예시.한국"),
        ("写信给lilei@example.com吧", "lilei@example.com"),
    ],
)
def test_emails_have_letters_of_many_alphabets(text: str, address: str) -> None:
    assert found_in(text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "请@李雷看一下",
        "请@李雷。公司开会",
        "请@李雷.好的",
        "@王伟 @李娜 明天.开会",
        "发到@example.com邮箱",
        "Look at gmail.com for it",
        "lunch @ bistro.de",
        "10 apples @ 3.50",
        "we stand at the dot com bubble",
        "The dot at the end",
    ],
)
def test_emails_lets_other_signs_be(text: str) -> None:
    assert found_in(text) == []
