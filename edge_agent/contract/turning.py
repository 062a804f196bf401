"""A text turned round, or its letters shifted by thirteen, where that could say something."""

import codecs
import re
from collections.abc import Iterable, Iterator

from edge_agent.contract.detectors.license_plates import PLACES
from edge_agent.contract.detectors.order_words import is_after_order
from edge_agent.contract.detectors.phone_forms import is_landline
from edge_agent.contract.detectors.phone_words import Words
from edge_agent.contract.readings import Reading
from edge_agent.contract.rewriting import (
    AROUND_CHARS,
    Change,
    moved,
    reading_with,
    rewritten,
)
from edge_agent.contract.spreading import could_be

# Tokens as long as a key or with an @, long runs of digits, and plates from behind.
_TOKEN_CHARS_MIN, _TOKEN_CHARS_MAX = 18, 400
# A mail address from behind: its last part stands first.
_AT = re.compile(r"[!-/:-@\[-`{-~]{0,3}[A-Za-z]{2,24}\.[!-?A-~]{1,80}@[!-~]{1,80}")
_BACKWARDS_URL = re.compile(r"[!-~]{1,200}@[!-~]{1,200}//:[A-Za-z0-9.+-]{2,24}")
_DIGIT_RUN = re.compile(
    r"[0-9A-Z)](?<![0-9A-Za-z].)(?:[ ._/-]?[0-9A-Z()]){7,34}(?:(?<=[0-9A-Z]{2})\+?|\+)(?![0-9A-Za-z])"
)
_PLATE = re.compile(rf"[0-9A-Z](?<![0-9A-Za-z].)[0-9A-Z]{{4,5}}[ ·.-]?[A-Z][{PLACES}]")
_PLACE = re.compile(rf"[{PLACES}](?<=[A-Z].)")
# Any date is a number of some form from behind.
_DATE = re.compile(r"(?:19|20)[0-9]{2}[-./ ]?[0-9]{1,2}[-./ ]?[0-9]{1,2}(?![0-9])")
_WORD = re.compile(r"(?:[A-Z]{3,}|ID) ")
_PARTING = str.maketrans("", "", " ._/()+-")
_BOOK = re.compile(r"97[89][0-9]{10}")
# Three in a hundred keys have no digit, but letters of both cases.
_OF_KEY = re.compile("[0-9]|[a-z][A-Z].*[a-z][A-Z]")
# A mobile number, or a hotline that everybody may know.
_PHONE = re.compile(r"1[3-9][0-9]{9}|[48]00[0-9]{7}")
_CODE_BACKWARDS = re.compile(r"([0-9]+)[^0-9]*\Z")
_LINE_DIGITS = range(10, 13)
_SECURITY_BACKWARDS = re.compile(r"[0-9]{4}[ -]?[0-9]{2}[ -]?[0-9]{3}")
_TURNED_DIGITS_MIN, _SECURITY_DIGITS = 5, 9
_KEY_BLOCK_BACKWARDS = "YEK ETAVIRP"
_SHIFTED_ID = re.compile(r"[Kk](?<=[0-9]{14}.)(?![0-9A-Za-z])")
_SHIFTED_IBAN = re.compile(r"[0-9][0-9](?<=[A-Z]{2}..)(?<![A-Za-z0-9].{4})[ A-Z0-9]{8}")
# What shifted words say that name a secret, and the head of a shifted key.
_SHIFTED_WORDS = ("-----ORTVA", "nffjbeq", "frperg", "gbxra", "cnffpbqr")


def turned(reading: Reading) -> Iterator[Reading]:
    """Yield what could be a string of some form, from its end to its beginning."""
    text = reading.text
    if _KEY_BLOCK_BACKWARDS in text:
        yield rewritten(
            reading, [moved(reading, 0, len(text), range(len(text) - 1, -1, -1))], "backwards"
        )
        return
    spans = [*_numbers(reading), *_long_tokens(reading)]
    if not text.isascii() and _PLACE.search(text):
        spans += [plate.span() for plate in _PLATE.finditer(text)]
    if "@" in text:
        addresses = (
            _AT.match(text, *run) or _BACKWARDS_URL.match(text, *run) for run in reading.coded_runs
        )
        spans += [address.span() for address in addresses if address]
    changes = (moved(reading, start, end, range(end - 1, start - 1, -1)) for start, end in spans)
    yield from reading_with(reading, changes, "backwards")


def shifted(reading: Reading) -> Iterator[Reading]:
    """Yield with each letter thirteen on what could say something then: all of it, or a key."""
    text = reading.text
    if (
        any(map(text.__contains__, _SHIFTED_WORDS))
        or _SHIFTED_ID.search(text)
        or _SHIFTED_IBAN.search(text)
    ):
        spans = [(0, len(text))]
    else:
        spans = _around(_long_tokens(reading), len(text))
    yield from reading_with(reading, (_shift(text, *span) for span in spans), "rot13")


def _around(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Return the spans with the words beside them, as one where they meet."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        first, last = max(0, start - AROUND_CHARS), min(length, end + AROUND_CHARS)
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def _shift(text: str, start: int, end: int) -> Change:
    """Return the letters thirteen on, those of the words beside them too."""
    return Change(start, end, codecs.encode(text[start:end], "rot13"), range(start, end))


def _long_tokens(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield what is long enough for a key, looks like one, and is no address of a page or of mail."""
    text = reading.text
    for first, last in reading.coded_runs:
        for start in range(first, last - _TOKEN_CHARS_MIN + 1, _TOKEN_CHARS_MAX):
            end = min(last, start + _TOKEN_CHARS_MAX)
            if text.find("://", start, end) < 0 and _OF_KEY.search(text, start, end):
                yield start, end


def _numbers(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield what could be a number of some form from behind, and is none the right way round."""
    text, words = reading.text, Words(reading)
    for match in _DIGIT_RUN.finditer(text) if reading.digits >= _TURNED_DIGITS_MIN else ():
        start, end = match.span()
        # The word that says what the number after it is is written forwards.
        word = _WORD.match(text, start, end) if text[start] > "9" else None
        start = word.end() if word else start
        run = text[start:end]
        if end - start < _SECURITY_DIGITS and run.isdigit():
            continue
        backwards = run.translate(_PARTING)[::-1]
        if not backwards.isdigit():
            is_number = _has_digits(run) and not _DATE.fullmatch(run)
        elif (
            text[start - 1 : start] == "+"
            or _BOOK.fullmatch(backwards[::-1])
            or _is_phone(backwards[::-1])
        ):
            is_number = False
        else:
            is_number = (
                _is_number(run, backwards) or _is_line(words, start, run, backwards)
            ) and not is_after_order(text, start)
        if is_number:
            yield start, end


def _has_digits(run: str) -> bool:
    return sum(map(run.count, "0123456789")) >= _TURNED_DIGITS_MIN


def _is_phone(digits: str) -> bool:
    """Say whether this is a telephone number the right way round."""
    return _PHONE.fullmatch(digits) is not None


def _is_number(run: str, backwards: str) -> bool:
    return (
        run[-1] == "+"
        or (len(backwards) == _SECURITY_DIGITS and bool(_SECURITY_BACKWARDS.fullmatch(run)))
        or (len(backwards) > _SECURITY_DIGITS and could_be(backwards))
    )


def _is_line(words: Words, start: int, run: str, backwards: str) -> bool:
    """Say whether this is a landline from behind, with its parts; elsewhere words must say so."""
    if len(backwards) == len(run) or backwards[0] != "0" or len(backwards) not in _LINE_DIGITS:
        return False
    code = _CODE_BACKWARDS.search(run)
    # Codes of two great cities and of regions have three digits, all others four.
    is_coded = code is not None and len(code[1]) == (3 if backwards[1] in "12" else 4)
    return (is_coded and is_landline(backwards)) or words.say_telephone(start)
