"""Growth: no text, however hostile, makes work grow faster than the text does.

Each stage is given texts of each kind, twice as long each time, up to the length it is ever given.
From where it takes long enough to be measured, twice the text may take 2.3 times the processor
time of the thread at most, the best of three runs of each. `GROWTH_KINDS=all` tries every kind with
every stage; without it each stage gets a few of them, other stages others.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from time import thread_time

import pytest

from assistant.answers import AnswerText
from assistant.blocks import BlockStream, render_markdown
from edge_agent.contract.default_policy import default_document
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.pieces import PIECE_BYTES_MAX
from edge_agent.contract.policy_document import policy_of
from rag import index_queries
from rag.chunking import cut_into_pieces
from rag.loaders.blocks import Block
from rag.retrieval import Passage
from rag.sentences import split_sentences
from rag.terms import terms_of
from tests.trials.hostile_texts import KINDS

GROWTH_MAX = 2.3
SECONDS_MIN = 0.05
RUNS, TRIES = 3, 3
CHARS_FIRST = 500
# One of so many kinds for each stage, unless all are asked for.
SHARE = 1 if os.environ.get("GROWTH_KINDS") == "all" else 12
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
POLICY = policy_of(default_document("tenant"))
DELTA_CHARS = 8
ANSWER_CHARS_MAX = 16_000
BLOCK_CHARS_MAX = 200_000


@dataclass(frozen=True, slots=True)
class Stage:
    """Work on a text, and how long a text it is ever given; `own` kinds are always tried."""

    work: Callable[[str], object]
    chars_max: int
    own: tuple[str, ...] = ()


def _judge(text: str) -> None:
    judge([Part(text)], POLICY, now=NOW)


def _judge_parts(text: str) -> None:
    judge([Part(line) for line in text.split("\n")], POLICY, now=NOW)


def _cut(text: str) -> None:
    list(cut_into_pieces([Block(text, page=None, heading="")]))


def _stream(text: str) -> None:
    stream = BlockStream()
    for delta in _deltas(text):
        stream.feed(delta)
    stream.close()


def _cite(text: str) -> None:
    answer = AnswerText([_passage("The library opens at nine. 图书馆九点开门。")])
    for delta in _deltas(text):
        answer.add(delta)
    answer.close()


def _deltas(text: str) -> Iterator[str]:
    return (text[at : at + DELTA_CHARS] for at in range(0, len(text), DELTA_CHARS))


# A new stage is one line here.
STAGES: dict[str, Stage] = {
    "cutting": Stage(_cut, BLOCK_CHARS_MAX, ("Chinese no break", "English words without end")),
    "sentences": Stage(
        split_sentences, BLOCK_CHARS_MAX, ("English abbreviations", "English one sign")
    ),
    "terms": Stage(terms_of, BLOCK_CHARS_MAX, ("English combining marks",)),
    "judging": Stage(_judge, 2 * PIECE_BYTES_MAX, ("English escapes", "English percent")),
    "judging parts": Stage(_judge_parts, 2 * PIECE_BYTES_MAX, ("English line ends",)),
    "rendering": Stage(render_markdown, ANSWER_CHARS_MAX, ("English loose list",)),
    "rendering a stream": Stage(_stream, ANSWER_CHARS_MAX, ("Chinese loose list",)),
    "citing": Stage(_cite, ANSWER_CHARS_MAX, ("English abbreviations",)),
}


def _passage(text: str) -> Passage:
    return Passage(
        chunk_id=1,
        document_id="one",
        document_name="Handbook",
        page=None,
        heading="",
        text=text,
        score=1.0,
        lexical=1.0,
        dense=0.0,
    )


def _pairs() -> Iterator[tuple[str, str]]:
    """Yield each stage with its own kinds and its share of all, the same on every day."""
    for number, (name, stage) in enumerate(STAGES.items()):
        share = [kind for at, kind in enumerate(KINDS) if at % SHARE == number % SHARE]
        yield from ((name, kind) for kind in dict.fromkeys((*stage.own, *share)))


@pytest.fixture(autouse=True)
def _without_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sentences be supported by their words alone, as where nothing was embedded."""
    monkeypatch.setattr(index_queries, "model_number", {}.get)


def test_growth_has_forty_kinds_in_both_languages() -> None:
    assert len(KINDS) >= 40
    assert {name.split()[0] for name in KINDS} == {"English", "Chinese"}
    assert all(len(kind(1000)) == 1000 for kind in KINDS.values())


@pytest.mark.parametrize(("stage", "kind"), [*_pairs()])
def test_growth_is_no_faster_than_that_of_the_text(stage: str, kind: str) -> None:
    work, build = STAGES[stage].work, KINDS[kind]
    length = _measurable(STAGES[stage], build)

    growths: list[float] = []
    while length and len(growths) < TRIES and min(growths, default=inf) > GROWTH_MAX:
        # Another program may have been in the way.
        growths.append(_growth(work, build, length))

    assert min(growths, default=0) <= GROWTH_MAX, f"{length} characters: {growths}"


def _measurable(stage: Stage, build: Callable[[int], str]) -> int:
    """Return the first length that takes long enough, or nothing where none does."""
    length = CHARS_FIRST
    while _seconds(stage.work, build(length)) < SECONDS_MIN:
        length *= 2
        if length > stage.chars_max:
            return 0
    return length


def _growth(work: Callable[[str], object], build: Callable[[int], str], length: int) -> float:
    once, twice = (
        min(_seconds(work, text) for _ in range(RUNS))
        for text in (build(length), build(2 * length))
    )
    return twice / once


def _seconds(work: Callable[[str], object], text: str) -> float:
    begin = thread_time()
    work(text)
    return thread_time() - begin
