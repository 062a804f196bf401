"""Numbers told by the words beside them: in many languages, in columns, and in outlines."""

import pytest

from edge_agent.contract.detectors import ip_addresses, national_ids, passports
from edge_agent.contract.findings import Kind
from edge_agent.contract.flattening import flat


def _found(text: str) -> list[tuple[Kind, str]]:
    """Return what counts, with the text it covers."""
    reading = flat(text)
    return [
        (each.kind, text[each.start : each.end])
        for find in (national_ids.find, ip_addresses.find)
        for each in find(reading)
        if each.score >= 0.5
    ]


def _passports(text: str) -> set[str]:
    return {text[each.start : each.end] for each in passports.find(flat(text))}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Steuer ID 93 565 871 206", "93 565 871 206"),
        ('{"steuer_id": "54065917384"}', "54065917384"),
        ("Steuerliche ID 28906415759", "28906415759"),
        ("St-ID: 58764001324", "58764001324"),
        ("IdNr 28906415759", "28906415759"),
        ("tax_id: 10948735128", "10948735128"),
        ("INSERT INTO t (name, steuer_id) VALUES ('Wei', '93 565 871 206');", "93 565 871 206"),
        ("con DNI número 68.840.013-R", "68.840.013-R"),
        ("68.840.013-R", "68.840.013-R"),
        ("X-1234567-L", "X-1234567-L"),
        ("soc sec no. 864941643", "864941643"),
        ("SS# 255988203", "255988203"),
        ("my social is 227445057", "227445057"),
        ("social: 241837187", "241837187"),
        ("nhsno=9413760853", "9413760853"),
        ("SV-Nr. 15070649C103", "15070649C103"),
        ("医保卡号：A87652310", "A87652310"),
    ],
)
def test_national_id_has_many_names(text: str, number: str) -> None:
    assert _found(text) == [(Kind.NATIONAL_ID, number)]


@pytest.mark.parametrize(
    "text",
    [
        "Our social 123456789 followers",
        "social media 123456789 views",
        "class# 123456789",
        "12.345.678-A",
        "ref 10948735128",
        "id,ref,count\n1,10948735128,4\n2,28906415759,4",
    ],
)
def test_national_id_needs_its_name_or_a_check_letter(text: str) -> None:
    assert _found(text) == []


def test_national_id_is_named_by_the_heading_of_its_column() -> None:
    text = (
        "name,steuer_id,dept\nJonas,93565871206,HR\n"
        "Somebody With a Very Long Name Indeed and More,60354389711,HR"
    )

    assert {number for _, number in _found(text)} == {"93565871206", "60354389711"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Reisepass Nr. C01X6XW01", "C01X6XW01"),
        ("Pass-Nr.: C01X6XW01", "C01X6XW01"),
        ("numéro de passeport : 519887787", "519887787"),
        ("pasaporte AAB123456", "AAB123456"),
        ("passaporto n. YA1234567", "YA1234567"),
        ("paspoort NW1234567", "NW1234567"),
        ("паспорт серия 4509 № 123456", "4509 № 123456"),
        ("ПАСПОРТ 45 09 123456", "45 09 123456"),
        ("旅券番号 TK4713197", "TK4713197"),
        ("여권번호: M12345678", "M12345678"),
        ("护照编号 EB3026642", "EB3026642"),
        ("passport: AB 123456", "AB 123456"),
        ("护照 E 1234 5678", "E 1234 5678"),
        ("Personalausweis L01X00T471", "L01X00T471"),
    ],
)
def test_passport_is_named_in_many_languages(text: str, number: str) -> None:
    assert _passports(text) == {number}


def test_passport_is_named_by_the_heading_of_its_column() -> None:
    text = "name,passport_no\nLi Na,TK4713197\nSomebody With a Very Long Name,TK4713198"

    assert _passports(text) == {"TK4713197", "TK4713198"}


@pytest.mark.parametrize(
    "text",
    [
        "Der Reisepass liegt bei Auftrag 12345678.",
        "boarding pass no 12345678",
        "Rechnung 4509 123456",
        "Passport photos cost 12 euros, from 3 May 2026",
        "паспорт качества от 12.05.2026",
    ],
)
def test_passport_lets_other_numbers_be(text: str) -> None:
    assert _passports(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Budget line 1.2.3.4 was moved to 1.2.4.1.",
        "see item 3.1.2.4",
        "Kapitel 3.1.2.4",
        "step 1.2.3.4: connect",
    ],
)
def test_numbers_of_an_outline_are_no_ip_addresses(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("line 192.168.1.2 is down", "192.168.1.2"),
        ("step 1.2.3.4: connect to 10.0.0.5", "10.0.0.5"),
        ("version 1.2.3.4 was deployed to 10.0.0.5", "10.0.0.5"),
        ("ip6:fe80::1ff:fe23:4567:890a", "fe80::1ff:fe23:4567:890a"),
    ],
)
def test_ip_address_beside_an_outline_is_found(text: str, address: str) -> None:
    assert _found(text) == [(Kind.IP_ADDRESS, address)]


def test_ip_addresses_of_a_range_are_both_found() -> None:
    found = _found("range 81.20.17.14-81.20.17.99 is ours")

    assert [address for _kind, address in found] == ["81.20.17.14", "81.20.17.99"]


def test_national_ids_beside_a_slash_are_both_found() -> None:
    found = _found("SSN 850-32-7561/845-19-3834")

    assert [number for _kind, number in found] == ["850-32-7561", "845-19-3834"]
