"""Identity numbers, credit codes, passports and plates: found when real, let be when not."""

from collections.abc import Callable, Iterator

import pytest

from edge_agent.contract.detectors import (
    license_plates,
    passports,
    resident_ids,
    social_credit_codes,
)
from edge_agent.contract.findings import Finding
from edge_agent.contract.readings import Reading, plain_reading

Find = Callable[[Reading], Iterator[Finding]]
COUNTS = 0.5


def best(find: Find, text: str) -> tuple[str, float]:
    """Return what was found most surely, and how surely."""
    found = max(find(plain_reading(text)), key=lambda each: each.score, default=None)
    return (text[found.start : found.end], found.score) if found else ("", 0.0)


@pytest.mark.parametrize(
    ("text", "number", "score"),
    [
        ("身份证110101199003077715，请核对", "110101199003077715", 0.98),
        ("身份证 110101 19900307 7715", "110101 19900307 7715", 0.98),
        ("id 1101-0119-9003-0777-15", "1101-0119-9003-0777-15", 0.98),
        ("11010519491231002X", "11010519491231002X", 0.98),
        ("11010519491231002x", "11010519491231002x", 0.98),
        ("11010119900307771X", "11010119900307771X", 0.75),
        ("原身份证110101900307771", "110101900307771", 0.95),
        ("HKID A123456(3)", "A123456(3)", 0.9),
        ("身份證 A1234563", "A1234563", 0.9),
        ("HKID A123456(7)", "A123456(7)", 0.6),
        ("臺灣 A123456789", "A123456789", 0.85),
        ("身分證 A123456788", "A123456788", 0.6),
    ],
)
def test_resident_ids_finds_each_form(text: str, number: str, score: float) -> None:
    assert best(resident_ids.find, text) == (number, score)


@pytest.mark.parametrize(
    "text",
    [
        "订单号202401011234567890",
        "订单号 987654321098765432",
        "110101199013077715",
        "110101199002307715",
        "100101199003077715",
        "0.110101199003077715",
        "9110101199003077715",
        "快递单号110101900307771",
        "order A123456789",
        "A12345(6)",
        "2024-01-02 12:30:45",
    ],
)
def test_resident_ids_lets_other_numbers_be(text: str) -> None:
    assert best(resident_ids.find, text)[1] < COUNTS


def test_resident_ids_finds_several_in_one_line() -> None:
    text = "110101199003077715,11010519491231002X"

    assert len(list(resident_ids.find(plain_reading(text)))) == 2


@pytest.mark.parametrize(
    ("text", "code", "score"),
    [
        ("统一社会信用代码91350100M000100Y43", "91350100M000100Y43", 0.95),
        ("91350100m000100y43", "91350100m000100y43", 0.95),
        ("税号 9135 0100 M000 100Y 43", "9135 0100 M000 100Y 43", 0.95),
        ("91350100M000100Y44", "91350100M000100Y44", 0.6),
    ],
)
def test_social_credit_codes_finds_each_form(text: str, code: str, score: float) -> None:
    assert best(social_credit_codes.find, text) == (code, score)


@pytest.mark.parametrize(
    "text",
    [
        "订单号202401011234567890",
        "99350100M000100Y43",
        "91990100M000100Y43",
        "91350100M000100Y431",
        "x91350100M000100Y43",
        "sha 9b74c9897bac770ffc029102a200c5de",
    ],
)
def test_social_credit_codes_lets_other_codes_be(text: str) -> None:
    assert best(social_credit_codes.find, text)[1] < COUNTS


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("护照E12345678", "E12345678"),
        ("持EA1234567入境", "EA1234567"),
        ("护照号码：G12345678", "G12345678"),
        ("公务护照 SE1234567", "SE1234567"),
        ("港澳通行证C12345678", "C12345678"),
        ("Passport No. C01X00T47", "C01X00T47"),
        ("passport: 123456789", "123456789"),
        ("AB1234567 is my passport", "AB1234567"),
    ],
)
def test_passports_finds_each_form(text: str, number: str) -> None:
    found, score = best(passports.find, text)

    assert found == number
    assert score >= 0.7


@pytest.mark.parametrize(
    "text",
    [
        "订单号E12345678",
        "part no. G12345678",
        "SE1234567",
        "护照有效期至20301231",
        "passport valid until 2030-12-31",
        "护照 订单号 123456789",
        "AE123456789",
    ],
)
def test_passports_lets_other_numbers_be(text: str) -> None:
    assert best(passports.find, text)[1] < COUNTS


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("车牌粤B12345。", "粤B12345"),
        ("粤B·12345", "粤B·12345"),
        ("沪AD12345已停", "沪AD12345"),
        ("京A12345D", "京A12345D"),
        ("京A1234警", "京A1234警"),
        ("粤Z1234港", "粤Z1234港"),
        ("粤Z123T澳", "粤Z123T澳"),
        ("停在新A12345旁", "新A12345"),
    ],
)
def test_license_plates_finds_each_form(text: str, plate: str) -> None:
    found, score = best(license_plates.find, text)

    assert found == plate
    assert score >= 0.9


@pytest.mark.parametrize(
    "text",
    ["全新GTX1080显卡", "最新A12345版本", "阿里云S12345", "新IPHONE15", "京A123456789", "云ABCDEF"],
)
def test_license_plates_lets_words_be(text: str) -> None:
    assert best(license_plates.find, text)[1] < COUNTS


@pytest.mark.parametrize(
    "find", [resident_ids.find, social_credit_codes.find, passports.find, license_plates.find]
)
@pytest.mark.parametrize(
    "text", ["", "没有数字", "The years 2019 2020 2021 were hard", "1" * 4000, "1 " * 2000]
)
def test_identifiers_finds_nothing_in_nothing(find: Find, text: str) -> None:
    assert best(find, text)[1] < COUNTS
