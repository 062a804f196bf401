"""Telephone numbers: Chinese ones by their own forms, others by how numbers are written."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, pairwise

import phonenumbers

from edge_agent.contract.detectors.phone_columns import phones_in_columns
from edge_agent.contract.detectors.phone_forms import (
    HOTLINE_SCORE,
    Number,
    by_form,
    is_named,
    may_be_piece,
    may_begin,
)
from edge_agent.contract.detectors.phone_words import Words
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_HAS_DIGITS = re.compile(r"[0-9][0-9() .-]{4}[0-9]")
# Groups of digits parted as telephone numbers are, with an extension.
# What stands before is looked at after the first character, so that the search runs fast.
_CANDIDATE = re.compile(
    r"(?P<body>[+(0-9](?<![0-9A-Za-z_+].)(?<![0-9][.:-].)(?=[0-9()+ .-]{5})[+(]?\(?[0-9]{0,15}"
    # "13800138000 2b": what has a letter to it is no part of the number.
    r"(?:(?:\)[ .-]{0,2}\(?|[ .-]\(?| - |\()[0-9]{1,12}+(?!(?!x[0-9]|ext)[A-Z_])){0,6}+)"
    r"(?P<extension>(?: ?(?:x|ext\.? ?|extension |#|转|轉|分机|分機) ?)[0-9]{1,6})?"
    r"(?![0-9A-Za-z_])(?![.:][0-9])(?!,[0-9]{3}(?![0-9]))",
    re.IGNORECASE,
)
_GROUP = re.compile(r"[0-9]+")
_CENTURIES = ("19", "20")
_PLAIN_DATE = re.compile(r"(?:19|20)[0-9]{2}([-. ])[0-9]{1,2}\1[0-9]{1,2}(?: [0-9]{2})?")
# Versions, decimals and the four bytes of an address.
_PLAIN_DOTTED = re.compile(
    r"[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}|[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9]+\.[0-9]+"
)
# Looking a number up is slow; of a text with very many, the form must do for the rest.
_LOOKUPS_MAX = 20
_SURE = 0.7
_DIGITS_MIN, _DIGITS_MAX = 6, 17


class _Run:
    """A candidate cut into its groups: what stands in it beside other numbers, and whether any."""

    def __init__(self, match: re.Match[str], words: Words) -> None:
        text = match.string
        self._match = match
        self._words = words
        self._spans = [
            group.span() for group in _GROUP.finditer(text, match.start(), match.end("body"))
        ]
        self._groups = [text[start:end] for start, end in self._spans]
        self._digits = "".join(self._groups)
        self._places = [0, *accumulate(map(len, self._groups))]
        self._is_plus = "+" in match[0][:3]

    def numbers(self) -> Iterator[tuple[Number, float, str]]:
        """Yield the run if it is a number; should it be none, what stands in it."""
        if len(self._digits) < _DIGITS_MIN:
            return
        done = 0
        for at in range(len(self._groups)):
            if at < done:
                continue
            for until in self._ends(at):
                number = self._number(at, until)
                score, rule = by_form(number)
                if score:
                    yield number, score, rule
                    done = until
                    break

    def _ends(self, at: int) -> Iterator[int]:
        """Yield the groups before which a number that begins here may end, the furthest first.

        Most pieces of a row of numbers are none: they have no fitting length, something other
        than spaces beside them, or no form of their own and no words before that say telephone.
        """
        text, places, count = self._match.string, self._places, len(self._groups)
        if at and text[self._spans[at][0] - 1] != " ":
            return
        first = places[at]
        if _DIGITS_MIN <= places[count] - first <= _DIGITS_MAX and self._is_judged_to_end(at):
            yield count
        is_open = (at == 0 and self._is_plus) or (count > 1 and self._is_after_word())
        if not is_open and not may_begin(self._digits, first):
            return
        for until in range(bisect_right(places, first + _DIGITS_MAX, hi=count) - 1, at, -1):
            last = places[until]
            if last - first < _DIGITS_MIN:
                return
            is_parted = text[self._spans[until - 1][1]] == " "
            if is_parted and (is_open or may_be_piece(self._digits, first, last)):
                yield until

    def _is_judged_to_end(self, at: int) -> bool:
        """Say whether what goes from here to the end of the run is worth judging."""
        return (
            at == 0
            or may_be_piece(self._digits, self._places[at], len(self._digits))
            or self._words.say_telephone_after(self._match.end())
            or self._is_after_word()
        )

    def _is_after_word(self) -> bool:
        return self._words.say_telephone(self._match.start())

    def _number(self, at: int, until: int) -> Number:
        text, chosen, groups = (
            self._match.string,
            self._spans[at:until],
            tuple(self._groups[at:until]),
        )
        is_first, is_last = at == 0, until == len(self._groups)
        return Number(
            text,
            self._match.start() if is_first else chosen[0][0],
            self._match.end() if is_last else chosen[-1][1],
            groups,
            tuple(text[left[1] : right[0]] for left, right in pairwise(chosen)),
            self._digits[self._places[at] : self._places[until]],
            tuple(map(len, groups)),
            self._words,
            self._match.start(),
            is_plus=is_first and self._is_plus,
            is_extended=is_last and self._match["extension"] is not None,
            is_whole=is_first and is_last,
        )


# A mobile number in its three groups with some other sign between them.
_SIGNED_MOBILE = re.compile(
    r"1(?<![0-9A-Za-z_.].)[3-9][0-9](?P<sign>[._/·])[0-9]{4}(?P=sign)[0-9]{4}(?![0-9A-Za-z_])"
)
# Its area or network, a slash and the number, as in Germany.
_SLASHED = re.compile(
    r"[+0](?<![0-9A-Za-z_/.+-].)(?:(?<=0)|[1-9][0-9]{0,2} ?\(?0?\)? ?)[1-9][0-9]{1,4}\)? ?/ ?"
    r"(?P<local>[0-9]{2,9}(?:[ -][0-9]{2,5}){0,4})(?![0-9A-Za-z_/]|[.,-][0-9])"
)
_SLASHED_DIGITS = range(9, 15)


def find(reading: Reading) -> Iterator[Finding]:
    for signed in _SIGNED_MOBILE.finditer(reading.text):
        yield Finding(*reading.span(*signed.span()), Kind.PHONE, 0.9, "Chinese mobile")
    if not _HAS_DIGITS.search(reading.text):
        return
    lookups = _LOOKUPS_MAX
    words = Words(reading)
    yield from _slashed(reading, words)
    yield from phones_in_columns(reading, words)
    for match in _CANDIDATE.finditer(reading.text):
        if not _may_be_number(match, words):
            continue
        for number, score, rule in _Run(match, words).numbers():
            verdict = (score, rule)
            if number.is_plus and score < _SURE:
                lookups -= 1
                verdict = _looked_up(number, is_allowed=lookups >= 0)
            yield Finding(*reading.span(number.start, number.end), Kind.PHONE, *verdict)


def _slashed(reading: Reading, words: Words) -> Iterator[Finding]:
    if "/" not in reading.text:
        return
    for match in _SLASHED.finditer(reading.text):
        count = sum(map(str.isdigit, match[0]))
        if count in _SLASHED_DIGITS and not words.say_other(match.start()):
            span = reading.span(*match.span())
            yield Finding(*span, Kind.PHONE, 0.7, "area and number with a slash")


def _may_be_number(match: re.Match[str], words: Words) -> bool:
    """Say whether to look closer: a bare run of digits is a number by its form or by words only."""
    run = match[0]
    if run[:2] in _CENTURIES and _PLAIN_DATE.fullmatch(run):
        return False
    if len(run) < _DIGITS_MIN or ("." in run and _PLAIN_DOTTED.fullmatch(run)):
        return False
    return (
        not run.isdigit()
        or may_be_piece(run, 0, len(run))
        or words.say_telephone(match.start())
        or words.say_telephone_after(match.end())
    )


def _looked_up(number: Number, *, is_allowed: bool) -> tuple[float, str]:
    """Look up a number whose form alone is not enough; where no look is left, it counts."""
    if not is_allowed:
        return 0.6, "form of an international number"
    try:
        parsed = phonenumbers.parse("+" + number.digits)
    except phonenumbers.NumberParseException:
        return 0.4, "not an international number"
    if phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.TOLL_FREE:
        return HOTLINE_SCORE, "hotline"
    if phonenumbers.is_valid_number(parsed):
        return 0.9, "valid international number"
    score = 0.65 if is_named(number) else 0.45
    return score, "form of an international number"
