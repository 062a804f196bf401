"""Addresses are found by street and number; numbers and streets alone are not."""

import pytest

from edge_agent.contract.detectors.addresses import find
from edge_agent.contract.readings import plain_reading


def _found(text: str) -> list[str]:
    return [text[each.start : each.end] for each in find(plain_reading(text))]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("地址：北京市朝阳区建国路88号2栋301室", "北京市朝阳区建国路88号2栋301室"),
        ("寄到：中山北路1200弄", "中山北路1200弄"),
        ("住址：昌平区回龙观村12组", "昌平区回龙观村12组"),
        ("Send it to 221B Baker Street, please.", "221B Baker Street"),
        (
            "He moved to 42 Old Oak Lane Apt 7, Springfield, IL 62704 in May.",
            "42 Old Oak Lane Apt 7",
        ),
        ("Write to P.O. Box 1234.", "P.O. Box 1234"),
        ("Sie wohnt Koenigstrasse 51.", "Koenigstrasse 51"),
        ("He came from Leeds LS1 4AP.", "Leeds LS1 4AP"),
        ("I live at 39 Herfstlaan.", "39 Herfstlaan"),
        ("Please return it to 14 Alameda Nova 83, Porto.", "14 Alameda Nova 83"),
        ("my address is 8 rua dos pinhais 210", "8 rua dos pinhais 210"),
        ("31 Vesturvegur 66\n Suite 574\n Hella\n Iceland 51262", "31 Vesturvegur 66\n Suite 574"),
        ("PSC 7004, Box 8380\nAPO AP 11949", "APO AP 11949"),
        ("My zip code is 35649", "35649"),
        ("邮编：100083", "100083"),
        ("Meet me at the corner of Long Acre and Bow Street.", "the corner of Long Acre"),
        ("She is in Suite 12, Apt. 434.", "Apt. 434"),
    ],
)
def test_addresses_are_found_whole(text: str, address: str) -> None:
    assert _found(text)[0].startswith(address)


@pytest.mark.parametrize(
    "text",
    [
        "In 1929 Wall Street fell.",
        "We opened 12 stores on the high street.",
        "会议在3号楼举行，请带上2号表格。",
        "订单 20260101 已于 5 号发货。",
        "The road is 120 km long; version 2.4.1 is out.",
        "We moved to 3 teams, and sales grew 5 percent.",
        "They arrived at 10 results, Berlin among them.",
        "The plan works at 3 plants 24 hours a day.",
        "Sent to 25 customers in 2024.",
        "Meet at 5 pm, bring 2 copies.",
        "Microsoft Office Suite 2019 is installed; run apt 2.6.",
        "12 Pens 40\nBlue\nGrand Total 12500",
        "Invoice PO 45001 is due; the address is 10 bytes long.",
        "DIN EN 60601-1-2 applies to the new monitor.",
    ],
)
def test_addresses_are_not_seen_in_ordinary_text(text: str) -> None:
    assert _found(text) == []
