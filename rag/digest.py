"""What a file comes to: its passages, and how secret it is; made portion by portion in children.

A portion whose child dies or does not end is what cannot be judged: secret, and said to be. Its
words are cut without looking at them, so that none is lost. Length costs time, never a refusal.
"""

import json
import logging
import math
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, BinaryIO

from edge_agent.contract.findings import Kind
from edge_agent.contract.judging import Part, Reason, Where
from edge_agent.contract.levels import Level
from rag.chunking import PASSAGE_WEIGHT_MAX, Piece
from rag.confined import Ending, run_confined
from rag.loaders.blocks import Aside, Block, Unread
from rag.loaders.bounds import bounded
from rag.portion_child import ALL_CUT
from rag.portions import PORTIONS_MAX, Portion, Request, portions_of
from rag.terms import terms_of

logger = logging.getLogger(__name__)

# For twenty seconds of work a portion on a machine that has others to do.
DEADLINE_SECONDS = 120.0
PORTION_SECONDS = 60.0
_ROUGH_CHARS = PASSAGE_WEIGHT_MAX // 3
_SPACES = (" ", "\n", "\t")
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Digested:
    """A portion: its passages, why it is how secret, and what in it nobody could read."""

    pieces: tuple[Piece, ...]
    level: Level
    reasons: tuple[Reason, ...]
    unread: tuple[Unread, ...]
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of each portion; without the document of a policy nothing is judged."""

    policy: Mapping[str, Any] | None = None
    origin: Part | None = None
    is_cut: bool = True
    # By time.monotonic(); what is left of the file then is what cannot be judged.
    ends_at: float = math.inf


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a child said of a portion; without its last word it did not come to the end of it."""

    pieces: tuple[Piece, ...] = ()
    is_cut: bool = False
    last: Mapping[str, Any] = field(default_factory=dict)


def deadline_seconds(portions: int = PORTIONS_MAX) -> float:
    """Return how long a child may take for so many portions."""
    return DEADLINE_SECONDS + PORTION_SECONDS * portions


def digested(found: Iterable[Block | Aside | Unread], wanted: Wanted) -> Iterator[Digested]:
    """Yield what each portion of the file comes to, in order.

    Raises:
        WorkInterrupted: a child was ended from outside.
    """
    portions = portions_of(found)
    origin, carried = wanted.origin, _NOTHING
    while batch := [*islice(portions, PORTIONS_MAX)]:
        while batch:
            if time.monotonic() > wanted.ends_at:
                yield from (_lost(portion, _Answer(), wanted, "took too long") for portion in batch)
                break
            answers, ending = _asked(batch, wanted, origin, carried)
            for portion, answer in zip(batch, answers, strict=False):
                if answer.last:
                    yield _digested(portion, answer)
                else:
                    yield _lost(portion, answer, wanted, _why(ending))
            carried, origin = answers[-1].last, None
            batch = batch[len(answers) :]


def _digested(portion: Portion, answer: _Answer) -> Digested:
    level = Level(answer.last.get("level", Level.L0))
    reasons = tuple(_reason_of(*fields) for fields in answer.last.get("reasons", ()))
    return Digested(answer.pieces, level, reasons, portion.unread, _pages_of(portion))


def _lost(portion: Portion, answer: _Answer, wanted: Wanted, why: str) -> Digested:
    pieces = answer.pieces
    if wanted.is_cut and not answer.is_cut:
        pieces = tuple(rough_pieces(portion))
    reason = Reason(Level.L2, Kind.OPAQUE, f"text that {why}", where=Where.FILE)
    return Digested(pieces, Level.L2, (reason,), portion.unread, _pages_of(portion))


def cut_texts(texts: Sequence[str]) -> list[list[Piece]]:
    """Return the passages of each text, without judging any of them."""
    cut: list[list[Piece]] = [[] for _ in texts]
    # A page of its own keeps each text apart from the others.
    found = bounded(Block(text, page=number) for number, text in enumerate(texts))
    for portion in digested(found, Wanted()):
        for piece in portion.pieces:
            cut[piece.page or 0].append(replace(piece, page=None))
    return cut


def rough_pieces(portion: Portion) -> Iterator[Piece]:
    """Cut between words every so many letters, whatever stands there."""
    for block in portion.found:
        if isinstance(block, Aside):
            continue
        for part in _rough_parts(block.text):
            text = part.replace("\x00", " ").encode("utf-8", "replace").decode()
            length = len(terms_of(f"{block.heading}\n{text}"))
            if length:
                yield Piece(text, block.page, block.heading, length)


def _rough_parts(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = start + _ROUGH_CHARS
        if end < len(text):
            end = max(text.rfind(sign, start, end) for sign in _SPACES) + 1 or end
        yield text[start:end]
        start = end


def _asked(
    batch: Sequence[Portion], wanted: Wanted, origin: Part | None, carried: Mapping[str, Any]
) -> tuple[list[_Answer], Ending]:
    """Ask one child; the last answer may be that there is none to the portion at hand."""
    first = Request(batch[0], wanted.policy, _fields_of(origin), carried, is_cut=wanted.is_cut)
    requests = [
        first,
        *(replace(first, portion=each, origin=None, carried={}) for each in batch[1:]),
    ]
    with _in_memory(requests) as source, tempfile.TemporaryFile() as output:
        ending = run_confined(
            "rag.portion_child",
            source=source,
            output=output,
            deadline_seconds=min(
                deadline_seconds(len(batch)), max(wanted.ends_at - time.monotonic(), 0)
            ),
        )
        output.seek(0)
        answers = [*_answers_in(output)]
    if len(answers) < len(batch) or ending.exit_code:
        logger.warning("portion_lost exit=%s late=%s", ending.exit_code, ending.is_late)
    return answers[: len(batch)], ending


@contextmanager
def _in_memory(requests: Iterable[Request]) -> Iterator[BinaryIO]:
    """Offer the requests as a file that never lies on a disk: a policy says what is secret."""
    with os.fdopen(os.memfd_create("requests"), "w+b") as file:
        for request in requests:
            file.write(request.to_json() + b"\n")
        file.seek(0)
        yield file


def _answers_in(output: BinaryIO) -> Iterator[_Answer]:
    """Yield what was said of each portion; of the last one perhaps only its passages."""
    pieces: list[Piece] = []
    is_cut = False
    for line in output:
        if not line.endswith(b"\n"):
            break
        said = json.loads(line)
        if isinstance(said, dict):
            yield _Answer(tuple(pieces), is_cut, said)
            pieces, is_cut = [], False
        elif said == ALL_CUT:
            is_cut = True
        else:
            pieces.append(Piece(*said))
    yield _Answer(tuple(pieces), is_cut)


def _reason_of(what: str, rule: str, where: str, level: int, score: float) -> Reason:
    return Reason(Level(level), what, rule, score, Where(where))


def _why(ending: Ending) -> str:
    return "took too long" if ending.is_out_of_time() else "could not be judged"


def _pages_of(portion: Portion) -> int:
    blocks = (each for each in portion.found if isinstance(each, Block))
    return max((block.page or 0 for block in blocks), default=0)


def _fields_of(origin: Part | None) -> dict[str, Any] | None:
    if origin is None:
        return None
    return {
        "text": origin.text,
        "where": origin.where.value,
        "label": origin.label,
        "path": origin.path,
        "collection": origin.collection,
    }
