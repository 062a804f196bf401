"""Telephone numbers of many forms, and what only looks like one."""

import pytest

from edge_agent.contract.detectors import phones
from edge_agent.contract.detectors.phone_forms import HOTLINE_SCORE
from edge_agent.contract.findings import Finding
from edge_agent.contract.readings import plain_reading

COUNTS = 0.5


def found_in(text: str) -> list[Finding]:
    return [each for each in phones.find(plain_reading(text)) if each.score >= COUNTS]


@pytest.mark.parametrize(
    ("text", "number", "least"),
    [
        ("打我电话13812345678谢谢", "13812345678", 0.9),
        ("+86 138-1234-5678", "+86 138-1234-5678", 0.9),
        ("008613812345678", "008613812345678", 0.9),
        ("138 1234 5678", "138 1234 5678", 0.9),
        ("138 1234 5678 2024", "138 1234 5678", 0.9),
        ("a1 13812345678 2b", "13812345678", 0.9),
        ("010-88886666", "010-88886666", 0.8),
        ("电话：01088886666", "01088886666", 0.8),
        ("(0755) 8888-6666", "(0755) 8888-6666", 0.8),
        ("0755-88886666转801", "0755-88886666转801", 0.8),
        ("021-88886666-801", "021-88886666-801", 0.8),
        ("+852 9123 4567", "+852 9123 4567", 0.85),
        ("853-66123456", "853-66123456", 0.85),
        ("+886 912 345 678", "+886 912 345 678", 0.85),
        ("手机 9123 4567", "9123 4567", 0.6),
        ("+442079460958", "+442079460958", 0.9),
        ("0044 20 7946 0958", "0044 20 7946 0958", 0.7),
        ("+1 (202) 555-0143", "+1 (202) 555-0143", 0.8),
        ("+49 (0)30 123456", "+49 (0)30 123456", 0.8),
        ("Call me at 2025550143", "2025550143", 0.6),
        ("Tel No. 555-0143", "555-0143", 0.6),
        ("Best,\nTom\n0176/05473752", "0176/05473752", 0.7),
        ("+49 (0)176/05473752", "+49 (0)176/05473752", 0.7),
        ("030 / 1234567", "030 / 1234567", 0.7),
        ('{"contact":"98074 13973"}', "98074 13973", 0.7),
        ('{"contact_no": "9807413973"}', "9807413973", 0.6),
        ('{"phoneNumber":"98074 13973"}', "98074 13973", 0.7),
        ("Handy 612 104 306", "612 104 306", 0.7),
        ("móvil 612 345 987", "612 345 987", 0.7),
    ],
)
def test_phones_finds_each_form(text: str, number: str, least: float) -> None:
    (found,) = found_in(text)

    assert text[found.start : found.end] == number
    assert found.score >= least


@pytest.mark.parametrize(
    "number",
    [
        "(978)645-9740x11144",
        "001-748-088-2851x818",
        "166-684-7899",
        "833.719.3994x1887",
        "089 72 63 41",
        "06-10446904",
        "042 078 6381",
        "(88) 684-334",
        "02.27.96.63.08",
        "07700 900123",
    ],
)
def test_phones_finds_national_forms_whole(number: str) -> None:
    (found,) = found_in(number)

    assert (found.start, found.end) == (0, len(number))
    assert 0.55 <= found.score <= 0.85


@pytest.mark.parametrize(
    "text",
    [
        "13812345678,13987654321",
        "13812345678/13987654321",
        "13812345678 13987654321",
        "138-1234-5678或139 8765 4321",
    ],
)
def test_phones_finds_two_beside_each_other(text: str) -> None:
    assert len(found_in(text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "订单号202401011234567890",
        "合同编号：1932-0286-641",
        "batch 0603 5426 4240",
        "tracking 9400 1000 0000 0000 0000 00",
        "ISBN 978-7-111-54742-6",
        "版本 1.2.3.4 与 10.15.7 发布",
        "192.168.100.200",
        "2024-01-02 12:30:45",
        "from 20240102-20240304",
        "call 2024-2025 budget",
        "Price: $1,234,567.89 in 2023",
        "共计 1 234 567 元",
        "手机销量1234567台",
        "Windows 10.0.19045.3803",
        "坐标 39.904200, 116.407417",
        "116.404177 39.909652",
        "SSN 078-05-1120",
        "phone-like 123456789012",
        "part number 123-456-789",
        "the scores were 100 200 300",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14",
        "0001-0002-0003",
        "contract 021-2024001",
        "driver license number is 425700624",
        "call a taxi to 03 2657 Court Street",
        "Q1 2024 1 200 000 3 400 000",
        "id 550e8400-e29b-41d4-a716-446655440000",
        "+12345678",
        "Rechnung 0456/123456",
        "Steuernummer 093/815/08152",
        "Az. 0123/4567890",
        "Artikel-Nr. 0176/05473752",
        "Kapitel 03/2026",
        '{"contact_id": 98074139}',
        "name,contact\nA,20240102\nB,400-820-8820",
        "sessions by mobile browser,number of them all\n4,1234567\n5,7654321",
        "",
    ],
)
def test_phones_lets_other_numbers_be(text: str) -> None:
    assert found_in(text) == []


@pytest.mark.parametrize(
    "number",
    [
        "400-820-8820",
        "1-800-275-2273",
        "1 888 275 2273",
        "+1-800-275-2273",
        "hotline 1-800-275-2273",
    ],
)
def test_phones_a_hotline_of_a_firm_is_seen_but_does_not_count(number: str) -> None:
    scores = [each.score for each in phones.find(plain_reading(number))]

    assert scores == [HOTLINE_SCORE]


@pytest.mark.parametrize(
    "text",
    [
        "name,phone,dept\nAnna Keller,98074 13973,HR\nSomebody With a Long Name,612 104 306,HR",
        "| 姓名 | 手机 |\n|--|--|\n| 王 | 98074 13973 |\n| 李雷 | 612 104 306 |",
        "INSERT INTO staff (phone, name) VALUES ('98074 13973', 'A'), ('612 104 306', 'B');",
    ],
)
def test_phones_stand_in_a_column_of_them(text: str) -> None:
    found = {text[each.start : each.end] for each in found_in(text)}

    assert found == {"98074 13973", "612 104 306"}


def test_phones_counts_by_form_when_there_are_too_many_to_look_up() -> None:
    text = "；".join(["+442079460958"] * 80)

    assert len(found_in(text)) == 80
