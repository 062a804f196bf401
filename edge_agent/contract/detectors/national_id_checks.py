"""Whether a number is one of a country's: its check digits, and the days that are in it."""

import re

from stdnum import luhn
from stdnum.es import dni, nie
from stdnum.in_ import aadhaar
from stdnum.kr import rrn
from stdnum.us import ssn

_YEARS = re.compile(r"(?:(?:19|20)\d\d[ -]?){3}")
_RECENT_YEAR_MIN, _RECENT_YEAR_MAX = 15, 40


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def is_social_security(number: str) -> bool:
    return ssn.is_valid(_digits(number))


def is_german_insurance(number: str) -> bool:
    """Say whether the last digit follows from the rest, in which the letter is its place."""
    plain = number.replace(" ", "").upper()
    digits = f"{plain[:8]}{ord(plain[8]) - ord('A') + 1:02}{plain[9:11]}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    sums = (sum(divmod(int(d) * w, 10)) for d, w in zip(digits, weights, strict=True))
    return sum(sums) % 10 == int(plain[11])


def is_nino(number: str) -> bool:
    form = r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]"
    return re.fullmatch(form, re.sub("[ -]", "", number)) is not None


def is_nric(number: str) -> bool:
    """Say whether the last letter of a Singapore number follows from its digits."""
    total = sum(int(d) * w for d, w in zip(number[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    total += {"T": 4, "G": 4, "M": 3}.get(number[0], 0)
    if number[0] in "ST":
        return "JZIHGFEDCBA"[total % 11] == number[8]
    if number[0] in "FG":
        return "XWUTRQPNMLK"[total % 11] == number[8]
    return number[0] == "M" and "KLJNPQRTUWX"[10 - total % 11] == number[8]


def _has_date(number: str, order: str) -> bool:
    """Say whether six digits can be day, month and year in this order; no clock is asked."""
    digits = _digits(number)[-10:] if order == "ymd" else _digits(number)
    parts = dict(zip(order, (digits[:2], digits[2:4], digits[4:6]), strict=True))
    # Numbers given for a time raise the day or the month.
    return 1 <= int(parts["m"]) % 40 <= 12 and 1 <= int(parts["d"]) % 40 % 60 <= 31


def is_swedish(number: str) -> bool:
    return _has_date(number, "ymd") and luhn.is_valid(_digits(number)[-10:])


def is_swedish_of_old(number: str) -> bool:
    """Say whether it is Swedish and no recent date: order numbers begin with those."""
    year = int(_digits(number)[-10:-8])
    return not _RECENT_YEAR_MIN <= year <= _RECENT_YEAR_MAX and is_swedish(number)


def is_danish(number: str) -> bool:
    return _has_date(number, "dmy")


def is_norwegian(number: str) -> bool:
    digits = [int(d) for d in _digits(number)]
    first = sum(d * w for d, w in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), strict=False))
    second = sum(d * w for d, w in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True))
    return first % 11 == 0 and second % 11 == 0 and _has_date(number, "dmy")


def is_korean(number: str) -> bool:
    digits = _digits(number)
    is_dated = 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) <= 31
    return is_dated and rrn.calc_check_digit(digits[:-1]) == digits[-1]


def is_spanish(number: str) -> bool:
    plain = number.replace(".", "")
    return dni.is_valid(plain) or nie.is_valid(plain)


def is_my_number(number: str) -> bool:
    digits = [int(d) for d in _digits(number)]
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(d * w for d, w in zip(digits, weights, strict=False)) % 11
    return digits[-1] == (0 if rest <= 1 else 11 - rest)


def is_social_insurance(number: str) -> bool:
    return number[0] not in "08" and luhn.is_valid(_digits(number))


def is_aadhaar(number: str) -> bool:
    # A row of years has the same shape.
    return aadhaar.is_valid(number) and not _YEARS.fullmatch(number)
