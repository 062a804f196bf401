"""Personal numbers of many countries, told apart by shape, checksum and the words before them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stdnum import luhn
from stdnum.au import tfn
from stdnum.br import cpf
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale
from stdnum.kr import rrn
from stdnum.nl import bsn
from stdnum.us import ssn

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

# Groups after the first must hold a digit, so that words after a number are not drawn in.
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{0,6} ?\d[A-Za-z0-9]{0,17}"
    r"(?:[-./+ ][A-Za-z0-9]{0,4}\d[A-Za-z0-9]{0,12}){0,6}(?:[- ][A-Za-z])?(?![A-Za-z0-9])"
)
_PIECE = re.compile(r"[^ ]+")
_NAME_BEFORE = re.compile(r"[A-Za-z]{1,6} ")
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[A-Za-z]")
_YEARS = re.compile(r"(?:(?:19|20)\d\d[ -]?){3}")
_CONTEXT_REACH = 45
_RECENT_YEAR_MIN, _RECENT_YEAR_MAX = 15, 40
_LENGTH_MIN, _LENGTH_MAX = 8, 21


@dataclass(frozen=True, slots=True)
class _Rule:
    """A score of 0 means: never by that road; `context` are the words that raise or allow it."""

    name: str
    holds: Callable[[str], bool]
    context: re.Pattern[str]
    valid: float = 0.0
    valid_in_context: float = 0.9
    invalid: float = 0.0
    invalid_in_context: float = 0.65


def find(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    for match in _TOKEN.finditer(text):
        for start, end in _possible_spans(match):
            judged = _judged(text, start, end)
            if judged is not None:
                yield Finding(*reading.span(start, end), Kind.NATIONAL_ID, *judged)
                break


def _possible_spans(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the whole run and each part between spaces, those that are long enough."""
    start, end = match.span()
    if end - start < _LENGTH_MIN:
        return
    if end - start <= _LENGTH_MAX:
        yield start, end
    if " " in match.group():
        name = _NAME_BEFORE.match(match.group())
        if name and end - start - name.end() >= _LENGTH_MIN:
            yield start + name.end(), end
        for piece in _PIECE.finditer(match.group()):
            if _LENGTH_MIN <= piece.end() - piece.start() <= _LENGTH_MAX:
                yield start + piece.start(), start + piece.end()


def _judged(text: str, start: int, end: int) -> tuple[float, str] | None:
    """Return the surest score and why, of all countries whose numbers have this shape."""
    number = text[start:end].upper()
    rules = _RULES.get(_LETTER.sub("A", _DIGIT.sub("9", number)), ())
    if not rules:
        return None
    before = text[max(0, start - _CONTEXT_REACH) : start]
    scored = [_scored(rule, number, before) for rule in rules]
    score, why = max(scored)
    return (score, why) if score else None


def _scored(rule: _Rule, number: str, before: str) -> tuple[float, str]:
    holds, is_named = rule.holds(number), rule.context.search(before) is not None
    why = f"{rule.name}, {'form holds' if holds else 'checksum fails'}"
    if holds:
        return max(rule.valid, rule.valid_in_context if is_named else 0), why
    return max(rule.invalid, rule.invalid_in_context if is_named else 0), why


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


def _named(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


_SSN = _Rule(
    "US social security number",
    _is_social_security,
    _named(r"(?<![A-Za-z])ssn", r"social security", "社会安全号", "社保号"),
    valid=0.85,
    invalid_in_context=0.65,
)
_BARE_SSN = _Rule(_SSN.name, _SSN.holds, _SSN.context, valid_in_context=0.8)
_NINO = _Rule("UK national insurance number", _is_nino, _named("national insurance", "nino"), 0.85)
_NIR = _Rule(
    "French social security number",
    nir.is_valid,
    _named(r"(?<![A-Za-z])nir(?![A-Za-z])", "s[ée]curit[ée] sociale", "insee", "n° ?s[ée]cu"),
    0.9,
)
_IDNR = _Rule(
    "German tax identification number",
    idnr.is_valid,
    _named("steuer-?id", "idnr", "steuerident", "steuerliche ident", "tax id", "税号"),
)
_DNI = _Rule(
    "Spanish identity number",
    lambda number: dni.is_valid(number) or nie.is_valid(number),
    _named(r"(?<![A-Za-z])dni(?![A-Za-z])", r"(?<![A-Za-z])ni[ef](?![A-Za-z])", "identidad"),
    0.8,
)
_CODICE = _Rule(
    "Italian fiscal code", codicefiscale.is_valid, _named("codice fiscale", "fiscal code"), 0.95,
    invalid=0.65,
)  # fmt: skip
_BSN = _Rule("Dutch citizen number", bsn.is_valid, _named(r"bsn", "burgerservice", "sofi"))
_NORDIC = _named(
    "person-?(?:nummer|nr)", "personal (?:identity )?number", "identity number", r"cpr",
    "f[øo]dselsnummer", "national id", "fnr", "samordningsnummer",
)  # fmt: skip
_SWEDISH = _Rule("Swedish personal number", _is_swedish, _NORDIC)
_OLD_SWEDISH = _Rule(_SWEDISH.name, _is_swedish_of_old, _NORDIC, 0.8)
_DANISH = _Rule("Danish personal number", _is_danish, _NORDIC, invalid_in_context=0)
_NORWEGIAN = _Rule("Norwegian personal number", _is_norwegian, _NORDIC)
_HETU = _Rule("Finnish personal code", hetu.is_valid, _named("hetu", "henkil[öo]tunnus"), 0.9)
_CPF = _Rule("Brazilian CPF", cpf.is_valid, _named(r"(?<![A-Za-z])cpf"), 0.95, invalid=0.7)
_BARE_CPF = _Rule(_CPF.name, _CPF.holds, _CPF.context)
_AADHAAR = _Rule(
    "Indian Aadhaar", _is_aadhaar, _named("aadh?aar", "uidai", "(?<![A-Za-z])uid"), 0.6
)
_BARE_AADHAAR = _Rule(_AADHAAR.name, _is_aadhaar, _AADHAAR.context)
_PAN = _Rule(
    "Indian PAN", pan.is_valid, _named(r"(?<![A-Za-z])pan(?![A-Za-z])", "account number"), 0.8
)
_RRN = _Rule("Korean resident number", _is_korean, _named("rrn", "resident", "주민"), 0.9)
_MY_NUMBER = _Rule(
    "Japanese My Number", _is_my_number, _named("my ?number", "マイナンバー", "個人番号")
)
_NRIC = _Rule("Singapore NRIC", _is_nric, _named("nric", r"(?<![A-Za-z])fin(?![A-Za-z])"), 0.85)
_TFN = _Rule("Australian tax file number", tfn.is_valid, _named("tfn", "tax file"))
_SIN = _Rule(
    "Canadian social insurance number",
    _is_social_insurance,
    _named(r"(?<![A-Za-z])sin(?![A-Za-z])", "social insurance"),
)
_LICENCE = _Rule(
    "driver licence",
    lambda number: re.fullmatch(r"(?:19|20)\d{6}", number) is None,
    re.compile(
        r"(?i:driv(?:er|ing)[’'s]{0,3}\s+(?:licen[cs]e|permit))|(?<![A-Za-z])DL(?![A-Za-z])|驾驶证|驾照"
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


def _rules_by_shape() -> dict[str, tuple[_Rule, ...]]:
    shapes: dict[str, tuple[_Rule, ...]] = {
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
        "999999 99999": (_NORWEGIAN,),
        "99999999A": (_DNI,),
        "99999999-A": (_DNI,),
        "A9999999A": (_DNI, _NRIC),
        "A-9999999-A": (_DNI,),
        "AAAAAA99A99A999A": (_CODICE,),
        "999999-9999": (_OLD_SWEDISH, _SWEDISH, _DANISH),
        "999999+9999": (_OLD_SWEDISH, _SWEDISH),
        "99999999-9999": (_OLD_SWEDISH, _SWEDISH),
        "9999999999": (_SWEDISH, _DANISH),
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


_RULES = _rules_by_shape()
