"""Digits in a long number for which letters that look alike stand: "l386O4I2B" and Cyrillic ones."""

import re
from collections.abc import Iterator

from edge_agent.contract.readings import Reading
from edge_agent.contract.rewriting import Change, reading_with
from edge_agent.contract.spreading import could_be

_HOW = "letters for digits"
# Latin ones, and those Cyrillic ones that look like digits and like no Latin letter.
_CYRILLIC = "ЗзЧчб"
_ALIKE = str.maketrans("OoQDIl|ZzSsBbGgq" + _CYRILLIC, "0000111" + "2255" + "86699" + "33446")
_SIGNS = f"0-9OoQDIl|ZzSsBbGgq{_CYRILLIC}"
_RUN = re.compile(rf"[{_SIGNS}](?<![0-9A-Za-z].)(?:[ -]?[{_SIGNS}]){{10,18}}[Xx]?(?![0-9A-Za-z])")
_DIGITS_MIN, _SLIPS_MAX = 4, 2


def resembled(reading: Reading) -> Iterator[Reading]:
    """Yield the text with such letters as digits, where they make a number that proves itself."""
    text = reading.text
    if reading.digits < _DIGITS_MIN:
        return
    # With Cyrillic letters in it a number is no run of ASCII.
    is_mixed = not text.isascii() and any(map(text.__contains__, _CYRILLIC))
    spans = [(0, len(text))] if is_mixed else reading.strange_runs
    changes = (
        Change(*run.span(), run[0].translate(_ALIKE), range(*run.span()))
        for span in spans
        for run in _RUN.finditer(text, *span)
        if _is_number(run[0])
    )
    yield from reading_with(reading, changes, _HOW)


def _is_number(run: str) -> bool:
    """Say whether some of it is digits, and all of them together a number with a form of its own.

    Who writes letters for a digit does so each time; a code of letters and digits has both.
    """
    letters = run.replace(" ", "").replace("-", "").rstrip("Xx")
    digits = [letter for letter in letters if letter.isdigit()]
    others = {letter.translate(_ALIKE) for letter in letters if not letter.isdigit()}
    is_meant = others.isdisjoint(digits) or len(letters) - len(digits) <= _SLIPS_MAX
    if not others or len(digits) < _DIGITS_MIN or not is_meant:
        return False
    return could_be(run.translate(_ALIKE).replace(" ", "").replace("-", "").upper())
