"""The personal numbers of many countries: their shapes, their checksums, the words that name them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from stdnum import luhn
from stdnum.au import tfn
from stdnum.br import cpf
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale
from stdnum.kr import rrn
from stdnum.nl import bsn
from stdnum.us import ssn

_YEARS = re.compile(r"(?:(?:19|20)\d\d[ -]?){3}")
_RECENT_YEAR_MIN, _RECENT_YEAR_MAX = 15, 40


class Words:
    """Words that name a number, each with a piece that is in all it matches and quicker to see."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._pieces = tuple(words)
        self._pattern = re.compile("|".join(words.values()), re.IGNORECASE)

    def stand_in(self, text: str, lowered: str) -> bool:
        """Say whether one of them is in the text; `lowered` is the same in small letters."""
        is_likely = any(map(lowered.__contains__, self._pieces))
        return is_likely and self._pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Rule:
    """A score of 0 means: never by that road; `context` are the words that raise or allow it."""

    name: str
    holds: Callable[[str], bool]
    context: Words
    valid: float = 0.0
    valid_in_context: float = 0.9
    invalid: float = 0.0
    invalid_in_context: float = 0.65

    @property
    def is_known_alone(self) -> bool:
        """Say whether its form is enough, without words that name it."""
        return self.valid > 0 or self.invalid > 0


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def _is_social_security(number: str) -> bool:
    return ssn.is_valid(_digits(number))


def _is_nino(number: str) -> bool:
    form = r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]"
    return re.fullmatch(form, re.sub("[ -]", "", number)) is not None


def _is_nric(number: str) -> bool:
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


def _is_swedish(number: str) -> bool:
    return _has_date(number, "ymd") and luhn.is_valid(_digits(number)[-10:])


def _is_swedish_of_old(number: str) -> bool:
    """Say whether it is Swedish and no recent date: order numbers begin with those."""
    year = int(_digits(number)[-10:-8])
    return not _RECENT_YEAR_MIN <= year <= _RECENT_YEAR_MAX and _is_swedish(number)


def _is_danish(number: str) -> bool:
    return _has_date(number, "dmy")


def _is_norwegian(number: str) -> bool:
    digits = [int(d) for d in _digits(number)]
    first = sum(d * w for d, w in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), strict=False))
    second = sum(d * w for d, w in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True))
    return first % 11 == 0 and second % 11 == 0 and _has_date(number, "dmy")


def _is_korean(number: str) -> bool:
    digits = _digits(number)
    is_dated = 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) <= 31
    return is_dated and rrn.calc_check_digit(digits[:-1]) == digits[-1]


def _is_spanish(number: str) -> bool:
    plain = number.replace(".", "")
    return dni.is_valid(plain) or nie.is_valid(plain)


def _is_my_number(number: str) -> bool:
    digits = [int(d) for d in _digits(number)]
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(d * w for d, w in zip(digits, weights, strict=False)) % 11
    return digits[-1] == (0 if rest <= 1 else 11 - rest)


def _is_social_insurance(number: str) -> bool:
    return number[0] not in "08" and luhn.is_valid(_digits(number))


def _is_aadhaar(number: str) -> bool:
    # A row of years has the same shape.
    return aadhaar.is_valid(number) and not _YEARS.fullmatch(number)


def _named(*words: str, **patterns: str) -> Words:
    """Return these words as they stand, and those given as patterns under a piece of theirs."""
    return Words({**{word: re.escape(word) for word in words}, **patterns})


def _alone(*words: str) -> dict[str, str]:
    return {word: rf"(?<![A-Za-z]){word}(?![A-Za-z])" for word in words}


def _begun(*words: str) -> dict[str, str]:
    return {word: rf"(?<![A-Za-z]){word}" for word in words}


_SSN = Rule(
    "US social security number",
    _is_social_security,
    _named(
        *("social security", "社会安全号", "社保号"),
        **_begun("ssn"),
        soc=r"(?<![a-z])soc(?:ial)?[.,]? ?sec",
        ss=r"(?<![a-z])ss ?#|(?<![a-z])ss (?:no|num)",
        # One speaks of social networks, too.
        social=r"(?<![a-z])(?:(?:my|his|her|your) social|social (?:is|no\.?|number)|social:)"
        r"(?: is|:)?\s{0,3}\Z",
    ),
    valid=0.85,
    invalid_in_context=0.65,
)
_BARE_SSN = Rule(_SSN.name, _SSN.holds, _SSN.context, valid_in_context=0.8)
_NINO = Rule("UK national insurance number", _is_nino, _named("national insurance", "nino"), 0.85)
_NHS = Rule(
    "UK health service number",
    nhs.is_valid,
    _named(
        "health service number", "patient number", nhs="(?<![a-z])nhs(?:no|num(?:ber)?)?(?![a-z])"
    ),
)
_NIR = Rule(
    "French social security number",
    nir.is_valid,
    _named("insee", **_alone("nir"), sociale="s[ée]curit[ée] sociale", cu="n° ?s[ée]cu"),
    0.9,
)
_IDNR = Rule(
    "German tax identification number",
    idnr.is_valid,
    _named(
        *("identifikationsnummer", "steuerident", "税号"),
        steuer="steuer(?:liche)?[ _-]{0,2}(?:id|nummer|nr)",
        nr="(?<![a-z])id[ _-]?nr",
        st="(?<![a-z])st-id",
        tax="tax[ _-]?(?:payer)?[ _-]?(?:id|no|num)",
        **_alone("tin"),
    ),
)
_DNI = Rule(
    "Spanish identity number",
    _is_spanish,
    _named("identidad", **_alone("dni", "nie", "nif")),
    0.8,
)
_CODICE = Rule(
    "Italian fiscal code", codicefiscale.is_valid, _named("codice fiscale", "fiscal code"), 0.95,
    invalid=0.65,
)  # fmt: skip
_BSN = Rule("Dutch citizen number", bsn.is_valid, _named("bsn", "burgerservice", "sofi"))
_NORDIC = _named(
    *("identity number", "cpr", "national id", "fnr", "samordningsnummer"),
    person="person-?(?:nummer|nr)|personal (?:identity )?number",
    dselsnummer="f[øo]dselsnummer",
)
_SWEDISH = Rule("Swedish personal number", _is_swedish, _NORDIC)
_OLD_SWEDISH = Rule(_SWEDISH.name, _is_swedish_of_old, _NORDIC, 0.8)
_DANISH = Rule("Danish personal number", _is_danish, _NORDIC, invalid_in_context=0)
_NORWEGIAN = Rule("Norwegian personal number", _is_norwegian, _NORDIC)
_HETU = Rule("Finnish personal code", hetu.is_valid, _named("hetu", tunnus="henkil[öo]tunnus"), 0.9)
_CPF = Rule("Brazilian CPF", cpf.is_valid, _named(**_begun("cpf")), 0.95, invalid=0.7)
_BARE_CPF = Rule(_CPF.name, _CPF.holds, _CPF.context)
_AADHAAR = Rule(
    "Indian Aadhaar", _is_aadhaar, _named("uidai", **_begun("uid"), aad="aadh?aar"), 0.6
)
_BARE_AADHAAR = Rule(_AADHAAR.name, _is_aadhaar, _AADHAAR.context)
_PAN = Rule("Indian PAN", pan.is_valid, _named("account number", **_alone("pan")), 0.8)
_RRN = Rule("Korean resident number", _is_korean, _named("rrn", "resident", "주민"), 0.9)
_MY_NUMBER = Rule(
    "Japanese My Number", _is_my_number, _named("マイナンバー", "個人番号", my="my ?number")
)
_NRIC = Rule("Singapore NRIC", _is_nric, _named("nric", **_alone("fin")), 0.85)
_TFN = Rule("Australian tax file number", tfn.is_valid, _named("tfn", "tax file"))
_SIN = Rule(
    "Canadian social insurance number",
    _is_social_insurance,
    _named("social insurance", **_alone("sin")),
)
_LICENCE = Rule(
    "driver licence",
    lambda number: re.fullmatch(r"(?:19|20)\d{6}", number) is None,
    _named(
        *("驾驶证", "驾照"),
        driv=r"driv(?:er|ing)[’'s]{0,3}\s+(?:licen[cs]e|permit)",
        # In small letters it might be anything.
        dl=r"(?<![A-Za-z])(?-i:DL)(?![A-Za-z])",
    ),
    valid_in_context=0.6,
    invalid_in_context=0,
)


def _licence_shapes() -> Iterator[str]:
    for letters in range(6):
        for digits in range(4, 15):
            if 6 <= letters + digits <= 16:
                yield from ("A" * letters + "9" * digits, "A" * letters + "9" * digits + "A")
    yield "AAAAA999999AA9AA"


def _rules_by_shape() -> dict[str, tuple[Rule, ...]]:
    shapes: dict[str, tuple[Rule, ...]] = {
        "999-99-9999": (_SSN,),
        "999 99 9999": (_BARE_SSN,),
        "999999999": (_BARE_SSN, _BSN, _TFN, _SIN),
        "999-999-999": (_SIN, _TFN),
        "999 999 999": (_SIN, _TFN, _BSN),
        "AA999999A": (_NINO,),
        "AA 99 99 99 A": (_NINO,),
        "999999999999999": (_NIR,),
        "9 99 99 99 999 999 99": (_NIR,),
        "99999999999": (_IDNR, _NORWEGIAN, _BARE_CPF),
        "99 999 999 999": (_IDNR,),
        "99-999-999-999": (_IDNR,),
        "999 999 999 99": (_IDNR,),
        "999999 99999": (_NORWEGIAN,),
        "99999999A": (_DNI,),
        "99999999-A": (_DNI,),
        "99.999.999-A": (_DNI,),
        "99.999.999 A": (_DNI,),
        "99.999.999A": (_DNI,),
        "A9999999A": (_DNI, _NRIC),
        "A-9999999-A": (_DNI,),
        "A-9.999.999-A": (_DNI,),
        "AAAAAA99A99A999A": (_CODICE,),
        "999999-9999": (_OLD_SWEDISH, _SWEDISH, _DANISH),
        "999999+9999": (_OLD_SWEDISH, _SWEDISH),
        "99999999-9999": (_OLD_SWEDISH, _SWEDISH),
        "9999999999": (_SWEDISH, _DANISH, _NHS),
        "999 999 9999": (_NHS,),
        "999-999-9999": (_NHS,),
        "999999999999": (_SWEDISH, _BARE_AADHAAR, _MY_NUMBER),
        "999999-999A": (_HETU,),
        "999999A999A": (_HETU,),
        "999999+999A": (_HETU,),
        "999999A9999": (_HETU,),
        "999.999.999-99": (_CPF,),
        "9999 9999 9999": (_AADHAAR, _MY_NUMBER),
        "9999-9999-9999": (_AADHAAR, _MY_NUMBER),
        "AAAAA9999A": (_PAN,),
        "999999-9999999": (_RRN,),
    }
    for shape in _licence_shapes():
        shapes[shape] = (*shapes.get(shape, ()), _LICENCE)
    return shapes


# By shape: each digit a 9, each letter an A.
RULES = _rules_by_shape()
