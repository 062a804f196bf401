"""Words in a row that open something: the phrase of a wallet, a passphrase, an answer to a question."""

import re
from collections.abc import Iterator, Sequence

from edge_agent.contract.detectors.password_words import Cue
from edge_agent.contract.readings import Reading

_SEED = re.compile(
    r"(?:(?:seed|recovery|backup|wallet|mnemonic|secret)\s(?:phrase|words?)|mnemonic|seed(?=\s?[:=])|助记词|wiederherstellungs(?:phrase|wörter))"
    r"[\"'*]{0,3}\s{0,2}(?:is|are|lautet|是|为)?\s{0,2}[:：=]?\s{0,3}[\"'“`]?"
)
# Words of a list may be numbered, or parted by commas or lines.
_SEED_WORDS = re.compile(
    r"(?:\d{1,2}[.)]\s?)?[a-z]{3,8}(?:[\s,]{1,3}(?:\d{1,2}[.)]\s?)?[a-z]{3,8}){5,24}(?![a-z])"
)
_HANZI_WORDS = re.compile(r"[\u4e00-\u9fff](?: [\u4e00-\u9fff]){11,23}(?![\u4e00-\u9fff])")
_PASSPHRASE = re.compile(
    r"[:=]\s{0,3}(?P<bare>[a-z]{3,12}(?:[ -][a-z]{3,12}){2,9})[.]?(?=\s*(?:\n|\Z))"
    r"|\s?(?:is|was|ist|lautet|[:=])?\s{0,3}[\"'“`](?P<quoted>[^\"'”`\n]{4,40}(?:[ -][^\s\"'”`]{2,20}){1,9})[\"'”`]"
)
# As Google gives them to programs.
_FOR_A_PROGRAM = re.compile(
    r"[\"']?\s{0,3}(?:[:=]|is)\s{0,3}[\"']?(?P<value>[a-z]{4}(?: [a-z]{4}){3})(?![ a-z0-9])"
)
_ANSWER = re.compile(
    r"(?:(?:security|secret)\s(?:question\s)?answer|answer to (?:the|my|your) security question|密保答案)"
    r"\s?(?:[:：=]|is\s|是)\s?[\"'“]?(?P<value>[^\s\"'”,.;。，；][^\n\"'”,.;。，；]{1,31})"
)
# None of these is in the list of words of which wallets make their phrases.
_TALK = frozenset(
    [
        *("the", "and", "for", "are", "your", "was", "not", "from", "but", "has"),
        *("should", "never", "its", "which"),
    ]
)
# A passphrase is of any words; these say what one is like, or where it lies.
_MORE_TALK = _TALK | frozenset(
    [
        *("must", "can", "will", "this", "that", "see", "least", "words", "characters"),
        *("required", "use", "enter", "choose", "type", "with", "you", "contain"),
        *("contains", "ask", "have", "need", "needs", "sent", "sealed", "same"),
    ]
)
_NO_ANSWER = re.compile(
    r"(?:required|optional|hidden|must|should|incorrect|wrong|correct|missing|not|case|invalid|the|your"
    r"|a|an|is|string|null|none|empty|\W+|<.*|\{.*|\$.*)",
    re.IGNORECASE,
)
_SEED_NAMES = frozenset(["phrase", "mnemonic", "seed", "wiederherstellungsphrase"])
WORDS = _SEED_NAMES | {"answer"}
LETTERS = ("词", "密")
_SCORE = 0.85


def phrases(reading: Reading, named: Sequence[Cue]) -> Iterator[tuple[int, int, float, str]]:
    """Yield where each begins and ends, how sure it is, and why."""
    words, text = reading.words, reading.text
    if not _SEED_NAMES.isdisjoint(words) or (not text.isascii() and "助记词" in text):
        yield from ((*span, _SCORE, "phrase of a wallet") for span in _seeds(reading.lowered))
    if named:
        yield from ((*span, _SCORE, "words of a password") for span in _of_words(reading, named))
    if "answer" in words or (not text.isascii() and "密保答案" in text):
        yield from ((*span, _SCORE, "answer to a question") for span in _answers(reading))


def _seeds(text: str) -> Iterator[tuple[int, int]]:
    for match in _SEED.finditer(text):
        found = _SEED_WORDS.match(text, match.end())
        if found is not None and _TALK.isdisjoint(re.findall("[a-z]+", found.group())):
            yield found.span()
        chinese = _HANZI_WORDS.match(text, match.end())
        if chinese is not None:
            yield chinese.span()


def _of_words(reading: Reading, named: Sequence[Cue]) -> Iterator[tuple[int, int]]:
    text = reading.lowered
    for cue in named:
        match = _FOR_A_PROGRAM.match(text, cue.end)
        if match is not None and _MORE_TALK.isdisjoint(match["value"].split()):
            yield match.span("value")
        if not text.endswith("phrase", 0, cue.end):
            continue
        match = _PASSPHRASE.match(text, cue.end)
        if match is not None:
            name = "bare" if match["bare"] else "quoted"
            if _MORE_TALK.isdisjoint(re.split("[ -]", match[name])):
                yield match.span(name)


def _answers(reading: Reading) -> Iterator[tuple[int, int]]:
    for match in _ANSWER.finditer(reading.lowered):
        if not _NO_ANSWER.fullmatch(match["value"].split()[0]):
            yield match.span("value")
