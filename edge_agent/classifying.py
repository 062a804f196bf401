"""Lines of JSON in, one judgement a line out; a line that cannot be read says so and costs no other.

A text over the stated size is L2 without being read.
"""

import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TextIO

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.findings import Finding
from edge_agent.contract.judging import Judgement, Part, judge_within
from edge_agent.contract.masking import EMPTY_BOOK, mask
from edge_agent.contract.policy import Policy
from edge_agent.contract.policy_document import policy_of

ENTROPY_BYTES = 32
# Of UTF-8. An ordinary text of this length takes seconds, a hostile one half a minute.
TEXT_BYTES_MAX = 1_000_000
# A letter may be written as twelve, as an escape.
LINE_CHARS_MAX = 12 * TEXT_BYTES_MAX


class LineTooLong(Exception):
    """The input does not end where a line should; nothing after it was judged."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"line {number}: longer than {LINE_CHARS_MAX:,} characters."
            f" A text may have {TEXT_BYTES_MAX:,} bytes; nothing from this line on was judged"
        )


def built_in_policy() -> Policy:
    """Return what is judged by when no policy file is named."""
    return policy_of(default_document("any"))


def lines_of(source: TextIO) -> Iterator[str]:
    """Yield lines without waiting for the end of one that has none.

    Raises: LineTooLong.
    """
    number = 1
    while line := source.readline(LINE_CHARS_MAX + 1):
        if len(line) > LINE_CHARS_MAX:
            raise LineTooLong(number)
        yield line
        number += 1


def classify_lines(lines: Iterable[str], policy: Policy) -> Iterator[str]:
    """Judge each `{"text": …}`; empty lines are passed over."""
    for line in lines:
        if line.strip():
            yield json.dumps(_classified(line, policy), ensure_ascii=False)


def _classified(line: str, policy: Policy) -> dict[str, object]:
    try:
        asked = json.loads(line)
        text = asked["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return _refused()
    if not isinstance(text, str):
        return _refused()
    judgement = judge_within([Part(text)], policy, now=datetime.now(UTC), bytes_max=TEXT_BYTES_MAX)
    [findings] = judgement.findings
    return {
        "level": judgement.level.name,
        "spans": [_span(each) for each in findings],
        "masked": _masked(text, judgement),
        "reasons": _reasons(judgement),
    }


def _masked(text: str, judgement: Judgement) -> str:
    """Return the text as it might travel: of one that was not read, nothing."""
    if any(reason.what == "SIZE" for reason in judgement.reasons):
        return ""
    [findings] = judgement.findings
    return mask(text, findings, EMPTY_BOOK, entropy=os.urandom(ENTROPY_BYTES))[0]


def _refused() -> dict[str, object]:
    return {"error": 'each line must be a JSON object with a string "text"'}


def _span(finding: Finding) -> dict[str, object]:
    return {
        "start": finding.start,
        "end": finding.end,
        "type": finding.kind.value,
        "score": finding.score,
    }


def _reasons(judgement: Judgement) -> list[str]:
    """Say why, in words; the first reasons are those that decided."""
    ordered = sorted(judgement.reasons, key=lambda each: -each.level)
    return list(dict.fromkeys(f"{each.level.name} {each.what}: {each.rule}" for each in ordered))
