"""Lines that repeat are written a few times and then counted."""

import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from config.log_sampling import KINDS_MAX, SampledLines

WINDOW_SECONDS = 60.0


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Written(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sampled(clock: Clock) -> SampledLines:
    return SampledLines(lines_per_minute=3, clock=clock)


@pytest.fixture
def written(sampled: SampledLines) -> Iterator[Written]:
    handler = Written()
    handler.addFilter(sampled)
    logger = logging.getLogger("probe.sampling")
    summaries = logging.getLogger("config.log_sampling")
    logger.addHandler(handler)
    summaries.addHandler(handler)
    yield handler
    logger.removeHandler(handler)
    summaries.removeHandler(handler)


@pytest.fixture
def logger() -> logging.Logger:
    return logging.getLogger("probe.sampling")


def test_the_first_lines_are_written_and_the_rest_counted(
    logger: logging.Logger, written: Written, sampled: SampledLines
) -> None:
    for number in range(1000):
        logger.warning("went_wrong number=%d", number)
    sampled.summarise()

    assert written.lines == [
        "went_wrong number=0",
        "went_wrong number=1",
        "went_wrong number=2",
        "lines_left_out count=997 logger=probe.sampling template='went_wrong number=%d'",
    ]


def test_other_lines_and_levels_have_counts_of_their_own(
    logger: logging.Logger, written: Written
) -> None:
    for _number in range(5):
        logger.warning("one")
        logger.error("one")
        logger.warning("two")

    assert len(written.lines) == 9


def test_a_minute_later_lines_are_written_again(
    logger: logging.Logger, written: Written, clock: Clock
) -> None:
    for _minute in range(2):
        for _number in range(3):
            logger.warning("now and then")
        clock.now += WINDOW_SECONDS

    assert len(written.lines) == 6


def test_the_summary_comes_by_itself(logger: logging.Logger) -> None:
    handler = Written()
    handler.addFilter(SampledLines(lines_per_minute=1, window_seconds=0.1))
    summaries = logging.getLogger("config.log_sampling")
    for each in (logger, summaries):
        each.addHandler(handler)
    logger.warning("once")
    logger.warning("once")
    ends_at = time.monotonic() + 10
    while len(handler.lines) < 2 and time.monotonic() < ends_at:
        time.sleep(0.01)
    for each in (logger, summaries):
        each.removeHandler(handler)

    assert handler.lines[1].startswith("lines_left_out count=1 ")


def test_a_line_is_counted_once_however_many_handlers_write_it(
    logger: logging.Logger, written: Written, sampled: SampledLines
) -> None:
    second = Written()
    second.addFilter(sampled)
    logger.addHandler(second)
    for _number in range(9):
        logger.warning("twice")
    logger.removeHandler(second)

    assert written.lines == second.lines == ["twice"] * 3


def test_many_kinds_are_held_in_bounded_memory(
    logger: logging.Logger, written: Written, sampled: SampledLines
) -> None:
    for number in range(KINDS_MAX * 3):
        logger.warning(f"kind {number}")  # noqa: G004 - a template that is never the same

    assert len(sampled._counts) <= KINDS_MAX + 1
    assert len(written.lines) == KINDS_MAX + 3


def test_every_handler_of_the_site_is_sampled() -> None:
    handlers: Any = settings.LOGGING["handlers"]

    assert all(handler["filters"] == ["sampled"] for handler in handlers.values())
