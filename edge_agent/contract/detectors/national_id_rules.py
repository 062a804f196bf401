"""The personal numbers of many countries: their shapes, their checksums, the words that name them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from stdnum.au import tfn
from stdnum.br import cpf
from stdnum.de import idnr
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.in_ import pan
from stdnum.it import codicefiscale
from stdnum.nl import bsn

from edge_agent.contract.detectors.national_id_checks import (
    is_aadhaar,
    is_danish,
    is_german_insurance,
    is_korean,
    is_my_number,
    is_nino,
    is_norwegian,
    is_nric,
    is_social_insurance,
    is_social_security,
    is_spanish,
    is_swedish,
    is_swedish_of_old,
)


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


def _named(*words: str, **patterns: str) -> Words:
    """Return these words as they stand, and those given as patterns under a piece of theirs."""
    return Words({**{word: re.escape(word) for word in words}, **patterns})


def _alone(*words: str) -> dict[str, str]:
    return {word: rf"(?<![A-Za-z]){word}(?![A-Za-z])" for word in words}


def _begun(*words: str) -> dict[str, str]:
    return {word: rf"(?<![A-Za-z]){word}" for word in words}


_SSN = Rule(
    "US social security number",
    is_social_security,
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
_NINO = Rule("UK national insurance number", is_nino, _named("national insurance", "nino"), 0.85)
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
    ),
)
# Many countries call theirs so.
_TIN = Rule(_IDNR.name, _IDNR.holds, _named(**_alone("tin")), invalid_in_context=0)
_GERMAN_INSURANCE = Rule(
    "German social insurance number",
    is_german_insurance,
    _named(
        *("sozialversicherung", "rentenversicherung", "versicherungsnummer"),
        sv="(?<![a-z])sv[ -]?n(?:r|ummer)",
    ),
)
_DNI = Rule(
    "Spanish identity number",
    is_spanish,
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
_SWEDISH = Rule("Swedish personal number", is_swedish, _NORDIC)
_OLD_SWEDISH = Rule(_SWEDISH.name, is_swedish_of_old, _NORDIC, 0.8)
_DANISH = Rule("Danish personal number", is_danish, _NORDIC, invalid_in_context=0)
_NORWEGIAN = Rule("Norwegian personal number", is_norwegian, _NORDIC)
_HETU = Rule("Finnish personal code", hetu.is_valid, _named("hetu", tunnus="henkil[öo]tunnus"), 0.9)
_CPF = Rule("Brazilian CPF", cpf.is_valid, _named(**_begun("cpf")), 0.95, invalid=0.7)
_BARE_CPF = Rule(_CPF.name, _CPF.holds, _CPF.context)
_AADHAAR = Rule("Indian Aadhaar", is_aadhaar, _named("uidai", **_begun("uid"), aad="aadh?aar"), 0.6)
_BARE_AADHAAR = Rule(_AADHAAR.name, is_aadhaar, _AADHAAR.context)
_PAN = Rule("Indian PAN", pan.is_valid, _named("account number", **_alone("pan")), 0.8)
_RRN = Rule("Korean resident number", is_korean, _named("rrn", "resident", "주민"), 0.9)
_MY_NUMBER = Rule(
    "Japanese My Number", is_my_number, _named("マイナンバー", "個人番号", my="my ?number")
)
_NRIC = Rule("Singapore NRIC", is_nric, _named("nric", **_alone("fin")), 0.85)
_TFN = Rule("Australian tax file number", tfn.is_valid, _named("tfn", "tax file"))
_SIN = Rule(
    "Canadian social insurance number",
    is_social_insurance,
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
_HEALTH = Rule(
    "health insurance number",
    lambda number: re.fullmatch(r"(?:19|20)\d{6}", number) is None,
    _named(
        *("医保卡", "医保号", "医保编号", "社保卡", "health insurance n", "medical insurance n"),
        versicher="krankenversicher(?:ten|ungs)-?n(?:r|ummer)|versicherten-?n(?:r|ummer)",
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
        "99999999999": (_IDNR, _TIN, _NORWEGIAN, _BARE_CPF),
        "99 999 999 999": (_IDNR, _TIN),
        "99-999-999-999": (_IDNR,),
        "999 999 999 99": (_IDNR,),
        "999999 99999": (_NORWEGIAN,),
        "99999999A999": (_GERMAN_INSURANCE,),
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
        shapes[shape] = (*shapes.get(shape, ()), _LICENCE, _HEALTH)
    return shapes


# By shape: each digit a 9, each letter an A.
RULES = _rules_by_shape()
