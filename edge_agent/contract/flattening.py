"""Make a text plain before it is judged: no disguise of a character hides what it says.

Compatibility forms become plain ones, digits of every script ASCII digits, invisible and
combining characters go, and letters that only look Latin become so beside Latin ones.
"""

import re
import unicodedata
from functools import lru_cache

from edge_agent.contract.readings import Reading, plain_reading

# Language tags: invisible twins of ASCII.
_TAGS = range(0xE0020, 0xE007F)
_TAG_OFFSET = 0xE0000
_INVISIBLE = {"Cf", "Mn", "Me"}
_LOOKALIKES = dict(
    zip(
        "АВЕКМНОРСТУХІЈЅаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧονχ",
        "ABEKMHOPCTYXIJSaeopcyxijsABEZHIKMNOPTYXovx",
        strict=True,
    )
)
_SPOKEN = str.maketrans(
    "零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两", "00123456789123456789" + "12"
)
_SPOKEN_RUN = re.compile(
    r"(?:[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两0-9][ \-,，、.]{0,2}){10,30}[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两0-9Xx]"
)


def flat(text: str) -> Reading:
    """Return the text made plain, with where each character stood."""
    if text.isascii():
        return plain_reading(text)
    letters = set(text)
    changed = {ord(each): plain for each in letters if (plain := _plain(each)) != each}
    uneven = {each for each in letters if len(changed.get(ord(each), each)) != 1}
    uneven |= letters & _LOOKALIKES.keys()
    if not uneven:
        return plain_reading(text.translate(changed))
    return _stepwise(text, changed, uneven)


def _stepwise(text: str, changed: dict[int, str], uneven: set[str]) -> Reading:
    """Change what stands between uneven characters at once, and those one by one."""
    pieces: list[str] = []
    starts: list[int] = []
    done = 0
    for place in [place for place, letter in enumerate(text) if letter in uneven]:
        plain = _plain(text[place])
        if text[place] in _LOOKALIKES and _is_beside_latin(text, place):
            plain = _LOOKALIKES[text[place]]
        pieces += text[done:place].translate(changed), plain
        starts += range(done, place)
        starts += [place] * len(plain)
        done = place + 1
    pieces.append(text[done:].translate(changed))
    starts += range(done, len(text))
    return Reading("".join(pieces), starts, [start + 1 for start in starts])


def spoken(reading: Reading) -> Reading | None:
    """Return a second reading in which long runs of Chinese digits are digits; None without one."""
    runs = [*_SPOKEN_RUN.finditer(reading.text)]
    if not any(run[0].translate(_SPOKEN) != run[0] for run in runs):
        return None
    text, starts, ends = reading.text, reading.starts, reading.ends
    kept = [
        (letter.translate(_SPOKEN), starts[place], ends[place])
        for run in runs
        for place, letter in enumerate(text[run.start() : run.end()] + "\n", run.start())
        if letter.isalnum() and place < run.end()
    ]
    digits = "".join(letter for letter, _, _ in kept)
    return Reading(
        digits, tuple(each[1] for each in kept), tuple(each[2] for each in kept), "spoken digits"
    )


@lru_cache(maxsize=8192)
def _plain(letter: str) -> str:
    if ord(letter) in _TAGS:
        return chr(ord(letter) - _TAG_OFFSET)
    category = unicodedata.category(letter)
    if category in _INVISIBLE:
        return ""
    if category == "Pd":
        return "-"
    if category == "Zs":
        return " "
    digit = unicodedata.digit(letter, None)
    return unicodedata.normalize("NFKC", letter) if digit is None else str(digit)


def _is_beside_latin(text: str, place: int) -> bool:
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    return any(each.isalnum() for each in map(_plain, before + after) if each.isascii())
