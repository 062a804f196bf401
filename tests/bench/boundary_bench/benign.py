"""The part `benign`: how much of ordinary text is raised, and by what."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from edge_agent.contract.judging import Judgement
from edge_agent.contract.levels import Level
from edge_agent.contract.policy import Policy
from tests.bench.boundary_bench.data import DataMissing, xquad_sentences
from tests.bench.boundary_bench.detectors import (
    DATAFOG,
    JIONLP,
    OURS,
    PRESIDIO,
    Answer,
    Detector,
    running,
)
from tests.bench.boundary_bench.kinds import CHINESE, ENGLISH
from tests.bench.boundary_bench.ours import NAMES_SCORE_MIN, POLICY, POLICY_OF_NAMES, judged
from tests.bench.boundary_bench.page import Row, at_least, at_most, figures, table
from tests.boundary_sets.benign import benign_sentences

LANGUAGES = ("en", "zh")
RAISED_MAX_PERCENT = 2.0
SENTENCES_MIN = 5_000
OFFICE_SENTENCES = 5_000
SEED = 20261121
# What Presidio gives a telephone number; its weaker patterns take any digits.
SCORE_MIN = 0.4
DETECTORS = (OURS, PRESIDIO, JIONLP, DATAFOG)
_ABOUT = """\
Sentences and questions of XQuAD, and made-up sentences of offices with orders, dates, prices, versions and codes
(`tests/boundary_sets`), judged one by one by the default policy. Nothing in them is secret, though an encyclopaedia
names people, and some findings are what they say they are."""
_ABOUT_PEERS = """\
Beside peers only what has a form counts (cards, telephones, mail addresses, IBAN, IP addresses, numbers of a state,
licence plates), of Presidio from a score of 0.4."""


@dataclass(slots=True)
class _Raised:
    sentences: int = 0
    levels: Counter[Level] = field(default_factory=Counter)
    kinds: Counter[tuple[Level, str]] = field(default_factory=Counter)

    def add(self, judgement: Judgement) -> None:
        self.sentences += 1
        self.levels[judgement.level] += 1
        self.kinds.update({(reason.level, str(reason.what)) for reason in judgement.reasons})

    def percent(self, *levels: Level) -> float:
        return 100 * sum(self.levels[each] for each in levels) / max(1, self.sentences)


def measure() -> tuple[str, ...]:
    """Return the blocks of the section."""
    sets, missing = _sets()
    return _ABOUT, figures([*_ours(sets)]), *_beside_peers(sets), *missing


def _sets() -> tuple[dict[str, list[str]], list[str]]:
    """Return sentences by the name of their set, which ends in the language."""
    office = [each.text for each in benign_sentences(OFFICE_SENTENCES, SEED)]
    sets = {"office en": office[::2], "office zh": office[1::2]}
    try:
        return {f"XQuAD {each}": [*xquad_sentences(each)] for each in LANGUAGES} | sets, []
    except DataMissing as error:
        return sets, [str(error)]


def _ours(sets: dict[str, list[str]]) -> Iterator[Row]:
    yield at_least("sentences", sum(map(len, sets.values())), SENTENCES_MIN)
    for name, sentences in sets.items():
        counted = _raised(sentences, POLICY)
        sys.stderr.write(f"{name}: {counted}\n")
        yield at_most(
            f"{name}: raised, {counted.sentences} sentences",
            counted.percent(Level.L1, Level.L2),
            RAISED_MAX_PERCENT,
            " %",
        )
        for level in (Level.L1, Level.L2):
            kinds = [f"{what} {n}" for (at, what), n in counted.kinds.most_common() if at is level]
            value = f"{counted.percent(level):.2f} % ({', '.join(kinds) or 'none'})"
            yield Row(f"{name}: of these {level.name}", value)
        named = _raised(sentences, POLICY_OF_NAMES).percent(Level.L1, Level.L2)
        what = f"{name}: raised, if an owner lowers PERSON to {NAMES_SCORE_MIN}"
        yield Row(what, f"{named:.2f} %")


def _raised(sentences: Sequence[str], policy: Policy) -> _Raised:
    counted = _Raised()
    for sentence in sentences:
        counted.add(judged(sentence, policy))
    return counted


def _beside_peers(sets: dict[str, list[str]]) -> Iterator[str]:
    """Yield how much of it peers report as one of the structured types they claim to know."""
    with running(DETECTORS) as (asked, missing):
        rows: dict[Detector, list[str]] = {each: [] for each in asked}
        for name, texts in sets.items():
            for detector, one in asked.items():
                answers = one.answer(texts, name[-2:])
                rows[detector].append(_share_with_structured(detector, answers))
    yield _ABOUT_PEERS
    yield table(("sentences with one", *sets), [(each.name, *rows[each]) for each in rows])
    yield from missing


def _share_with_structured(detector: Detector, answers: Sequence[Answer]) -> str:
    names = {each.name_of(detector) for each in (*ENGLISH, *CHINESE)}
    hit = sum(
        any(span.name in names and span.score >= SCORE_MIN for span in answer.spans)
        for answer in answers
    )
    return f"{100 * hit / max(1, len(answers)):.2f} %"
