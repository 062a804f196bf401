"""Check digits of public identifiers, worked out from the standards and not from a library."""

_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def resident_check(first_17: str) -> str:
    """Return the last sign of a resident identity number (GB 11643, ISO 7064 mod 11-2)."""
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(first_17))
    return "10X98765432"[total % 11]


def organisation_check(first_8: str) -> str:
    """Return the last sign of an organisation code (GB 11714)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(sign, 36) * weight for sign, weight in zip(first_8, weights, strict=True))
    return "0X987654321"[total % 11]


def credit_check(first_17: str) -> str:
    """Return the last sign of a unified social credit code (GB 32100)."""
    total = sum(_CREDIT_SIGNS.index(sign) * pow(3, at, 31) for at, sign in enumerate(first_17))
    return _CREDIT_SIGNS[-total % 31]


def luhn_check(digits: str) -> str:
    """Return the digit that makes `digits` plus itself a number that Luhn accepts."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if at % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def iban_check(country: str, account: str) -> str:
    """Return the two check digits of an IBAN (ISO 13616, mod 97-10)."""
    as_number = "".join(str(int(sign, 36)) for sign in f"{account}{country}00")
    return f"{98 - int(as_number) % 97:02d}"


def german_vat_check(first_8: str) -> str:
    """Return the last digit of a German VAT number (ISO 7064 mod 11,10)."""
    product = 10
    for digit in first_8:
        product = 2 * ((int(digit) + product) % 10 or 10) % 11
    return str((11 - product) % 10)


def french_vat_key(siren: str) -> str:
    """Return the two digits in front of a SIREN in a French VAT number."""
    return f"{(12 + 3 * (int(siren) % 97)) % 97:02d}"


def weighted_check(digits: str, weights: tuple[int, ...]) -> str | None:
    """Return the digit `sum mod 11`, or None where that is 10 and no number is issued."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return None if total == 10 else str(total)


def austrian_vat_check(first_7: str) -> str:
    """Return the last digit of an Austrian VAT number."""
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(first_7))
    total = sum(value // 10 + value % 10 for value in doubled)
    return str((6 - total) % 10)


def spanish_account_checks(bank: str, account: str) -> str:
    """Return the two check digits inside a Spanish account of 8 + 2 + 10 digits."""
    weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
    sums = (
        sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))
        for number in (f"00{bank}", account)
    )
    return "".join(str({10: 1, 11: 0}.get(value := 11 - total % 11, value)) for total in sums)
