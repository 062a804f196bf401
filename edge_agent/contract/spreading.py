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
# Tokens as long as a key or with an @, and long runs of digits.
_LONG_TOKEN = re.compile(r"[!-~]{18,400}")
_AT = re.compile(r"(?<![!-~])[!-?A-~]{1,80}@[!-~]{1,80}")
_DIGIT_RUN = re.compile(r"[0-9XxK)](?<![0-9].)(?:[ -]?[0-9()]){9,24}[A-Z]{0,2}\+?")
_DIGITS = range(10, 20)
# Stands for a line end where places are listed; what spans it is never asked for.
_BREAK = -1
_SHIFTED = re.compile(
    r"[0-9]{14,17}[Kk](?![0-9A-Za-z])|[A-Z]{2}(?<![A-Za-z0-9]..)[0-9]{2}[ A-Z0-9]{8}"
)
# What shifted words say that name a secret, and the head of a shifted key.
_SHIFTED_WORDS = ("-----ORTVA", "nffjbeq", "frperg", "gbxra", "cnffpbqr")
_MARK_SIGNS = ("<", "*", "_", "`", "~")


def joined(reading: Reading) -> Iterator[Reading]:
    """Yield readings without what stands between the characters of one string."""
    text = reading.text
    if any(sign in text for sign in _MARK_SIGNS) and _MARKED.search(text):
        yield _kept(reading, [*_without(text, _MARKS)], "without marks")
    runs = [*_APART.finditer(text)]
    if runs:
        yield _kept(reading, [place for run in runs for place in _each(run)], "pulled apart")
    if "\n" in text and (broken := [*_BROKEN.finditer(text)]):
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
    """Return, from its end to its beginning, what could be a string of some form; None without."""
    text = reading.text
    runs = [*_long_tokens(text), *_DIGIT_RUN.finditer(text)]
    if "@" in text:
        runs += _AT.finditer(text)
    if not runs:
        return None
    return _kept(reading, [place for run in runs for place in _back(run)], "backwards")


def shifted(reading: Reading) -> Reading | None:
    """Return the text with each letter thirteen on, where that could say something."""
    text = reading.text
    is_likely = any(word in text for word in _SHIFTED_WORDS) or _SHIFTED.search(text)
    if not is_likely and not any(_long_tokens(text)):
        return None
    return Reading(codecs.encode(text, "rot13"), reading.starts, reading.ends, "rot13")


def _long_tokens(text: str) -> Iterator[re.Match[str]]:
    """Yield what is long enough for a key, has digits, and is no address of a page."""
    for match in _LONG_TOKEN.finditer(text):
        token = match[0]
        if "://" not in token and _has_digit(token):
            yield match


def _has_digit(token: str) -> bool:
    return any(letter in token for letter in "0123456789")


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


def _back(run: re.Match[str]) -> Iterator[int]:
    yield from reversed(range(*run.span()))
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
