"""Make a text plain before it is judged: no disguise of a character hides what it says.

Compatibility forms become plain ones, digits of every script ASCII digits, invisible and
combining characters go, and letters that only look Latin become so beside Latin ones.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from edge_agent.contract.readings import Reading, plain_reading

# Language tags: invisible twins of ASCII.
_TAGS = range(0xE0020, 0xE007F)
_TAG_OFFSET = 0xE0000
_TAG_ROW, _NEAR_ROW = re.compile("[\U000e0020-\U000e007e]{2}"), 4
_INVISIBLE = {"Cf", "Mn", "Me"}
_LOOKALIKES = dict(
    zip(
        "АВЕКМНОРСТУХІЈЅаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧονχ",
        "ABEKMHOPCTYXIJSaeopcyxijsABEZHIKMNOPTYXovx",
        strict=True,
    )
)
# Letters that only look empty, and letters in circles and squares that have no plain form.
_EMPTY = "\u115f\u1160\u2800\u3164\uffa0"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PICTURES = {
    **{
        chr(first + at): letter
        for first in (0x1F150, 0x1F170)
        for at, letter in enumerate(_LETTERS)
    },
    **{chr(0x249C + at): letter.lower() for at, letter in enumerate(_LETTERS)},
    **{chr(first + at): str(at + 1) for first in (0x2474, 0x2488) for at in range(9)},
    **dict.fromkeys(_EMPTY, ""),
}
# All but ASCII and Chinese, which are most of a text and stay as they are.
_ODD = re.compile("[^\x00-\x7f\u4e00-\u9fff、。《》]")
# What is shown from right to left up to its end, although it was written from left to right.
SHOWN_BACKWARDS, LEFT_TO_RIGHT_AGAIN = "\u202e", "\u202c"
_SHOWN_BACKWARDS = re.compile("\u202e([^\u202c\u202e]*)\u202c?")
_WORD_CHARS = 40
_LETTER = r"[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uff0f\uff1a-\uff20]"
_WORD_BEFORE = re.compile(rf"(?:[0-9]{{1,4}} )?{_LETTER}*\Z")
_WORD_AFTER = re.compile(rf"{_LETTER}*(?: {_LETTER}?[0-9]{{1,5}})?")


def flat(text: str) -> Reading:
    """Return the text made plain, with where each character stood."""
    if text.isascii():
        return plain_reading(text)
    if SHOWN_BACKWARDS in text:
        return _as_shown(text)
    letters = set(_ODD.findall(text))
    changed = {ord(each): plain for each in letters if (plain := _plain(each)) != each}
    uneven = {each for each in letters if len(changed.get(ord(each), each)) != 1}
    uneven |= {each for each in letters if each in _LOOKALIKES or ord(each) in _TAGS}
    if uneven:
        return _stepwise(text, changed, uneven)
    # One after the other: few are there, and a table would ask for each character of the text.
    for code, plain in changed.items():
        text = text.replace(chr(code), plain)
    return plain_reading(text)


def invisible(letters: Iterable[str]) -> set[str]:
    """Return those of which nothing is left, wherever they stand."""
    kept = {SHOWN_BACKWARDS, LEFT_TO_RIGHT_AGAIN}
    return {
        letter
        for letter in letters
        if not (letter.isascii() or letter in kept or ord(letter) in _TAGS or _plain(letter))
    }


def _as_shown(text: str) -> Reading:
    """Return the text in the order in which people see it."""
    order: list[int] = []
    done = 0
    for match in _SHOWN_BACKWARDS.finditer(text):
        order += range(done, match.start())
        order += reversed(range(*match.span(1)))
        done = match.end()
    order += range(done, len(text))
    shown = flat("".join(text[place] for place in order))
    return Reading(
        shown.text,
        [order[place] for place in shown.starts],
        [order[place - 1] + 1 for place in shown.ends],
    )


def _stepwise(text: str, changed: dict[int, str], uneven: set[str]) -> Reading:
    """Change what stands between uneven characters at once, and those one by one."""
    pieces: list[str] = []
    starts: list[int] = []
    done = 0
    for place in sorted(place for letter in uneven for place in _places(text, letter)):
        plain = _plain_at(text, place)
        pieces += text[done:place].translate(changed), plain
        starts += range(done, place)
        starts += [place] * len(plain)
        done = place + 1
    pieces.append(text[done:].translate(changed))
    starts += range(done, len(text))
    return Reading("".join(pieces), starts, [start + 1 for start in starts])


def _places(text: str, letter: str) -> Iterator[int]:
    place = text.find(letter)
    while place >= 0:
        yield place
        place = text.find(letter, place + 1)


def _plain_at(text: str, place: int) -> str:
    letter = text[place]
    if ord(letter) in _TAGS:
        # One by one beside other letters they say nothing; a row of them is a text of its own.
        row = _TAG_ROW.search(text, max(0, place - _NEAR_ROW), place + _NEAR_ROW + 1)
        return _plain(letter) if row else ""
    if letter in _LOOKALIKES:
        return _LOOKALIKES[letter] if _is_in_latin(text, place) else letter
    return _plain(letter)


def _is_in_latin(text: str, place: int) -> bool:
    """Say whether the word, or a number beside it, is Latin; in its own script it may stay."""
    before, after = text[max(0, place - _WORD_CHARS) : place], text[place + 1 : place + _WORD_CHARS]
    word = _WORD_BEFORE.search(before)[0] + _WORD_AFTER.match(after)[0]  # type: ignore[index]
    return any(each.isalnum() for each in map(_plain, word) if each.isascii())


@lru_cache(maxsize=8192)
def _plain(letter: str) -> str:
    if ord(letter) in _TAGS:
        return chr(ord(letter) - _TAG_OFFSET)
    if letter in _PICTURES:
        return _PICTURES[letter]
    category = unicodedata.category(letter)
    if category in _INVISIBLE:
        return ""
    if category == "Pd":
        return "-"
    if category == "Zs":
        return " "
    digit = unicodedata.digit(letter, None)
    return unicodedata.normalize("NFKC", letter) if digit is None else str(digit)
