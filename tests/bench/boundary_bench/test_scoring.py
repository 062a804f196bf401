"""POL-02: the figures are counted as they say they are."""

import pytest

from tests.bench.boundary_bench.page import Row, Section, at_most, figures, page_with
from tests.bench.boundary_bench.scoring import Counts, Span, count, quantile


def test_pol_02_overlap_is_found_and_what_touches_nothing_is_false() -> None:
    labelled = [Span(0, 5, "PHONE"), Span(10, 15, "PHONE")]
    found = [Span(4, 8, "PHONE"), Span(5, 10, "PHONE"), Span(20, 25, "PHONE")]

    counts = count(labelled, found, beside=[Span(24, 30, "ID")])

    assert counts == Counts(found=1, missed=1, false=1)


def test_pol_02_a_miss_weighs_more_than_a_false_alarm() -> None:
    missing, alarming = Counts(found=8, missed=2), Counts(found=8, false=2)

    assert missing.f2 == pytest.approx(5 * 0.8 / 4.8)
    assert alarming.f2 == pytest.approx(5 * 0.8 / 4.2)
    assert missing.f2 < alarming.f2


def test_pol_02_a_quantile_is_one_of_the_values() -> None:
    assert quantile(range(100), 0.99) == 99
    assert quantile([3.0], 0.5) == 3.0
    assert quantile([], 0.5) == 0.0


def test_pol_02_a_broken_promise_is_said_to_be_one() -> None:
    table = figures([at_most("p99", 2.5, 2.0, " ms"), Row("free", "1")])

    assert "| p99 | 2.5 ms | ≤ 2 ms | NOT KEPT |" in table
    assert "| free | 1 |  |  |" in table


def test_pol_02_one_part_measured_again_leaves_the_others() -> None:
    order = ["First", "Second"]
    second = page_with("", Section("b", "Second", ("old",)), order)
    both = page_with(second, Section("a", "First", ("### Half\n\nnew",)), order)

    again = page_with(both, Section("b", "Second", ("newer",)), order)

    assert again.index("## First") < again.index("### Half") < again.index("## Second")
    assert "newer" in again
    assert "old" not in again
