"""Personal numbers of many countries, told apart by shape, checksum and the words before them."""

import re
from collections.abc import Iterator
from string import ascii_letters, digits

from edge_agent.contract.detectors.national_id_rules import RULES, Rule
from edge_agent.contract.detectors.table_cells import cells_under
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_LETTERS_MAX = 6
_BESIDE_LETTERS = "|".join(
    rf"(?<=[A-Za-z]{{{count}}}.)(?<![A-Za-z0-9][A-Za-z]{{{count}}}.)"
    for count in range(1, _LETTERS_MAX + 1)
)
# Groups after the first must hold a digit, so that words after a number are not drawn in. The
# first digit is found first and the letters before it after, so that the search runs fast.
_TOKEN = re.compile(
    rf"[0-9](?<![0-9].)(?:(?<![A-Za-z].)(?=[A-Za-z0-9./+ -]{{7}})|(?:{_BESIDE_LETTERS})(?=[A-Za-z0-9]{{3}}))"
    r"[A-Za-z0-9]{0,17}"
    r"(?:[-./+ ][A-Za-z0-9]{0,4}[0-9][A-Za-z0-9]{0,12}){0,6}(?:[- ][A-Za-z])?(?![A-Za-z0-9])"
)
_LETTERS_BEFORE = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z]{{1,{_LETTERS_MAX}}}\Z")
_PAIR_BEFORE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2} \Z")
_LETTER_OF_FOREIGNER = re.compile(r"(?<![A-Za-z0-9])[XYZxyz]-\Z")
_PIECE, _BETWEEN_SLASHES = re.compile(r"[^ ]+"), re.compile(r"[^ /]+")
_NAME_BEFORE = re.compile(r"[A-Za-z]{1,6} ")
_SHAPE = str.maketrans(dict.fromkeys(digits, "9") | dict.fromkeys(ascii_letters, "A"))
_CONTEXTS = {id(rule.context): rule.context for rules in RULES.values() for rule in rules}.values()
_CONTEXT_REACH = 45
_LENGTH_MIN = 8


def find(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    done = 0
    # Whether a number may have its name elsewhere.
    is_open = False
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        start = _with_letters(text, start, max(done, start - _LETTERS_MAX - 1))
        done = end
        if end - start < _LENGTH_MIN:
            continue
        spans = _spans_with_a_shape(text, start, end)
        covered = start
        for first, last in spans:
            judged = _judged(reading, first, last) if first >= covered else None
            if judged is not None:
                yield Finding(*reading.span(first, last), Kind.NATIONAL_ID, *judged)
                covered = last
        is_open = is_open or (bool(spans) and covered == start)
    if is_open:
        yield from _in_columns(reading)


def _in_columns(reading: Reading) -> Iterator[Finding]:
    """Yield what the heading of its column names: far above it, or in another line."""
    text = reading.text
    for start, end, heading in cells_under(text, names_number):
        number = text[start:end]
        judged = [
            _scored(rule, number.upper(), is_named=True)
            for rule in RULES.get(number.translate(_SHAPE), ())
            if rule.context.stand_in(heading, heading.lower())
        ]
        if judged:
            yield Finding(*reading.span(start, end), Kind.NATIONAL_ID, *max(judged))


def names_number(heading: str) -> bool:
    """Say whether a column under this heading holds numbers of people of some country."""
    lowered = heading.lower()
    return any(words.stand_in(heading, lowered) for words in _CONTEXTS)


def _with_letters(text: str, start: int, first: int) -> int:
    """Return where the letters begin that stand before a number; a space may part two from it."""
    before = text[start - 1 : start]
    if before == " ":
        pair = _PAIR_BEFORE.search(text, first, start) if text[start - 2].isalpha() else None
        return pair.start() if pair else start
    if before == "-":
        letter = _LETTER_OF_FOREIGNER.search(text, first, start)
        return letter.start() if letter else start
    if not before.isalpha() or not before.isascii():
        return start
    letters = _LETTERS_BEFORE.search(text, first, start)
    return letters.start() if letters else start


def _spans_with_a_shape(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the whole run and each part between spaces, those that look like some number."""
    spans = [(start, end)]
    if text.find(" ", start, end) >= 0:
        name = _NAME_BEFORE.match(text, start, end)
        if name and end - name.end() >= _LENGTH_MIN:
            spans.append((name.end(), end))
        spans += [piece.span() for piece in _PIECE.finditer(text, start, end)]
    if text.find("/", start, end) >= 0:
        spans += [piece.span() for piece in _BETWEEN_SLASHES.finditer(text, start, end)]
    return [
        (first, last)
        for first, last in spans
        if last - first >= _LENGTH_MIN and text[first:last].translate(_SHAPE) in RULES
    ]


def _judged(reading: Reading, start: int, end: int) -> tuple[float, str] | None:
    """Return the surest score and why, of all countries whose numbers have this shape."""
    number = reading.text[start:end]
    first = max(0, start - _CONTEXT_REACH)
    before, lowered = reading.text[first:start], reading.lowered[first:start]
    score, why = 0.0, ""
    for rule in RULES[number.translate(_SHAPE)]:
        is_named = rule.context.stand_in(before, lowered)
        if is_named or rule.is_known_alone:
            score, why = max((score, why), _scored(rule, number.upper(), is_named=is_named))
    return (score, why) if score else None


def _scored(rule: Rule, number: str, *, is_named: bool) -> tuple[float, str]:
    holds = rule.holds(number)
    why = f"{rule.name}, {'form holds' if holds else 'checksum fails'}"
    if holds:
        return max(rule.valid, rule.valid_in_context if is_named else 0), why
    return max(rule.invalid, rule.invalid_in_context if is_named else 0), why
