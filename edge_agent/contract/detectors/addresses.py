"""Where someone lives or works: Chinese, English and the commoner European forms."""

import re
from collections.abc import Iterator

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
_HOUSE_AFTER = rf",? [0-9]{{1,4}}[A-Za-z]?(?!\w)(?:[,\n ]{{1,3}}[0-9]{{4,5}} {_CAP})?"
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
_AFTER_CUE = re.compile(
    r"(?<!\w)(?=[adlms])(?:address(?: is| to|:| :)|addresses:|(?:live|lives|living|lived|moved|moving|arrived) (?:at|to)"
    rf"|deliver(?:ed)? to|ship(?:ped)? to) (?P<place>[0-9]{_NUMBERED}{_TAIL})",
    re.IGNORECASE,
)
_BOX = re.compile(r"(?<!\w)P\.? ?O\.? ?Box [0-9]{1,7}(?!\w)", re.IGNORECASE)
_CODES = re.compile(
    rf"[A-Z\u00c0-\u00de](?<!\w.){_CAP_REST}(?: {_CAP}){{0,2}},? (?:[A-Z]{{2}} [0-9]{{5}}(?:-[0-9]{{4}})?"
    r"|[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2})(?!\w)"
)
_DIGIT = re.compile("[0-9]")
_CODE = re.compile(r"[A-Z0-9] [0-9](?:[0-9]{4}|[A-Z]{2})")
# Words without one of which a form need not be tried.
_FLATS = ("apt", "apartment", "suite", "ste", "unit", "flat")
_CUES = (
    "address",
    "live",
    "living",
    "moved",
    "moving",
    "arrived at",
    "deliver",
    "ship to",
    "shipped",
)
_FORMS: tuple[tuple[re.Pattern[str], float, str, tuple[str, ...]], ...] = (
    (_ENGLISH, 0.85, "number and street", ()),
    (_STREET_IN_ONE_WORD, 0.75, "street and number", ()),
    (_STREET_IN_WORDS, 0.75, "street and number", ()),
    (_WITH_FLAT, 0.75, "number and flat", _FLATS),
    (_AFTER_CUE, 0.7, "address after its cue", _CUES),
    (_BOX, 0.8, "post office box", ("box",)),
)
_CHINESE_FORMS = (
    (_ROAD_END, _ROAD_LEAD, 0.85, "road and number"),
    (_BUILDING_END, _BUILDING_LEAD, 0.8, "district and building"),
)
_CHINESE_MARK = re.compile(r"[0-9][号弄组栋幢座室楼]")


def find(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    if not _DIGIT.search(text):
        return
    if _CHINESE_MARK.search(text):
        yield from _chinese(reading)
    lowered = text.lower()
    for pattern, score, rule, hints in _FORMS:
        if not hints or any(hint in lowered for hint in hints):
            yield from _matched(reading, pattern, score, rule)
    if _CODE.search(text):
        yield from _matched(reading, _CODES, 0.6, "town and postal code")


def _matched(
    reading: Reading, pattern: re.Pattern[str], score: float, rule: str
) -> Iterator[Finding]:
    group = "place" if "place" in pattern.groupindex else 0
    for match in pattern.finditer(reading.text):
        yield Finding(*reading.span(*match.span(group)), Kind.ADDRESS, score, rule)


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
