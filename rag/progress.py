"""How far a long piece of work is, said now and then, with about how long the rest takes."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
Say = Callable[[str], object]

EVERY_SECONDS = 2.0


def told(
    items: Sequence[T], *, what: str, say: Say, now: Callable[[], float] = time.monotonic
) -> Iterator[T]:
    """Yield each item; say how many are done, at most every two seconds and at the end."""
    started = told_at = now()
    for done, item in enumerate(items):
        if done and now() - told_at >= EVERY_SECONDS:
            told_at = now()
            left = (told_at - started) / done * (len(items) - done)
            say(f"{what}: {done} of {len(items)}, about {left:.0f} s left")
        yield item
    say(f"{what}: {len(items)} of {len(items)} in {now() - started:.0f} s")
