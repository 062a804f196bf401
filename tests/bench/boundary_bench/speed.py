"""The part `speed`: what one decision over a kilobyte costs."""

from collections.abc import Iterator
from itertools import islice
from random import Random

from tests.bench.boundary_bench.comparing import answered
from tests.bench.boundary_bench.data import DataMissing, xquad_sentences
from tests.bench.boundary_bench.detectors import OURS, running
from tests.bench.boundary_bench.page import Row, at_most, figures
from tests.bench.boundary_bench.scoring import quantile
from tests.bench.boundary_bench.texts import business, digits, pieces, prose, records

KILOBYTE = 1_024
# Four bytes for each character of whatever script.
CHARACTERS = "utf-32-le", 4 * KILOBYTE
PIECES = 200
TURNS = 15
DECISION_MS_MAX = 2.0
SEED = 20261121
_ABOUT = """\
Texts of 1,024 bytes in UTF-8, each judged fifteen times after a warm-up, the least taken, so that other work on the
machine counts little; what was allocated before is frozen for the garbage collector. The promise is for English,
Chinese and business text full of numbers (orders, invoices, versions, some contacts) together; what stands apart has
no promise, and is of 1,024 characters, which in Chinese are three times as many bytes."""


def measure() -> tuple[str, ...]:
    """Return the blocks of the section."""
    sorts, note = _sorts(size=KILOBYTE)
    encoding, size = CHARACTERS
    apart = {
        **_sorts(size=size, encoding=encoding)[0],
        "contacts, three in four sentences": pieces(
            records(Random(SEED)), count=PIECES, size=size, encoding=encoding
        ),
        "hostile, digits and separators only": pieces(
            digits(Random(SEED)), count=PIECES, size=size, encoding=encoding, between=""
        ),
    }
    named = {f"apart: {name}, 1,024 characters": texts for name, texts in apart.items()}
    times = _times({**sorts, **named})
    together = [each for name in sorts for each in times[name]]
    rows = [
        at_most("all three, p50", quantile(together, 0.5), DECISION_MS_MAX, " ms"),
        at_most("all three, p99", quantile(together, 0.99), DECISION_MS_MAX, " ms"),
        *(Row(f"{name}, p50 / p99", _spread(each)) for name, each in times.items()),
    ]
    return _ABOUT, figures(rows), note


def _sorts(*, size: int, encoding: str = "utf-8") -> tuple[dict[str, list[str]], str]:
    """Return pieces by what they are, and where they come from."""
    random = Random(SEED)
    sentences: dict[str, Iterator[str]] = {}
    try:
        for language in ("en", "zh"):
            sentences[language] = iter([*xquad_sentences(language)])
        note = "English and Chinese are XQuAD's, the rest is made up."
    except DataMissing as error:
        sentences = {language: prose(random, language) for language in ("en", "zh")}
        note = f"All texts are made up: {error}."
    sentences["business text full of numbers"] = business(random)
    cut = {
        name: pieces(each, count=PIECES, size=size, encoding=encoding)
        for name, each in sentences.items()
    }
    return cut, note


def _times(sorts: dict[str, list[str]]) -> dict[str, list[float]]:
    """Return milliseconds of each text; one sort after the other, as in a stream of its kind."""
    texts = [text for sort in sorts.values() for text in sort]
    with running([OURS]) as (asked, _missing):
        [answers] = answered(texts, "en", asked, turns=TURNS).values()
    left = iter(answers)
    return {
        name: [answer.microseconds / 1000 for answer in islice(left, len(sort))]
        for name, sort in sorts.items()
    }


def _spread(times: list[float]) -> str:
    return f"{quantile(times, 0.5):.2f} / {quantile(times, 0.99):.2f} ms"
