"""Numbers spelt out in words, digit by digit or in pairs, as people dictate them."""

import re
from collections.abc import Iterator, Sequence
from string import ascii_lowercase
from string import digits as all_digits
from typing import NamedTuple

from edge_agent.contract.number_words import (
    DOUBTFUL,
    FILLERS,
    GLUED,
    GLUED_WORD,
    MULTIPLIERS,
    OF_LANGUAGE,
    SIGNS,
    TRIGGERS,
    UNMARKED,
    VALUES,
)
from edge_agent.contract.readings import Reading
from edge_agent.contract.rewriting import Change, reading_with

_HOW, _WORDS_HOW = "spoken digits", "spoken words"
_WORDS_FOR_DIGITS = "零〇洞一壹二贰貳三叁參四肆五伍六陆陸七柒拐八捌九玖勾幺两"
_WORD_FOR_DIGIT = re.compile(f"[{_WORDS_FOR_DIGITS}]")
_SPOKEN = str.maketrans(_WORDS_FOR_DIGITS, "0001122233344556667778899912")
_DIGIT_SIGN = f"[{_WORDS_FOR_DIGITS}0-9]"
_SPOKEN_RUN = re.compile(
    rf"{_DIGIT_SIGN}[ \-,，、._/·()（）]{{0,2}}(?:{_DIGIT_SIGN}[ \-,，、._/·()（）]{{0,2}}){{6,29}}(?:{_DIGIT_SIGN}|[Xx])"
    rf"(?:[ ,，]{{0,2}}(?:转|轉|分机|分機) ?{_DIGIT_SIGN}{{1,6}})?"
)
# Another number before the one that is spelt out.
_PLAIN_NUMBER = re.compile(r"[0-9]+[ ,，、](?=[^0-9])")

# Fewer digits are prose: "one, two, three".
_DIGITS = range(7, 61)
# Of words in pinyin with tones, the letters have marks.
_TRIGGERS_MIN, _MARKED_MIN, _SPELT_MIN = 2, 6, 3
_GLUED_CHARS_MIN, _GROUP_DIGITS_MAX, _GAP_CHARS_MAX = 21, 4, 6
# Of numbers only the length is asked.
_PARTED = bytes(
    code if chr(code) in ascii_lowercase else ord("0") if chr(code) in all_digits else ord(" ")
    for code in range(256)
)
_WORD, _GROUP = 1, 2
_SORT_OF_TOKEN = {
    **{word.encode(): _WORD for word in (*VALUES, *MULTIPLIERS, *FILLERS, *SIGNS)},
    **{b"0" * count: _GROUP for count in range(1, _GROUP_DIGITS_MAX + 1)},
}
_ROW = re.compile(rb"[\x01\x02]{5,}")
# Before a number, of another country; between two of them it adds.
_PLUS = "plus"
_COUNTRY = re.compile(r"(?<![A-Za-z])([A-Z])[ .-]{0,2}([A-Z])[ ,.-]{1,2}\Z")
_COUNTRY_CHARS, _ACCOUNT_DIGITS_MIN = 7, 13
_COUNTED = "012345678901234567890123456789"
_LONG_WORD = re.compile(f"[A-Za-z]{{{_GLUED_CHARS_MIN}}}")
_MARKED = re.compile("[\u00c0-\u024f]")
_PIECE = re.compile(rf"[a-z]+|[0-9]+|[{_WORDS_FOR_DIGITS}]|然后|那个|接着|[嗯呃再]|[^\s!-~]")
_PAUSE = re.compile(r"[^\s-]|\n")
_TEENS = frozenset(("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize"))


class _Piece(NamedTuple):
    """A word with where it stands and what stands between the word before and it."""

    word: str
    gap: str
    start: int
    end: int


def spoken(reading: Reading) -> Iterator[Reading]:
    """Yield the text with long runs of words for digits as digits, Chinese ones and others."""
    yield from _chinese(reading)
    text, words = reading.lowered, reading.words
    marked = [] if text.isascii() else _MARKED.findall(text)
    is_likely = len(words & TRIGGERS) >= _TRIGGERS_MIN or len(marked) >= _MARKED_MIN
    if not is_likely and not _may_be_glued(reading):
        return
    text = text.translate(UNMARKED) if marked else text
    numbers = [*_numbers(text)] if _may_speak(text) else []
    whole = (
        _whole(reading, start, end, said[: said[0] == "+"] + "".join(values))
        for start, end, values, said in numbers
    )
    yield from reading_with(reading, whole, _WORDS_HOW)
    # Pauses part the groups of a telephone number.
    parted = (
        Change(start, end, grouped)
        for start, end, values, said in numbers
        if (grouped := said if _is_parted(said) else _in_groups("".join(values)))
    )
    yield from reading_with(reading, parted, _WORDS_HOW)


def _whole(reading: Reading, start: int, end: int, digits: str) -> Change:
    """Return the number, with the letters of a country before it if it is one of an account."""
    before = _COUNTRY.search(reading.text[max(0, start - _COUNTRY_CHARS) : start])
    if before is None or len(digits) < _ACCOUNT_DIGITS_MIN:
        return Change(start, end, digits)
    return Change(start - len(before[0]), end, before[1] + before[2] + digits)


def _in_groups(digits: str) -> str:
    """Return what nobody says but for a telephone in the groups of one, with area code or trunk."""
    if digits in _COUNTED:
        return ""
    if len(digits) == 10 and digits[0] >= "2" and digits[3] >= "2":
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    return f"{digits[:5]} {digits[5:]}" if digits[0] == "0" and len(digits) in {10, 11} else ""


def _chinese(reading: Reading) -> Iterator[Reading]:
    if reading.text.isascii() or not _WORD_FOR_DIGIT.search(reading.text):
        return
    runs = [
        run for run in _SPOKEN_RUN.finditer(reading.text) if run[0].translate(_SPOKEN) != run[0]
    ]
    yield from reading_with(reading, (_digits_of(reading, run) for run in runs), _HOW)
    # The signs between them may mean something, as in a telephone number.
    parted = (
        Change(*run.span(), run[0].translate(_SPOKEN), range(*run.span()))
        for run in runs
        if not run[0].isalnum()
    )
    yield from reading_with(reading, parted, _HOW)


def _digits_of(reading: Reading, run: re.Match[str]) -> Change:
    first = _PLAIN_NUMBER.match(run[0])
    start = run.start() + (first.end() if first else 0)
    places = [at for at in range(start, run.end()) if reading.text[at].isalnum()]
    digits = "".join(reading.text[at] for at in places).translate(_SPOKEN)
    return Change(start, run.end(), digits, places)


def _may_be_glued(reading: Reading) -> bool:
    """Say whether many letters stand without a sign or a space between them."""
    return any(
        end - start >= _GLUED_CHARS_MIN and _LONG_WORD.search(reading.text, start, end)
        for start, end in reading.runs
    )


def _may_speak(text: str) -> bool:
    """Say whether a few number words stand in a row: of most texts no more than this is asked."""
    tokens = text.encode("ascii", "replace").translate(_PARTED).split()
    row = bytes([_SORT_OF_TOKEN.get(token, 0) for token in tokens])
    is_row = any(each[0].count(_WORD) >= _SPELT_MIN for each in _ROW.finditer(row))
    return is_row or max(map(len, tokens), default=0) >= _GLUED_CHARS_MIN


def _numbers(text: str) -> Iterator[tuple[int, int, list[str], str]]:
    """Yield from where to where a number is spoken, its digits, and these with its pauses."""
    for row in _rows(text):
        spelt = sum(each.word in VALUES or each.word in _WORDS_FOR_DIGITS for each in row)
        if spelt < _SPELT_MIN:
            continue
        values, said = _said(row)
        if sum(map(len, values)) in _DIGITS and not _is_list(values, said):
            yield row[0].start, row[-1].end, values, said


def _rows(text: str) -> Iterator[list[_Piece]]:
    """Yield words for digits in a row, with the words between them that say nothing."""
    row: list[_Piece] = []
    for piece in _pieces(text):
        is_near = len(piece.gap) <= _GAP_CHARS_MAX
        if row and not (is_near and (_is_value(piece.word) or _is_between(piece.word))):
            yield _trimmed(row)
            row = []
        if row or _is_value(piece.word) or piece.word == _PLUS:
            row.append(piece)
    yield _trimmed(row)


def _trimmed(row: list[_Piece]) -> list[_Piece]:
    while row and not _is_value(row[-1].word) and row[-1].word != "x":
        row.pop()
    return row


def _is_value(word: str) -> bool:
    is_group = word.isdigit() and len(word) <= _GROUP_DIGITS_MAX
    return word in VALUES or word in MULTIPLIERS or word in _WORDS_FOR_DIGITS or is_group


def _is_between(word: str) -> bool:
    return word in FILLERS or word in SIGNS or word == "x"


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield each word, number and sign of a word, those that are written as one apart."""
    end = 0
    for match in _PIECE.finditer(text):
        word, start = match[0], match.start()
        if not word.isalnum():
            continue
        is_glued = len(word) >= _GLUED_CHARS_MIN and GLUED.fullmatch(word)
        for each in GLUED_WORD.finditer(word) if is_glued else ():
            yield _Piece(each[0], "", start + each.start(), start + each.end())
        if not is_glued:
            yield _Piece(word, text[end:start], start, match.end())
        end = match.end()


def _said(row: Sequence[_Piece]) -> tuple[list[str], str]:
    """Return the digits of each word, and all of them with a sign where the speaker stops."""
    languages = _languages(row)
    values: list[str] = []
    signs: list[str] = []
    times, sign = 1, ""
    for at, piece in enumerate(row):
        word = piece.word
        sign = sign or (" " if at and _PAUSE.search(piece.gap) else "")
        if word in MULTIPLIERS:
            times = MULTIPLIERS[word]
        elif (value := _value(word, languages)) is None:
            sign = "+" if word == _PLUS else SIGNS.get(word, " ")
        elif values and not sign.strip() and (joined := _joined(values[-1], word, value)):
            values[-1] = joined
            sign = ""
        else:
            values.append(value * (times if len(value) == 1 else 1))
            signs.append(sign)
            times, sign = 1, ""
    values = [value.replace("_", "0") for value in values]
    return values, "".join(map(str.__add__, signs, values))


def _languages(row: Sequence[_Piece]) -> dict[str, int]:
    """Return how many words of each language are in the row."""
    words = [piece.word for piece in row if piece.word not in DOUBTFUL]
    return {name: sum(word in table for word in words) for name, table in OF_LANGUAGE.items()}


def _value(word: str, languages: dict[str, int]) -> str | None:
    """Return what a word says in this row; of a few it hangs on the language."""
    if word in DOUBTFUL:
        name = DOUBTFUL[word]
        is_meant = languages[name] >= max(languages.values())
        return OF_LANGUAGE[name][word] if is_meant else None
    if word in VALUES:
        return VALUES[word]
    if word == "x":
        return "X"
    return word.translate(_SPOKEN) if word.isdigit() or word in _WORDS_FOR_DIGITS else None


def _joined(before: str, word: str, value: str) -> str:
    """Return both as one number: "twenty" and "three", "soixante" and "dix"."""
    if word in {"vingt", "vingts"} and before == "4":
        return "8_"
    if not before.endswith("_"):
        return ""
    if word in _TEENS and before in {"6_", "8_"}:
        return str(int(before[0]) + 1) + value[1]
    is_unit = len(value) == 1 and value in ("789" if before == "1_" else "123456789")
    return before[0] + value if is_unit else ""


def _is_list(values: Sequence[str], said: str) -> bool:
    """Say whether there are several numbers, small and large, with a pause after each of them."""
    return said.split() == values and len(set(map(len, values))) > 1


def _is_parted(said: str) -> bool:
    """Say whether there are groups, and not a sign after each digit."""
    groups = said.split()
    return not said.removeprefix("+").isalnum() and len(groups) <= sum(map(len, groups)) // 2
