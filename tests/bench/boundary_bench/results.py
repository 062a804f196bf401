"""Tables of a comparison: each type and each finder, and what a text costs."""

from collections.abc import Iterator, Mapping, Sequence

from tests.bench.boundary_bench.comparing import Result
from tests.bench.boundary_bench.detectors import OURS, Detector
from tests.bench.boundary_bench.kinds import Type
from tests.bench.boundary_bench.page import table
from tests.bench.boundary_bench.scoring import Counts


def by_type(types: Sequence[Type], results: Mapping[Detector, Result]) -> str:
    """Return recall, precision and F2; a dash where a type is not claimed to be known."""
    head = ("type", "n", *(f"{each.name}: recall / precision / F2" for each in results))
    rows = [
        (each.label, str(_labelled(each, results)), *_cells(each.label, results)) for each in types
    ]
    claimed = ("types it claims", "", *(_scores(each.claimed) for each in results.values()))
    everything = (
        "all, others as missed",
        str(results[OURS].everything.labelled),
        *(_scores(each.everything) for each in results.values()),
    )
    return table(head, [*rows, claimed, everything])


def latencies(results: Mapping[Detector, Result]) -> str:
    ours = results[OURS]
    rows = [
        (
            detector.name,
            f"{each.quantile_us(0.5):.0f}",
            f"{each.quantile_us(0.99):.0f}",
            f"{ours.quantile_us(0.5) / each.quantile_us(0.5):.2f}",
            f"{ours.quantile_us(0.99) / each.quantile_us(0.99):.2f}",
            f"{each.threshold}",
        )
        for detector, each in results.items()
    ]
    head = ("a text", "p50 µs", "p99 µs", "ours in parts of it, p50", "p99", "score threshold")
    return table(head, rows)


def _labelled(each: Type, results: Mapping[Detector, Result]) -> int:
    return results[OURS].counts[each.label].labelled


def _cells(label: str, results: Mapping[Detector, Result]) -> Iterator[str]:
    for each in results.values():
        yield _scores(each.counts[label]) if label in each.counts else "–"


def _scores(counts: Counts) -> str:
    return f"{counts.recall:.3f} / {counts.precision:.3f} / {counts.f2:.3f}"
