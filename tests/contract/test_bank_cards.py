"""Card numbers by issuer and checksum, by words where the checksum fails."""

import pytest

from edge_agent.contract.detectors import bank_cards
from edge_agent.contract.readings import plain_reading


def best(text: str) -> tuple[str, float]:
    """Return what was found most surely, and how surely."""
    found = max(bank_cards.find(plain_reading(text)), key=lambda each: each.score, default=None)
    return (text[found.start : found.end], found.score) if found else ("", 0.0)


@pytest.mark.parametrize(
    "number",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "5555555555554444",
        "2223003122003222",
        "378282246310005",
        "3782 822463 10005",
        "6200000000000005",
        "6200 0000 0000 0000 000",
        "3530111333300000",
        "6011111111111117",
        "30569309025904",
        "6759649826438453",
    ],
)
def test_bank_cards_finds_each_issuer(number: str) -> None:
    assert best(f"刷{number}付款") == (number, 0.95)


def test_bank_cards_leaves_the_security_code_beside_a_card() -> None:
    assert best("4111 1111 1111 1111 123") == ("4111 1111 1111 1111", 0.95)


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111,4012888888881881",
        "4111111111111111 4012888888881881",
        "4111 1111 1111 1111 4012 8888 8888 1881",
    ],
)
def test_bank_cards_finds_two_beside_each_other(text: str) -> None:
    assert len(list(bank_cards.find(plain_reading(text)))) == 2


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("信用卡 4111111111111112", 0.65),
        ("卡号6222021234567890123", 0.65),
        ("4111 1111 1111 1112", 0.55),
        ("收款账户：1202020209900012345", 0.6),
        ("4111111111111112", 0.0),
        ("7992739871300008", 0.3),
    ],
)
def test_bank_cards_is_less_sure_without_a_checksum_or_issuer(text: str, score: float) -> None:
    assert best(text)[1] == score


@pytest.mark.parametrize(
    "text",
    [
        "订单号202401011234567890",
        "ISBN 9787111547426",
        "时间戳 1700000000000",
        "3.141592653589793",
        "tracking 9400 1000 0000 0000 0000 00",
        "0000000000000000",
        "4111111111111111a",
        "QR 00020101021126580014",
        "1234 5678 9012 3456",
        "2024-01-02 2024-03-04",
        "",
    ],
)
def test_bank_cards_lets_other_numbers_be(text: str) -> None:
    assert best(text)[1] < 0.5


@pytest.mark.parametrize("text", ["order paid with {}", "订单{}", "batch {}", "Invoice no. {}"])
def test_bank_cards_find_a_card_beside_the_word_order(text: str) -> None:
    assert best(text.format("4111111111111111")) == ("4111111111111111", 0.95)
