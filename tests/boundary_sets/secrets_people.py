"""Numbers that the state gives to people, firms and cars."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from random import Random

from edge_agent.contract.findings import Kind
from tests.boundary_sets.check_digits import (
    austrian_vat_check,
    credit_check,
    french_vat_key,
    german_vat_check,
    luhn_check,
    organisation_check,
    resident_check,
    weighted_check,
)
from tests.boundary_sets.drawing import DIGITS, UPPER_CLEAR, Draw, Secret, grouped, run

# fmt: off
REGIONS = (
    "110101", "110105", "110108", "120101", "130102", "140105", "210102", "230103", "310104",
    "310115", "320102", "320505", "330106", "330203", "340104", "350203", "370202", "410105",
    "420106", "430104", "440106", "440305", "450103", "500103", "510107", "530102", "610113",
)
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# fmt: on


def resident_id(rng: Random) -> str:
    """Return an 18-sign resident identity number whose checksum holds."""
    first = f"{rng.choice(REGIONS)}{birthday(rng):%Y%m%d}{run(rng, DIGITS, 3)}"
    return first + resident_check(first)


def resident_id_15(rng: Random) -> str:
    """Return a first-generation number of 15 digits, which has no checksum."""
    return f"{rng.choice(REGIONS)}{birthday(rng):%y%m%d}{run(rng, DIGITS, 3)}"


def credit_code(rng: Random) -> str:
    """Return a unified social credit code; both its checksums hold."""
    body = run(rng, "0123456789ABCDEFGHJKLMNPQRTUWXY", 2) + run(rng, DIGITS, 6)
    first = f"{rng.choice(('91', '92', '51'))}{rng.choice(REGIONS)}{body}{organisation_check(body)}"
    return first + credit_check(first)


def passport(rng: Random) -> str:
    """Return a Chinese passport number of one of its three series."""
    second = rng.choice(UPPER_CLEAR)
    series = rng.choice((("E", 8), ("G", 8), (f"E{second}", 7)))
    return series[0] + run(rng, DIGITS, series[1])


def permit_outward(rng: Random) -> str:
    """Return the number of a mainlander's permit to Hong Kong and Macao."""
    letter, size = rng.choice((("C", 8), (f"C{rng.choice('ABCDEFGH')}", 7)))
    return letter + run(rng, DIGITS, size)


def permit_homeward(rng: Random) -> str:
    """Return the number of a Hong Kong or Macao resident's permit to the mainland."""
    return rng.choice("HM") + run(rng, DIGITS, 8)


def plate(rng: Random) -> str:
    """Return an ordinary plate of seven signs."""
    last = run(rng, DIGITS, 4)
    mixed = rng.choice((last + rng.choice(DIGITS), rng.choice(UPPER_CLEAR) + last))
    return rng.choice(PROVINCES) + rng.choice("ABCDEFGH") + mixed


def plate_electric(rng: Random) -> str:
    """Return a plate of eight signs, of a small or a large car."""
    digits = run(rng, DIGITS, 5)
    mark = rng.choice("DF")
    tail = rng.choice((mark + digits, digits + mark))
    return rng.choice(PROVINCES) + rng.choice("ABCDEFGH") + tail


def birthday(rng: Random) -> date:
    """Return the birthday of somebody old enough to work."""
    return date(1950, 1, 1) + timedelta(days=rng.randrange(20_000))


def german_vat(rng: Random) -> str:
    first = rng.choice("123456789") + run(rng, DIGITS, 7)
    return f"DE{first}{german_vat_check(first)}"


def french_vat(rng: Random) -> str:
    first = rng.choice("345678") + run(rng, DIGITS, 7)
    siren = first + luhn_check(first)
    return f"FR{french_vat_key(siren)}{siren}"


def italian_vat(rng: Random) -> str:
    # The last three before the check name a province; 015 is Milan.
    first = f"0{run(rng, DIGITS, 6)}015"
    return f"IT{first}{luhn_check(first)}"


def belgian_vat(rng: Random) -> str:
    first = f"0{rng.choice('4567')}{run(rng, DIGITS, 6)}"
    return f"BE{first}{97 - int(first) % 97:02d}"


def austrian_vat(rng: Random) -> str:
    first = run(rng, DIGITS, 7)
    return f"ATU{first}{austrian_vat_check(first)}"


def dutch_vat(rng: Random) -> str:
    while (
        check := weighted_check(first := run(rng, "123456789", 8), (9, 8, 7, 6, 5, 4, 3, 2))
    ) is None:
        pass
    return f"NL{first}{check}B01"


def polish_vat(rng: Random) -> str:
    weights = (6, 5, 7, 2, 3, 4, 5, 6, 7)
    while (check := weighted_check(first := run(rng, "123456789", 9), weights)) is None:
        pass
    return f"PL{first}{check}"


def social_security(rng: Random) -> str:
    """Return the nine digits of a number that the United States could have issued."""
    area = rng.choice([number for number in range(1, 900) if number != 666])
    return f"{area:03d}{rng.randrange(1, 100):02d}{rng.randrange(1, 10_000):04d}"


def _resident(
    rng: Random, name: str, lead: str = "", between: str = "", sizes: tuple[int, ...] = ()
) -> Secret:
    return Secret(grouped(resident_id(rng), sizes, between), Kind.RESIDENT_ID, name, lead)


def _resident_15(rng: Random, lead: str) -> Secret:
    return Secret(resident_id_15(rng), Kind.RESIDENT_ID, "resident 15", lead)


def _resident_small_x(rng: Random) -> Secret:
    while not (number := resident_id(rng)).endswith("X"):
        pass
    return Secret(number.lower(), Kind.RESIDENT_ID, "resident small x", "身份证：")


def _credit(rng: Random, lead: str, sizes: tuple[int, ...] = ()) -> Secret:
    return Secret(
        grouped(credit_code(rng), sizes, " "), Kind.SOCIAL_CREDIT_CODE, "credit code", lead
    )


def _credit_small(rng: Random) -> Secret:
    return Secret(credit_code(rng).lower(), Kind.SOCIAL_CREDIT_CODE, "credit code small", "税号 ")


def _passport(rng: Random, lead: str) -> Secret:
    return Secret(passport(rng), Kind.PASSPORT, "passport", lead)


def _permit(rng: Random, draw: Callable[[Random], str], lead: str) -> Secret:
    return Secret(draw(rng), Kind.PASSPORT, "permit", lead)


def _plate(rng: Random, lead: str, dot: str = "") -> Secret:
    number = rng.choice((plate, plate_electric))(rng)
    return Secret(number[:2] + dot + number[2:], Kind.LICENSE_PLATE, f"plate {dot!r}", lead)


def _social(rng: Random, lead: str, between: str) -> Secret:
    number = grouped(social_security(rng), (3, 2), between)
    return Secret(number, Kind.NATIONAL_ID, f"ssn {between!r}", lead)


def _vat(rng: Random, draws: tuple[str, ...], lead: str, between: str = "") -> Secret:
    number = _VAT[rng.choice(draws)](rng)
    text = number[:2] + between + number[2:]
    return Secret(text, Kind.TAX_ID, f"vat {number[:2]}", lead)


def _birth(rng: Random, lead: str, pattern: str) -> Secret:
    return Secret(f"{birthday(rng):{pattern}}", Kind.DATE_OF_BIRTH, f"birth {pattern}", lead)


_VAT = {
    "DE": german_vat,
    "FR": french_vat,
    "IT": italian_vat,
    "BE": belgian_vat,
    "AT": austrian_vat,
    "NL": dutch_vat,
    "PL": polish_vat,
}
SEEN: tuple[Draw, ...] = (
    partial(_resident, name="resident bare"),
    partial(_resident, name="resident cue", lead="身份证号："),
    partial(_resident, name="resident spaced", between=" ", sizes=(6, 8)),
    partial(_resident_15, lead="身份证号 "),
    partial(_credit, lead=""),
    partial(_credit, lead="统一社会信用代码："),
    partial(_passport, lead="护照号 "),
    partial(_passport, lead="passport no. "),
    partial(_permit, draw=permit_outward, lead="港澳通行证号："),
    partial(_plate, lead=""),
    partial(_plate, lead="车牌 ", dot="·"),
    partial(_social, lead="SSN ", between="-"),
    partial(_vat, draws=("DE", "FR", "IT", "BE"), lead="VAT number "),
    partial(_birth, lead="date of birth: ", pattern="%Y-%m-%d"),
    partial(_birth, lead="出生日期：", pattern="%Y年%-m月%-d日"),
)
HELD_OUT: tuple[Draw, ...] = (
    partial(_resident, name="resident dashes", between="-", sizes=(6, 4, 4)),
    partial(_resident, name="resident dots", between=".", sizes=(3, 3, 4, 4), lead="ID card "),
    _resident_small_x,
    partial(_resident_15, lead="老身份证（15位）"),
    partial(_credit, lead="纳税人识别号：", sizes=(4, 4, 4, 4)),
    _credit_small,
    partial(_passport, lead="持照人护照 No. "),
    partial(_passport, lead='"passport_number": "'),
    partial(_permit, draw=permit_homeward, lead="回乡证号码 "),
    partial(_plate, lead="车号 ", dot=" "),
    partial(_plate, lead="", dot="-"),
    partial(_social, lead="social security number (", between=" "),
    partial(_social, lead="ssn=", between=""),
    partial(_vat, draws=("AT", "NL", "PL"), lead="UID/BTW: "),
    partial(_vat, draws=("AT", "PL"), lead="VAT reg ", between=" "),
    partial(_birth, lead="DOB ", pattern="%d/%m/%Y"),
    partial(_birth, lead="she was born on ", pattern="%-d %B %Y"),
    partial(_birth, lead="生于", pattern="%Y.%m.%d"),
)
