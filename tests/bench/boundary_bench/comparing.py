"""Ours and the peers over the same labelled texts, asked in turns so that noise hits all alike."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.boundary_bench.data import Sample
from tests.bench.boundary_bench.detectors import OURS, Answer, Asked, Detector, PeerMissing, running
from tests.bench.boundary_bench.kinds import Type
from tests.bench.boundary_bench.scoring import Counts, Span, count, quantile, total

BATCH = 100
ROUNDS = 5
# A peer is measured at the one of these that suits it best.
THRESHOLDS = (0.0, 0.1, 0.3, 0.4, 0.5, 0.6)


@dataclass(frozen=True, slots=True)
class Result:
    """`counts` by label, of the types it claims; `microseconds` for each text.

    `others` counts every label of the set as missed that it does not claim to know; `shipped` are
    the counts without a threshold, as it comes.
    """

    counts: Mapping[str, Counts]
    shipped: Mapping[str, Counts]
    others: Counts
    microseconds: tuple[float, ...]
    threshold: float
    answers: tuple[Answer, ...]

    @property
    def claimed(self) -> Counts:
        return total(self.counts.values())

    @property
    def everything(self) -> Counts:
        return self.claimed + self.others

    def quantile_us(self, share: float) -> float:
        return quantile(self.microseconds, share)


def compare(
    samples: Sequence[Sample],
    types: Sequence[Type],
    language: str,
    detectors: Sequence[Detector],
) -> tuple[dict[Detector, Result], list[str]]:
    """Return a result for each that could be had, and a line for each that could not."""
    with running(detectors) as (asked, missing):
        answers = answered([each.text for each in samples], language, asked)
    missing += [f"{each.name} ended while it was asked" for each in asked if each not in answers]
    there = [each for each in asked if each in answers]
    return {each: _result(each, samples, types, answers[each]) for each in there}, missing


def answered(
    texts: Sequence[str],
    language: str,
    asked: Mapping[Detector, Asked],
    *,
    turns: int = ROUNDS,
) -> dict[Detector, list[Answer]]:
    """Ask everyone everything, batch by batch in changing order; times are the least of all rounds.

    A peer whose process ends is left out from then on; ours must not end.
    """
    rounds: dict[Detector, list[list[Answer]]] = {each: [] for each in asked}
    _ask_all(asked, rounds, texts[: 2 * BATCH], language)
    for number in range(turns):
        for answers in rounds.values():
            answers.append([])
        for start in range(0, len(texts), BATCH):
            # Nobody is always first.
            rounds = dict([*[*rounds.items()][1:], *[*rounds.items()][:1]])
            _ask_all(asked, rounds, texts[start : start + BATCH], language)
        sys.stderr.write(f"round {number + 1} of {turns}, {len(texts)} texts, {language}\n")
    return {each: [*map(_least, zip(*several, strict=True))] for each, several in rounds.items()}


def _ask_all(
    asked: Mapping[Detector, Asked],
    rounds: dict[Detector, list[list[Answer]]],
    texts: Sequence[str],
    language: str,
) -> None:
    """Add the answers to the last round of each; before the first round they are only a warm-up."""
    for each in [*rounds]:
        try:
            answers = asked[each].answer(texts, language)
        except PeerMissing:
            if each is OURS:
                raise
            del rounds[each]
            continue
        if rounds[each]:
            rounds[each][-1] += answers


def _least(several: Iterable[Answer]) -> Answer:
    """Return the answer with what it costs by itself: other work on the machine only adds to it."""
    return min(several, key=lambda answer: answer.microseconds)


def _result(
    detector: Detector, samples: Sequence[Sample], types: Sequence[Type], answers: list[Answer]
) -> Result:
    claimed = [each for each in types if each.name_of(detector)]
    labels = {each.label for each in types} - {each.label for each in claimed}
    others = sum(span.name in labels for sample in samples for span in sample.spans)
    scored = {
        (threshold, is_resolved): _counts(
            detector, samples, claimed, [_kept(each, threshold, is_resolved) for each in answers]
        )
        for threshold in THRESHOLDS
        for is_resolved in (False, True)
    }
    shipped = (THRESHOLDS[0], False)
    # Ours says itself what counts.
    best = max(scored, key=lambda way: total(scored[way].values()).f2)
    best = shipped if detector is OURS else best
    times = tuple(each.microseconds for each in answers)
    return Result(
        scored[best], scored[shipped], Counts(missed=others), times, best[0], tuple(answers)
    )


def _kept(answer: Answer, threshold: float, is_resolved: bool) -> list[Span]:
    """Return spans at or above the threshold; if resolved, of those that overlap the surer ones."""
    spans = [each for each in answer.spans if each.score >= threshold]
    if not is_resolved:
        return spans
    kept: list[Span] = []
    for span in sorted(spans, key=lambda each: (-each.score, each.start - each.end)):
        if not any(span.overlaps(each) for each in kept):
            kept.append(span)
    return kept


def _counts(
    detector: Detector,
    samples: Sequence[Sample],
    types: Sequence[Type],
    found: Sequence[Sequence[Span]],
) -> dict[str, Counts]:
    counts = dict.fromkeys((each.label for each in types), Counts())
    for sample, spans in zip(samples, found, strict=True):
        for each in types:
            counts[each.label] += _counts_of_type(each, detector, types, sample.spans, spans)
    return counts


def _counts_of_type(
    searched: Type,
    detector: Detector,
    types: Sequence[Type],
    spans: Sequence[Span],
    found: Sequence[Span],
) -> Counts:
    name = searched.name_of(detector)
    same_name = {each.label for each in types if each.name_of(detector) == name}
    labelled = [span for span in spans if span.name == searched.label]
    # One name of a finder may stand for several labels of the set.
    beside = [span for span in spans if span.name in same_name - {searched.label}]
    return count(labelled, [span for span in found if span.name == name], beside)
