"""The part `benign`: how much of ordinary text of an encyclopaedia is raised, and by what."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from edge_agent.contract.levels import Level
from tests.bench.boundary_bench.data import xquad_sentences
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
from tests.bench.boundary_bench.ours import judged
from tests.bench.boundary_bench.page import Row, at_least, at_most, figures, table

LANGUAGES = ("en", "zh")
RAISED_MAX_PERCENT = 2.0
SENTENCES_MIN = 5_000
WARM_UP = 10
# What Presidio gives a telephone number; its weaker patterns take any digits.
SCORE_MIN = 0.4
DETECTORS = (OURS, PRESIDIO, JIONLP, DATAFOG)
_ABOUT = """\
Sentences and questions of XQuAD, judged one by one by the default policy. It is an encyclopaedia: nothing in it is
secret, though it names people, and some findings are what they say they are."""

_ABOUT_PEERS = """\
Beside peers only what has a form counts (cards, telephones, mail addresses, IBAN, IP addresses, numbers of a state,
licence plates), of Presidio from a score of 0.4."""


@dataclass(slots=True)
class _Raised:
    sentences: int = 0
    levels: Counter[Level] = field(default_factory=Counter)
    kinds: Counter[tuple[Level, str]] = field(default_factory=Counter)

    def add(self, sentence: str) -> None:
        judgement = judged(sentence)
        self.sentences += 1
        self.levels[judgement.level] += 1
        self.kinds.update({(reason.level, str(reason.what)) for reason in judgement.reasons})

    def percent(self, *levels: Level) -> float:
        return 100 * sum(self.levels[each] for each in levels) / max(1, self.sentences)


def measure() -> tuple[str, ...]:
    """Return the blocks of the section; raises DataMissing."""
    return _ABOUT, figures([*_ours()]), *_beside_peers()


def _ours() -> Iterator[Row]:
    raised = {language: _Raised() for language in LANGUAGES}
    for language, counted in raised.items():
        for sentence in xquad_sentences(language):
            counted.add(sentence)
        sys.stderr.write(f"{language}: {counted}\n")
    yield at_least("sentences", sum(each.sentences for each in raised.values()), SENTENCES_MIN)
    for language, counted in raised.items():
        yield at_most(
            f"{language}: raised, {counted.sentences} sentences",
            counted.percent(Level.L1, Level.L2),
            RAISED_MAX_PERCENT,
            " %",
        )
        for level in (Level.L1, Level.L2):
            kinds = [f"{what} {n}" for (at, what), n in counted.kinds.most_common() if at is level]
            value = f"{counted.percent(level):.2f} % ({', '.join(kinds) or 'none'})"
            yield Row(f"{language}: of these {level.name}", value)


def _beside_peers() -> Iterator[str]:
    """Yield how much of it peers report as one of the structured types they claim to know."""
    with running(DETECTORS) as (asked, missing):
        rows: dict[Detector, list[str]] = {each: [] for each in asked}
        for language in LANGUAGES:
            texts = [*xquad_sentences(language)]
            for detector, one in asked.items():
                one.answer(texts[:WARM_UP], language)
                answers = one.answer(texts, language)
                rows[detector].append(_share_with_structured(detector, answers))
    yield _ABOUT_PEERS
    yield table(("sentences with one", *LANGUAGES), [(each.name, *rows[each]) for each in rows])
    yield from missing


def _share_with_structured(detector: Detector, answers: Sequence[Answer]) -> str:
    names = {each.name_of(detector) for each in (*ENGLISH, *CHINESE)}
    hit = sum(
        any(span.name in names and span.score >= SCORE_MIN for span in answer.spans)
        for answer in answers
    )
    return f"{100 * hit / max(1, len(answers)):.2f} %"
