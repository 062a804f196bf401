"""Numbers of passports, of identity cards named so, and of the travel permits of China."""

import re
from collections.abc import Iterator

from edge_agent.contract.detectors.table_cells import cells_under
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_HAS_DIGIT = re.compile(r"[0-9]")
# What the mainland issues today and looks like little else.
_STRONG = re.compile(
    r"[EG](?<![0-9A-Za-z_-].)(?:[0-9]{8}|(?<=E)[A-HJ-NP-Z][0-9]{7})(?![0-9A-Za-z_-])"
)
_CHINESE = re.compile(
    r"(?<![0-9A-Za-z_])(?:[DSP]E?[0-9]{7,8}|[HM](?:[0-9]{8}|[0-9]{10})|[CLTW][A-Z]?[0-9]{7,8}"
    r"|K[J]?[0-9]{7,8}|1[45][0-9]{7})(?![0-9A-Za-z_])"
)
_FOREIGN = re.compile(
    r"(?<![0-9A-Za-z_])(?=[A-Z]{0,3}(?:[0-9][A-Z]{0,3}){4})(?:[A-Z0-9]{8,9}|[A-Z][A-Z0-9]{9})"
    r"(?![0-9A-Za-z_])"
)
_LOOSE = re.compile(r"(?<![0-9A-Za-z_])[A-Za-z]{0,2}[0-9]{7,9}(?![0-9A-Za-z_])")
_DAY = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_LATIN_NAMES = (
    *("passport", "reisepass", "pass-nr", "passnr", "pass nr", "passnummer", "passeport"),
    *("pasaport", "pasport", "passaporto", "passaporte", "paspoort", "paszport"),
    *("personalausweis", "ausweisnummer", "ausweis-nr", "ausweisnr", "ausweis nr"),
)
# One is in each of those, and quicker to see.
_IN_LATIN = ("pas", "ausweis")
_OTHER_NAMES = (
    *("护照", "護照", "通行证", "通行證", "回乡证", "回鄉證", "证件号", "旅券", "パスポート"),
    *("여권", "паспорт"),
    # Russian letters that look Latin may have become so.
    *("пacпopт", "пacпopt"),
)
_NAMED = re.compile("|".join(_LATIN_NAMES + _OTHER_NAMES), re.IGNORECASE)
_OTHER = re.compile(
    r"(?:订单|单号|流水|运单|快递|编号|批号|序列|型号|电话|手机|order|invoice|tracking|serial|"
    r"sku|part|phone|tel|ref|auftrag|bestell|rechnung|commande|pedido|fact?ur)[^0-9\n]{0,12}$",
    re.IGNORECASE,
)
# Series and number, as in Russia.
_RUSSIAN = re.compile(
    r"[0-9](?<![0-9A-Za-z_].)[0-9] ?[0-9]{2}(?:,? ?(?:-|no|н[оo]м[еe][рp])?\.? ?)[0-9]{6}(?![0-9A-Za-z_])",
    re.IGNORECASE,
)
_IN_GROUPS = re.compile(
    r"(?<![0-9A-Za-z_])(?:[A-Z]{1,3}[ -][0-9]{6,9}|[A-Z][ -]?[0-9]{4} [0-9]{4}|[0-9]{2,3} [0-9]{3} [0-9]{3,4})"
    r"(?![0-9A-Za-z_])"
)
_FORMS = (
    (_CHINESE, 0.85, "Chinese permit, named"),
    (_FOREIGN, 0.8, "passport named beside it"),
    (_LOOSE, 0.7, "passport named beside it"),
    (_IN_GROUPS, 0.7, "passport named beside it"),
    (_RUSSIAN, 0.7, "passport named beside it"),
)
# "护照编号": the number of a passport is no other number.
_OF_NAME = re.compile(r"(?:编号|編號)")
_NEAR_BEFORE = 30
_NEAR_AFTER = 20


def find(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    if not _HAS_DIGIT.search(text):
        return
    is_named = _is_named(reading.lowered)
    for match in _STRONG.finditer(text):
        is_near = is_named and _is_near(match)
        is_other = not is_near and _OTHER.search(text[max(0, match.start() - 16) : match.start()])
        yield _finding(reading, match, 0.4 if is_other else 0.85, "Chinese passport")
    if is_named:
        yield from _by_words(reading)


def _is_named(lowered: str) -> bool:
    if any(map(lowered.__contains__, _IN_LATIN)) and any(map(lowered.__contains__, _LATIN_NAMES)):
        return True
    return not lowered.isascii() and any(map(lowered.__contains__, _OTHER_NAMES))


def _by_words(reading: Reading) -> Iterator[Finding]:
    """Yield what only a word beside it makes a passport, each place once."""
    text = reading.text
    seen: set[int] = {match.start() for match in _STRONG.finditer(text)}
    for form, score, rule in _FORMS:
        for match in form.finditer(text):
            if match.start() not in seen and _is_near(match) and not _DAY.fullmatch(match[0]):
                seen.add(match.start())
                yield _finding(reading, match, score, rule)
    for start, end, _ in cells_under(text, names_passport):
        cell = _FOREIGN.match(text, start) or _LOOSE.match(text, start)
        if cell is not None and cell.end() == end and start not in seen:
            yield _finding(reading, cell, 0.8, "passport in a column of them")


def names_passport(name: str) -> bool:
    """Say whether a heading is that of passports."""
    return _NAMED.search(name) is not None


def _is_near(match: re.Match[str]) -> bool:
    start, end = match.span()
    text = match.string
    if _NAMED.search(text, max(0, start - _NEAR_BEFORE), start):
        # A nearer word may say that this is something else.
        before = text[max(0, start - _NEAR_BEFORE) : start]
        return _OTHER.search(_OF_NAME.sub("", before[_last_name(before) :], count=1)) is None
    return _NAMED.search(text, end, end + _NEAR_AFTER) is not None


def _last_name(before: str) -> int:
    return max(match.end() for match in _NAMED.finditer(before))


def _finding(reading: Reading, match: re.Match[str], score: float, rule: str) -> Finding:
    return Finding(*reading.span(*match.span()), Kind.PASSPORT, score, rule)
