"""The child that cuts and judges: portions of a file from standard input, JSON lines back.

Started as `python -m rag.portion_child` by `rag.digest`; each line it reads is a portion, and each
has as much CPU time as any other. The passages of a portion come first, so that they are there
even if judging does not end; its last line is the judgement and what the next portion brings
along. A child that dies on the way has not said the last line of the portion at hand.
"""

import json
import math
import resource
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from edge_agent.contract.judging import Judgement, Part, Where, judge_piece
from edge_agent.contract.policy_document import policy_of
from rag.carried import Stretched, end_of, going_on, piece_of, row_of, stretched_of
from rag.chunking import cut_into_pieces, header_of
from rag.loaders.blocks import Aside, Block
from rag.loaders.confinement import Limits, give_up_rights
from rag.portions import PORTIONS_MAX, found_of

LIMITS = Limits(memory_bytes=512 * 1024**2, cpu_seconds=20, output_bytes=32 * 1024**2)
# The line after the last passage of a portion.
ALL_CUT = "all cut"
_WHERE = {"metadata": Where.METADATA, "attachment name": Where.NAME}


@dataclass(frozen=True, slots=True)
class _Asked:
    found: Sequence[Block | Aside]
    origin: Part | None
    goes_on: bool
    # What was brought along: the parts to judge before the first of these, and a table's header.
    before: Sequence[Stretched]
    header: str

    @property
    def blocks(self) -> Iterator[Block]:
        return (each for each in self.found if isinstance(each, Block))


def main() -> None:
    give_up_rights(LIMITS, cpu_seconds_max=LIMITS.cpu_seconds * PORTIONS_MAX)
    carried: Mapping[str, Any] = {}
    for line in sys.stdin:
        request = json.loads(line)
        carried = _answer(request, request["carried"] or carried)
        _write(carried)
        sys.stdout.flush()
        _allow_seconds(LIMITS.cpu_seconds)


def _allow_seconds(cpu_seconds: int) -> None:
    """Give the next portion its time, whatever those before it took."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(usage.ru_utime + usage.ru_stime) + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft, hard), hard))


def _answer(request: Mapping[str, Any], carried: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write the passages and return the last word."""
    asked = _asked_of(request, carried)
    if request["is_cut"]:
        for piece in cut_into_pieces(_under_header(asked)):
            _write(astuple(piece))
        # Whatever becomes of the rest, these are all there are.
        _write(ALL_CUT)
        sys.stdout.flush()
    return {**_judged(asked, request["policy"]), "header": _header_after(asked)}


def _asked_of(request: Mapping[str, Any], carried: Mapping[str, Any]) -> _Asked:
    found = [*_joined(map(found_of, request["found"]))]
    origin = request["origin"]
    return _Asked(
        found,
        None if origin is None else Part(**{**origin, "where": Where(origin["where"])}),
        request["goes_on"],
        [*map(stretched_of, carried.get("before", []))],
        carried.get("header", ""),
    )


def _joined(found: Iterable[Block | Aside]) -> Iterator[Block | Aside]:
    """Put together what the parser wrote in several lines; the first may go on from before."""
    number = 0

    def place(each: Block | Aside) -> int:
        nonlocal number
        number += not (isinstance(each, Block) and each.goes_on)
        return number

    for _, lines in groupby(found, key=place):
        first, *others = lines
        text = "".join([first.text, *(line.text for line in others)])
        yield replace(first, text=text) if others else first


def _under_header(asked: _Asked) -> Iterator[Block]:
    """Yield the blocks; rows of a table that began in the portion before get its header again."""
    for number, block in enumerate(asked.blocks):
        if number == 0 and block.goes_on and block.is_table and asked.header:
            rows = block.text.removeprefix("\n")
            yield replace(block, text=f"{asked.header}\n{rows}")
        else:
            yield block


def _header_after(asked: _Asked) -> str:
    if not asked.goes_on:
        return ""
    *_, last = _under_header(asked)
    return header_of(last.text) if last.is_table else ""


def _judged(asked: _Asked, document: Mapping[str, Any] | None) -> dict[str, Any]:
    if document is None:
        return {}
    parts = [*_parts_of(asked)]
    following = end_of(parts) if asked.goes_on else None
    judgement = judge_piece(piece_of(parts, following), policy_of(document), now=datetime.now(UTC))
    row = row_of(parts[:-1] if following else parts)
    before = [*row, following] if following else row
    return {**_told(judgement), "before": [each.to_json() for each in before]}


def _parts_of(asked: _Asked) -> Iterator[Stretched]:
    if asked.origin is not None:
        yield Stretched(asked.origin)
    found = list(asked.found)
    before = list(asked.before)
    if found and isinstance(found[0], Block) and found[0].goes_on and before:
        before[-1] = going_on(before[-1], found.pop(0).text)
    yield from before
    for each in found:
        where = Where.FILE if isinstance(each, Block) else _WHERE.get(each.where, Where.FILE)
        yield Stretched(Part(each.text, where=where))


def _told(judgement: Judgement) -> dict[str, Any]:
    """Say each reason once: a portion may hold thousands that are alike."""
    reasons = {
        (reason.what, reason.rule, reason.where.value, reason.level.value, reason.score): None
        for reason in judgement.reasons
    }
    return {"level": judgement.level.value, "reasons": [*reasons]}


def _write(line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
