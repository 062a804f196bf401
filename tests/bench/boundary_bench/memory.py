"""The part `memory`: what a process holds that imports the contract alone and judges."""

import json
import subprocess
import sys
from itertools import islice
from random import Random

from tests.bench.boundary_bench.data import DataMissing, presidio_samples, xquad_sentences
from tests.bench.boundary_bench.page import Row, figures
from tests.bench.boundary_bench.texts import records
from tests.harness.servers import ROOT

TEXTS = 1_000
SEED = 20261121
_ABOUT = """\
Proportional set size of a process of its own: its share of pages that other processes map too, and all of its own.
Nothing is promised here; a bare interpreter stands beside it."""


def measure() -> tuple[str, ...]:
    """Return the blocks of the section."""
    texts = _texts()
    figures_kb = _judged_elsewhere(texts)
    rows = [Row(name, f"{kilobytes / 1024:.1f} MB") for name, kilobytes in figures_kb.items()]
    return _ABOUT, figures([Row("texts judged", str(len(texts))), *rows])


def _texts() -> list[str]:
    try:
        english = [each.text for each in presidio_samples()[: TEXTS // 2]]
        return [*english, *islice(xquad_sentences("zh"), TEXTS - len(english))]
    except DataMissing:
        return [*islice(records(Random(SEED)), TEXTS)]


def _judged_elsewhere(texts: list[str]) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.boundary_bench.footprint"],
        cwd=ROOT,
        input="".join(json.dumps(text) + "\n" for text in texts),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    kilobytes: dict[str, int] = json.loads(done.stdout)
    return kilobytes
