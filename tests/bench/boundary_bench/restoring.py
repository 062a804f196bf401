"""The part `restore`: values come back exactly, wherever the stream of an answer is cut."""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from random import Random

from edge_agent.contract.masking import EMPTY_BOOK, MaskBook, mask
from edge_agent.contract.restoring import Restorer
from tests.bench.boundary_bench.ours import judged
from tests.bench.boundary_bench.page import Row, at_least, figures
from tests.bench.boundary_bench.texts import records

ANSWERS = 200
SENTENCES = 3
SEED = 20261121
_PLACEHOLDER = re.compile(r"\[([A-Z_]+_[A-Z2-9]{5})\]")
# What models make of a placeholder.
_HABITS: dict[str, Callable[[str], str]] = {
    "as given": lambda name: f"[{name}]",
    "lower case": lambda name: f"[{name.lower()}]",
    "underscores escaped": lambda name: "\\[" + name.replace("_", "\\_") + "\\]",
    "without brackets": lambda name: name,
    "Chinese brackets": lambda name: f"【{name}】",
    "spaces inside": lambda name: f"[ {name.replace('_', ' ')} ]",
}
_ABOUT = """\
Made-up records of both languages are judged and masked; the answer repeats them with the placeholders changed as
models change them, one habit after the other. It is restored in two pieces for every place where it can be cut, and
once character by character; what comes out must be the record itself."""


@dataclass(slots=True)
class _Tally:
    answers: int = 0
    masks: int = 0
    splits: int = 0
    wrong: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_HABITS, 0))


def measure() -> tuple[str, ...]:
    """Return the blocks of the section."""
    tally = _Tally()
    for number, text in enumerate(islice(_texts(), ANSWERS)):
        _add(tally, text, [*_HABITS][number % len(_HABITS)], number)
    sys.stderr.write(f"{tally}\n")
    wrong = sum(tally.wrong.values())
    rows = [
        at_least("answers with a mask", tally.answers, ANSWERS),
        Row("masks in them", str(tally.masks)),
        Row("wrong, of all splits", f"{wrong} of {tally.splits}", "0", wrong == 0),
        *(Row(f"wrong: {habit}", str(count)) for habit, count in tally.wrong.items()),
    ]
    return _ABOUT, figures(rows)


def _texts() -> Iterator[str]:
    sentences = records(Random(SEED))
    while True:
        yield " ".join(islice(sentences, SENTENCES))


def _add(tally: _Tally, text: str, habit: str, number: int) -> None:
    [findings] = judged(text).findings
    masked, book = mask(text, findings, EMPTY_BOOK, entropy=number.to_bytes(32, "big"))
    answer = _PLACEHOLDER.sub(lambda match: _HABITS[habit](match[1]), masked)
    tally.answers += bool(book.masks)
    tally.masks += len(book.masks)
    for cuts in ([*answer], *([answer[:at], answer[at:]] for at in range(len(answer) + 1))):
        tally.splits += 1
        tally.wrong[habit] += _restored(cuts, book) != text


def _restored(pieces: list[str], book: MaskBook) -> str:
    restorer = Restorer(book)
    return "".join([*map(restorer.feed, pieces), restorer.close()])
