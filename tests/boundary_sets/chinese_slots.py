"""What is filled into Chinese sentences: secrets, near misses, and the ordinary rest."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from edge_agent.contract.findings import Kind
from tests.boundary_sets.drawing import DIGITS, HEX, UPPER_CLEAR, grouped, run, shift_check
from tests.boundary_sets.secrets_access import password
from tests.boundary_sets.secrets_contact import ip_v4, landline, mail_address, mobile
from tests.boundary_sets.secrets_money import card
from tests.boundary_sets.secrets_people import (
    PROVINCES,
    birthday,
    credit_code,
    passport,
    permit_homeward,
    permit_outward,
    plate,
    plate_electric,
    resident_id,
    resident_id_15,
)

Fill = Callable[[Random], str]


@dataclass(frozen=True, slots=True)
class SecretSlot:
    """How to draw the text of a secret and what it is."""

    fill: Fill
    kind: Kind


def _card(rng: Random) -> str:
    number = card(rng, rng.choice(("unionpay 16", "unionpay 19", "unionpay 19")))
    return grouped(number, (4, 4, 4, 4), rng.choice(("", "", " ")))


def _card_dashed(rng: Random) -> str:
    return grouped(card(rng, "unionpay 19"), (4, 4, 4, 4), "-")


def _phone(rng: Random) -> str:
    number = grouped(mobile(rng), (3, 4), rng.choice(("", "", "", " ", "-")))
    return rng.choice(("", "", "", "+86 ", "+86")) + number


def _phone_rare(rng: Random) -> str:
    number, odd = mobile(rng), rng.choice(("(+86)", "0086-", "86-"))
    rare = (f"{odd}{number}", grouped(number, (3, 4), "."), grouped(number, (4, 3), " "))
    return rng.choice(rare)


def _fixed_line(rng: Random) -> str:
    area, number = landline(rng)
    return rng.choice((f"{area}-{number}", f"({area}){number}", f"{area} {number}"))


def _fixed_line_rare(rng: Random) -> str:
    area, number = landline(rng)
    return rng.choice((f"（{area}）{number}", f"+86-{area[1:]}-{number}"))


def _hong_kong(rng: Random) -> str:
    number = rng.choice("569") + rng.choice("1345678") + run(rng, DIGITS, 6)
    return f"+852 {grouped(number, (4,), rng.choice(('', ' ')))}"


def _wrong(draw: Fill, rng: Random) -> str:
    return shift_check(rng, draw(rng))


def _spaced_resident(rng: Random) -> str:
    return grouped(resident_id(rng), (6, 8), rng.choice((" ", "-")))


def _plate(rng: Random) -> str:
    number = rng.choice((plate, plate_electric))(rng)
    return number[:2] + rng.choice(("", "", "·")) + number[2:]


def _birth(rng: Random) -> str:
    born = birthday(rng)
    return rng.choice((f"{born:%Y-%m-%d}", f"{born.year}年{born.month}月{born.day}日"))


def _birth_rare(rng: Random) -> str:
    born = birthday(rng)
    return rng.choice((f"{born:%Y.%m.%d}", f"{born:%Y/%m/%d}", f"{born.year}年{born.month:02d}月"))


SECRET_SLOTS: dict[str, SecretSlot] = {
    "resident": SecretSlot(resident_id, Kind.RESIDENT_ID),
    "resident_wrong": SecretSlot(partial(_wrong, resident_id), Kind.RESIDENT_ID),
    "resident_spaced": SecretSlot(_spaced_resident, Kind.RESIDENT_ID),
    "resident_15": SecretSlot(resident_id_15, Kind.RESIDENT_ID),
    "credit": SecretSlot(credit_code, Kind.SOCIAL_CREDIT_CODE),
    "credit_wrong": SecretSlot(partial(_wrong, credit_code), Kind.SOCIAL_CREDIT_CODE),
    "mobile": SecretSlot(_phone, Kind.PHONE),
    "mobile_rare": SecretSlot(_phone_rare, Kind.PHONE),
    "fixed_line": SecretSlot(_fixed_line, Kind.PHONE),
    "fixed_line_rare": SecretSlot(_fixed_line_rare, Kind.PHONE),
    "hong_kong": SecretSlot(_hong_kong, Kind.PHONE),
    "card": SecretSlot(_card, Kind.BANK_CARD),
    "card_dashed": SecretSlot(_card_dashed, Kind.BANK_CARD),
    "card_wrong": SecretSlot(
        lambda rng: shift_check(rng, card(rng, "unionpay 19")), Kind.BANK_CARD
    ),
    "passport": SecretSlot(passport, Kind.PASSPORT),
    "permit": SecretSlot(permit_outward, Kind.PASSPORT),
    "home_permit": SecretSlot(permit_homeward, Kind.PASSPORT),
    "plate": SecretSlot(_plate, Kind.LICENSE_PLATE),
    "mail": SecretSlot(mail_address, Kind.EMAIL),
    "ip": SecretSlot(ip_v4, Kind.IP_ADDRESS),
    "birth": SecretSlot(_birth, Kind.DATE_OF_BIRTH),
    "birth_rare": SecretSlot(_birth_rare, Kind.DATE_OF_BIRTH),
    "password": SecretSlot(password, Kind.PASSWORD),
}


def _day(rng: Random) -> tuple[int, int, int]:
    return rng.randrange(2019, 2027), rng.randrange(1, 13), rng.randrange(1, 29)


def _order(rng: Random) -> str:
    year, month, day = _day(rng)
    return f"{year}{month:02d}{day:02d}{run(rng, DIGITS, rng.choice((6, 8, 10)))}"


def _serial_18(rng: Random) -> str:
    """Return 18 digits that no region starts and whose checksum fails."""
    return shift_check(rng, f"{rng.choice('0789')}{run(rng, DIGITS, 16)}0")


def _isbn(rng: Random) -> str:
    body = f"9787{run(rng, DIGITS, 8)}"
    check = -sum(int(digit) * (1 + 2 * (at % 2)) for at, digit in enumerate(body)) % 10
    return f"978-7-{body[4:7]}-{body[7:]}-{check}"


def _barcode(rng: Random) -> str:
    body = f"69{rng.randrange(10)}{run(rng, DIGITS, 9)}"
    check = -sum(int(digit) * (1 + 2 * (at % 2)) for at, digit in enumerate(body)) % 10
    return f"{body}{check}"


def _uuid(rng: Random) -> str:
    return grouped(run(rng, HEX, 32), (8, 4, 4, 4), "-")


def _stamp(rng: Random) -> str:
    year, month, day = _day(rng)
    return f"{year}-{month:02d}-{day:02d} {rng.randrange(8, 20):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}"


def _date(rng: Random) -> str:
    year, month, day = _day(rng)
    return rng.choice(
        (f"{year}年{month}月{day}日", f"{year}-{month:02d}-{day:02d}", f"{month}月{day}日")
    )


def _price(rng: Random) -> str:
    yuan = rng.randrange(3, 400_000)
    return rng.choice((f"{yuan}元", f"¥{yuan:,}.{rng.randrange(100):02d}", f"{yuan / 100:.2f}元"))


_DIGIT_WORDS = "零壹贰叁肆伍陆柒捌玖"


def _formal_amount(rng: Random) -> str:
    digits = [_DIGIT_WORDS[rng.randrange(1, 10)] for _ in range(4)]
    return f"人民币{digits[0]}万{digits[1]}仟{digits[2]}佰{digits[3]}拾元整"


def _bare_amount(rng: Random) -> str:
    start = rng.choice(("138", "136", "159", "186"))
    return f"{start}{run(rng, DIGITS, 3)}00000元"


def _version_4(rng: Random) -> str:
    return f"{rng.randrange(1, 13)}.{rng.randrange(20)}.{rng.randrange(30)}.{rng.randrange(200)}"


def _build(rng: Random) -> str:
    return f"10.0.{rng.randrange(17000, 26000)}.{rng.randrange(300, 4000)}"


def _courier(rng: Random) -> str:
    start, size = rng.choice((("SF", 13), ("YT", 13), ("JDVA", 11), ("7730", 10), ("7530", 11)))
    return start + run(rng, DIGITS, size)


PLAIN_SLOTS: dict[str, Fill] = {
    "order": _order,
    "courier": _courier,
    "serial": _serial_18,
    "isbn": _isbn,
    "barcode": _barcode,
    "uuid": _uuid,
    "stamp": _stamp,
    "unix": lambda rng: f"17{run(rng, DIGITS, rng.choice((8, 11)))}",
    "date": _date,
    "price": _price,
    "formal": _formal_amount,
    "bare_amount": _bare_amount,
    "version_4": _version_4,
    "build": _build,
    "version": lambda rng: f"v{rng.randrange(1, 9)}.{rng.randrange(30)}.{rng.randrange(20)}",
    "part": lambda rng: (
        f"1{rng.randrange(30, 99)}-{run(rng, DIGITS, 4)}-{run(rng, DIGITS, 2)}"
        + rng.choice(UPPER_CLEAR)
    ),
    "part_long": lambda rng: (
        f"{rng.choice(UPPER_CLEAR)}{rng.choice(UPPER_CLEAR)}13{run(rng, DIGITS, 9)}"
    ),
    "meeting": lambda rng: grouped(run(rng, "23456789", 9), (3, 3), rng.choice(("-", " "))),
    "zoom": lambda rng: f"8{run(rng, DIGITS, 2)} {run(rng, DIGITS, 4)} {run(rng, DIGITS, 4)}",
    "course": lambda rng: (
        f"{rng.choice(('CS', 'MA', 'BIO', 'ENG'))}{run(rng, '123456789', 4)}-{rng.choice('AB')}"
    ),
    "stock": lambda rng: rng.choice(("600", "601", "000", "300", "688")) + run(rng, DIGITS, 3),
    "statute": lambda rng: f"〔{rng.randrange(2015, 2026)}〕{rng.randrange(1, 99)}号",
    "standard": lambda rng: f"GB/T {run(rng, '123456789', 5)}-{rng.randrange(2008, 2024)}",
    "article": lambda rng: f"第{rng.randrange(20, 1260)}条",
    "hotline": lambda rng: rng.choice(
        ("12345", "12315", "12306", "12366", "12333", "95588", "95533", "95566", "10086", "10010")
    ),
    "emergency": lambda rng: rng.choice(("110", "119", "120", "122")),
    "four_hundred": lambda rng: (
        f"400-{rng.choice(('820', '810', '670', '650'))}-{run(rng, DIGITS, 4)}"
    ),
    "model": lambda rng: f"{rng.choice(PROVINCES)}{rng.choice('ABCD')}{rng.randrange(1, 99)}",
    "invoice": lambda rng: f"2{rng.randrange(3, 6)}{run(rng, DIGITS, 18)}",
    "clearing": lambda rng: f"{rng.choice(('102', '105', '103'))}{run(rng, DIGITS, 9)}",
    "postcode": lambda rng: f"{rng.choice('123456')}{run(rng, DIGITS, 3)}00",
    "train": lambda rng: f"{rng.choice('GDC')}{rng.randrange(11, 9000)}",
    "flight": lambda rng: f"{rng.choice(('CA', 'MU', 'CZ', 'HU'))}{rng.randrange(1000, 9999)}",
    "hash": lambda rng: run(rng, HEX, rng.choice((7, 8, 40))),
    "size": lambda rng: f"{rng.randrange(2, 40) * 100}×{rng.randrange(2, 20) * 100}mm",
    "many": lambda rng: str(rng.randrange(2, 9000)),
    "few": lambda rng: str(rng.randrange(2, 30)),
    "clock": lambda rng: f"{rng.randrange(7, 21)}:{rng.randrange(60):02d}",
    "percent": lambda rng: f"{rng.randrange(10, 990) / 10}%",
    "surname": lambda rng: rng.choice("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"),
    "title": lambda rng: rng.choice(("先生", "女士", "老师", "经理", "师傅", "主任", "同学")),
    "firm": lambda rng: rng.choice(("蓝田贸易", "青禾学校", "海石物流", "明远诊所", "北岸机械")),
    "goods": lambda rng: rng.choice(("打印纸", "口罩", "电缆", "课本", "显示器", "试剂盒", "轴承")),
}
