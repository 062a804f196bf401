"""Where someone lives or works: Chinese, English and the commoner European forms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_HAN = "\u4e00-\u9fff"
_NUMBER = r"[0-9一二三四五六七八九十百]{1,5}"
_ROOMS = rf"(?:[ ,，]?(?:[A-Za-z]|{_NUMBER})[A-Za-z]?(?:号楼|号院|栋|幢|座|单元|楼|层|室|房|号|户)){{0,5}}"
# The end is looked for first and what leads to it after, or a long run of 市 would take long.
_ROAD_END = re.compile(
    rf"(?:路|街|大道|道|巷|弄|胡同|里)(?:[东南西北中]段)? ?[0-9]{{1,5}}(?:-[0-9]{{1,4}})?[号弄]{_ROOMS}"
)
_BUILDING_END = re.compile(
    rf"(?:村|小区|花园|公寓|大厦|广场|苑|家园)[{_HAN}]{{0,4}}?[0-9]{{1,5}}(?:组|号|栋|幢|座|室|楼){_ROOMS}"
)
_DISTRICTS = (
    rf"(?:[{_HAN}]{{2,8}}?(?:省|自治区|特别行政区))?(?:[{_HAN}]{{2,6}}?[市州盟])?"
    rf"(?:[{_HAN}]{{1,6}}?[区县旗市])?(?:[{_HAN}]{{1,6}}?(?:街道|镇|乡))?"
)
_ROAD_LEAD = re.compile(rf"{_DISTRICTS}[{_HAN}]{{1,8}}$")
_BUILDING_LEAD = re.compile(rf"{_DISTRICTS}(?<=[区县旗市道镇乡])[{_HAN}]{{1,8}}$")
_LEAD_MAX = 30

_CAP_REST = r"(?:[^\W\d_]|[.'’-]){0,24}"
_CAP = rf"[A-Z\u00c0-\u00de]{_CAP_REST}"
_KIND_OF_STREET = (
    "Street|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Way|Place|Pl|Square"
    "|Sq|Terrace|Ter|Close|Crescent|Cres|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Trail|Trl|Row|Grove"
)
_TAIL = (
    r"(?:[,.\s]{1,3}(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|#)\.?\s?#?[0-9A-Za-z-]{1,6})?"
    rf"(?:[,\n ]{{1,3}}{_CAP}(?: {_CAP}){{0,2}})?(?:, ?(?:[A-Z]{{2}}|{_CAP}))?"
    r"(?:,? ?(?:[0-9]{5}(?:-[0-9]{4})?|[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}))?"
)
# In what follows, the first character is found first and what stands before it looked at after,
# so that the search runs fast.
_ENGLISH = re.compile(
    # A year after "in" is no house number.
    r"[0-9](?<![\w.,$€£-].)(?<!\b[Ii]n .)[0-9]{0,4}[A-Za-z]?(?:[-/][0-9]{1,4})?,? "
    rf"(?:(?:{_CAP}|[0-9]{{1,3}}(?:st|nd|rd|th)) ){{1,4}}(?:{_KIND_OF_STREET})(?![A-Za-z]){_TAIL}"
)
_HOUSE_AFTER = rf",? [0-9]{{1,4}}[A-Za-z]?(?!\w)(?:[,\n ]{{1,3}}(?:[0-9]{{4,5}} {_CAP}|{_CAP}(?: {_CAP}){{0,2}} [A-Z]{{2,3}} [0-9]{{4,5}}))?"
_STREET_IN_ONE_WORD = re.compile(
    r"[A-Z\u00c0-\u00de](?<!\w.)(?=[\w-]{1,31}+\.?,? [0-9])[\w-]{1,24}(?:stra(?:ss|ß)e|str\.|weg|gasse"
    r"|platz|straat|laan|gatan|vägen|gata|vej|gade|veien|katu|tie|utca|plein|gracht)"
    rf"{_HOUSE_AFTER}"
)
_STREET_IN_WORDS = re.compile(
    r"[RrVCAPUu](?<!\w.)(?:(?<=[Rr])ue|(?<=V)ia|(?<=C)alle|(?<=A)venida|(?<=A)v\.|(?<=R)ua|(?<=P)iazza"
    r"|(?<=V)iale|(?<=C)orso|(?<=[Uu])l\.|(?<=C)arrer|(?<=C)hemin)"
    rf"(?: (?:de|del|la|des|du|di|da|dos)){{0,2}}(?: {_CAP}){{1,3}}{_HOUSE_AFTER}"
)
# A number, words and a number or a flat: how much of the world writes it; a flat or a cue says so.
_NUMBERED = (
    r"[0-9]{0,4}[A-Za-z]?,? (?:[0-9]{1,4} )?(?:[^\W\d_][^\W\d_.'’-]{0,24}\.? ){0,3}[^\W\d_]{2,25}"
    r"(?: [0-9]{1,5}(?![0-9]))?"
)
_FLAT = r"(?:Apt|Apartment|Suite|Ste|Unit|Flat)\.? ?#?[0-9]{1,5}[A-Za-z]?(?![0-9A-Za-z])"
_WITH_FLAT = re.compile(
    rf"[0-9](?<![\w.,$€£-].){_NUMBERED}[,\s]{{1,3}}{_FLAT}{_TAIL}", re.IGNORECASE
)
# Words of sentences, and no part of a street's name.
_PROSE = (
    "in|on|at|by|for|and|or|of|from|with|than|over|until|since|per|about|within|after|before|between"
    "|every|each|the|as|was|were|is|are|has|have|had|which|that|who|will|would|by|pm|am|days?|weeks?"
    "|months?|years?|hours?|minutes?|people|customers|users|employees|times|percent|page|version"
)
_STREET_WORD = rf"(?!(?:{_PROSE})(?!\w))[^\W\d_][^\s,0-9]{{0,24}}"
# After a cue: a house number, a street, and another number, a kind of street or a town; one moves
# to three teams and arrives at ten results, too.
_PLACE = (
    r"(?P<place>[0-9]{1,5}[A-Za-z]?,? (?:"
    rf"[0-9]{{1,4}} {_STREET_WORD}(?: {_STREET_WORD}){{1,5}}(?: [0-9]{{1,5}}(?![0-9%]|\.[0-9]))?|"
    rf"{_STREET_WORD}(?: {_STREET_WORD}){{0,5}}(?: (?!(?:19|20)[0-9]{{2}}(?![0-9]))[0-9]{{1,5}}(?![0-9%]|\.[0-9])"
    rf"(?! ?(?:{_PROSE})(?!\w))| (?:{_KIND_OF_STREET})(?!\w))"
    rf"|(?-i:{_CAP}(?: {_CAP}){{1,4}}|{_CAP}[,\n] ?{_CAP})){_TAIL})"
)
_AFTER_CUE = re.compile(
    r"[AaDdHhLlMmOoRrSsWw](?<!\w.)(?i:(?:(?<=a)(?:ddress(?:es:|:| :| is| to| with)| new one to)"
    r"|(?<=h)ere they are:|(?<=d)eliver(?:ed)? to|(?<=s)hip(?:ped)? to|(?:(?<=a)rrived|(?<=o)ffice is"
    r"|(?<=l)(?:ives?|iving|ived)|(?<=m)(?:oved|oving|eet(?: me| us)?)|(?<=w)orks?"
    r"|(?:(?<=r)eturn(?:ed)?|(?<=s)en[dt])(?: it| them)?) (?:at|to))"
    rf"\s{{1,8}}{_PLACE})"
)
_LIVES_AT = re.compile(
    r"[AaLl](?<!\w.)(?:(?<=[Aa])ddress(?: is|:| :)|(?<=[Ll])(?:ives?|iving|ived) at)\s{1,8}"
    rf"(?P<place>[0-9]{{1,5}}[A-Za-z]? {_CAP}{_TAIL})"
)
_BOX = re.compile(r"[Pp](?<!\w.)\.? ?[Oo]\.? ?[Bb][Oo][Xx] [0-9]{1,7}(?!\w)")
# Suites are of offices and of tests, too: one counts at the start of a line or after a sign.
_FLAT_ALONE = re.compile(
    r"[AaSs](?:(?<=[Aa])(?<!\w.)[Pp][Tt]|(?<=[Ss])(?:(?<=[\n,>?0-9].)|(?<=[\n,>?0-9][ \t].)"
    r"|(?<=[\n,>?0-9][ \t]{2}.)|(?<![\s\S].))[Uu][Ii][Tt][Ee])"
    r"\.? #?[0-9]{1,5}(?![0-9A-Za-z]|\.[0-9])"
)
_MILITARY = re.compile(r"[AaDdFf](?<!\w.)[Pp][Oo] [Aa][AEPaep] [0-9]{5}(?![0-9])")
_POSTAL_CODE = re.compile(
    r"[PpZz邮](?:(?<!\w.)(?:(?<=[Zz])[Ii][Pp]|(?<=[Pp])(?i:ost(?:al)?))[ -]?(?i:code)(?: is|:)? ?"
    r"|(?<=邮)(?:编|政编码)(?:是|为|[:：])? ?)"
    r"(?P<place>[0-9]{5,6}(?:-[0-9]{4})?|(?i:[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}))(?!\w)"
)
_CORNER = re.compile(
    rf"the corner of {_CAP}(?: {_CAP}){{0,4}}(?: [0-9]{{1,4}}\.?)? and {_CAP}(?: {_CAP}){{0,4}}(?: [0-9]{{1,4}})?"
)
# A house number and a street, and below it lines up to one that ends with a postal code; a block
# may be quoted.
_MARK = r"[>?*|\t ]{0,6}+"
_BLOCK = re.compile(
    r"(?P<place>[0-9](?:(?<![^\n].)|(?<![^>?*|\t ].)(?<![^\n>?*|\t ]..))"
    rf"[0-9]{{0,4}}[A-Za-z]? [^\n@:]{{2,60}}\n"
    rf"(?:{_MARK}(?:(?:Suite|Apt|Unit|Flat)\.? [0-9]{{1,5}}|[^\n0-9@:.;]{{0,40}})\n){{0,4}}"
    rf"{_MARK}(?!(?:(?:grand |sub)?total|sum|amount|balance|revenue|net|gross|order|invoice|ref|no|tel"
    r"|phone|page)(?!\w))"
    rf"[^\W\d_][^\n0-9@:.;]{{1,50}} [0-9]{{5}}(?:-[0-9]{{4}})?)(?=[\s\\,]|\Z)",
    re.IGNORECASE,
)
_CODES = re.compile(
    # "EN" and "IS" begin numbers of norms.
    rf"[A-Z\u00c0-\u00de](?<!\w.){_CAP_REST}(?: {_CAP}){{0,2}},? (?:(?!EN|IS)[A-Z]{{2}} [0-9]{{5}}(?:-[0-9]{{4}})?"
    r"|[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2})(?!\w|-[0-9])"
)
# They are numbered as towns are.
_NO_TOWNS = (
    *("Invoice", "Order", "Model", "Ticket", "Part", "Item", "Case", "Ref", "Version", "Contract"),
    *("Batch", "Lot", "Form", "Purchase"),
)
_DIGIT = re.compile("[0-9]")
_DIGIT_AFTER_CUE = re.compile(r"[0-9](?:(?<=[ohstOHST:]\s.)|(?<=\s\s.))")
_CODE = re.compile(r"[A-Z0-9] [0-9](?:[0-9]{4}|[A-Z]{2})")
# Words without one of which a form need not be tried.
_FLATS = frozenset(["apt", "apartment", "suite", "ste", "unit", "flat"])
_LIVES = frozenset(["address", "addresses", "live", "lives", "lived", "living"])
_CUES = _LIVES | frozenset(
    [
        *("here", "one", "deliver", "delivered", "ship", "shipped", "arrived", "office", "moved"),
        *("moving", "meet", "work", "works", "return", "returned", "send", "sent"),
    ]
)
_POSTAL = frozenset(["zip", "zipcode", "post", "postal", "postcode", "postalcode"])
_STREETS = frozenset(_KIND_OF_STREET.lower().split("|"))
_STREETS_ABROAD = frozenset(
    [
        *("rue", "via", "calle", "avenida", "av", "rua", "piazza", "viale", "corso", "ul"),
        *("carrer", "chemin"),
    ]
)
_STREET_ENDS = (
    *("stras", "straß", "str.", "weg", "gasse", "platz", "straat", "laan", "gata", "vägen"),
    *("vej", "gade", "veien", "katu", "tie", "utca", "plein", "gracht"),
)


@dataclass(frozen=True, slots=True)
class _Form:
    """A form, tried only where a word or a piece of one, and `clue`, are there: quicker to see.

    Without words and pieces the clue decides alone.
    """

    pattern: re.Pattern[str]
    score: float
    rule: str
    words: frozenset[str] = frozenset()
    pieces: tuple[str, ...] = ()
    clue: re.Pattern[str] = _DIGIT

    def may_be_in(self, reading: Reading) -> bool:
        if self.words or self.pieces:
            is_hinted = not self.words.isdisjoint(reading.words) or (
                bool(self.pieces) and any(map(reading.lowered.__contains__, self.pieces))
            )
            if not is_hinted:
                return False
        return self.clue.search(reading.text) is not None


_OF_CORNER = _Form(_CORNER, 0.6, "corner of two streets", frozenset({"corner"}))
_FORMS = (
    _Form(_ENGLISH, 0.85, "number and street", _STREETS),
    _Form(_STREET_IN_ONE_WORD, 0.75, "street and number", pieces=_STREET_ENDS),
    _Form(_STREET_IN_WORDS, 0.75, "street and number", _STREETS_ABROAD),
    _Form(_WITH_FLAT, 0.75, "number and flat", _FLATS),
    _Form(_AFTER_CUE, 0.7, "address after its cue", _CUES, clue=_DIGIT_AFTER_CUE),
    _Form(_LIVES_AT, 0.7, "address after its cue", _LIVES, clue=_DIGIT_AFTER_CUE),
    _Form(_FLAT_ALONE, 0.6, "number of a flat", frozenset({"suite", "apt"})),
    _Form(_MILITARY, 0.8, "post office of an army", frozenset({"apo", "dpo", "fpo"})),
    _Form(_POSTAL_CODE, 0.45, "postal code after its name", _POSTAL, ("邮编", "邮政")),
    _OF_CORNER,
    _Form(_BLOCK, 0.75, "lines of an address", pieces=("\n",)),
    _Form(_BOX, 0.8, "post office box", frozenset({"box", "pobox"})),
    _Form(_CODES, 0.6, "town and postal code", clue=_CODE),
)
_ALL_WORDS = frozenset(word for form in _FORMS for word in form.words)
_ALL_PIECES = tuple(piece for form in _FORMS for piece in form.pieces)
_BY_CLUE = tuple(form for form in _FORMS if not (form.words or form.pieces))
_CHINESE_FORMS = (
    (_ROAD_END, _ROAD_LEAD, 0.85, "road and number"),
    (_BUILDING_END, _BUILDING_LEAD, 0.8, "district and building"),
)
_CHINESE_MARK = re.compile(r"[0-9][号弄组栋幢座室楼]")


def find(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    if not reading.digits:
        # Only a corner has no number.
        yield from _matched(reading, _OF_CORNER) if "the corner of" in text else ()
        return
    if _CHINESE_MARK.search(text):
        yield from _chinese(reading)
    is_hinted = not _ALL_WORDS.isdisjoint(reading.words) or any(
        map(reading.lowered.__contains__, _ALL_PIECES)
    )
    for form in _FORMS if is_hinted else _BY_CLUE:
        if form.may_be_in(reading):
            yield from _matched(reading, form)


def _matched(reading: Reading, form: _Form) -> Iterator[Finding]:
    for match in form.pattern.finditer(reading.text):
        if form.pattern is not _CODES or not match[0].startswith(_NO_TOWNS):
            span = reading.span(*match.span(match.lastgroup or 0))
            yield Finding(*span, Kind.ADDRESS, form.score, form.rule)


def _chinese(reading: Reading) -> Iterator[Finding]:
    for end_pattern, lead_pattern, score, rule in _CHINESE_FORMS:
        for end in end_pattern.finditer(reading.text):
            first = _first_han(reading.text, end.start())
            lead = lead_pattern.search(reading.text[first : end.start()])
            if lead:
                span = reading.span(first + lead.start(), end.end())
                yield Finding(*span, Kind.ADDRESS, score, rule)


def _first_han(text: str, end: int) -> int:
    """Return where the run of Chinese begins that leads here, or a line of it."""
    least = max(0, end - _LEAD_MAX)
    first = end - 1 if text[end - 1] == "\n" else end
    while first > least and "\u4e00" <= text[first - 1] <= "\u9fff":
        first -= 1
    return first
