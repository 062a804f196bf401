"""POL-06: Chinese identifiers are found, and what only looks like them is left alone."""

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.policy_document import policy_of
from tests.boundary_sets.benign import benign_sentences
from tests.boundary_sets.chinese import NEAR, chinese_sentences
from tests.boundary_sets.labelled import Labelled, Span

SENTENCES = int(os.environ.get("POL_06_SENTENCES", "1000"))
RECALL_MIN = 0.99
PRECISION_MIN = 0.98
RAISED_MAX = 0.02
EXAMPLES_MAX = 20
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
POLICY = policy_of(default_document("tenant"))
# Names, places and terms stand in these sentences unlabelled; other trials count them.
_WORD_KINDS = {
    Kind.PERSON,
    Kind.ADDRESS,
    Kind.MEDICAL,
    Kind.SALARY,
    Kind.CONTRACT,
    Kind.TENANT_WORD,
}


@dataclass(slots=True)
class Tally:
    """Spans wanted and found by type, and findings right and wrong by where they stood."""

    wanted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    other_kind: Counter[str] = field(default_factory=Counter)
    right: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def recall(self) -> float:
        return self.found.total() / self.wanted.total()

    def precision(self) -> float:
        return self.right / (self.right + self.wrong.total())


@pytest.mark.parametrize("held_out", [False, True], ids=["seen", "held_out"])
def test_pol_06_chinese_identifiers_are_found_and_nothing_else(held_out: bool) -> None:
    tally = Tally()

    for sentence in chinese_sentences(SENTENCES, held_out=held_out):
        _count(sentence, tally)

    assert tally.recall() >= RECALL_MIN, report(tally)
    assert tally.precision() >= PRECISION_MIN, report(tally)


@pytest.mark.parametrize("held_out", [False, True], ids=["seen", "held_out"])
def test_pol_06_the_set_holds_what_it_promises(held_out: bool) -> None:
    sentences = chinese_sentences(SENTENCES, held_out=held_out)
    near = [sentence for sentence in sentences if sentence.source.startswith(NEAR)]

    assert len({sentence.text for sentence in sentences}) >= 0.97 * SENTENCES
    assert len(near) == pytest.approx(0.4 * SENTENCES, rel=0.01)
    assert not any(sentence.spans for sentence in near)
    assert all(sentence.spans for sentence in sentences if sentence not in near)


def test_pol_06_ordinary_business_text_is_left_alone() -> None:
    tally = Tally()

    for sentence in benign_sentences(SENTENCES, seed=6):
        _count(sentence, tally)

    assert tally.wrong.total() <= RAISED_MAX * SENTENCES, "\n".join(tally.examples[:EXAMPLES_MAX])


def report(tally: Tally) -> str:
    """Say recall by type, false alarms by what stood there, and a few made-up examples."""
    lines = [f"recall {tally.recall():.4f}, precision {tally.precision():.4f}"]
    for name, wanted in sorted(tally.wanted.items()):
        other = f", {tally.other_kind[name]} as another kind" if tally.other_kind[name] else ""
        lines.append(f"{name}: {tally.found[name]} of {wanted}{other}")
    lines += [f"false alarm {name}: {count}" for name, count in tally.wrong.most_common()]
    step = max(1, len(tally.examples) // EXAMPLES_MAX)
    return "\n".join((*lines, "examples:", *tally.examples[::step][:EXAMPLES_MAX]))


def _count(sentence: Labelled, tally: Tally) -> None:
    (found,) = judge([Part(sentence.text)], POLICY, now=NOW).findings
    findings = [finding for finding in found if finding.kind not in _WORD_KINDS]
    _count_spans(sentence, findings, tally)
    for finding in findings:
        if any(_overlap(span, finding) for span in sentence.spans):
            tally.right += 1
        else:
            tally.wrong[f"{finding.kind} in {sentence.source}"] += 1
            stretch = sentence.text[finding.start : finding.end]
            tally.examples.append(f"false {finding.kind} {stretch!r} in {sentence.text!r}")


def _count_spans(sentence: Labelled, findings: list[Finding], tally: Tally) -> None:
    names = sentence.source.split(",")
    # Sentences without secrets have no spans, whatever their source says.
    for name, span in zip(names, sentence.spans, strict=False):
        tally.wanted[name] += 1
        covering = [one for one in findings if 2 * _overlap(span, one) >= span.end - span.start]
        if not covering:
            stretch = sentence.text[span.start : span.end]
            tally.examples.append(f"missed {name} {stretch!r} in {sentence.text!r}")
            continue
        tally.found[name] += 1
        tally.other_kind[name] += all(one.kind is not span.kind for one in covering)


def _overlap(span: Span, finding: Finding) -> int:
    """Return how many code points both hold."""
    return max(0, min(span.end, finding.end) - max(span.start, finding.start))
