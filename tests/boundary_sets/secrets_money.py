"""Cards and accounts."""

from functools import partial
from random import Random

from edge_agent.contract.findings import Kind
from tests.boundary_sets.check_digits import iban_check, luhn_check, spanish_account_checks
from tests.boundary_sets.drawing import DIGITS, UPPER, Draw, Secret, grouped, run

_FOURS = (4, 4, 4, 4)
_CARDS = {
    "unionpay 16": (("622202", "625955", "621700"), 16),
    "unionpay 19": (("622848", "621661", "623058"), 19),
    "visa": (("4539", "4716", "4025"), 16),
    "mastercard": (("5105", "5425", "5399"), 16),
    "amex": (("3434", "3782", "3714"), 15),
    "mastercard 2": (("2221", "2305", "2720"), 16),
    "jcb": (("3528", "3566"), 16),
    "discover": (("6011",), 16),
}


def card(rng: Random, brand: str) -> str:
    """Return the digits of a card of this brand; Luhn accepts them."""
    starts, size = _CARDS[brand]
    start = rng.choice(starts)
    first = start + run(rng, DIGITS, size - len(start) - 1)
    return first + luhn_check(first)


def iban(rng: Random, country: str) -> str:
    """Return an IBAN of a country named in `_ACCOUNTS`; its checksums hold."""
    account = _account(rng, country)
    return f"{country}{iban_check(country, account)}{account}"


def _account(rng: Random, country: str) -> str:
    if country == "BE":
        first = rng.choice("3456") + run(rng, DIGITS, 9)
        return f"{first}{int(first) % 97 or 97:02d}"
    if country == "ES":
        bank, number = f"2100{run(rng, DIGITS, 4)}", run(rng, DIGITS, 10)
        return f"{bank}{spanish_account_checks(bank, number)}{number}"
    letters, digits = _ACCOUNTS[country]
    return run(rng, UPPER, letters) + run(rng, DIGITS, digits)


_ACCOUNTS = {
    "DE": (0, 18),
    "GB": (4, 14),
    "CH": (0, 17),
    "AT": (0, 16),
    "NL": (4, 10),
    "IE": (4, 14),
    "LU": (0, 16),
}


def _card(rng: Random, brands: tuple[str, ...], between: str, lead: str = "") -> Secret:
    brand = rng.choice(brands)
    sizes = (4, 6) if brand == "amex" else _FOURS
    return Secret(
        grouped(card(rng, brand), sizes, between), Kind.BANK_CARD, f"{brand} {between!r}", lead
    )


def _card_odd(rng: Random, lead: str) -> Secret:
    number = card(rng, "unionpay 19")
    return Secret(grouped(number, (6, 6), " "), Kind.BANK_CARD, "unionpay 6-6-7", lead)


def _iban(rng: Random, countries: tuple[str, ...], between: str, lead: str = "") -> Secret:
    country = rng.choice(countries)
    number = grouped(iban(rng, country), (4,) * 7, between)
    return Secret(number, Kind.IBAN, f"iban {country}{between!r}", lead)


def _iban_small(rng: Random) -> Secret:
    return Secret(iban(rng, "AT").lower(), Kind.IBAN, "iban small", "iban: ")


_COMMON = ("unionpay 16", "unionpay 19", "visa", "mastercard", "amex")
_RARE = ("mastercard 2", "jcb", "discover")
SEEN: tuple[Draw, ...] = (
    partial(_card, brands=_COMMON, between=""),
    partial(_card, brands=_COMMON, between=" "),
    partial(_card, brands=_COMMON, between="-"),
    partial(_card, brands=("unionpay 16", "unionpay 19"), between="", lead="银行卡号："),
    partial(_iban, countries=("DE", "GB", "CH", "BE"), between=""),
    partial(_iban, countries=("DE", "GB", "CH", "BE"), between=" ", lead="IBAN "),
)
HELD_OUT: tuple[Draw, ...] = (
    partial(_card, brands=_RARE, between=""),
    partial(_card, brands=(*_RARE, "unionpay 19"), between="."),
    partial(_card, brands=(*_RARE, "amex"), between="_", lead="pan="),
    partial(_card, brands=_COMMON, between="/", lead="打到这张卡 "),
    partial(_card_odd, lead="收款账户 "),
    partial(_iban, countries=("AT", "NL", "IE", "LU", "ES"), between=""),
    partial(_iban, countries=("AT", "NL", "IE", "LU", "ES"), between="-", lead="Konto: "),
    _iban_small,
)
