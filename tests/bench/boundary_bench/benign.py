"""The part `benign`: how much of ordinary text of an encyclopaedia is raised, and by what."""

import sys
from collections import Counter
from dataclasses import dataclass, field

from edge_agent.contract.levels import Level
from tests.bench.boundary_bench.data import xquad_sentences
from tests.bench.boundary_bench.ours import judged
from tests.bench.boundary_bench.page import Row, at_least, at_most, figures

LANGUAGES = ("en", "zh")
RAISED_MAX_PERCENT = 2.0
SENTENCES_MIN = 5_000
_ABOUT = """\
Sentences and questions of XQuAD, judged one by one by the default policy. It is an encyclopaedia: nothing in it is
secret, though it names people, and some findings are what they say they are."""


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
    raised = {language: _Raised() for language in LANGUAGES}
    for language, counted in raised.items():
        for sentence in xquad_sentences(language):
            counted.add(sentence)
        sys.stderr.write(f"{language}: {counted}\n")
    rows = [at_least("sentences", sum(each.sentences for each in raised.values()), SENTENCES_MIN)]
    for language, counted in raised.items():
        rows.append(
            at_most(
                f"{language}: raised, {counted.sentences} sentences",
                counted.percent(Level.L1, Level.L2),
                RAISED_MAX_PERCENT,
                " %",
            )
        )
        for level in (Level.L1, Level.L2):
            kinds = [f"{what} {n}" for (at, what), n in counted.kinds.most_common() if at is level]
            value = f"{counted.percent(level):.2f} % ({', '.join(kinds) or 'none'})"
            rows.append(Row(f"{language}: of these {level.name}", value))
    return _ABOUT, figures(rows)
