"""Names in small letters, as in hurried messages: a given name right after a word that leads in."""

import re
from collections.abc import Iterator

from edge_agent.contract.gazetteers import GIVEN_NAMES, SURNAMES, unaccented
from edge_agent.contract.readings import Reading

_WORD = r"[a-z\u00df-\u017f][a-z\u00df-\u017f'’-]{1,24}"
_TITLES = ("mr", "mrs", "ms", "dr")
_CUES = (
    *("my name is", "name:", "user:", "named him", "named her", "calls me", "call me", "this is"),
    *("partner's name", "speak to", "speak with", "follow up with", "your name?", " add "),
    *("i'm", "i’m", "i am", " says", "had given"),
)
_SMALL = re.compile(
    rf"(?<![A-Za-z])(?:(?P<title>{'|'.join(_TITLES)})\.?|{'|'.join(re.escape(cue.strip()) for cue in _CUES)})"
    rf" {{1,8}}(?P<first>{_WORD})(?: (?P<last>{_WORD}))?"
)
_SMALL_TITLES = tuple(title + end for title in _TITLES for end in (" ", "."))
# One of these words begins each of the cues.
_TRIGGERS = frozenset([*(re.split("[^a-z]", cue.strip())[0] for cue in _CUES)])
# What follows a name in a sentence, and is no part of it.
_SENTENCE = frozenset(
    [
        "and",
        "but",
        "or",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "of",
        "on",
        "to",
        "the",
        "this",
        "that",
        "was",
        "who",
        "with",
        "will",
        "would",
        "can",
        "could",
        "please",
        "here",
        "my",
        "i",
        "a",
        "an",
        "has",
        "had",
        "be",
        "been",
        "said",
        "says",
        "speaking",
        "calling",
        "because",
        "so",
        "if",
        "then",
        "there",
    ]
)


def small_names(reading: Reading) -> Iterator[tuple[int, int, float, str]]:
    """Yield where each begins and ends, how sure it is, and why."""
    is_titled = any(map(reading.text.__contains__, _SMALL_TITLES))
    if not is_titled and _TRIGGERS.isdisjoint(reading.words):
        return
    for match in _SMALL.finditer(reading.text):
        first, last = match["first"], match["last"]
        known = unaccented(first) in GIVEN_NAMES or (
            match["title"] and unaccented(first) in SURNAMES
        )
        if known:
            is_whole = last is not None and last not in _SENTENCE
            end = match.end("last") if is_whole else match.end("first")
            yield match.start("first"), end, 0.75, "name after its cue"
