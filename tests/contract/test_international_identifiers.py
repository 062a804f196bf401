"""Identifiers of countries other than China: found in their forms, passed over in business text."""

import pytest

from edge_agent.contract.detectors import (
    birth_dates,
    credentials,
    ibans,
    ip_addresses,
    national_ids,
    passwords,
    tax_ids,
)
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import plain_reading

_FINDERS = (
    ibans.find,
    ip_addresses.find,
    national_ids.find,
    tax_ids.find,
    birth_dates.find,
    credentials.find,
    passwords.find,
)


def _found(text: str) -> list[tuple[Kind, str]]:
    """Return what counts, with the text it covers."""
    return [(each.kind, text[each.start : each.end]) for each in _counting(text)]


def _counting(text: str) -> list[Finding]:
    reading = plain_reading(text)
    return [each for find in _FINDERS for each in find(reading) if each.score >= 0.5]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Pay to GB82WEST12345698765432 today", "GB82WEST12345698765432"),
        ("my iban is gb82west12345698765432", "gb82west12345698765432"),
        ("汇款至DE89 3704 0044 0532 0130 00，谢谢", "DE89 3704 0044 0532 0130 00"),
        ("Use BE71 0961 2345 6769 with care", "BE71 0961 2345 6769"),
        ("IBAN: NL91ABNA0417164300.", "NL91ABNA0417164300"),
    ],
)
def test_iban_whose_checksum_holds_is_sure(text: str, number: str) -> None:
    (finding,) = list(ibans.find(plain_reading(text)))

    assert text[finding.start : finding.end] == number
    assert finding.score == 0.98


def test_iban_whose_checksum_fails_is_still_likely() -> None:
    (finding,) = list(ibans.find(plain_reading("IBAN GB69PMNJ18913943430740")))

    assert (finding.score, finding.rule) == (0.7, "checksum fails")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("server 192.168.1.20 is down", "192.168.1.20"),
        ("服务器地址10.0.12.7。", "10.0.12.7"),
        ("http://203.0.113.9:8080/x", "203.0.113.9"),
        ("subnet 10.1.0.0/16", "10.1.0.0/16"),
        ("at 2001:db8:0:1::8a2e:7334, twice", "2001:db8:0:1::8a2e:7334"),
        (
            "d80:e4b5:79da:6cf6:71f3:51f7:9161:c319 blocked",
            "d80:e4b5:79da:6cf6:71f3:51f7:9161:c319",
        ),
        ("gateway fe80::1: unreachable", "fe80::1"),
    ],
)
def test_ip_address_is_found(text: str, address: str) -> None:
    assert _found(text) == [(Kind.IP_ADDRESS, address)]


@pytest.mark.parametrize(
    "text",
    [
        "Upgrade to version 1.2.3.4 now",
        "see section 4.3.2.1",
        "版本1.2.3.4已发布",
        "v2.10.3.4",
        "Chrome/120.0.0.0",
        "listen on 127.0.0.1 and 0.0.0.0",
        "3.1.4.2 Terms of delivery",
        "at 12:30:45 sharp",
        "call std::vector::size",
        "MAC aa:bb:cc:dd:ee:ff",
    ],
)
def test_ip_address_is_not_a_version_or_a_time(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Here's my SSN: 308-63-0237", "308-63-0237"),
        ("ssn 308630237", "308630237"),
        ("NINO AB123456C", "AB123456C"),
        ("QQ? no: AB 12 34 56 C", "AB 12 34 56 C"),
        ("NIR 295109912611193", "295109912611193"),
        ("NIR 2 95 10 99 126 111 93", "2 95 10 99 126 111 93"),
        ("My SSN is 308 63 0237.", "308 63 0237"),
        ("My SSN, 308 63 0237, is new.", "308 63 0237"),
        ("Steuer-ID 36574261809", "36574261809"),
        ("DNI 54362315K", "54362315K"),
        ("NIE X2482300W", "X2482300W"),
        ("codice fiscale RCCMNL83S18D969H", "RCCMNL83S18D969H"),
        ("BSN 111222333", "111222333"),
        ("personnummer 880320-0016", "880320-0016"),
        ("CPR 211062-5629", "211062-5629"),
        ("hetu 131052-308T", "131052-308T"),
        ("CPF 390.533.447-05", "390.533.447-05"),
        ("Aadhaar 2341 2341 2346", "2341 2341 2346"),
        ("PAN ACUPA7085R", "ACUPA7085R"),
        ("RRN 971013-9019902", "971013-9019902"),
        ("NRIC S1234567D", "S1234567D"),
        ("TFN 123 456 782", "123 456 782"),
        ("SIN 123-456-782", "123-456-782"),
        ("マイナンバー 123456789018", "123456789018"),
        ("My driver's license number is A56319335", "A56319335"),
    ],
)
def test_national_id_is_found(text: str, number: str) -> None:
    assert _found(text) == [(Kind.NATIONAL_ID, number)]


def test_national_id_with_failing_checksum_counts_beside_its_name() -> None:
    (finding,) = _counting("CPF 390.533.447-06")

    assert 0.5 <= finding.score < 0.9
    assert finding.rule.endswith("checksum fails")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("VAT DE136695976", "DE136695976"),
        ("VAT no. GB 980 7806 84", "GB 980 7806 84"),
        ("invoice to NL004495445B01 please", "NL004495445B01"),
        ("TVA FR 40 303 265 045", "FR 40 303 265 045"),
        ("EIN 91-1144442", "91-1144442"),
        ("CHE-100.155.212 TVA", "CHE-100.155.212 TVA"),
    ],
)
def test_tax_id_is_found(text: str, number: str) -> None:
    assert _found(text) == [(Kind.TAX_ID, number)]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("She was born on 2/7/1961.", "2/7/1961"),
        ("Date of birth: 4 March 1985", "4 March 1985"),
        ("DOB 1990-01-02", "1990-01-02"),
        ("born March 4th, 1985", "March 4th, 1985"),
        ("他生于1990年1月2日", "1990年1月2日"),
        ("1990年1月2日出生", "1990年1月2日"),
        ("我的生日是5月3日", "5月3日"),
        ("出生日期：19900102", "19900102"),
    ],
)
def test_birth_date_is_found_beside_birth(text: str, date: str) -> None:
    assert _found(text) == [(Kind.DATE_OF_BIRTH, date)]


@pytest.mark.parametrize(
    "text",
    [
        "The meeting is on 2024-03-05.",
        "合同于2024年3月5日签订",
        "Opened 2019-03-04. He was born in Rome.",
        "airborne since 2019-03-04",
    ],
)
def test_birth_date_is_nothing_without_birth(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("postgres://app:h4nd@over@db.local:5432/x", "postgres://app:h4nd@over@db.local:5432"),
        ("redis://:s3cretword@cache/0", "redis://:s3cretword@cache"),
        ("见https://a.example/f?id=3&access_token=abc123def，谢谢", "abc123def"),
        ("https://a.example/f?sig=Zm9vYmFy%3D&x=1", "Zm9vYmFy%3D"),
    ],
)
def test_credentials_in_an_address_are_found(text: str, secret: str) -> None:
    assert (Kind.URL_CREDENTIALS, secret) in _found(text)


@pytest.mark.parametrize(
    "text",
    ["https://a.example:8080/b@c", "ftp://<user>:<pass>@host", "https://a.example/?page=2&q=token"],
)
def test_credentials_are_not_a_port_or_a_placeholder(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("The password is Tr0ub4dor.", "Tr0ub4dor"),
        ("password: hunter2!", "hunter2!"),
        ("DB_PASSWORD=correct-horse", "correct-horse"),
        ('"password": "swordfish"', "swordfish"),
        ("pwd=x9Kd_2", "x9Kd_2"),
        ("dbPassword: x9Kd_2", "x9Kd_2"),
        ("Your PIN: 4821", "4821"),
        ("密码是abc123，请勿外传", "abc123"),
        ("密码：Wx#2024", "Wx#2024"),
        ("账号admin密码admin123，请查收", "admin123"),
        ("初始密码统一为Abc@123", "Abc@123"),
        ("Reset your password to Sunshine22", "Sunshine22"),
        ("the passcode for room 12 is 4521", "4521"),
        ("登录口令为qwe789。", "qwe789"),
        ("验证码 123456，五分钟内有效", "123456"),
    ],
)
def test_password_is_its_value_alone(text: str, secret: str) -> None:
    assert set(_found(text)) == {(Kind.PASSWORD, secret)}


@pytest.mark.parametrize(
    "text",
    [
        "password: required",
        "The password is too short.",
        "The password must have 8 characters.",
        "My password is wrong",
        "密码错误，请重试",
        "密码至少8位",
        "密码为空",
        "密码是8位以上的数字",
        "The password is well-known",
        "password=${DB_PASSWORD}",
        "password: ********",
        "Error code: 404123",
        "验证码60秒内有效",
    ],
)
def test_password_is_not_talk_about_one(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Order 240305-0018 and 20240305-0010, years 2024 2023 2022.",
        "Please send your password to admin@corp.example.",
        "Order 20240305123456 for 1,250 units at $12.50 ships on 2024-03-05.",
        "订单号202403051234，共12箱，总价12,345.67元。",
        "Revenue grew from 123,456,789 to 234,567,890 in 2023.",
        "发票号码 12345678，开票日期 2024年3月5日。",
        "Ticket INC0012345 was closed in release 4.12.0.",
        "Part AB-1234567 and SKU 884201993 are in stock.",
        "会议号 998 123 4567，时间 14:30-15:45。",
        "The software license costs 500000 per year.",
        "The driver delivered 400000 parcels in 2023.",
        "ISO 9001:2015 and EN 60204-1:2018 apply.",
        "Tracking 1Z999AA10123456784, weight 12.5 kg.",
        "NO 20240101 PO 4500012345 SE 2024",
        "统计区间2020-2023，增长率12.34%。",
    ],
)
def test_business_text_raises_nothing(text: str) -> None:
    assert _found(text) == []
