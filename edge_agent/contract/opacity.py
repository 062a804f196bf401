"""Runs that cannot be read: nobody knows what they say, so nobody may say they are harmless."""

import re
from collections.abc import Iterator
from itertools import pairwise

from edge_agent.contract.decoding import blocks
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.published import is_published
from edge_agent.contract.readings import Reading, plain_reading

SCORE = 0.6
RULE = "a long run that cannot be read"
# A digest or a commit names something public; what is longer may be anything.
_HEX_CHARS_MIN = 160
_CHARS_MIN = 48
_RUN = re.compile(
    rf"[A-Za-z0-9+/_=-](?<![A-Za-z0-9+/_=-].)[A-Za-z0-9+/_=-]{{{_CHARS_MIN - 1},}}(?:\r?\n[A-Za-z0-9+/_=-]{{16,}})*"
)
_HEX = re.compile(r"[0-9a-fA-F\r\n]+")
_UNASSIGNED_SIGN = r"[\x00-\x08\x0e-\x1f\x80-\x9f\ufffd\ue000-\uf8ff\ud800-\udfff]"
_UNASSIGNED = re.compile(rf"{_UNASSIGNED_SIGN}{_UNASSIGNED_SIGN}{{5,}}")
# Of random base64, two neighbours in three are of different classes; of words and paths one in six.
_CHANGES_SHARE = 0.38
_READABLE_SHARE = 0.8


def opaque_runs(reading: Reading) -> Iterator[Finding]:
    """Yield what is no language and cannot be decoded to any."""
    is_long = any(end - start >= _CHARS_MIN for start, end in reading.runs)
    for match in _RUN.finditer(reading.text) if is_long else ():
        if (
            _is_random(match[0])
            and not is_published(reading.text, *match.span())
            and not _is_readable(match[0])
        ):
            yield Finding(*reading.span(*match.span()), Kind.OPAQUE, SCORE, RULE)
    for match in _UNASSIGNED.finditer(reading.text):
        yield Finding(*reading.span(*match.span()), Kind.OPAQUE, SCORE, RULE)


def _is_random(run: str) -> bool:
    if _HEX.fullmatch(run):
        return len(run) >= _HEX_CHARS_MIN and len(set(run)) > 10
    changes = sum(_class(one) != _class(other) for one, other in pairwise(run))
    return changes >= _CHANGES_SHARE * len(run)


def _is_readable(run: str) -> bool:
    """Say whether decoding makes a text of nearly all of it; of noise, now and then a scrap."""
    return any(
        each.end - each.start >= _READABLE_SHARE * len(run) for each in blocks(plain_reading(run))
    )


def _class(letter: str) -> int:
    if letter.isdigit():
        return 0
    if letter.isupper():
        return 1
    return 2 if letter.islower() else 3
