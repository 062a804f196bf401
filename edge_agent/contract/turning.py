"""A text turned round, or its letters shifted by thirteen, where that could say something."""

import codecs
import re
from collections.abc import Iterator

from edge_agent.contract.detectors.license_plates import PLACES
from edge_agent.contract.detectors.phone_forms import is_landline
from edge_agent.contract.detectors.phone_words import Words
from edge_agent.contract.readings import Reading
from edge_agent.contract.rewriting import moved, rewritten
from edge_agent.contract.spreading import PARTING, could_be, reading_with

# Tokens as long as a key or with an @, long runs of digits, and plates from behind.
_TOKEN_CHARS_MIN, _TOKEN_CHARS_MAX = 18, 400
# Only what is no address the right way round: there a dot follows the @.
_AT = re.compile(
    r"(?<![!-~])[!-?A-~]{1,80}@(?![A-Za-z0-9.-]{1,80}\.[A-Za-z]{2,10}(?!\.?[A-Za-z0-9+-]))[!-~]{1,80}"
)
_DIGIT_RUN = re.compile(
    r"[0-9A-Z)](?<![0-9A-Za-z].)(?:[ ._/-]?[0-9A-Z()]){7,34}(?<=[0-9A-Z]{2})\+?(?![0-9A-Za-z])"
)
_PLATE = re.compile(rf"[0-9A-Z](?<![0-9A-Za-z].)[0-9A-Z]{{4,5}}[ ·.-]?[A-Z][{PLACES}]")
# Any date is a number of some form from behind.
_DATE = re.compile(r"(?:19|20)[0-9]{2}[-./ ]?[0-9]{1,2}[-./ ]?[0-9]{1,2}(?![0-9])")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_WORD = re.compile(r"[A-Z]{2,} ")
_BOOKS = ("978", "979")
_DIGIT = re.compile("[0-9]")
_LINE_DIGITS = range(10, 13)
_SECURITY_BACKWARDS = re.compile(r"[0-9]{4}[ -]?[0-9]{2}[ -]?[0-9]{3}")
_TURNED_DIGITS_MIN, _KEY_CHARS_MIN = 5, 18
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
    runs = [*_DIGIT_RUN.finditer(text)]
    if not text.isascii():
        runs += _PLATE.finditer(text)
    if "@" in text:
        runs += _AT.finditer(text)
    words = Words(reading)
    spans = [
        (run.start() + len(_word_before(run[0])), run.end())
        for run in runs
        if run.re is not _DIGIT_RUN or _is_number_backwards(run, words)
    ]
    spans += _long_tokens(reading)
    changes = (moved(reading, start, end, range(end - 1, start - 1, -1)) for start, end in spans)
    yield from reading_with(reading, changes, "backwards")


def shifted(reading: Reading) -> Iterator[Reading]:
    """Yield the text with each letter thirteen on, where that could say something."""
    text = reading.text
    is_named = any(word in text for word in _SHIFTED_WORDS)
    if (
        is_named
        or _SHIFTED_ID.search(text)
        or _SHIFTED_IBAN.search(text)
        or any(_long_tokens(reading))
    ):
        whole = ((reading.starts[0], reading.ends[-1]),)
        turned_on = codecs.encode(text, "rot13")
        yield Reading(turned_on, reading.starts, reading.ends, "rot13", whole)


def _long_tokens(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield what is long enough for a key, has digits, and is no address of a page or of mail."""
    text = reading.text
    for first, last in reading.coded_runs:
        for start in range(first, last - _TOKEN_CHARS_MIN + 1, _TOKEN_CHARS_MAX):
            end = min(last, start + _TOKEN_CHARS_MAX)
            if text.find("://", start, end) < 0 and _DIGIT.search(text, start, end):
                yield start, end


def _word_before(run: str) -> str:
    """Return the word that says what the number after it is: it is written forwards."""
    word = _WORD.match(run)
    return word[0] if word else ""


def _is_number_backwards(match: re.Match[str], words: Words) -> bool:
    # What begins with a plus is a number the right way round, and so is a mobile number.
    run = match[0].removeprefix(_word_before(match[0]))
    is_forwards = match.string[match.start() - 1 : match.start()] == "+" or _MOBILE.fullmatch(run)
    return not is_forwards and (_is_number(run) or _is_line(match, run, words))


def _is_line(match: re.Match[str], run: str, words: Words) -> bool:
    """Say whether this is a landline from behind, with its parts; elsewhere words must say so."""
    backwards = PARTING.sub("", run)[::-1]
    if len(backwards) == len(run) or backwards[0] != "0" or len(backwards) not in _LINE_DIGITS:
        return False
    return is_landline(backwards) or words.say_telephone(match.start())


def _is_number(run: str) -> bool:
    """Say whether this could be a number of some form from behind, and is no date."""
    backwards = PARTING.sub("", run)[::-1]
    if not backwards.isdigit():
        digits = sum(map(run.count, "0123456789"))
        return digits >= _TURNED_DIGITS_MIN and not _DATE.fullmatch(run)
    is_security = _SECURITY_BACKWARDS.fullmatch(run) is not None
    if run.startswith(_BOOKS):
        return False
    return run[-1] == "+" or is_security or could_be(backwards)
