"""Long work says how far it is: now and then, with what is left, and at the end."""

from collections.abc import Iterator

from rag.progress import told


def ticking(step_seconds: float) -> Iterator[float]:
    moment = 100.0
    while True:
        yield moment
        moment += step_seconds


def test_progress_is_told_every_two_seconds_with_what_is_left() -> None:
    said: list[str] = []
    # The clock is read at the start, before each further item, again to tell, and at the end.
    moments = iter([0.0, 1.0, 2.0, 2.0, 3.0, 5.0, 5.0, 6.0, 6.0])

    done = list(told("abcdef", what="reading", say=said.append, now=lambda: next(moments)))

    assert done == list("abcdef")
    assert said == [
        "reading: 2 of 6, about 4 s left",
        "reading: 4 of 6, about 2 s left",
        "reading: 6 of 6 in 6 s",
    ]


def test_progress_of_quick_work_is_told_once() -> None:
    said: list[str] = []
    clock = ticking(0.0)

    list(told(range(500), what="reading", say=said.append, now=lambda: next(clock)))

    assert said == ["reading: 500 of 500 in 0 s"]
