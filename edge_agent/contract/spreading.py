"""Other ways to read the same characters: pulled apart, turned round, or shifted by thirteen."""

import codecs
import re
from collections.abc import Iterator

from edge_agent.contract.readings import Reading

_TAGS = r"</?[A-Za-z][^<>\n]{0,60}>|<!--[^<>\n]{0,60}-->|[*_`~]{1,3}"
_MARKED = re.compile(rf"[0-9A-Za-z@.+](?:{_TAGS})+(?=[0-9A-Za-z@.+])")
_MARKS = re.compile(_TAGS)
# Characters one by one, with the same sign, space or line end between each of them.
_APART = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-Za-z+](?P<sign>[ \t]{0,2}[ \t\n.,;:/|*_·、，-][ \t]{0,2})[0-9A-Za-z@.:/_+-]"
    r"(?:(?P=sign)[0-9A-Za-z@.:/_=+-]){5,}(?![0-9A-Za-z])"
)
# Numbers with any sign after every few digits.
_GROUPS = re.compile(
    r"(?<![0-9A-Za-z])[0-9]{1,10}(?P<sign>[ \t\n.,;:/|*_·、，()\[\]-]{1,3})[0-9]{1,10}"
    r"(?:(?P=sign)[0-9]{1,8}){0,18}[Xx]?(?![0-9A-Za-z])"
)
# A string that a line end cuts in two.
_BROKEN = re.compile(
    r"(?<!\S)(?=[!-~]*\s+[!-~]*[0-9@]|[!-~]*[0-9@])[!-~]{3,80}\r?\n[ \t]{0,8}(?=([!-~]{3,80}))"
)
_LONG_DIGITS = re.compile(r"[0-9Xx](?:[ -]?[0-9]){9}")
_LONG_TOKEN = re.compile(r"[A-Za-z0-9_+/=-]{18}")
_DIGITS = range(10, 20)
# Stands for a line end where places are listed; what spans it is never asked for.
_BREAK = -1
_SHIFTED = re.compile(
    r"[0-9]{14,17}[Kk](?![0-9A-Za-z])|(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}[ A-Z0-9]{8}"
    r"|[A-Za-z0-9_-]{18}|-----ORTVA|cnff|frperg|gbxra"
)


def joined(reading: Reading) -> Iterator[Reading]:
    """Yield readings without what stands between the characters of one string."""
    text = reading.text
    marked = _MARKED.search(text)
    if marked:
        yield _kept(reading, [*_without(text, _MARKS)], "without marks")
    runs = [*_APART.finditer(text)]
    if runs:
        yield _kept(reading, [place for run in runs for place in _each(run)], "pulled apart")
    broken = [*_BROKEN.finditer(text)]
    if broken:
        yield _kept(
            reading, [place for each in broken for place in _mended(each)], "over a line end"
        )


def grouped(reading: Reading) -> Reading | None:
    """Return the digits of runs of even groups, whatever stands between them; None without one."""
    runs = [match for match in _GROUPS.finditer(reading.text) if _is_even(match)]
    if not runs:
        return None
    places = [
        place
        for run in runs
        for place in (*range(*run.span()), _BREAK)
        if place == _BREAK or reading.text[place].isalnum()
    ]
    return _kept(reading, places, "groups put together")


def turned(reading: Reading) -> Reading | None:
    """Return the text from its end to its beginning, where that could say something."""
    text = reading.text
    if not ("@" in text or _LONG_DIGITS.search(text) or _LONG_TOKEN.search(text)):
        return None
    return Reading(text[::-1], reading.starts[::-1], reading.ends[::-1], "backwards")


def shifted(reading: Reading) -> Reading | None:
    """Return the text with each letter thirteen on, where that could say something."""
    if not _SHIFTED.search(reading.text):
        return None
    return Reading(codecs.encode(reading.text, "rot13"), reading.starts, reading.ends, "rot13")


def _without(text: str, pattern: re.Pattern[str]) -> Iterator[int]:
    done = 0
    for match in pattern.finditer(text):
        yield from range(done, match.start())
        done = match.end()
    yield from range(done, len(text))


def _each(run: re.Match[str]) -> Iterator[int]:
    """Yield where the characters stand that the sign parts, and a break after them."""
    yield from range(run.start(), run.end(), 1 + len(run["sign"]))
    yield _BREAK


def _mended(broken: re.Match[str]) -> Iterator[int]:
    yield from range(broken.start(), broken.start() + len(broken[0].rstrip()))
    yield from range(*broken.span(1))
    yield _BREAK


def _is_even(run: re.Match[str]) -> bool:
    """Say whether the groups are of one size, but for the last; other numbers stand together too."""
    sizes = [len(group) for group in run[0].rstrip("Xx").split(run["sign"])]
    is_halved = len(sizes) == 2 and abs(sizes[0] - sizes[1]) <= 1
    is_one_size = len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0] and len(sizes) > 2
    return sum(sizes) in _DIGITS and (is_halved or is_one_size)


def _kept(reading: Reading, places: list[int], how: str) -> Reading:
    """Return the characters at these places; a break parts what is before it from what is after."""
    text, starts, ends = reading.text, reading.starts, reading.ends
    return Reading(
        "".join("\n" if place == _BREAK else text[place] for place in places),
        tuple(starts[place] for place in places),
        tuple(ends[place] for place in places),
        how,
    )
