"""The part `chinese`: made-up Chinese sentences with near misses, ours against every peer."""

from collections.abc import Iterator, Sequence

from tests.bench.boundary_bench.comparing import Result, compare
from tests.bench.boundary_bench.data import Sample
from tests.bench.boundary_bench.detectors import DATAFOG, JIONLP, OURS, PRESIDIO
from tests.bench.boundary_bench.kinds import chinese_types
from tests.bench.boundary_bench.page import Row, at_least, figures
from tests.bench.boundary_bench.results import by_type, latencies
from tests.bench.boundary_bench.scoring import Span, count, total
from tests.boundary_sets.chinese import chinese_sentences

SENTENCES = 1_000
SEED = 20261121
RECALL_MIN = 0.99
PRECISION_MIN = 0.98
# Its recognizers of other countries are English ones.
DETECTORS = (OURS, PRESIDIO, JIONLP, DATAFOG)
# Names and other words stand in these sentences unlabelled.
WORD_KINDS = frozenset({"PERSON", "ADDRESS", "MEDICAL", "SALARY", "CONTRACT", "TENANT_WORD"})
_ABOUT = """\
1,000 made-up Chinese sentences, some with what is secret, some with what only looks like it (`tests/boundary_sets`),
and 1,000 of the held-out half, which shares no sentence with the first and is not there to write detectors against.
Measured like English; labels are our kinds, peers are scored on those they claim to know."""


def measure() -> tuple[str, ...]:
    """Return the blocks of the section."""
    blocks = [_ABOUT]
    for is_held_out in (False, True):
        name = "held-out half" if is_held_out else "half to write against"
        samples = [*_samples(is_held_out=is_held_out)]
        types = chinese_types({span.name for sample in samples for span in sample.spans})
        results, missing = compare(samples, types, "zh", DETECTORS)
        ours = results[OURS]
        rows = [*_promises(ours), *_whatever_kind(samples, ours), _others(samples, ours)]
        blocks += [
            f"### The {name}",
            figures(rows),
            by_type(types, results),
            latencies(results),
            *missing,
        ]
    return tuple(blocks)


def _samples(*, is_held_out: bool) -> Iterator[Sample]:
    for each in chinese_sentences(SENTENCES, SEED, held_out=is_held_out):
        spans = tuple(Span(span.start, span.end, str(span.kind)) for span in each.spans)
        yield Sample(each.text, spans)


def _promises(ours: Result) -> Iterator[Row]:
    for label, counts in [*ours.counts.items(), ("all types", ours.claimed)]:
        yield at_least(f"{label}, {counts.labelled}: recall", counts.recall, RECALL_MIN)
        yield at_least(f"{label}: precision", counts.precision, PRECISION_MIN)


def _whatever_kind(samples: Sequence[Sample], ours: Result) -> Iterator[Row]:
    """Yield what is found at all, even under another name: a mask covers it all the same."""
    counts = total(
        count(sample.spans, [span for span in answer.spans if span.name not in WORD_KINDS])
        for sample, answer in zip(samples, ours.answers, strict=True)
    )
    value = f"{counts.recall:.4f} / {counts.precision:.4f}"
    yield Row("all types, under whatever name: recall / precision", value)


def _others(samples: Sequence[Sample], ours: Result) -> Row:
    """Return how often something was found that is of no kind in the set and touches no label."""
    found: dict[str, int] = {}
    for sample, answer in zip(samples, ours.answers, strict=True):
        for span in answer.spans:
            if span.name not in ours.counts and not any(map(span.overlaps, sample.spans)):
                found[span.name] = found.get(span.name, 0) + 1
    told = ", ".join(f"{name} {count}" for name, count in sorted(found.items()))
    return Row("found of other kinds, where nothing is labelled", told or "none")
