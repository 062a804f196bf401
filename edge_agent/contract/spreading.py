"""Other ways to read the same characters: pulled apart, cut, turned round, or shifted by thirteen."""

import re
from collections.abc import Iterator, Sequence

from edge_agent.contract.detectors.bank_cards import is_luhn
from edge_agent.contract.mending import mended
from edge_agent.contract.readings import Reading
from edge_agent.contract.rewriting import Change, moved, reading_with, without

_MARK = re.compile(r"</?[A-Za-z][^<>\n]{0,60}>|<!--[^<>\n]{0,60}-->|[*`~]{1,4}")
_MARK_SIGNS = ("<", "*", "`", "~")
# Marks that stand further apart belong to different things.
_REACH = 80
_SIGN = r"[ \t]{0,2}[ \t\n.,;:/|*_·、，\-][ \t]{0,2}"
# Characters one by one, with the same sign, space or line end between each of them.
_APART = re.compile(
    rf"\S(?<![0-9A-Za-z].)(?P<sign>{_SIGN})(?:[\S \n](?P=sign)){{4,}}\S(?![0-9A-Za-z])"
)
# The least of it that must be there, and is quicker to see.
_APART_SEEN = re.compile(
    r"[ \t\n.,;:/|*_·、，\-][ \t]{0,3}\S[ \t]{0,2}[ \t\n.,;:/|*_·、，\-][ \t]{0,3}\S"
    r"[ \t]{0,2}[ \t\n.,;:/|*_·、，\-]"
)
# Two digits of several that stand one by one, in the midst of whatever they belong to.
_DIGIT_APART = re.compile(
    r"[0-9](?<![0-9].)(?P<sign>[^0-9A-Za-z\u4e00-\u9fff]{1,5}+)(?=[0-9](?![0-9]))"
)
_DIGITS_APART_MIN = 4
# Numbers with any sign after every few digits.
_GROUPS = re.compile(
    r"[0-9](?<![0-9A-Za-z].)(?=[0-9 \t\n.,;:/|*_·、，()\[\]-]{10})[0-9]{0,9}(?P<sign>[ \t\n.,;:/|*_·、，()\[\]-]{1,3})[0-9]{1,10}"
    r"(?:(?P=sign)[0-9]{1,8}){0,18}[Xx]?(?![0-9A-Za-z])"
)
_DIGITS = range(10, 20)
_BYTES_OF_ADDRESS = 4
_MOBILE_SIZES = ([3, 4, 4], [2, 3, 4, 4])
_PARTING = re.compile(r"[^0-9A-Za-z]")
_IDENTITY_DIGITS, _OLD_IDENTITY_DIGITS = 18, 15
_CARD_DIGITS = frozenset({14, 15, 16, 17, 19})
_MOBILE = re.compile(r"(?:86|0086)?1[3-9][0-9]{9}")
# Letters that stand for digits, beside digits.
_AS_DIGIT = str.maketrans("Ool", "001")
_LETTER_BY_DIGIT = re.compile(r"[Ool](?:(?<=[0-9].)|(?<=[0-9][A-Z].)|[ -]?[0-9])")
# Before a digit a letter may be meant; after one, or between two groups of them, it hardly is.
_LETTERS_AFTER_DIGIT = re.compile(
    r"[Ool](?<=[0-9].)[Ool]{0,6}|[Ool](?<=[0-9][ -].)[Ool]{0,3}(?=[ -][0-9])"
)
# In an account number the letters of a bank stand among digits that are letters.
_LETTERS_BESIDE_DIGIT = re.compile(
    r"[Ool](?:(?<=[0-9].)[Ool]{0,6}|(?<![Ool].)[Ool]{0,6}(?=[0-9])"
    # After the letters of a country come two digits.
    r"|(?<=[A-Z]{2}.)(?<![A-Za-z0-9][A-Z]{2}.)[Ool](?=[A-Z0-9 -]))"
)
_LETTER_DIGITS = re.compile(
    r"[Ool](?:(?<=[0-9].)|(?<=[0-9Ool][A-Z].)|(?<=[0-9] .)(?=[0-9A-Z]))[Ool]{0,6}|[Ool](?<![Ool].)[Ool]{0,6}(?=[0-9])"
    r"|[Ool](?<![0-9A-Za-z].)[Ool]{0,7}(?=[._-][Ool]{0,3}[0-9])"
    r"|[Ol](?<=[A-Z0-9].)[Ool]{0,3}(?= [0-9])"
)


def joined(reading: Reading) -> Iterator[Reading]:
    """Yield readings without what stands between the characters of one string."""
    text = reading.text
    if any(map(text.__contains__, _MARK_SIGNS)):
        yield from reading_with(reading, _unmarked(reading), "without marks")
    apart = [*_APART.finditer(text)] if _APART_SEEN.search(text) else []
    if apart:
        yield from reading_with(reading, _pulled_together(reading, apart), "pulled apart")
        yield from reading_with(reading, _pulled_late(reading, apart), "pulled apart")
    near = [*_digits_apart(text)] if reading.digits > _DIGITS_APART_MIN else []
    for skipped, is_far in ((0, True), (0, False), (1, False)) if near else ():
        together = _digits_together(reading, near, skipped, is_far=is_far)
        yield from reading_with(reading, together, "pulled apart")
    yield from mended(reading)
    if reading.digits and _LETTER_BY_DIGIT.search(text):
        for pattern in (_LETTER_DIGITS, _LETTERS_AFTER_DIGIT, _LETTERS_BESIDE_DIGIT):
            yield from reading_with(reading, _digits_for(reading, pattern), "letters for digits")


def grouped(reading: Reading) -> Iterator[Reading]:
    """Yield the digits of runs of even groups as one number, whatever stands between them."""
    if reading.digits < _DIGITS.start:
        return
    runs = ((run, _PARTING.sub("", run[0])) for run in _even_runs(reading.text))
    changes = (
        moved(reading, *run.span(), [at for at in range(*run.span()) if reading.text[at].isalnum()])
        for run, digits in runs
        if could_be(digits)
    )
    yield from reading_with(reading, changes, "groups put together")


def _unmarked(reading: Reading) -> Iterator[Change]:
    gaps = [mark.span() for mark in _MARK.finditer(reading.text)]
    return (without(reading, near) for near in _near(gaps))


def _near(gaps: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Yield what stands together, in its order."""
    near: list[tuple[int, int]] = []
    for gap in gaps:
        if near and gap[0] - near[-1][1] > _REACH:
            yield near
            near = []
        near.append(gap)
    if near:
        yield near


def _pulled_together(reading: Reading, apart: Sequence[re.Match[str]]) -> Iterator[Change]:
    for run in apart:
        yield moved(reading, *run.span(), range(run.start(), run.end(), 1 + len(run["sign"])))


def _pulled_late(reading: Reading, apart: Sequence[re.Match[str]]) -> Iterator[Change]:
    """Yield the same runs without their first character, which may belong to what is before."""
    for run in apart:
        start = run.end("sign")
        yield moved(reading, start, run.end(), range(start, run.end(), 1 + len(run["sign"])))


def _digits_apart(text: str) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield where several digits stand near each other with the same sign between them."""
    found: dict[str, list[tuple[int, int]]] = {}
    for each in _DIGIT_APART.finditer(text):
        found.setdefault(each["sign"], []).append(each.span("sign"))
    for sign, gaps in found.items():
        if len(gaps) >= _DIGITS_APART_MIN:
            yield from ((sign, near) for near in _near(gaps) if len(near) >= _DIGITS_APART_MIN)


def _digits_together(
    reading: Reading,
    apart: Sequence[tuple[str, list[tuple[int, int]]]],
    skipped: int,
    *,
    is_far: bool,
) -> Iterator[Change]:
    """Close the gaps between digits; the first one may part them from another number.

    If far, those too that stand shortly before the first between a digit and a letter.
    """
    for sign, near in apart:
        start = near[skipped][0]
        if "+" in sign and "+" in reading.text[max(0, start - len(sign) - 1) : start]:
            # What is left before the number would make it one of another country.
            continue
        found_gaps = _all_of(reading.text, sign, start, near[-1][1])
        yield without(reading, [gap for gap in found_gaps if is_far or gap[0] >= start])


def _all_of(text: str, sign: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the sign parts letters or digits, from the first to the last.

    A sign that is no space parts what stands right beside them too.
    """
    reach = 4 if sign.strip() else 0
    places: list[tuple[int, int]] = []
    at = text.find(sign, max(0, start - reach), end + reach)
    while at >= 0:
        after = at + len(sign)
        # A word may follow after the last digit.
        is_in = start <= at < end or not (
            text[after : after + 2].islower() or text[at - 1 : at].islower()
        )
        if is_in and text[at - 1 : at].isalnum() and text[after : after + 1].isalnum():
            places.append((at, after))
        at = text.find(sign, after, end + reach)
    return places


def _digits_for(reading: Reading, pattern: re.Pattern[str]) -> Iterator[Change]:
    for run in pattern.finditer(reading.text):
        yield Change(*run.span(), run[0].translate(_AS_DIGIT), range(*run.span()))


def _even_runs(text: str) -> Iterator[re.Match[str]]:
    run = _GROUPS.search(text)
    while run is not None:
        is_whole = len(run[0]) > _DIGITS.start and _is_number(run)
        if is_whole:
            yield run
        # What is no number with the group before it may be one with the groups after it.
        run = _GROUPS.search(text, run.end() if is_whole else run.start("sign"))


def _is_number(run: re.Match[str]) -> bool:
    sizes = [len(group) for group in run[0].rstrip("Xx").split(run["sign"])]
    if run["sign"] == "." and len(sizes) == _BYTES_OF_ADDRESS and max(sizes) <= 3:
        return False
    return is_even(sizes)


def is_even(sizes: Sequence[int]) -> bool:
    """Say whether groups are of one size, but for the last; other numbers stand together too."""
    is_halved = len(sizes) == 2 and abs(sizes[0] - sizes[1]) <= 1
    is_one_size = len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0] and len(sizes) > 2
    is_mobile = list(sizes) in _MOBILE_SIZES
    return sum(sizes) in _DIGITS and (is_halved or is_one_size or is_mobile)


def could_be(digits: str) -> bool:
    """Say whether these could be an identity number, a card or a mobile number: looked at only then."""
    count, first = len(digits), digits[0]
    if _MOBILE.fullmatch(digits):
        return True
    if count == _IDENTITY_DIGITS:
        return (digits[6:8] in {"19", "20"} and first in "12345678") or first in "159"
    if count == _OLD_IDENTITY_DIGITS and "01" <= digits[8:10] <= "12":
        return True
    return count in _CARD_DIGITS and first in "23456" and is_luhn(digits)
